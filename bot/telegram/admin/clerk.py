"""Serves one operator: every answer goes to them in private, whatever chat they wrote in, and failures stay calm."""

from dataclasses import dataclass
from typing import Final

import structlog
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message
from sqlalchemy import Connection

from bot.domain.jobs import Target
from bot.engine import inbox
from bot.engine.people import User
from bot.telegram import speak
from bot.telegram.admin.clip import NAME, one_line
from bot.telegram.context import Context
from bot.telegram.texts import Html, Speech

log = structlog.get_logger(__name__)
NOBODY: Final = "–"


@dataclass(frozen=True, slots=True)
class Clerk:
    """What every handler of this package needs."""

    ctx: Context
    person: User
    """The operator."""
    t: Speech
    ticket: inbox.Ticket | None

    def handled(self, conn: Connection) -> None:
        """Marks the update handled in the transaction of its effect."""
        if self.ticket is not None:
            inbox.handled(conn, self.ticket)

    async def answer(self, message: Message, text: Html, markup: InlineKeyboardMarkup | None = None) -> int:
        """Answers a command; in a group only a hint when the operator cannot be reached. Returns the message id or 0.

        Never raises for what Telegram refuses: money may have moved already.
        """
        if message.chat.type == "private":
            return await self._send(speak.place_of(message), text, markup)
        sent = await self._send(Target(self.person.id, None, 0), text, markup)
        if not sent:
            await self._send(speak.place_of(message), self.t("admin-write-me-first"), None)
        return sent

    async def show(self, query: CallbackQuery, text: Html, markup: InlineKeyboardMarkup | None = None) -> None:
        """Rewrites the message of the pressed button; sends anew when it is gone. Never into a group."""
        message = query.message
        if message is not None and message.chat.id == self.person.id:
            at = Target(message.chat.id, None, message.message_id)
            try:
                if await speak.edit(self.ctx, at, text, markup):
                    return
            except TelegramAPIError as error:
                log.warning("admin.edit_failed", error=str(error)[:200])
                return
        await self._send(Target(self.person.id, None, 0), text, markup)

    async def toast(self, query: CallbackQuery, key: str = "", *, alert: bool = False) -> None:
        """Answers a press with a text of ours; a failure is logged only."""
        try:
            await speak.toast(query, self.t.plain(key) if key else "", alert=alert)
        except TelegramAPIError as error:
            log.warning("admin.toast_failed", error=str(error)[:200])

    async def tell(self, user: User, key: str, **values: str) -> bool | None:
        """Writes to a user in their language. False: they cannot be reached; None: they are the operator themselves."""
        if user.id == self.person.id:
            return None
        return bool(await self._send(Target(user.id, None, 0), self.speech_of(user)(key, **values), None))

    def speech_of(self, user: User) -> Speech:
        return self.ctx.texts.of(user.language or user.language_code)

    async def _send(self, at: Target, text: Html, markup: InlineKeyboardMarkup | None) -> int:
        method = SendMessage(
            chat_id=at.chat_id,
            message_thread_id=at.thread_id,
            text=text,
            reply_markup=markup,
            link_preview_options=speak.NO_PREVIEW,
        )
        try:
            return (await self.ctx.outbox.call(method)).message_id
        except TelegramAPIError as error:
            log.info("admin.not_sent", chat=at.chat_id, error=str(error)[:200])
            return 0


def person_line(t: Speech, user: User) -> Html:
    """Name, @username and id: enough to see who is meant, whatever they call themselves."""
    name = one_line(user.name, NAME) or NOBODY
    if user.username:
        return t("admin-person-username", name=name, username=user.username, id=str(user.id))
    return t("admin-person", name=name, id=str(user.id))
