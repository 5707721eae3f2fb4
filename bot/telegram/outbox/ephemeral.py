"""Messages in a group that one member sees. Telegram may refuse them, and does not promise that they arrive."""

from dataclasses import dataclass

from aiogram.types import Message

from bot.domain.jobs import Target
from bot.engine.dialogs.expiring_messages import Fleeting


@dataclass(frozen=True, slots=True)
class EphemeralTarget(Target):
    """An ephemeral message, or, without its id, where one is wanted."""

    receiver: int = 0
    ephemeral_id: int = 0
    query_id: str = ""
    """The press that asks for it, if one does."""


def ephemeral_target(message: Message) -> EphemeralTarget | None:
    """The place of a message that is ephemeral itself: what answers it must be so, too."""
    receiver = message.from_user
    if not message.ephemeral_message_id or receiver is None:
        return None
    if receiver.is_bot and message.receiver_user is not None:  # our own
        receiver = message.receiver_user
    thread = message.message_thread_id if message.is_topic_message else None
    return EphemeralTarget(message.chat.id, thread, 0, receiver=receiver.id, ephemeral_id=message.ephemeral_message_id)


def fleeting_of(at: Target) -> Fleeting:
    """The message as what shall vanish."""
    if isinstance(at, EphemeralTarget) and at.ephemeral_id:
        return Fleeting(at.chat_id, at.receiver, at.ephemeral_id)
    return Fleeting(at.chat_id, 0, at.message_id)
