"""Serves one operator: every answer goes to them in private, whatever chat they wrote in, and failures stay calm.

What moves credits is announced first (`first`, `first_on`) and ends in the same message (`last`): an admin who can be
told nothing would send the command again, and a command that is sent again moves the credits again.
"""

from dataclasses import dataclass
from typing import Final

import structlog
from aiogram.exceptions import TelegramAPIError, TelegramRetryAfter
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.domain.jobs import Target
from bot.engine.accounts.users import User
from bot.engine.dialogs import inbox
from bot.telegram.api.errors import End, end_of
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.outbox import sender
from bot.telegram.ui import messages
from bot.telegram.ui.clip import NAME, one_line

log = structlog.get_logger(__name__)
UNNAMED: Final = "–"


@dataclass(frozen=True, slots=True)
class Said:
    """Where a move was announced before anything moved. `open`: in a group, where figures are not said."""

    at: Target
    open: bool = False


@dataclass(frozen=True, slots=True)
class AdminReplies:
    """What every handler of this package needs."""

    ctx: Context
    person: User
    """The operator."""
    t: Speech

    async def answer(
        self,
        message: Message,
        text: Html,
        markup: InlineKeyboardMarkup | None = None,
        *,
        openly: str = "admin-write-me-first",
    ) -> int:
        """Answers a command; in a group only the hint `openly` when the operator cannot be reached. Returns the message
        id or 0. Never raises for what Telegram refuses; a penalty is waited for by the update: see `_held_up`.
        """
        if message.chat.type == "private":
            return await self._send(messages.place_of(message), text, markup)
        sent = await self._send(Target(self.person.id, None, 0), text, markup)
        if not sent:
            await self._send(messages.place_of(message), self.t(openly), None)
        return sent

    async def first(self, message: Message, text: Html) -> Said | None:
        """Announces what a command is about to do: in private, else without figures in the group where it was sent.
        None: neither takes it, so nothing may move. Raises failures that may pass, for the update's next attempt."""
        place = messages.place_of(message)
        if message.chat.type == "private":
            return await self._announce(Said(place), text)
        private = await self._announce(Said(Target(self.person.id, None, 0)), text)
        return private or await self._announce(Said(place, open=True), self.t("admin-first-open"))

    async def first_on(self, query: CallbackQuery, text: Html) -> Said | None:
        """The same for a press: in the message of the button, whose buttons go, or in a new one in private."""
        message = query.message
        if message is not None and message.chat.id == self.person.id:
            said = Said(Target(message.chat.id, None, message.message_id))
            if await messages.edit(self.ctx, said.at, text):
                return said
        return await self._announce(Said(Target(self.person.id, None, 0)), text)

    async def last(self, said: Said, text: Html, openly: Html, markup: InlineKeyboardMarkup | None = None) -> None:
        """Says how it ended where it was announced, in a new message when that one is gone. Raises failures that may
        pass: the move is idempotent, and the update's next attempt says it."""
        words, buttons = (openly, None) if said.open else (text, markup)
        if not await messages.edit(self.ctx, said.at, words, buttons):
            await self._send(said.at, words, buttons)

    async def show(self, query: CallbackQuery, text: Html, markup: InlineKeyboardMarkup | None = None) -> None:
        """Rewrites the message of the pressed button; sends anew when it is gone. Never into a group. A failure is
        logged only: what was pressed is not done once more minutes later, when others may have decided otherwise."""
        message = query.message
        try:
            if message is not None and message.chat.id == self.person.id:
                at = Target(message.chat.id, None, message.message_id)
                if await messages.edit(self.ctx, at, text, markup):
                    return
            await self._send(Target(self.person.id, None, 0), text, markup)
        except TelegramAPIError as error:
            log.warning("admin.edit_failed", error=str(error)[:200])

    async def answer_press(self, query: CallbackQuery, text: Html, markup: InlineKeyboardMarkup | None = None) -> None:
        """Stops the button's spinner, then shows the text in its message as `show` does. For a text that has to be read
        first, `answer_callback` comes before the reading: the spinner must not turn meanwhile."""
        await self.answer_callback(query)
        await self.show(query, text, markup)

    async def answer_callback(self, query: CallbackQuery, key: str = "", *, alert: bool = False) -> None:
        """Answers a press with a text of ours; a failure is logged only."""
        try:
            await messages.answer_callback(query, self.t.plain(key) if key else "", alert=alert)
        except TelegramAPIError as error:
            log.warning("admin.toast_failed", error=str(error)[:200])

    async def tell(self, user: User, key: str, **values: str) -> bool | None:
        """Writes to a user in their language. False: they cannot be reached; None: they are the operator themselves."""
        if user.id == self.person.id:
            return None
        at = Target(user.id, None, 0)
        try:
            return bool(await self._send(at, self.speech_of(user)(key, **values), None))
        except TelegramRetryAfter as error:  # of the user's chat: the operator does not wait for that
            log.info("admin.not_told", chat=at.chat_id, retry_after=error.retry_after)
            return False

    def speech_of(self, user: User) -> Speech:
        return self.ctx.texts.of(user.language or user.language_code)

    async def _announce(self, said: Said, text: Html) -> Said | None:
        """None when Telegram refuses it for good."""
        try:
            return Said(await sender.send(self.ctx.outbox, said.at, text), said.open)
        except TelegramAPIError as error:
            if end_of(error) not in (End.CLOSED, End.WRONG):
                raise
            log.info("admin.not_announced", chat=said.at.chat_id, error=str(error)[:200])
            return None

    async def _send(self, at: Target, text: Html, markup: InlineKeyboardMarkup | None) -> int:
        try:
            return (await sender.send(self.ctx.outbox, at, text, markup)).message_id
        except TelegramAPIError as error:
            if self._held_up(error):
                raise
            log.info("admin.not_sent", chat=at.chat_id, error=str(error)[:200])
            return 0

    def _held_up(self, error: TelegramAPIError) -> bool:
        """Whether the operator's chat is held up by a penalty and the update can wait for its end: it is in the inbox,
        and what it did already is not done again."""
        return isinstance(error, TelegramRetryAfter) and inbox.current() is not None


def person_line(t: Speech, user: User, longest: int = NAME) -> Html:
    """Name, @username and id: enough to see who is meant, whatever they call themselves."""
    name = one_line(user.name, longest) or UNNAMED
    if user.username:
        return t("admin-person-username", name=name, username=user.username, id=str(user.id))
    return t("admin-person", name=name, id=str(user.id))
