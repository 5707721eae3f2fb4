"""Regular expressions that other people write: refused when matching could take long, and searched for piece by piece.

Python's engine cannot be stopped, so what a pattern may cost is reckoned before it is used.
"""

import importlib
import re
import warnings
from typing import Any, Final

WINDOW: Final = 256
"""Characters that are searched at a time: a match is at most half as long for certain."""
STEP: Final = WINDOW // 2
BUDGET: Final = 4096
"""Ways to match from one place that a pattern may have: one open end, and a few small choices beside it."""
LONGEST: Final = 200
"""Characters of a pattern."""

_parser: Any = importlib.import_module("re._parser")
_REPEATS: Final = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_SPACE: Final = "[(IN, [(CATEGORY, CATEGORY_SPACE)])]"


class BadPattern(ValueError):
    """The pattern cannot be read, or may take too long; the text says why."""


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, in any case of letters. Raises BadPattern."""
    if len(pattern) > LONGEST:
        raise BadPattern(f"longer than {LONGEST} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # of what means something else some day
            found = re.compile(pattern, re.IGNORECASE)
            tree = _parser.parse(pattern, re.IGNORECASE)
    except (re.error, RecursionError, OverflowError, Warning) as error:
        raise BadPattern(f"cannot be read: {error}") from None
    if found.search("") is not None:
        raise BadPattern("matches every text")
    if _ways(tree) > BUDGET:
        raise BadPattern("too many open ends: at most one of * + {n,} and a few small choices")
    return found


def found_in(pattern: re.Pattern[str], text: str) -> bool:
    """Whether it matches somewhere. Runs of spaces must have been made one before: they are reckoned so."""
    start = 0
    while True:
        end = min(len(text), start + WINDOW)
        hit = pattern.search(text, start, end)
        if hit is not None and (hit.end() < end or end == len(text)):
            return True
        if end == len(text):
            return False
        start += STEP


def _ways(items: Any) -> int:
    """How many ways through these items there are, one after the other. Raises BadPattern."""
    total = 1
    for op, value in items:
        total = min(total * _ways_of(str(op), value), BUDGET + 1)
    return total


def _ways_of(op: str, value: Any) -> int:
    if op in _REPEATS:
        return _repeated(*value)
    if op == "BRANCH":
        return sum(_ways(branch) for branch in value[1])
    if op == "SUBPATTERN":
        return _ways(value[3])
    if op in {"ASSERT", "ASSERT_NOT"}:
        return _ways(value[1])
    if op == "ATOMIC_GROUP":
        return _ways(value)
    if op.startswith("GROUPREF"):
        raise BadPattern("refers back to a group")
    return 1


def _repeated(least: Any, most: Any, inner: Any) -> int:
    least, most = min(int(least), WINDOW), min(int(most), WINDOW)
    within = _ways(inner)
    if within > 1 and most > 1:
        raise BadPattern("repeats something that itself repeats or has alternatives")
    if str(list(inner)) == _SPACE:
        return 1
    choices: int = most - least + 1
    return choices * within
