"""Messages in a group that one member sees. Telegram may refuse them, and does not promise that they arrive."""

from dataclasses import dataclass, replace

import structlog
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramNotFound
from aiogram.methods import DeleteEphemeralMessage, EditEphemeralMessageText
from aiogram.types import EphemeralMessageParameters, InlineKeyboardMarkup, LinkPreviewOptions, Message

from bot.domain.jobs import Target
from bot.engine.dialogs.expiring_messages import Fleeting
from bot.telegram.api.errors import Refusal, refusal
from bot.telegram.api.retry import late
from bot.telegram.api.slim_methods import SendWhisper
from bot.telegram.i18n.texts import Html
from bot.telegram.outbox.outbox import Outbox

log = structlog.get_logger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


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


async def send(outbox: Outbox, at: EphemeralTarget, text: Html, markup: InlineKeyboardMarkup | None) -> Target | None:
    """Where the new message stands, ephemeral or, on a server that does not know such messages, for everybody to see.
    None: Telegram refuses it here. Where its topic is gone it stands in the general one; without a number: that is
    closed, too, for any message."""
    who = EphemeralMessageParameters(receiver_user_id=at.receiver, callback_query_id=at.query_id or None)
    method = SendWhisper(
        chat_id=at.chat_id,
        message_thread_id=at.thread_id,
        text=text,
        reply_markup=markup,
        ephemeral_message_parameters=who,
        link_preview_options=NO_PREVIEW,
    )
    try:
        sent = await outbox.call(method)
    except (TelegramBadRequest, TelegramNotFound) as error:
        log.info("telegram.no_whisper", chat=at.chat_id, error=error.message[:200])
        gone = isinstance(error, TelegramBadRequest) and refusal(error) is Refusal.THREAD_GONE
        if gone and at.thread_id is not None:
            return await send(outbox, replace(at, thread_id=None), text, markup)
        if at.query_id and late(error):  # the press that asked for it: after an outage its time has passed
            return await send(outbox, replace(at, query_id=""), text, markup)
        return Target(at.chat_id, None, 0) if gone else None
    if not sent.ephemeral_message_id:
        return Target(sent.chat.id, at.thread_id, sent.message_id)
    return replace(at, chat_id=sent.chat.id, message_id=0, ephemeral_id=sent.ephemeral_message_id)


async def edit(outbox: Outbox, at: EphemeralTarget, text: Html, markup: InlineKeyboardMarkup | None) -> bool:
    """False when it is gone, or the chat is closed to us."""
    method = EditEphemeralMessageText(
        chat_id=at.chat_id,
        receiver_user_id=at.receiver,
        ephemeral_message_id=at.ephemeral_id,
        text=text,
        reply_markup=markup,
        link_preview_options=NO_PREVIEW,
    )
    try:
        await outbox.call(method)
    except (TelegramBadRequest, TelegramForbiddenError, TelegramNotFound) as error:
        log.info("telegram.edit_refused", chat=at.chat_id, error=error.message[:200])
        return False
    return True


async def drop(outbox: Outbox, at: EphemeralTarget) -> None:
    """Deletes it; one that is gone already is no trouble."""
    who, number = at.receiver, at.ephemeral_id
    try:
        await outbox.call(DeleteEphemeralMessage(chat_id=at.chat_id, receiver_user_id=who, ephemeral_message_id=number))
    except (TelegramBadRequest, TelegramForbiddenError, TelegramNotFound) as error:
        log.info("telegram.delete_refused", chat=at.chat_id, error=error.message[:200])
