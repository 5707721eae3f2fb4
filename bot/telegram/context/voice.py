"""What turns voice messages into words, and where the words go on as a message."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

Says = Callable[[int, dict[str, Any]], Awaitable[None]]
"""Takes in a message as Telegram would send it, under the number of its update; the same number is passed over."""


@dataclass(slots=True)
class Voice:
    """`model`: the slug of the catalogue's model that listens; "": none does."""

    model: str = ""
    says: Says | None = None
