"""/terms and /privacy: the operator's texts, or ours."""

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from bot.domain.chats import is_private
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui import messages
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.messages import place_of


def build_router() -> Router:
    router = Router(name="legal")
    router.message.register(show, is_command("terms", "privacy"))
    return router


async def show(message: Message, command: CommandObject, ctx: Context, t: Speech) -> None:
    name = command.command.lower()
    await messages.send(ctx, place_of(message), legal_text(ctx, t, name), reply=not is_private(message.chat.id))


def legal_text(ctx: Context, t: Speech, name: str) -> Html:
    """`name`: terms or privacy."""
    own = ctx.safety.legal.text(t, name)
    if own is not None:
        return own
    contact = ctx.options.topup_contact.strip()
    return lines([t(f"legal-{name}"), t("legal-contact", contact=contact) if contact else ""])
