"""What handlers say: send, edit, delete, answer a press. Each goes through the outbox and takes a refusal calmly."""

from typing import Final

from aiogram.types import CallbackQuery, InaccessibleMessage, InlineKeyboardMarkup, Message

from bot.domain.chats import is_private
from bot.domain.jobs import Target
from bot.engine.dialogs.drafts import draft_id
from bot.telegram.context.context import Context
from bot.telegram.i18n.lengths import TOAST_MAX, shorten
from bot.telegram.i18n.texts import Html
from bot.telegram.outbox import sender
from bot.telegram.outbox.ephemeral import EphemeralTarget, ephemeral_target, fleeting_of

DEAF_FOR: Final = 600.0
"""Seconds for which a member whom Telegram lets nothing be told alone is not tried again: every call counts."""


def place_of(message: Message) -> Target:
    """Where an answer to this message belongs: its chat and, in a forum, its topic; to the one who sees it, if it is
    ephemeral."""
    if (hidden := ephemeral_target(message)) is not None:
        return hidden
    thread = message.message_thread_id if message.is_topic_message else None
    return Target(message.chat.id, thread, message.message_id)


def draft_id_of(message: Message) -> str:
    """The id of the draft that this message asks for: the same when it is delivered again. Ephemeral messages have no
    lasting number, so that theirs is joined by their sender and date."""
    if (hidden := ephemeral_target(message)) is None:
        return draft_id("msg", message.chat.id, message.message_id)
    return draft_id("hidden", message.chat.id, hidden.receiver, hidden.ephemeral_id, int(message.date.timestamp()))


def target_of(message: Message | InaccessibleMessage) -> Target:
    """Where a message of ours stands."""
    hidden = ephemeral_target(message) if isinstance(message, Message) else None
    return hidden or Target(message.chat.id, None, message.message_id)


async def send(
    ctx: Context,
    at: Target,
    text: Html,
    markup: InlineKeyboardMarkup | None = None,
    *,
    reply: bool = False,
    plain: str = "",
) -> Target:
    """A new message in the chat and topic of `at`; `reply`: to its message; `plain`: the words for a Telegram that
    refuses their markup. Returns where it stands: without an id where the chat is closed to the bot."""
    if isinstance(at, EphemeralTarget):
        return await send_ephemeral(ctx, at, at.receiver, text, markup)
    return await sender.tell(ctx.outbox, at, text, markup, reply_to=at.message_id if reply else 0, plain=plain)


async def send_ephemeral(
    ctx: Context,
    at: Target,
    receiver: int,
    text: Html,
    markup: InlineKeyboardMarkup | None = None,
    *,
    query_id: str = "",
    openly: tuple[Html, InlineKeyboardMarkup | None] | None = None,
    vanish: bool = True,
) -> Target:
    """Tells one member of a group something that only they see. Where Telegram refuses that, and to those who speak as
    a chat (`receiver` below 0), all members see it: as a reply, with the words and buttons of `openly` if there are
    any, for two minutes, unless the caller sees to it that it will `vanish`. Returns where it stands."""
    wanted = EphemeralTarget(at.chat_id, at.thread_id, 0, receiver=receiver, query_id=query_id)
    tried = receiver > 0 and not ctx.deaf.get((at.chat_id, receiver))
    shown = await sender.send_ephemeral(ctx.outbox, wanted, text, markup) if tried else None
    if shown is None:
        plain = Target(at.chat_id, at.thread_id, at.message_id)
        said, keys = openly if openly is not None else (text, markup)
        shown = await send(ctx, plain, said, keys, reply=True)
        if tried and shown.message_id:  # else nothing at all can be said here
            ctx.deaf.keep((at.chat_id, receiver), True, DEAF_FOR)
    if vanish and shown.message_id:
        gone = fleeting_of(shown)
        await ctx.engine.expiring.note(gone)
    return shown


async def reply_privately(ctx: Context, message: Message, text: Html) -> None:
    """Answers a message with a sentence for its sender alone."""
    author = message.sender_chat or message.from_user
    if is_private(message.chat.id) or author is None:
        await send(ctx, place_of(message), text)
    else:
        await send_ephemeral(ctx, place_of(message), author.id, text)


async def edit(ctx: Context, at: Target, text: Html, markup: InlineKeyboardMarkup | None = None) -> bool:
    """Rewrites a text message of ours; False when it is gone, is no text any more or the chat is closed to us."""
    return await sender.try_edit(ctx.outbox, at, text, markup)


async def delete(ctx: Context, at: Target) -> None:
    """Deletes a message of ours; one that is gone or too old stays as it is."""
    await sender.delete(ctx.outbox, at)


async def answer_callback(query: CallbackQuery, text: str = "", *, alert: bool = False) -> None:
    """Answers a press: plain text of at most 200 characters, as an alert to be closed when `alert`."""
    await query.answer(shorten(text, TOAST_MAX) or None, show_alert=alert or None)


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
    at = target_of(query.message)
    if isinstance(at, EphemeralTarget):
        await delete(ctx, at)
    else:
        await sender.try_keyboard(ctx.outbox, at, None)
