"""/settings and /language, the buttons of their pages, and the flags that are sent for a kind's usual ones."""

from collections.abc import Sequence
from typing import Any

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message

from bot.domain.catalog.models import Kind
from bot.domain.chats import is_private
from bot.domain.jobs import Target
from bot.domain.orders.flags import has_flag
from bot.engine.accounts.preferences import Preferences
from bot.engine.accounts.users import User
from bot.engine.catalog.shop import Offer
from bot.telegram.chat.models import sold
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Speech
from bot.telegram.jobs.message.notify_after import CHOICES
from bot.telegram.orders.draft.option_values import Wrong
from bot.telegram.orders.view.presenter import market
from bot.telegram.orders.view.texts import lines
from bot.telegram.settings import pages
from bot.telegram.settings.flag_checks import usual_flags
from bot.telegram.settings.pages import NO_MODEL, SKIP, Page
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import MenuAction, acts
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.messages import place_of
from bot.telegram.ui.paging import page_number


def build_router() -> Router:
    router = Router(name="settings")
    router.message.register(command, is_command("settings"))
    router.callback_query.register(
        press,
        MenuAction.filter(),
        acts("settings", "lang", "skip", "notify", "better", "mine", "usual", "flags", "noflags"),
    )
    return router


def build_text_router() -> Router:
    """Comes before whatever takes plain text."""
    router = Router(name="settings-text")
    router.message.register(flags_sent, is_awaited)
    return router


async def command(message: Message, command: CommandObject, ctx: Context, person: User, t: Speech) -> None:
    if not is_private(message.chat.id):
        await messages.reply_privately(ctx, message, t("menu-private-only"))
        return
    act = "lang" if command.command.lower() == "language" else "settings"
    page = await _page(MenuAction(act=act), ctx, person, t)
    assert page is not None
    await messages.send(ctx, place_of(message), *page)


async def press(query: CallbackQuery, callback_data: MenuAction, ctx: Context, person: User, t: Speech) -> None:
    """Pages rewrite their own message, in private chats only: what a forged press names elsewhere is refused."""
    message = query.message
    private = message is not None and is_private(message.chat.id) and messages.has_button(query)
    page = await _page(callback_data, ctx, person, t) if private else None
    if message is None or page is None:
        await messages.answer_callback(query, t.plain("order-toast-stale"))
        return
    await ctx.engine.settings.await_flags(person.id, Kind(callback_data.arg) if callback_data.act == "flags" else None)
    await messages.answer_callback(query)
    await messages.edit(ctx, Target(message.chat.id, None, message.message_id), *page)


async def _page(pressed: MenuAction, ctx: Context, person: User, t: Speech) -> Page | None:
    """The page that a press leads to, after the change it makes; None for what no button of ours says."""
    if pressed.act == "lang" and pressed.arg:
        return await _language(ctx, person, pressed.arg)
    offers = (await market(ctx)).offers
    changes = bool(pressed.arg) and pressed.act in {"skip", "notify", "better", "usual", "noflags"}
    if changes:
        own = await _changed(ctx, person, pressed, {o.model.slug: o.model.kind for o in offers})
    else:
        own = await ctx.engine.settings.of(person.id)
    page = _shown(pressed, ctx, person, t, own, offers) if own is not None else None
    if page is None or not changes:
        return page
    return lines([t("settings-saved"), page[0]]), page[1]


def _shown(
    pressed: MenuAction, ctx: Context, person: User, t: Speech, own: Preferences, offers: Sequence[Offer]
) -> Page | None:
    usual = ctx.options.ready_after_seconds
    kind, _, number = pressed.arg.partition(".")
    page: Page | None = None
    match pressed.act:
        case "lang":
            page = pages.language_page(t, ctx.texts, person.language)
        case "skip":
            page = pages.skip_page(t, own)
        case "notify":
            page = pages.notify_page(t, own, usual)
        case "settings" | "better":
            page = pages.main_page(t, ctx.texts, person, own, offers, usual=usual, chat=sold(ctx))
        case "mine" if not pressed.arg:
            page = pages.mine_page(t, own, offers)
        case "flags" if kind in set(Kind):
            page = pages.flags_page(t, offers, Kind(kind))
        case "mine" | "usual" | "noflags" if kind in set(Kind):
            wanted = page_number(number) or 0 if pressed.act == "mine" else None
            page = pages.kind_page(t, own, offers, Kind(kind), wanted)
        case _:
            pass
    return page


async def _changed(ctx: Context, person: User, pressed: MenuAction, sold_kinds: dict[str, Kind]) -> Preferences | None:
    """The preferences after what a button sets; None for what is no choice (any more)."""
    settings, arg = ctx.engine.settings, pressed.arg
    kind, _, slug = arg.partition(".")
    after: Preferences | None = None
    match pressed.act:
        case "skip" if arg in SKIP:
            after = await settings.confirm_above(person.id, SKIP[arg])
        case "notify" if arg in CHOICES:
            after = await settings.notify_after(person.id, CHOICES[arg])
        case "better" if arg in ("on", "off"):
            after = await settings.offer_improvements(person.id, on=arg == "on")
        case "usual" if kind in set(Kind) and slug == NO_MODEL:
            after = await settings.usual_model(person.id, Kind(kind), "")
        case "usual" if kind in set(Kind) and sold_kinds.get(slug) == kind:
            after = await settings.usual_model(person.id, Kind(kind), slug)
        case "noflags" if arg in set(Kind):
            after = await settings.no_usual_flags(person.id, Kind(arg))
        case _:
            pass
    return after


async def _language(ctx: Context, person: User, arg: str) -> Page | None:
    if arg != "auto" and arg not in ctx.texts.languages:
        return None
    chosen = None if arg == "auto" else arg
    await ctx.engine.settings.choose_language(person.id, chosen)
    t = ctx.texts.of(chosen or person.language_code)
    text, rows = pages.language_page(t, ctx.texts, chosen)
    return lines([t("settings-saved"), text]), rows


async def is_awaited(message: Message, ctx: Context, person: User) -> bool | dict[str, Any]:
    """Whether a kind's usual flags were asked for. Words without any flag are something new: an order."""
    text = message.text or ""
    if not is_private(message.chat.id) or text.startswith("/") or not has_flag(text):
        return False
    kind = await ctx.engine.settings.flags_awaited(person.id)
    return {"kind": kind} if kind is not None else False


async def flags_sent(message: Message, ctx: Context, person: User, t: Speech, kind: Kind) -> None:
    """Keeps them, or says what is wrong with them and waits on."""
    offers = (await market(ctx)).offers
    place = place_of(message)
    presets = (await ctx.engine.settings.of(person.id)).presets
    try:
        slug, flags = usual_flags(t, message.text or "", kind, offers, presets)
    except Wrong as wrong:
        await messages.send(ctx, place, lines([wrong.text, t("settings-not-saved")]))
        return
    own = await ctx.engine.settings.usual_flags(person.id, kind, flags, model=slug)
    text, rows = pages.kind_page(t, own, offers, kind)
    await messages.send(ctx, place, lines([t("settings-saved"), text]), rows)
