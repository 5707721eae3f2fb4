"""One screen of a phone: what a message may take up so that a person reads it without scrolling."""

import unicodedata
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from bot.telegram.i18n.lengths import without_markup
from bot.telegram.i18n.texts import Html

Size = TypeVar("Size")

WIDTH: Final = 38
HEIGHT: Final = 20
"""Letters of a line, and lines: a phone of middle size at Telegram's usual font size."""


def height(text: str) -> int:
    """Lines that an HTML text takes on such a phone, wrapped at words as Telegram wraps."""
    return sum(_wrapped(line) for line in without_markup(text).split("\n"))


def _wrapped(line: str) -> int:
    count, used = 1, 0
    for word in line.split(" "):
        width = _width(word)
        if used and used + 1 + width > WIDTH:
            count, used = count + 1, 0
        used += width + (1 if used else 0)
        if used > WIDTH:  # a word longer than a line is broken
            count, used = count + (used - 1) // WIDTH, (used - 1) % WIDTH + 1
    return count


def _width(word: str) -> int:
    """Emoji are two letters wide, the marks that choose their form have no width."""
    return sum(
        0 if unicodedata.category(c) in ("Mn", "Cf") else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in word
    )


def fitting(build: Callable[[Size], Html], sizes: Sequence[Size]) -> Html:
    """What `build` makes of the first of the sizes that fits one screen, of the last one where none does."""
    text = build(sizes[0])
    for size in sizes[1:]:
        if height(text) <= HEIGHT:
            break
        text = build(size)
    return text


def screens(blocks: Sequence[Html], build: Callable[[Sequence[Html]], Html]) -> list[Sequence[Html]]:
    """The blocks in pages, of which each fits one screen when `build` has put its head and foot around them; a block
    that is too high alone has a page of its own. At least one page."""
    pages: list[list[Html]] = [[]]
    for block in blocks:
        if pages[-1] and height(build([*pages[-1], block])) > HEIGHT:
            pages.append([])
        pages[-1].append(block)
    return list(pages)
