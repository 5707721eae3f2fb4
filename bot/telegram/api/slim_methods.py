"""Calls of whose answer only the message's place is read: Telegram repeats the whole message, its keyboard too, and
reading that took longer than writing it."""

from aiogram.methods import EditMessageText, SendMessage
from aiogram.types import MessageId
from aiogram.types.base import MutableTelegramObject


class ChatId(MutableTelegramObject):
    """What is read of a chat."""

    id: int


class Sent(MutableTelegramObject):
    """Where a message stands: in the supergroup, if that is what the group has become."""

    message_id: int
    chat: ChatId


class SendBriefly(SendMessage):
    """sendMessage."""

    __returning__ = Sent  # type: ignore[assignment]


class EditBriefly(EditMessageText):
    """editMessageText."""

    __returning__ = MessageId | bool


class WhisperId(MutableTelegramObject):
    """What is read of an ephemeral message."""

    message_id: int
    chat: ChatId
    ephemeral_message_id: int | None = None


class SendEphemeral(SendMessage):
    """sendMessage to one member of a group."""

    __returning__ = WhisperId  # type: ignore[assignment]
