"""How a user is named in words: by a @username or by Telegram's id, in a chat as on the command line."""

from dataclasses import dataclass
from typing import Final

USERNAME: Final = 32
"""Longest username (Telegram)."""
ID_DIGITS: Final = 16
LARGEST_ID: Final = 2**52 - 1
"""Telegram's ids have at most 52 significant bits (Bot API, User): 16 digits."""


@dataclass(frozen=True, slots=True)
class ByName:
    """As typed, without the @."""

    username: str


@dataclass(frozen=True, slots=True)
class ById:
    id: int


Who = ByName | ById


def who_of(word: str) -> Who | None:
    """What a word of a command names; None when it is neither a @username nor an id."""
    if word.startswith("@"):
        name = word[1:]
        fine = 1 <= len(name) <= USERNAME and name.isascii() and name.replace("_", "a").isalnum()
        return ByName(name) if fine else None
    if word.isascii() and word.isdigit() and len(word) <= ID_DIGITS and int(word) <= LARGEST_ID:
        return ById(int(word))
    return None
