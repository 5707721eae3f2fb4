"""What handlers say: send, edit, drop, toast. Each goes through the outbox and takes a refusal calmly."""

from dataclasses import replace
from typing import Final

import structlog
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramNotFound
from aiogram.methods import DeleteMessage, EditMessageReplyMarkup
from aiogram.types import (
    CallbackQuery,
    InaccessibleMessage,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)

from bot.domain.jobs import Target
from bot.engine.dialogs import expiring_messages
from bot.engine.dialogs.drafts import draft_id
from bot.telegram.api.errors import Refusal, refusal
from bot.telegram.api.slim_methods import EditBriefly, SendBriefly
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Html
from bot.telegram.ui import ephemeral
from bot.telegram.ui.ephemeral import EphemeralTarget

log = structlog.get_logger(__name__)

TOAST: Final = 200
"""Characters of an answer to a press (Bot API, answerCallbackQuery)."""
DEAF_FOR: Final = 600.0
"""Seconds for which a member whom Telegram lets nothing be told alone is not tried again: every call counts."""
NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)


def place_of(message: Message) -> Target:
    """Where an answer to this message belongs: its chat and, in a forum, its topic; to the one who sees it, if it is
    ephemeral."""
    if (hidden := ephemeral.ephemeral_target(message)) is not None:
        return hidden
    thread = message.message_thread_id if message.is_topic_message else None
    return Target(message.chat.id, thread, message.message_id)


def draft_id_of(message: Message) -> str:
    """The id of the draft that this message asks for: the same when it is delivered again. Ephemeral messages have no
    lasting number, so that theirs is joined by their sender and date."""
    if (hidden := ephemeral.ephemeral_target(message)) is None:
        return draft_id("msg", message.chat.id, message.message_id)
    return draft_id("hidden", message.chat.id, hidden.receiver, hidden.ephemeral_id, int(message.date.timestamp()))


def target_of(message: Message | InaccessibleMessage) -> Target:
    """Where a message of ours stands."""
    hidden = ephemeral.ephemeral_target(message) if isinstance(message, Message) else None
    return hidden or Target(message.chat.id, None, message.message_id)


async def send(
    ctx: Context, at: Target, text: Html, markup: InlineKeyboardMarkup | None = None, *, reply: bool = False
) -> int:
    """A new message in the chat and topic of `at`; `reply`: to its message. Returns the message id, 0 when blocked, and
    of an ephemeral message."""
    return (await send_to(ctx, at, text, markup, reply=reply)).message_id


async def send_to(
    ctx: Context, at: Target, text: Html, markup: InlineKeyboardMarkup | None = None, *, reply: bool = False
) -> Target:
    """The same. Returns where it stands: a group that became a supergroup meanwhile has another id, and what is refused
    in its topic goes to the general one."""
    if isinstance(at, EphemeralTarget):
        return await send_ephemeral(ctx, at, at.receiver, text, markup)
    answers = (
        ReplyParameters(message_id=at.message_id, allow_sending_without_reply=True) if reply and at.message_id else None
    )
    method = SendBriefly(
        chat_id=at.chat_id,
        message_thread_id=at.thread_id,
        text=text,
        reply_markup=markup,
        reply_parameters=answers,
        link_preview_options=NO_PREVIEW,
    )
    try:
        sent = await ctx.outbox.call(method)
        return replace(at, chat_id=sent.chat.id, message_id=sent.message_id)
    except TelegramForbiddenError:
        log.info("telegram.blocked", chat=at.chat_id)
    except TelegramBadRequest as error:
        why = refusal(error)
        if why not in (Refusal.CHAT_GONE, Refusal.THREAD_GONE):
            raise
        if why is Refusal.THREAD_GONE and at.thread_id is not None:
            return await send_to(ctx, replace(at, thread_id=None, message_id=0), text, markup)
        log.info("telegram.silenced", chat=at.chat_id, error=error.message[:200])
    return replace(at, message_id=0)


