"""Whether a text can be seen. Telegram refuses a message of invisible characters, and a person cannot read it: such a
text counts as empty wherever words are taken or shown."""

import unicodedata
from typing import Final

INVISIBLE_LETTERS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffc")
"""Fillers, the blank Braille cell and the object replacement: letters or symbols to Unicode, nothing to the eye."""


def visible(text: str) -> bool:
    """Whether any character leaves a mark by itself: a letter, a digit, a sign of punctuation, a symbol."""
    return any(char not in INVISIBLE_LETTERS and unicodedata.category(char)[0] in "LNPS" for char in text)
