"""Regular expressions that other people write: refused when matching could take long, and searched for piece by piece.

Python's engine cannot be stopped, so what a pattern may cost is reckoned before it is used.
"""

import importlib
import re
import time
import warnings
from collections.abc import Callable
from typing import Any, Final

WINDOW: Final = 256
"""Characters that are searched at a time: a match is at most half as long for certain."""
STEP: Final = WINDOW // 2
BUDGET: Final = 1200
"""Ways to match from one place that a pattern may have: one open end, and two or three small choices beside. A window
then takes about a millisecond at most: as often the clock is looked at."""
SECONDS: Final = 0.1
"""Of the processor, for one text and all patterns together: a text is searched in the thread that writes the database
and in that of the event loop, where every other user waits for it."""
LONGEST: Final = 200
"""Characters of a pattern."""

_parser: Any = importlib.import_module("re._parser")
_REPEATS: Final = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_SPACE: Final = "[(IN, [(CATEGORY, CATEGORY_SPACE)])]"


class TookTooLong(Exception):
    """The time for a text was over before every pattern was tried."""


class Stopwatch:
    """The time that is left for one text. `clock` is that of the thread: what other programs do does not count."""

    def __init__(self, seconds: float = SECONDS, clock: Callable[[], float] = time.thread_time) -> None:
        self._clock = clock
        self._end = clock() + seconds

    def look(self) -> None:
        """Raises TookTooLong."""
        if self._clock() > self._end:
            raise TookTooLong


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


def found_in(pattern: re.Pattern[str], text: str, watch: Stopwatch | None = None) -> bool:
    """Whether it matches somewhere. Runs of spaces must have been made one before: they are reckoned so. Raises
    TookTooLong when the time of `watch` is over."""
    watch = watch or Stopwatch()
    start = 0
    while True:
        watch.look()
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
