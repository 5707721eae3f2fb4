"""Lengths of texts as Telegram measures them."""

import html
import re
from typing import Final

MESSAGE_MAX: Final = 4096
"""UTF-16 units of a message after parsing (Bot API, sendMessage)."""
CAPTION_MAX: Final = 1024
"""UTF-16 units of a caption after parsing (Bot API, sendVideo and others)."""
TOAST_MAX: Final = 200
"""Units of an answer to a press (Bot API, answerCallbackQuery)."""
WORD: Final = 24
"""A cut looks back at most this far for the end of a word."""


def units(text: str) -> int:
    """Telegram's measure of length: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def first(text: str, limit: int) -> str:
    """The beginning of a text: at most `limit` UTF-16 units, and no half of a pair."""
    return text.encode("utf-16-le", "surrogatepass")[: limit * 2].decode("utf-16-le", "ignore")


def shorten(text: str, limit: int) -> str:
    """At most `limit` UTF-16 units, cut at a word's end where one is near, with an ellipsis."""
    if units(text) <= limit:
        return text
    if limit < 1:
        return ""
    kept = first(text, limit - 1)
    space = max(kept.rfind(" "), kept.rfind("\n"))
    if space >= len(kept) - WORD and space > 0:
        kept = kept[:space]
    return kept.rstrip() + "…"


def without_markup(markup: str) -> str:
    """An HTML text as it is shown."""
    return html.unescape(re.sub(r"<[^>]*>", "", markup))
