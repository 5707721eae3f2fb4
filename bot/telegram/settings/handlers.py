"""/settings and /language, the buttons of their pages, and the flags that are sent for a kind's usual ones."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message
from sqlalchemy import Connection

from bot.domain.catalog.models import Kind
from bot.domain.chats import is_private
from bot.domain.jobs import Target
from bot.domain.orders.flags import has_flag
from bot.engine.accounts import preferences, users
from bot.engine.accounts.preferences import Preferences
from bot.engine.accounts.users import User
from bot.engine.catalog.shop import Offer
from bot.engine.dialogs import awaited_input, chosen_kind
from bot.telegram.chat.models import sold
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Speech
from bot.telegram.jobs.message.notify_after import CHOICES
from bot.telegram.orders.draft.option_values import Wrong
from bot.telegram.orders.view.presenter import market
from bot.telegram.orders.view.texts import lines
from bot.telegram.settings import pages
from bot.telegram.settings.flag_checks import usual_flags
from bot.telegram.settings.pages import NOBODY, SKIP, Page
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import MenuAction, acts
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.messages import place_of
from bot.telegram.ui.paging import page_number

Change = Callable[[Preferences], Preferences]


def build_router() -> Router:
    router = Router(name="habits")
    router.message.register(command, is_command("settings"))
    router.callback_query.register(
        press,
        MenuAction.filter(),
        acts("settings", "lang", "skip", "notify", "better", "mine", "usual", "flags", "noflags"),
    )
    return router


def build_text_router() -> Router:
    """Comes before whatever takes plain text."""
    router = Router(name="habits-text")
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
    awaited = Kind(callback_data.arg) if callback_data.act == "flags" else None

    def turn(conn: Connection) -> None:
        """Whatever the next text was awaited for is over, but for the flags asked for just now."""
        chosen_kind.note(conn, person.id, None)
        if awaited is not None:
            awaited_input.note_flags(conn, person.id, awaited)
        elif awaited_input.flags_of(conn, person.id) is not None:
            awaited_input.clear(conn, person.id)

    await ctx.db.transaction(turn)
    await messages.answer_callback(query)
    await messages.edit(ctx, Target(message.chat.id, None, message.message_id), *page)


async def _page(pressed: MenuAction, ctx: Context, person: User, t: Speech) -> Page | None:
    """The page that a press leads to, after the change it makes; None for what no button of ours says."""
    if pressed.act == "lang" and pressed.arg:
        return await _language(ctx, person, pressed.arg)
    own = await ctx.db.read(lambda conn: preferences.of(conn, person.id))
    offers, change = (await market(ctx)).offers, None
    if pressed.arg and pressed.act in {"skip", "notify", "better", "usual", "noflags"}:
        change = _change(pressed, {o.model.slug: o.model.kind for o in offers})
        if change is None:
            return None
        own = await _keep(ctx, person, change)
    page = _shown(pressed, ctx, person, t, own, offers)
    if page is None or change is None:
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


def _change(pressed: MenuAction, sold_kinds: dict[str, Kind]) -> Change | None:
    """What a button sets; None for what is no choice (any more)."""
    arg = pressed.arg
    kind, _, slug = arg.partition(".")
    change: Change | None = None
    match pressed.act:
        case "skip" if arg in SKIP:
            change = lambda own: replace(own, confirm_above=SKIP[arg])  # noqa: E731  # one of several alike
        case "notify" if arg in CHOICES:
            change = lambda own: replace(own, notify_after=CHOICES[arg])  # noqa: E731
        case "better" if arg in ("on", "off"):
            change = lambda own: replace(own, improve=arg == "on")  # noqa: E731
        case "usual" if kind in set(Kind) and slug == NOBODY:
            change = lambda own: replace(own, models=without(own.models, kind))  # noqa: E731
        case "usual" if kind in set(Kind) and sold_kinds.get(slug) == kind:
            change = lambda own: replace(own, models={**own.models, kind: slug})  # noqa: E731
        case "noflags" if arg in set(Kind):
            change = lambda own: replace(own, flags=without(own.flags, arg))  # noqa: E731
        case _:
            pass
    return change


def without(texts: dict[str, str], name: str) -> dict[str, str]:
    return {key: text for key, text in texts.items() if key != name}


async def _keep(ctx: Context, person: User, change: Change) -> Preferences:
    return await ctx.db.transaction(lambda conn: preferences.change(conn, person.id, change))


async def _language(ctx: Context, person: User, arg: str) -> Page | None:
    if arg != "auto" and arg not in ctx.texts.languages:
        return None
    chosen = None if arg == "auto" else arg

    def choose(conn: Connection) -> None:
        users.set_language(conn, person.id, chosen)
        ctx.db.notify(conn, users.CHANGED)

    await ctx.db.transaction(choose)
    t = ctx.texts.of(chosen or person.language_code)
    text, rows = pages.language_page(t, ctx.texts, chosen)
    return lines([t("settings-saved"), text]), rows


async def is_awaited(message: Message, ctx: Context, person: User) -> bool | dict[str, Any]:
    """Whether a kind's usual flags were asked for. Words without any flag are something new: an order."""
    text = message.text or ""
    if not is_private(message.chat.id) or text.startswith("/") or not has_flag(text):
        return False
    kind = await ctx.db.read(lambda conn: awaited_input.flags_of(conn, person.id))
    return {"kind": kind} if kind is not None else False


async def flags_sent(message: Message, ctx: Context, person: User, t: Speech, kind: Kind) -> None:
    """Keeps them, or says what is wrong with them and waits on."""
    offers = (await market(ctx)).offers
    place = place_of(message)
    presets = (await ctx.db.read(lambda conn: preferences.of(conn, person.id))).presets
    try:
        slug, flags = usual_flags(t, message.text or "", kind, offers, presets)
    except Wrong as wrong:
        await messages.send(ctx, place, lines([wrong.text, t("settings-not-saved")]))
        return

    def keep(conn: Connection) -> Preferences:
        awaited_input.clear(conn, person.id)
        return preferences.change(conn, person.id, changed)

    def changed(own: Preferences) -> Preferences:
        models = {**own.models, kind.value: slug} if slug else own.models
        return replace(own, models=models, flags={**own.flags, kind.value: flags} if flags else own.flags)

    own = await ctx.db.transaction(keep)
    text, rows = pages.kind_page(t, own, offers, kind)
    await messages.send(ctx, place, lines([t("settings-saved"), text]), rows)
