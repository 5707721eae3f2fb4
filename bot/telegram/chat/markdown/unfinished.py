"""Markdown that breaks off, as it does in every draft and after Stop: made whole, so that no mark of it shows.

What has begun is closed where it ends for now; what has only its mark yet is left out until its words come.
"""

import re
from typing import Final

from bot.telegram.chat.markdown.spans import left_open
from bot.telegram.chat.markdown.tables import cells, is_table

FENCE: Final = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})[^`]*$")
_BARE: Final = re.compile(r"^\s*(?:#{1,6}|[-*+]|[*_~`]{1,3}|(?:>\s?)+[-*+#]*)\s*$")
"""A line that is nothing but the mark of what will stand in it; three and more may be a rule."""
_RULE: Final = re.compile(r"^\s*(?:-{3,}|\*{3,}|_{3,})\s*$")
_RULER_BEGUN: Final = re.compile(r"^\s*\|?[\s:|-]*$")
_ITEM: Final = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])\s")
_LINK_BEGUN: Final = re.compile(r"!?\[(?P<label>[^\[\]\n]{1,500})\]\([^()\n]{0,2000}$")
_LABEL_BEGUN: Final = re.compile(r"!?\[(?P<label>[^\[\]\n]{0,500})$")
ROUNDS: Final = 8
"""Marks within each other that are looked for at the end."""


def made_whole(text: str) -> str:
    """The text so that it can be rendered as it stands. Linear but for its last paragraph."""
    lines = text.rstrip().split("\n")
    mark, closed = _fence_of(lines)
    if closed:
        return "\n".join(lines)
    if mark:
        last = lines[-1].strip()
        begun = bool(last) and set(last) == {mark[0]} and len(last) < len(mark)
        return "\n".join(lines[:-1] if begun else lines)
    while lines and _BARE.match(lines[-1]) and not _RULE.match(lines[-1]):
        lines.pop()
    if not lines:
        return ""
    lines = _table_begun(lines)
    at = _last_run(lines)
    return "\n".join([*lines[:at], _closed("\n".join(lines[at:]))])


def _fence_of(lines: list[str]) -> tuple[str, bool]:
    """The mark of the block of code that the text ends in, "" outside of one; and whether its last line ends one."""
    mark, closed = "", False
    for line in lines:
        bare, closed = line.strip(), False
        if not mark:
            found = FENCE.match(line)
            mark = found["fence"] if found else ""
        elif len(bare) >= len(mark) and set(bare) == {mark[0]}:
            mark, closed = "", True
    return mark, closed


def _table_begun(lines: list[str]) -> list[str]:
    """A row that no ruler follows yet is words; the beginning of a ruler is nothing."""
    first = len(lines) - 1
    while first > 0 and "|" in lines[first - 1]:
        first -= 1
    if any(is_table(lines, at) for at in range(first, len(lines))):
        return lines
    if len(lines) > 1 and _RULER_BEGUN.match(lines[-1]) and lines[-2].lstrip().startswith("|"):
        lines = lines[:-1]
    if lines[-1].lstrip().startswith("|"):
        lines = [*lines[:-1], " · ".join(cell for cell in cells(lines[-1]) if cell)]
    return lines


def _last_run(lines: list[str]) -> int:
    """Where the words begin that are marked up together: an item of a list, a row, or a paragraph."""
    at = len(lines) - 1
    while at > 0 and lines[at - 1].strip() and not _ITEM.match(lines[at]) and "|" not in lines[at]:
        at -= 1
    return at


def _closed(text: str) -> str:
    text = _LINK_BEGUN.sub(lambda found: found["label"], text)
    text = _LABEL_BEGUN.sub(lambda found: found["label"], text)
    for _ in range(ROUNDS):
        text = text.rstrip()
        mark, last = left_open(text)
        if not mark:
            break
        text = text[: -len(mark)] if last else text + mark
    return text
