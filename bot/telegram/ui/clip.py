"""Keeps foreign text short and harmless: with it no list and no card can outgrow a message (4,096 characters)."""

import unicodedata
from typing import Final

from bot.telegram.i18n.lengths import units
from bot.telegram.i18n.texts import escape

NAME: Final = 40
JOINER: Final = "\u200d"
"""Builds emoji of several; the other invisible characters can make a name read as another one."""


def clip(text: str, limit: int) -> str:
    """At most `limit` UTF-16 units once it is escaped for HTML, ending in an ellipsis when it was cut."""
    used = 0
    fits = 0
    for end, char in enumerate(text):
        used += units(escape(char))
        if used > limit:
            return text[:fits].rstrip() + "…"
        if used < limit:
            fits = end + 1
    return text


def one_line(text: str, limit: int) -> str:
    """A name or note cut to `limit`: one line, without control, direction and other invisible characters."""
    visible = "".join(
        char if char == JOINER or unicodedata.category(char)[0] != "C" else " " for char in text[: limit * 4]
    )
    return clip(" ".join(visible.split()), limit)
