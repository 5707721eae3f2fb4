"""The pages of /group: what is set, and the buttons that set it. Every button says what it sets, never "the other"."""

from collections.abc import Sequence
from typing import Final

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.catalog.models import Kind
from bot.domain.limits.groups import COOLDOWNS, Group, Who
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.keyboards import button, in_rows, markup
from bot.telegram.ui.paging import PER_PAGE, cut, ring

Page = tuple[Html, InlineKeyboardMarkup]
Rows = list[list[InlineKeyboardButton]]

NAMED: Final = 10
"""Names that a line of the overview holds."""
PAGES: Final = ("who", "pause", "language", "kinds", "models")
ON, OFF = "on", "off"


class GroupAction(CallbackData, prefix="g"):
    """A button of /group: a page to open, or what to set to which value. The group is the message's."""

    act: str
    arg: str = ""
    to: str = ""


def page_of(ctx: Context, t: Speech, group: Group, name: str, number: int = 0) -> Page:
    """The page of that name; the overview for any other."""
    match name:
        case "who":
            return _choices(t, "who", [(who.value, who is group.who) for who in Who])
        case "pause":
            return _choices(t, "pause", [(str(seconds), seconds == group.cooldown) for seconds in COOLDOWNS])
        case "language":
            return _languages(ctx, t, group)
        case "kinds":
            return _kinds(ctx, t, group)
        case "models":
            return _models(ctx, t, group, number)
        case _:
            return _overview(ctx, t, group)


def kinds_sold(ctx: Context) -> list[Kind]:
    sold = {model.kind for model in ctx.shop.models}
    return [kind for kind in Kind if kind in sold]


def _overview(ctx: Context, t: Speech, group: Group) -> Page:
    off = {
        "kinds": [t.plain(f"order-kind-{k.value}") for k in kinds_sold(ctx) if k.value in group.kinds_off],
        "models": [t.title(m.title) for m in ctx.shop.models if m.slug in group.models_off],
    }
    quiet = ON if group.quiet else OFF
    text = [
        t("group-title"),
        Html(""),
        t("group-line", name=t.plain("group-page-who"), value=_named(ctx, t, "who", group.who.value)),
        t("group-line", name=t.plain("group-page-pause"), value=_named(ctx, t, "pause", str(group.cooldown))),
        t("group-line", name=t.plain("group-page-language"), value=_named(ctx, t, "language", group.language)),
        t("group-line", name=t.plain("group-page-kinds"), value=_without(t, off["kinds"])),
        t("group-line", name=t.plain("group-page-models"), value=_without(t, off["models"])),
        t("group-line", name=t.plain("group-page-quiet"), value=t.plain(f"group-quiet-{quiet}")),
    ]
    rows = in_rows([button(t.plain(f"group-page-{name}"), GroupAction(act="open", arg=name)) for name in PAGES], 2)
    other = OFF if group.quiet else ON
    rows.append([button(t.plain(f"group-tap-quiet-{other}"), GroupAction(act="quiet", arg=other))])
    rows.append([button(t.plain("group-tap-close"), GroupAction(act="close"))])
    return lines(text), markup(rows)


def _choices(t: Speech, name: str, values: Sequence[tuple[str, bool]]) -> Page:
    buttons = [_choice(_value(t, name, value), name, value, on=on) for value, on in values]
    return t(f"group-ask-{name}"), markup([*in_rows(buttons, 1 if name == "who" else 2), _back(t)])


def _languages(ctx: Context, t: Speech, group: Group) -> Page:
    buttons = [_choice(ctx.texts.name(x), "language", x, on=x == group.language) for x in ctx.texts.languages]
    everybody = _choice(t.plain("group-language-own"), "language", "auto", on=not group.language)
    return t("group-ask-language"), markup([*in_rows(buttons, 2), [everybody], _back(t)])


def _kinds(ctx: Context, t: Speech, group: Group) -> Page:
    buttons = [
        _switch(t.plain(f"order-kind-{kind.value}"), "kind", kind.value, on=kind.value not in group.kinds_off)
        for kind in kinds_sold(ctx)
    ]
    return t("group-ask-kinds"), markup([*in_rows(buttons, 2), _back(t)])


def _models(ctx: Context, t: Speech, group: Group, number: int) -> Page:
    shown, page = cut(ctx.shop.models, number)
    buttons = [_switch(t.title(m.title), "model", m.slug, on=m.slug not in group.models_off) for m in shown]
    turns = ring(page, lambda n: GroupAction(act="open", arg="models", to=str(n)))
    return t("group-ask-models"), markup([*in_rows(buttons, 2), *turns, _back(t)])


def page_with(ctx: Context, slug: str) -> int:
    """The number of the models' page that shows this one."""
    places = [i for i, model in enumerate(ctx.shop.models) if model.slug == slug]
    return places[0] // PER_PAGE if places else 0


def _choice(label: str, act: str, value: str, *, on: bool) -> InlineKeyboardButton:
    return button(f"✓ {label}" if on else label, GroupAction(act=act, arg=value))


def _switch(label: str, act: str, name: str, *, on: bool) -> InlineKeyboardButton:
    return button(f"{'✅' if on else '🚫'} {label}", GroupAction(act=act, arg=name, to=OFF if on else ON))


def _back(t: Speech) -> list[InlineKeyboardButton]:
    return [button(t.plain("tap-back"), GroupAction(act="open"))]


def _value(t: Speech, name: str, value: str) -> str:
    if name == "pause":
        return t.duration(float(value)) if value != "0" else t.plain("group-pause-none")
    return t.plain(f"group-who-{value}")


def _named(ctx: Context, t: Speech, name: str, value: str) -> str:
    if name != "language":
        return _value(t, name, value)
    return ctx.texts.name(value) if value in ctx.texts.languages else t.plain("group-language-own")


def _without(t: Speech, names: Sequence[str]) -> str:
    if not names:
        return t.plain("group-all")
    told = ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
    return t.plain("group-without", names=told)
