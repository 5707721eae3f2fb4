"""Who speaks in a group without an account: people who never pressed Start, and those who speak as a chat.

Neither gets one there. The first are sent to the private chat; the others may order, and the user who confirms pays.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiogram import BaseMiddleware
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.types import Chat, InlineKeyboardButton, InlineKeyboardMarkup, TelegramObject, Update

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Target
from bot.engine.accounts.users import User
from bot.telegram.context.context import Context
from bot.telegram.context.user_cache import Facts
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.ui import commands, messages

GROUPS: Final = frozenset({"group", "supergroup"})
Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


def stranger(user_id: int, facts: Facts) -> User:
    """A user of whom nothing is stored."""
    return User(user_id, 0, facts.username, facts.name, None, facts.language_code, 0.0)


def sender_chat(event: TelegramObject) -> Chat | None:
    """The chat as which a message in a group was sent: by an anonymous admin, as a channel or by a linked one; and the
    one as which the bot was called where it is no member."""
    if isinstance(event, Update) and event.guest_message is not None:
        return event.guest_message.sender_chat
    message = (event.message or event.edited_message) if isinstance(event, Update) else None
    return message.sender_chat if message is not None and message.chat.type in GROUPS else None


def chat_itself(chat: Chat) -> User:
    """A chat that speaks: its id, which is negative, stands for the user."""
    return User(chat.id, 0, chat.username, chat.title or "", None, "", 0.0)


def chat_person(chat_id: int) -> User:
    """A chat that speaks, of which only the id is known."""
    return User(chat_id, 0, None, "", None, "", 0.0)


def is_stranger(person: User) -> bool:
    """Whether the person has no account."""
    return person.id > 0 and not person.account_id


def is_chat(person: User) -> bool:
    """Whether a chat speaks and no person."""
    return person.id < 0


async def invite(
    ctx: Context, person: User, t: Speech, at: Target, payload: str, text: Html, *, query_id: str = ""
) -> None:
    """A link to the private chat, where Start sends the payload."""
    url = await ctx.links.start(ctx.outbox, payload)
    markup = InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=t.plain("shared-start-button"), url=url)]]
    )
    await messages.send_ephemeral(ctx, at, person.id, text, markup, query_id=query_id)


class Gate(BaseMiddleware):
    """Stands behind Knowing. Orders and commands that need no account pass; the rest needs an account."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        person, t = data.get("person"), data.get("t")
        message = event.message if isinstance(event, Update) else None
        if message is None or person is None or t is None or person.account_id or message.chat.type not in GROUPS:
            return await handler(event, data)
        words = (message.text or message.caption or "").split(maxsplit=1)
        if not words:  # a note of Telegram's about the group
            return await handler(event, data)
        if not words[0].startswith("/"):
            return UNHANDLED
        name, at, mine = words[0][1:].lower().partition("@")
        me = (await data["bot"].me()).username or ""
        addressed = mine == me.lower()
        if (at and not addressed) or not self._needs_account(name, addressed=addressed):
            return await handler(event, data)
        place = messages.place_of(message)
        if is_chat(person):
            await messages.send_ephemeral(self._ctx, place, person.id, t("shared-as-person"))
        else:
            await invite(self._ctx, person, t, place, "group", t("shared-start-first"))
        return None

    def _needs_account(self, name: str, *, addressed: bool) -> bool:
        """Whether the message asks for what needs an account: a question does in any case, another command only if it
        names this bot, for it may be another one's."""
        model = self._ctx.shop.catalog.get(name)
        asks = name == Kind.ASK.value or (model is not None and model.kind is Kind.ASK)
        command = commands.BY_NAME.get(name)
        return asks or (addressed and command is not None and command.needs_account)
