"""Writes words into a job's message, whatever it is by now: text, or media with a caption."""

from dataclasses import replace
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import EditMessageCaption, EditMessageText, SendMessage
from aiogram.types import InlineKeyboardMarkup, ReplyParameters

from bot.domain.jobs import Target
from bot.telegram.api.errors import Refusal, refusal
from bot.telegram.outbox.bot import EaselBot


def where(target: Target) -> dict[str, Any]:
    """How a method names the message to edit."""
    if target.inline_id:
        return {"inline_message_id": target.inline_id}
    return {"chat_id": target.chat_id, "message_id": target.message_id}


async def edit_words(bot: Bot, target: Target, text: str, markup: InlineKeyboardMarkup | None) -> None:
    """Edits the text, or the caption when the message is media. Raises what Telegram answers."""
    try:
        await bot(EditMessageText(**where(target), text=text, reply_markup=markup))
    except TelegramBadRequest as error:
        if refusal(error) is not Refusal.NOT_TEXT:
            raise
        await bot(EditMessageCaption(**where(target), caption=text, reply_markup=markup))


async def send_words(
    bot: EaselBot,
    target: Target,
    text: str,
    markup: InlineKeyboardMarkup | None = None,
    *,
    reply_to: int | None = None,
    notice: bool = False,
) -> Target:
    """Sends a new message to the target's chat and thread; without the thread when that is gone. A `notice` lets
    answers and results pass."""
    reply = ReplyParameters(message_id=reply_to) if reply_to else None
    send = SendMessage(
        chat_id=target.chat_id,
        message_thread_id=target.thread_id,
        text=text,
        reply_markup=markup,
        reply_parameters=reply,
    )
    try:
        message = await bot(send, notice=notice)
    except TelegramBadRequest as error:
        if refusal(error) is not Refusal.THREAD_GONE or target.thread_id is None:
            raise
        return await send_words(bot, replace(target, thread_id=None), text, markup, reply_to=reply_to, notice=notice)
    return Target(message.chat.id, target.thread_id, message.message_id)
