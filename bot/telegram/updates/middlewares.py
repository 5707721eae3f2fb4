"""Around every update: who it is and in which language, welcome credits, and an answer whatever happens.

Handlers get `person`, `t`, `welcomed` and `ctx`; orders.view.presenter adds their `presenter`. No press stays
unanswered and no failure stays silent.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog
from aiogram import BaseMiddleware, Dispatcher
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import CallbackQuery, Chat, Message, TelegramObject, Update, User

from bot.domain.chats import is_private
from bot.engine.accounts import users, welcome_credits
from bot.engine.dialogs import inbox
from bot.engine.ports import DatabaseLost, StorageError
from bot.telegram.context.context import Context
from bot.telegram.context.user_cache import Facts
from bot.telegram.i18n.texts import Speech
from bot.telegram.outbox.bot import answered
from bot.telegram.ui import messages
from bot.telegram.updates import unregistered
from bot.telegram.updates.access import Forgotten, Guarding

log = structlog.get_logger(__name__)

ATTEMPTS: Final = 3
"""How often an update is handled when what fails may pass."""
PASSING: Final = (
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    StorageError,
    TimeoutError,
)

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class GaveUp(Exception):
    """Handling failed for good: the update is not to be tried again. `told`: the person knows."""

    def __init__(self, why: str, *, told: bool) -> None:
        super().__init__(why)
        self.told = told


def install(dispatcher: Dispatcher, ctx: Context) -> None:
    """Puts the middlewares in their order around everything the dispatcher handles."""
    dispatcher["ctx"] = ctx
    dispatcher.update.outer_middleware(Answering(ctx))
    dispatcher.update.outer_middleware(Forgotten(ctx))
    dispatcher.update.outer_middleware(Knowing(ctx))
    dispatcher.update.outer_middleware(Guarding(ctx))
    dispatcher.update.outer_middleware(unregistered.Gate(ctx))


def passing(error: BaseException) -> bool:
    """Whether a failure may be gone at the next attempt."""
    return isinstance(error, PASSING)


class Knowing(BaseMiddleware):
    """Notes who wrote, in one transaction, and gives the welcome credits at the first private contact."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._texts = ctx.texts

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        user: User | None = data.get("event_from_user")
        chat: Chat | None = data.get("event_chat")
        if isinstance(event, Update) and event.guest_message is not None:
            chat = None  # not ours: a private one there is between two people
        if isinstance(event, Update) and (event.stopped_message_generation or event.my_chat_member) is not None:
            return await handler(event, data)  # the one names no sender, at the other it does not matter who
        spoken_as = unregistered.sender_chat(event)
        if spoken_as is None and (user is None or user.is_bot):
            return UNHANDLED
        person, welcomed = (
            unregistered.chat_itself(spoken_as) if spoken_as is not None else None,
            welcome_credits.NOTHING,
        )
        if person is None and user is not None:
            private, grouped = _where(chat)
            grouped = grouped or _elsewhere(event)
            facts = Facts(user.username, user.full_name, user.language_code or "")
            person = self._ctx.known.find(user.id, facts, greeted=private)
            if person is None:
                person, welcomed = await self._meet(user.id, facts, private=private, grouped=grouped)
        assert person is not None
        data["person"] = person
        data["welcomed"], data["welcome_wait"] = welcomed.given, welcomed.wait
        data["t"] = self._texts.of(await self._spoken(chat) or person.language or person.language_code)
        return await handler(event, data)

    async def _spoken(self, chat: Chat | None) -> str:
        """The language that a group's admins chose; "" where each member has their own."""
        if chat is None or is_private(chat.id):
            return ""
        return (await self._ctx.rooms.of(self._ctx.engine.groups, chat.id)).language

    async def _meet(
        self, user_id: int, facts: Facts, *, private: bool, grouped: bool
    ) -> tuple[users.User, welcome_credits.Greeting]:
        """Notes who it is. Outside of private chats no person becomes known who was not: they never pressed Start.
        Admins do, for what they move there is booked under their account."""
        known = self._ctx.known
        welcome = self._ctx.safety.welcome or welcome_credits.Welcome(self._ctx.options.welcome)
        edition = known.edition

        person, welcomed = await self._ctx.engine.people.meet(
            user_id,
            username=facts.username,
            name=facts.name,
            language_code=facts.language_code,
            welcome=welcome if private else None,
            known_only=grouped and not self._ctx.is_admin(user_id),
        )
        if person is None:
            return unregistered.stranger(user_id, facts), welcomed
        known.keep(person, facts, greeted=private, edition=edition)
        return person, welcomed


