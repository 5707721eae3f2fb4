"""/preset: flags under a name of one's own – saved, listed, deleted after a question."""

import re
from collections.abc import Sequence
from typing import Final

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message

from bot.domain.chats import is_private
from bot.domain.errors import TooManyPresets
from bot.domain.jobs import Target
from bot.engine.accounts.preferences import Preferences
from bot.engine.accounts.users import User
from bot.engine.catalog.shop import Offer
from bot.telegram.context.context import Context
from bot.telegram.i18n.lengths import shorten
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.draft.option_values import TYPED_SHOWN, Wrong
from bot.telegram.orders.view.models_page import example_flags
from bot.telegram.orders.view.presenter import market
from bot.telegram.orders.view.refusals import Place, refusal_text
from bot.telegram.orders.view.texts import lines
from bot.telegram.settings.flag_checks import fits, preset_flags, preset_name
from bot.telegram.settings.pages import Page
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import MenuAction, acts
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.keyboards import button, markup
from bot.telegram.ui.messages import place_of
from bot.telegram.ui.paging import cut, page_number, ring

_SAVE: Final = re.compile(r"\s*([^\s=]+)(?:\s*=\s*|\s+)(\S.*)", re.DOTALL)


def build_router() -> Router:
    router = Router(name="presets")
    router.message.register(command, is_command("preset"))
    router.callback_query.register(press, MenuAction.filter(), acts("presets", "predel", "presure"))
    return router


async def command(message: Message, command: CommandObject, ctx: Context, person: User, t: Speech) -> None:
    """`/preset save name = flags`, `/preset list`, `/preset delete name`."""
    place = place_of(message)
    if not is_private(place.chat_id):
        await messages.reply_privately(ctx, message, t("menu-private-only"))
        return
    what, rest = [*(command.args or "list").split(maxsplit=1), ""][:2]
    offers = (await market(ctx)).offers
    own = await ctx.engine.settings.of(person.id)
    match what.lower():
        case "save":
            said: Page | tuple[Html] = (await _save(ctx, person, t, rest, offers, own),)
        case "delete":
            said = _question(t, own, rest.strip().lstrip("-—–").casefold(), offers)
        case "list":
            said = list_page(t, own, offers, 0)
        case _:
            said = (_how(t, offers),)
    await messages.send(ctx, place, *said)


async def press(query: CallbackQuery, callback_data: MenuAction, ctx: Context, person: User, t: Speech) -> None:
    """Pages of the list, the question before one is deleted, and its yes. In private chats only."""
    message, arg = query.message, callback_data.arg
    if message is None or not is_private(message.chat.id) or not messages.has_button(query):
        await messages.answer_callback(query, t.plain("order-toast-stale"))
        return
    offers = (await market(ctx)).offers
    own = await ctx.engine.settings.of(person.id)
    match callback_data.act:
        case "predel":
            page = _question(t, own, arg, offers)
        case "presure" if arg in own.presets:
            own = await ctx.engine.settings.delete_preset(person.id, arg)
            text, rows = list_page(t, own, offers, 0)
            page = lines([t("preset-deleted", name=arg), text]), rows
        case _:
            page = list_page(t, own, offers, page_number(arg) or 0)
    await messages.answer_callback(query)
    await messages.edit(ctx, Target(message.chat.id, None, message.message_id), *page)


async def _save(ctx: Context, person: User, t: Speech, text: str, offers: Sequence[Offer], own: Preferences) -> Html:
    """Keeps it, in place of one of that name, or says what is wrong."""
    found = _SAVE.fullmatch(text)
    if found is None:
        return _how(t, offers)
    try:
        name = preset_name(t, found[1], [*ctx.shop.catalog.models, *(o.model for o in offers)])
        kept = preset_flags(t, found[2], offers, own.presets)
    except Wrong as wrong:
        return lines([wrong.text, t("settings-not-saved")])
    try:
        before = await ctx.engine.settings.save_preset(person.id, name, kept)
    except TooManyPresets as refused:
        return refusal_text(ctx, t, refused, Place.ORDER)
    instead = t("preset-before", flags=before) if before not in (None, kept) else ""
    return lines([t("preset-saved", name=name, flags=kept), instead])


def list_page(t: Speech, own: Preferences, offers: Sequence[Offer], number: int) -> Page:
    """The presets with a button to delete each; a page beyond the last shows the last."""
    names = sorted(own.presets)
    back = [button(t.plain("tap-back"), MenuAction(act="settings"))]
    if not names:
        return lines([t("preset-none"), _how(t, offers)]), markup([back])
    shown, page = cut(names, number)
    rows = [[button(t.plain("preset-tap-delete", name=n), MenuAction(act="predel", arg=n), "danger")] for n in shown]
    rows += ring(page, lambda n: MenuAction(act="presets", arg=str(n)))
    said = [_line(t, name, own.presets[name], offers) for name in shown]
    return lines([t("preset-title"), *said]), markup([*rows, back])


def _line(t: Speech, name: str, flags: str, offers: Sequence[Offer]) -> Html:
    key = "preset-line" if fits(t, flags, offers) else "preset-line-unfit"
    return t(key, name=name, flags=flags)


def _question(t: Speech, own: Preferences, name: str, offers: Sequence[Offer]) -> Page:
    """Asks before one is deleted; where there is none of that name, the list."""
    if name not in own.presets:
        text, rows = list_page(t, own, offers, 0)
        return lines([t("preset-unknown", name=shorten(name, TYPED_SHOWN)) if name else "", text]), rows
    yes = button(t.plain("preset-tap-sure"), MenuAction(act="presure", arg=name), "danger")
    no = button(t.plain("preset-tap-keep"), MenuAction(act="presets"))
    return t("preset-delete-sure", name=name, flags=own.presets[name]), markup([[yes], [no]])


def _how(t: Speech, offers: Sequence[Offer]) -> Html:
    """How to save one, with an example that works."""
    model = next((o.model for o in offers if o.model.options), None)
    flags = f"--model {model.slug} {example_flags(t, model)}" if model is not None else "--n 2"
    return t("preset-how", flags=flags, command=model.kind.value if model is not None else "image")
