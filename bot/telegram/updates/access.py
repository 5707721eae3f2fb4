"""Before any handler: banned people get one sentence, and who sent too much is told so. Payments and admins pass."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog
from aiogram import BaseMiddleware, Bot
from aiogram.types import CallbackQuery, Message, TelegramObject, Update

from bot.domain.chats import is_private
from bot.engine.accounts.users import User
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Speech
from bot.telegram.ui import messages
from bot.telegram.ui.ban_text import banned_text
from bot.telegram.ui.callbacks import PersonalAction

log = structlog.get_logger(__name__)

PERSONAL: Final = f"{PersonalAction.__prefix__}:"
Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class Forgotten(BaseMiddleware):
    """Stands before Knowing: a second tap on "erase everything" must not make a person known again."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        query = event.callback_query if isinstance(event, Update) else None
        if query is None or not (query.data or "").startswith(PERSONAL):
            return await handler(event, data)
        user = query.from_user
        if await self._ctx.engine.people.find(user.id) is not None:
            return await handler(event, data)
        t = self._ctx.texts.of(user.language_code)
        await messages.answer_callback(query, t.plain("forget-toast-old"), alert=True)
        return None


class Guarding(BaseMiddleware):
    """Stands behind Knowing: it needs `person` and `t`."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        person, t = data.get("person"), data.get("t")
        if not isinstance(event, Update) or person is None or t is None or self._passes(event, person):
            return await handler(event, data)
        bans, wait = self._ctx.safety.bans, data.get("left_out")
        banned = bans is not None and await bans.has(person.id)
        if wait is not None:  # the intake left it out, see intake.py
            if not banned and wait > 0:
                log.info("update.throttled", user=person.id)
                await self._slow_down(event, t, wait)
            return None
        if banned:
            await self._refuse(event, t, data["bot"])
            return None
        return await handler(event, data)

    def _passes(self, event: Update, person: User) -> bool:
        """Admins, and whatever is about a payment."""
        if self._ctx.is_admin(person.id):
            return True
        message = event.message
        paid = message is not None and (message.successful_payment or message.refunded_payment)
        return bool(paid) or event.pre_checkout_query is not None or event.shipping_query is not None

    async def _refuse(self, event: Update, t: Speech, bot: Bot) -> None:
        said = banned_text(self._ctx, t)
        if event.callback_query is not None:
            await messages.answer_callback(event.callback_query, t.plain("safety-banned"), alert=True)
        elif event.message is not None and await _is_our_command(event.message, bot):
            await messages.reply_privately(self._ctx, event.message, said)

    async def _slow_down(self, event: Update, t: Speech, seconds: float) -> None:
        wait = t.duration(max(1.0, seconds))
        query: CallbackQuery | None = event.callback_query
        if query is not None:
            await messages.answer_callback(query, t.plain("safety-updates", wait=wait), alert=True)
        elif event.message is not None:
            await messages.reply_privately(self._ctx, event.message, t("safety-updates", wait=wait))


def _private(message: Message) -> bool:
    return is_private(message.chat.id)


async def _is_our_command(message: Message, bot: Bot) -> bool:
    """In groups only with the bot's name behind it: other commands may be another bot's."""
    words = (message.text or message.caption or "").split(maxsplit=1)
    if not words or not words[0].startswith("/"):
        return False
    _, at, name = words[0].partition("@")
    return _private(message) or (bool(at) and name.lower() == ((await bot.me()).username or "").lower())
