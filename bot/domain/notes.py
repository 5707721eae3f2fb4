"""Why an operator did something, in one line: kept with a transfer or a ban, wherever it was typed."""

import unicodedata
from typing import Final

from bot.domain.visible import visible

LONGEST: Final = 200
"""Characters."""


class NoteTooLong(ValueError):
    """More than LONGEST characters."""


def note_of(text: str) -> str:
    """The note without control characters; "" for one that shows nothing. Raises NoteTooLong."""
    note = "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cs"))
    if len(note) > LONGEST:
        raise NoteTooLong
    return note if visible(note) else ""
