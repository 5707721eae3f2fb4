"""A person's own affairs: /balance, asking for credits, and the menu's buttons for them."""

from aiogram import Router
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.domain.catalog.models import Kind
from bot.domain.chats import is_private
from bot.domain.jobs import Target
from bot.engine.accounts.users import User
from bot.telegram.account.start import home
from bot.telegram.context.context import Context
from bot.telegram.credits import request
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.draft.picture_rules import from_words, needed
from bot.telegram.orders.view.presenter import market
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import MenuAction
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.keyboards import balance_menu, home_menu, more_menu
from bot.telegram.ui.messages import place_of

Page = tuple[Html, InlineKeyboardMarkup | None]


def build_router() -> Router:
    router = Router(name="account")
    router.message.register(balance_command, is_command("balance"))
    router.callback_query.register(menu_press, MenuAction.filter(), is_account_act)
    return router


async def is_account_act(query: CallbackQuery, callback_data: MenuAction) -> bool:
    """The acts of this file; /help and the lists of jobs have their own."""
    return callback_data.act in {"home", "more", "make", "balance", "ask"}


async def balance_command(message: Message, ctx: Context, person: User, t: Speech) -> None:
    if not is_private(message.chat.id):
        await messages.reply_privately(ctx, message, t("menu-private-only"))
        return
    text, markup = await _balance(ctx, person, t)
    await messages.send(ctx, place_of(message), text, markup)


async def menu_press(query: CallbackQuery, callback_data: MenuAction, ctx: Context, person: User, t: Speech) -> None:
    """Menus rewrite their own message, in private chats only: what a forged press names elsewhere is refused."""
    message = query.message
    if message is None or not is_private(message.chat.id):
        await messages.answer_callback(query, t.plain("order-toast-stale"))
        return
    if callback_data.act == "ask":
        answer = await request.ask(ctx, person, price=None)
        await messages.answer_callback(query, t.plain(answer), alert=True)
        return
    page = await _page(callback_data, ctx, person, t) if messages.has_button(query) else None
    if page is None:
        await messages.answer_callback(query, t.plain("order-toast-stale"))
        return
    kind = _tapped_kind(callback_data)
    await ctx.engine.settings.choose_kind(person.id, kind)
    await messages.answer_callback(query)
    await messages.edit(ctx, Target(message.chat.id, None, message.message_id), *page)


async def _page(pressed: MenuAction, ctx: Context, person: User, t: Speech) -> Page | None:
    page: Page | None = None
    match pressed.act:
        case "home":
            page = await home(ctx, person, t)
        case "more":
            page = t("menu-more-what"), more_menu(t, (await market(ctx)).kinds())
        case "make" if pressed.arg in set(Kind):
            page = await _how(ctx, t, Kind(pressed.arg)), home_menu(t)
        case "balance":
            page = await _balance(ctx, person, t)
        case _:
            pass
    return page


async def _balance(ctx: Context, person: User, t: Speech) -> tuple[Html, InlineKeyboardMarkup]:
    wallet = await ctx.engine.wallets.of(person.account_id)
    held = t("menu-held", held=credits_text(t, wallet.held)) if wallet.held else ""
    talk = t("chat-spent", spent=credits_text(t, wallet.answers)) if wallet.answers else ""
    available = t("menu-available", available=credits_text(t, wallet.available))
    text = lines([available, held, talk, request.how_to_get(ctx, t)])
    return text, balance_menu(t, ask=bool(ctx.options.admin_ids))


async def _how(ctx: Context, t: Speech, kind: Kind) -> Html:
    """How to ask for a thing of this kind: in words, with a picture, or as a question."""
    example = t.plain(f"order-example-{kind.value}")
    if kind is Kind.ASK:
        return t("menu-how-ask", example=example)
    offers = await market(ctx)
    models = [o.model for o in offers.offers if o.model.kind is kind]
    if models and not from_words(models):
        return needed(t, models, offers)
    return t("menu-how", command=kind.value, example=example)


def _tapped_kind(pressed: MenuAction) -> Kind | None:
    """The kind that the next text or picture shall become."""
    return Kind(pressed.arg) if pressed.act == "make" else None
