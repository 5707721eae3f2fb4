"""What a person sent to have something made, before its words are read."""

from dataclasses import dataclass

from bot.domain.catalog.models import Kind, Model
from bot.domain.jobs import Input


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """A command's words. `command` is its name without the slash ("" for plain text), `text` what follows it."""

    command: str
    text: str
    kind: Kind | None = None
    model: Model | None = None
    quoted: str = ""
    """The text of the message it replies to: the prompt when the command itself has none."""
    subject: str = ""
    """The part of another message that was quoted: what the words are about."""
    inputs: tuple[Input, ...] = ()
    """The pictures that came with it, in their order."""
    waits: bool = False
    """Whether words that are missing are taken from a later message."""
