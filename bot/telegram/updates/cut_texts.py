"""Long texts that a client cut into several messages, put together again before any handler sees them.

Telegram takes 4096 characters in a message. Clients cut what is longer, and send the pieces one right after another.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from bot.telegram.updates.batches import Taken

LIMIT: Final = 4096
"""UTF-16 code units of one message at most (Bot API, sendMessage)."""
LEAST: Final = LIMIT // 2
"""A shorter text is no piece that another follows: clients cut at a good place in the second half of what fits."""
APART: Final = 2
"""Seconds between the dates of two pieces at most."""


def may_go_on(raw: Any) -> bool:
    """Whether this text is long enough to be a piece that another follows. Forwarded words are no one's own text."""
    message = _message(raw)
    said = message.get("text")
    if not isinstance(said, str) or "forward_origin" in message or "via_bot" in message:
        return False
    return _units(said) >= LEAST


def goes_on(before: Any, after: Any) -> bool:
    """Whether `after` is the next piece of the text that `before` is a piece of."""
    one, other = _message(before), _message(after)
    said = other.get("text")
    if not isinstance(said, str) or said.startswith("/") or "forward_origin" in other or "via_bot" in other:
        return False
    if any(one.get(name) != other.get(name) for name in ("message_thread_id", "ephemeral_message_id")):
        return False
    if any(_id(one.get(name)) != _id(other.get(name)) for name in ("chat", "from", "sender_chat")):
        return False
    replied = _number(other.get("reply_to_message"), "message_id")
    if replied is not None and replied != _number(one.get("reply_to_message"), "message_id"):
        return False
    first, second = _number(one, "date"), _number(other, "date")
    return first is not None and second is not None and 0 <= second - first <= APART


def whole(pieces: Sequence[Taken]) -> Taken:
    """The first piece with the words of all: what it replies to and its command are theirs. Its ticket names the other
    pieces, which are handled with it."""
    first, *others = pieces
    if not others:
        return first
    said = [str(_message(piece.raw)["text"]) for piece in pieces]
    # A client that cuts at the limit cuts within words; one that looks for a good place leaves out the space there.
    text = "".join(piece if _units(piece) >= LIMIT else f"{piece}\n" for piece in said).removesuffix("\n")
    ticket = replace(first.item.ticket, pieces=tuple(piece.item.ticket.update_id for piece in others))
    raw = {**first.raw, "message": {**_message(first.raw), "text": text}}
    return Taken(replace(first.item, ticket=ticket), raw, first.begun, tuple(others))


def _message(raw: Any) -> dict[str, Any]:
    found = raw.get("message") if isinstance(raw, dict) else None
    return found if isinstance(found, dict) else {}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _id(value: Any) -> int | None:
    return _number(value, "id")


def _number(value: Any, name: str) -> int | None:
    found = value.get(name) if isinstance(value, dict) else None
    return found if type(found) is int else None
