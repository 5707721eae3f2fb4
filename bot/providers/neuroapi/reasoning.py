"""What a model thinks before it answers is no part of the answer, also where it stands among its words."""

import re
from typing import Final

_NAMES: Final = "think|thinking|thought|thoughts|reasoning"
_OPENS: Final = re.compile(rf"<({_NAMES})>", re.IGNORECASE)
_LATER: Final = re.compile(rf"^[ \t]*<({_NAMES})>", re.IGNORECASE | re.MULTILINE)
_CLOSES: Final = re.compile(rf"</(?:{_NAMES})>[ \t]*(?:\n|\Z)", re.IGNORECASE)
_LONGEST: Final = max(len(name) for name in _NAMES.split("|")) + 2
_FENCE: Final = "```"
BLOCKS: Final = 50
"""Blocks of thoughts that are looked for in one answer."""


def without_thoughts(text: str, *, ended: bool) -> str:
    """The text without its blocks of thoughts: those before the first word, and later ones that begin a line outside
    code. Until the text has `ended`, a block that is still open hides what follows, and so does half a tag.

    A closing tag at the end of a line that nothing opened ends thoughts whose beginning the service kept to itself.
    """
    if "<" not in text:
        return text
    text = _after_the_first(text, ended=ended)
    closing = _CLOSES.search(text)
    opening = _OPENS.search(text)
    if closing is not None and (opening is None or opening.start() > closing.start()) and _said(text, closing.start()):
        text = text[closing.end() :].lstrip()
    return _without_later(text, ended=ended)


def _after_the_first(text: str, *, ended: bool) -> str:
    for _ in range(BLOCKS):
        begun = text.lstrip()
        opening = _OPENS.match(begun)
        if opening is None:
            unsure = not ended and begun.startswith("<") and len(begun) < _LONGEST and _may_open(begun)
            return "" if unsure else text
        end = _end(begun, opening)
        if end is None:
            return ""
        text = begun[end:].lstrip()
    return text


def _without_later(text: str, *, ended: bool) -> str:
    at = 0
    for _ in range(BLOCKS):
        opening = _LATER.search(text, at)
        if opening is None:
            return text
        end = _end(text, opening)
        if not _said(text, opening.start()):
            at = opening.end()
        elif end is not None:
            text = text[: opening.start()] + text[end:].lstrip()
            at = opening.start()
        elif ended:  # words about a tag, not thoughts
            return text
        else:
            return text[: opening.start()]
    return text


def _end(text: str, opening: re.Match[str]) -> int | None:
    closing = re.compile(rf"</{opening[1]}>", re.IGNORECASE).search(text, opening.end())
    return None if closing is None else closing.end()


def _said(text: str, place: int) -> bool:
    """Whether the place lies outside code, where a tag is a tag."""
    return text.count(_FENCE, 0, place) % 2 == 0


def _may_open(begun: str) -> bool:
    return any(f"<{name}>".startswith(begun.lower()) for name in _NAMES.split("|"))
