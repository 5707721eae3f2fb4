"""/start: the greeting, the welcome credits said once, and the main menu."""

from collections.abc import Sequence

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import InlineKeyboardMarkup, Message

from bot.domain.catalog.models import Kind
from bot.domain.chats import is_private
from bot.engine.accounts.users import User
from bot.telegram.account.abilities import abilities
from bot.telegram.context.context import Context
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders import after_signup
from bot.telegram.orders.view.presenter import OrderPresenter, market
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui import messages
from bot.telegram.ui.command_menus import register_admin
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.keyboards import main_menu
from bot.telegram.ui.messages import place_of


def build_router() -> Router:
    router = Router(name="start")
    router.message.register(start, is_command("start"))
    return router


async def start(
    message: Message,
    command: CommandObject,
    bot: Bot,
    presenter: OrderPresenter,
    *,
    welcomed: bool = False,
    welcome_wait: float = 0.0,
) -> None:
    """Greets. `welcomed`: the welcome credits were given with this very update; `welcome_wait`: they come that late.
    A person who comes from a group by a link finds the order that brought them here in place of the menu."""
    ctx, person, t = presenter.ctx, presenter.person, presenter.t
    place = place_of(message)
    if not is_private(place.chat_id):
        await messages.reply_privately(ctx, message, t("menu-group"))
        return
    waiting = await after_signup.waiting(ctx, person, command.args or "")
    gone = t("shared-order-gone") if waiting is None and after_signup.names_order(command.args or "") else ""
    gift = t("menu-welcome-credits", credits=credits_text(t, ctx.options.welcome)) if welcomed else ""
    if welcome_wait:
        gift = t("safety-welcome-later", wait=t.duration(max(60.0, welcome_wait)))
    kinds = (await market(ctx)).kinds()
    hello = t("menu-hello", name=person.name, does=abilities(t, kinds)).strip()
    said: list[str] = [hello, gift, gone, _languages(ctx, person, t)]
    markup = None
    if waiting is None:
        text, markup = _menu(t, kinds, "" if welcomed else await _balance(ctx, person, t))
        said.append(text)
    await messages.send(ctx, place, lines(said), markup)
    if waiting is not None:
        await after_signup.show(presenter, waiting)
    if ctx.is_admin(person.id):
        await register_admin(bot, ctx, person.id)


def _languages(ctx: Context, person: User, t: Speech) -> Html:
    """What else is spoken, for those whose own language is not; "" for all others."""
    if person.language is not None or not person.language_code or ctx.texts.speaks(person.language_code):
        return Html("")
    return t("settings-languages", languages=", ".join(map(ctx.texts.name, ctx.texts.languages)))


async def home(ctx: Context, person: User, t: Speech) -> tuple[Html, InlineKeyboardMarkup]:
    """The main menu without the greeting."""
    kinds = (await market(ctx)).kinds()
    text, markup = _menu(t, kinds, await _balance(ctx, person, t))
    return lines([abilities(t, kinds), text]), markup


def _menu(t: Speech, kinds: Sequence[Kind], balance: str) -> tuple[Html, InlineKeyboardMarkup]:
    asked = t("menu-main") if kinds else t("order-nothing-on-sale")
    return lines([balance, asked]), main_menu(t, kinds)


async def _balance(ctx: Context, person: User, t: Speech) -> str:
    """What there is to spend; "" for an empty purse, which the first order tells of in time."""
    available = (await ctx.engine.wallets.of(person.account_id)).available
    return t("menu-available", available=credits_text(t, available)) if available else ""