class Answering(BaseMiddleware):
    """Answers every press and every failure. Passing failures are raised while an attempt is left, for another try."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        query = event.callback_query if isinstance(event, Update) else None
        ids: set[str] = set()
        token = answered.set(ids)
        try:
            if data.get("given_up"):
                await self._say_sorry(event, data)
                return None
            result = await self._handled(handler, event, data)
            if query is not None and query.id not in ids:
                await self._close(query, self._speech(data), stale=result is UNHANDLED)
            return result
        finally:
            answered.reset(token)

    async def _handled(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        try:
            return await handler(event, data)
        except TelegramForbiddenError as error:
            log.info("telegram.forbidden", error=error.message[:200])
            return None
        except Exception as error:
            if isinstance(error, DatabaseLost | TelegramRetryAfter) and inbox.current() is not None:
                raise  # it is in the inbox, and handled when the database is back or the penalty over
            if passing(error) and data.get("attempt", ATTEMPTS) < ATTEMPTS:
                raise
            log.exception("update.failed", update=getattr(event, "update_id", None))
            raise GaveUp(type(error).__name__, told=await self._apologised(event, data)) from error

    async def _apologised(self, event: TelegramObject, data: dict[str, Any]) -> bool:
        """Tells the user that something failed. False: that could not be said now, and may be later."""
        try:
            await self._say_sorry(event, data)
        except Exception as error:
            log.warning("update.no_apology", error=str(error)[:200])
            return not passing(error)
        return True

    async def _say_sorry(self, event: TelegramObject, data: dict[str, Any]) -> None:
        speech = self._speech(data)
        query = event.callback_query if isinstance(event, Update) else None
        message = event.message if isinstance(event, Update) else None
        if isinstance(query, CallbackQuery):
            await messages.answer_callback(query, speech.plain("system-error"), alert=True)
        elif isinstance(message, Message) and _for_us(message):
            await messages.reply_privately(self._ctx, message, speech("system-error"))

    @staticmethod
    async def _close(query: CallbackQuery, speech: Speech, *, stale: bool) -> None:
        """Ends the waiting of a press that no handler answered. A failure here must not run the handler again."""
        try:
            await messages.answer_callback(query, speech.plain("system-stale-button") if stale else "")
        except TelegramAPIError as error:
            log.warning("update.press_unanswered", error=str(error)[:200])

    def _speech(self, data: dict[str, Any]) -> Speech:
        found = data.get("t")
        if isinstance(found, Speech):
            return found
        user: User | None = data.get("event_from_user")
        return self._ctx.texts.of(user.language_code if user is not None else None)


def _where(chat: Chat | None) -> tuple[bool, bool]:
    """Whether that is a private chat, and whether a group."""
    return (False, False) if chat is None else (is_private(chat.id), chat.type in unregistered.GROUPS)


def _elsewhere(event: TelegramObject) -> bool:
    """Whether it comes from inline or guest mode: a chat that we are told nothing of."""
    if not isinstance(event, Update):
        return False
    pressed = event.callback_query is not None and event.callback_query.inline_message_id is not None
    return pressed or (event.inline_query or event.chosen_inline_result or event.guest_message) is not None


def _for_us(message: Message) -> bool:
    """Whether an answer is expected: everything in private, commands elsewhere."""
    return is_private(message.chat.id) or (message.text or message.caption or "").startswith("/")
