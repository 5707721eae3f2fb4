"""Calls of whose answer only the message's id is read: Telegram repeats the whole message, its keyboard too, and
reading that took longer than writing it."""

from aiogram.methods import EditMessageText, SendMessage
from aiogram.types import MessageId


class SendBriefly(SendMessage):
    """sendMessage."""

    __returning__ = MessageId  # type: ignore[assignment]


class EditBriefly(EditMessageText):
    """editMessageText."""

    __returning__ = MessageId | bool