async def send_ephemeral(
    ctx: Context,
    at: Target,
    receiver: int,
    text: Html,
    markup: InlineKeyboardMarkup | None = None,
    *,
    query_id: str = "",
    openly: Html | None = None,
    vanish: bool = True,
) -> Target:
    """Tells one member of a group something that only they see. Where Telegram refuses that, and to those who speak as
    a chat (`receiver` below 0), everybody sees it: as a reply, with the words of `openly` if there are any, and for two
    minutes, unless the caller sees to it that it will `vanish`. Returns where it stands."""
    wanted = EphemeralTarget(at.chat_id, at.thread_id, 0, receiver=receiver, query_id=query_id)
    tried = receiver > 0 and not ctx.deaf.get((at.chat_id, receiver))
    shown = await ephemeral.send(ctx.outbox, wanted, text, markup) if tried else None
    if shown is None:
        plain = Target(at.chat_id, at.thread_id, at.message_id)
        shown = await send_to(ctx, plain, text if openly is None else openly, markup, reply=True)
        if tried and shown.message_id:  # else nothing at all can be said here
            ctx.deaf.keep((at.chat_id, receiver), True, DEAF_FOR)
    if vanish and shown.message_id:
        gone = ephemeral.fleeting_of(shown)
        await ctx.db.transaction(lambda conn: expiring_messages.note(conn, gone))
    return shown


async def reply_privately(ctx: Context, message: Message, text: Html) -> None:
    """Answers a message with a sentence that concerns nobody but its sender."""
    sender = message.sender_chat or message.from_user
    if message.chat.type == "private" or sender is None:
        await send(ctx, place_of(message), text)
    else:
        await send_ephemeral(ctx, place_of(message), sender.id, text)


async def edit(ctx: Context, at: Target, text: Html, markup: InlineKeyboardMarkup | None = None) -> bool:
    """Rewrites a text message of ours; False when it is gone, is no text any more or the chat is closed to us."""
    if isinstance(at, EphemeralTarget) and at.ephemeral_id:
        return await ephemeral.edit(ctx.outbox, at, text, markup)
    method = EditBriefly(
        chat_id=at.chat_id,
        message_id=at.message_id,
        text=text,
        reply_markup=markup,
        link_preview_options=NO_PREVIEW,
    )
    try:
        await ctx.outbox.call(method)
    except (TelegramForbiddenError, TelegramNotFound):
        return False
    except TelegramBadRequest as error:
        log.info("telegram.edit_refused", chat=at.chat_id, error=error.message[:200])
        return False
    return True


async def delete(ctx: Context, at: Target) -> None:
    """Deletes a message of ours; one that is gone or too old stays as it is."""
    if isinstance(at, EphemeralTarget) and at.ephemeral_id:
        await ephemeral.drop(ctx.outbox, at)
        return
    try:
        await ctx.outbox.call(DeleteMessage(chat_id=at.chat_id, message_id=at.message_id))
    except (TelegramBadRequest, TelegramForbiddenError, TelegramNotFound):
        log.info("telegram.delete_refused", chat=at.chat_id)


async def answer_callback(query: CallbackQuery, text: str = "", *, alert: bool = False) -> None:
    """Answers a press: plain text of at most 200 characters, as an alert to be closed when `alert`."""
    words = text if len(text) <= TOAST else text[: TOAST - 1] + "…"
    await query.answer(words or None, show_alert=alert or None)


def has_button(query: CallbackQuery) -> bool:
    """Whether the pressed button really stands under its message: clients can send any data for any message."""
    message = query.message
    if not isinstance(message, Message) or message.reply_markup is None:
        return False
    return any(b.callback_data == query.data for row in message.reply_markup.inline_keyboard for b in row)


async def remove_keyboard(ctx: Context, query: CallbackQuery) -> None:
    """Takes the keyboard off a message whose buttons lead nowhere any more."""
    if not isinstance(query.message, Message) or not has_button(query):
        return
    if (hidden := ephemeral.ephemeral_target(query.message)) is not None:
        await ephemeral.drop(ctx.outbox, hidden)
        return
    method = EditMessageReplyMarkup(chat_id=query.message.chat.id, message_id=query.message.message_id)
    try:
        await ctx.outbox.call(method)
    except (TelegramBadRequest, TelegramForbiddenError, TelegramNotFound) as error:
        log.info("telegram.edit_refused", chat=query.message.chat.id, error=error.message[:200])
