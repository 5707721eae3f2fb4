"""What an update is, told from its raw JSON before anything else is done with it: whose, how urgent, and whether it
counts against what one person may send. Nothing here trusts its shape."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from bot.engine.dialogs.inbox_turns import Step

HURRIED: Final = frozenset({"inline_query", "pre_checkout_query"})
"""They must be answered within seconds and mean nothing later: they pass by the inbox."""
PAYMENTS: Final = frozenset({"pre_checkout_query", "shipping_query"})
PAID: Final = frozenset({"successful_payment", "refunded_payment"})
GROUPS: Final = frozenset({"group", "supergroup"})
PRIVATE: Final = "private"


@dataclass(frozen=True, slots=True)
class Kind:
    """`person`: see `person_of`; `first`: a payment, or an admin's; `counts`: it costs an answer and is no payment and
    no admin's; `album`: the group of messages that count as one, "" for a message alone."""

    person: int
    step: Step
    first: bool
    counts: bool
    album: str = ""


def kind_of(update: Any, admins: Collection[int], *, bot_id: int, name: str | None) -> Kind:
    """`name`: the bot's username in lower case, None while it is not known."""
    person = person_of(update)
    message = _message(update)
    if not (PAYMENTS.isdisjoint(update) and PAID.isdisjoint(message)):
        return Kind(person, Step.PAYMENT, first=True, counts=False)
    step = Step.TAP if "callback_query" in update else Step.MESSAGE
    if person in admins:
        return Kind(person, step, first=True, counts=False)
    counts = step is Step.TAP or "inline_query" in update or "guest_message" in update
    counts = counts or (bool(message) and _to_the_bot(message, bot_id, name))
    album = message.get("media_group_id")
    return Kind(person, step, first=False, counts=counts, album=album if isinstance(album, str) else "")


def person_of(update: Any) -> int:
    """Whose update it is: the chat as which a message in a group was sent, else the person, else the chat where it is.
    Updates of one are handled in order. 0 for what names none of them."""
    parts = [part for part in update.values() if type(part) is dict] if isinstance(update, dict) else []
    for part in parts:
        if "sender_chat" in part and _chat_type(part) in GROUPS and (found := _id(part["sender_chat"])) is not None:
            return found
    for name in ("from", "chat"):
        for part in parts:
            if name in part and (found := _id(part[name])) is not None:
                return found
    return 0


def _id(value: Any) -> int | None:
    found = value.get("id") if isinstance(value, dict) else None
    return found if type(found) is int else None


def _message(update: Any) -> dict[str, Any]:
    found = update.get("message") or update.get("edited_message")
    return found if isinstance(found, dict) else {}


def _to_the_bot(message: dict[str, Any], bot_id: int, name: str | None) -> bool:
    """Whether the message is meant for the bot. In private every message is; in groups, where people talk to each
    other, commands that name no other bot, replies to this one and mentions of it are."""
    if _chat_type(message) == PRIVATE:
        return True
    if _sender(message.get("reply_to_message")) == bot_id or "ephemeral_message_id" in message:
        return True
    said = message.get("text") or message.get("caption")
    if not isinstance(said, str) or not said:
        return False
    if said.startswith("/"):
        _, at, named = said.split(maxsplit=1)[0].partition("@")
        return not at or name is None or named.lower() == name
    return name is not None and f"@{name}" in said.lower()


def _chat_type(message: dict[str, Any]) -> object:
    chat = message.get("chat")
    return chat.get("type") if isinstance(chat, dict) else None


def _sender(message: Any) -> object:
    sender = message.get("from") if isinstance(message, dict) else None
    return sender.get("id") if isinstance(sender, dict) else None
