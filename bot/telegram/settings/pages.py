"""The pages of /settings: what is set, and a button for everything that can be."""

from collections.abc import Sequence
from typing import Final

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.catalog.models import Kind
from bot.domain.money import CREDIT, Credits
from bot.engine.accounts.preferences import NEVER, Preferences
from bot.engine.accounts.users import User
from bot.engine.catalog.menu import Entry, entries
from bot.engine.catalog.shop import Offer
from bot.telegram.i18n.amounts import credits_limit
from bot.telegram.i18n.texts import Html, Speech, Texts
from bot.telegram.jobs.message.notify_after import CHOICES
from bot.telegram.orders.view.models_page import example_flags
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.callbacks import MenuAction
from bot.telegram.ui.keyboards import button, home_row, in_rows, markup
from bot.telegram.ui.model_texts import marked
from bot.telegram.ui.paging import PER_PAGE, cut, ring

Page = tuple[Html, InlineKeyboardMarkup]

SKIP: Final = {"never": -1, **{str(n): n * CREDIT for n in (1, 5, 10, 25, 50)}}
"""Prices up to which an order needs no confirmation, by what their buttons carry."""
NO_MODEL: Final = "-"
"""In callback data: no model is usual."""


def kinds_of(offers: Sequence[Offer]) -> list[Kind]:
    """Kinds that can have a usual model; who answers questions is set in the chat's own settings."""
    sold = {o.model.kind for o in offers}
    return [kind for kind in Kind if kind in sold and kind is not Kind.ASK]


def main_page(
    t: Speech, texts: Texts, person: User, own: Preferences, offers: Sequence[Offer], *, usual: float, chat: bool
) -> Page:
    """`usual`: the operator's threshold of "Ready", in seconds; `chat`: a chat model is on sale."""
    kinds = [kind for kind in kinds_of(offers) if own.models.get(kind.value) or own.flags.get(kind.value)]
    mine = ", ".join(t.plain(f"order-kind-{kind.value}") for kind in kinds)
    text = lines(
        [
            t("settings-title"),
            t("settings-now-language", language=_language(t, texts, person.language)),
            t("settings-now-skip", skip=_skip_label(t, own.confirm_above)),
            t("settings-now-notify", notify=_notify_label(t, own.notify_after, usual)),
            t("settings-now-improve-on" if own.improve else "settings-now-improve-off"),
            t("settings-now-mine", kinds=mine) if mine else t("settings-now-mine-none"),
            t("settings-now-presets", count=len(own.presets)),
        ]
    )
    improve = ("settings-improve-off", "off") if own.improve else ("settings-improve-on", "on")
    buttons = [
        button(t.plain("settings-language"), MenuAction(act="lang")),
        button(t.plain("settings-skip-open"), MenuAction(act="skip")),
        button(t.plain("settings-mine"), MenuAction(act="mine")),
        button(t.plain("settings-presets"), MenuAction(act="presets")),
        button(t.plain("settings-notify"), MenuAction(act="notify")),
        button(t.plain(improve[0]), MenuAction(act="better", arg=improve[1])),
    ]
    if chat:
        buttons.append(button(t.plain("chat-settings"), MenuAction(act="chat")))
    return text, markup([*in_rows(buttons, 2), home_row(t)])


def language_page(t: Speech, texts: Texts, chosen: str | None) -> Page:
    """One button per language, each named in itself, and "as in Telegram"."""
    names = [(code, texts.name(code)) for code in texts.languages]
    rows = in_rows([_choice(name, "lang", code, on=code == chosen) for code, name in names], 2)
    automatic = _choice(t.plain("settings-language-auto"), "lang", "auto", on=chosen is None)
    return t("settings-language-which"), markup([*rows, [automatic], _back(t)])


def skip_page(t: Speech, own: Preferences) -> Page:
    skips = [_choice(_skip_label(t, n), "skip", arg, on=n == own.confirm_above) for arg, n in SKIP.items()]
    return t("settings-skip"), markup([*in_rows(skips, 2), _back(t)])


def notify_page(t: Speech, own: Preferences, usual: float) -> Page:
    labels = [
        _choice(_notify_label(t, n, usual), "notify", arg, on=n == own.notify_after) for arg, n in CHOICES.items()
    ]
    return t("settings-notify-what"), markup([*in_rows(labels, 1), _back(t)])


def mine_page(t: Speech, own: Preferences, offers: Sequence[Offer]) -> Page:
    """The kinds, each with its usual model and flags."""
    kinds = kinds_of(offers)
    said = [_usual_line(t, own, offers, kind) for kind in kinds if _has(own, kind)]
    opens = [button(t.plain(f"order-kind-{k.value}"), MenuAction(act="mine", arg=f"{k.value}.0")) for k in kinds]
    return lines([t("settings-mine-what"), *said]), markup([*in_rows(opens, 2), _back(t)])


def kind_page(t: Speech, own: Preferences, offers: Sequence[Offer], kind: Kind, number: int | None = None) -> Page:
    """What orders of one kind begin with; a page beyond the last shows the last, None the one with the usual model."""
    chosen = own.models.get(kind.value, "")
    models = entries((o for o in offers if o.model.kind is kind), keep=chosen)
    if number is None:
        number = next((i for i, each in enumerate(models) if each.offer.model.slug == chosen), 0) // PER_PAGE
    shown, page = cut(models, number)
    rows = in_rows([_model_choice(t, kind, each, chosen) for each in shown], 2)
    rows += ring(page, lambda n: MenuAction(act="mine", arg=f"{kind.value}.{n}"))
    rows.append([_choice(t.plain("settings-no-model"), "usual", f"{kind.value}.{NO_MODEL}", on=not chosen)])
    rows.append([button(t.plain("settings-flags-set"), MenuAction(act="flags", arg=kind.value))])
    if own.flags.get(kind.value):
        rows[-1].append(button(t.plain("settings-flags-none"), MenuAction(act="noflags", arg=kind.value)))
    text = lines([_usual_line(t, own, offers, kind), t("settings-kind-what")])
    return text, markup([*rows, [button(t.plain("tap-back"), MenuAction(act="mine"))]])


def _model_choice(t: Speech, kind: Kind, entry: Entry, chosen: str) -> InlineKeyboardButton:
    model = entry.offer.model
    title, on = t.title(model.title), model.slug == chosen
    return _choice(title if on else marked(title, entry), "usual", f"{kind.value}.{model.slug}", on=on)


def flags_page(t: Speech, offers: Sequence[Offer], kind: Kind) -> Page:
    """Asks for the flags, which come as a message."""
    model = next((o.model for o in offers if o.model.kind is kind and o.model.options), None)
    example = example_flags(t, model) if model is not None else "--n 2"
    back = button(t.plain("tap-back"), MenuAction(act="mine", arg=f"{kind.value}.0"))
    return t("settings-flags-how", kind=t.plain(f"order-kind-{kind.value}"), example=example), markup([[back]])


def _usual_line(t: Speech, own: Preferences, offers: Sequence[Offer], kind: Kind) -> Html:
    slug, flags = own.models.get(kind.value, ""), own.flags.get(kind.value, "")
    offer = next((o for o in offers if o.model.slug == slug), None)
    model = t.plain("settings-model-asked")
    if slug:
        model = t.title(offer.model.title) if offer is not None else t.plain("settings-model-gone", model=slug)
    said = flags or t.plain("settings-flags-unset")
    return t("settings-usual", kind=t.plain(f"order-kind-{kind.value}"), model=model, flags=said)


def _has(own: Preferences, kind: Kind) -> bool:
    return bool(own.models.get(kind.value) or own.flags.get(kind.value))


def _language(t: Speech, texts: Texts, chosen: str | None) -> str:
    return texts.name(chosen) if chosen in texts.languages and chosen else t.plain("settings-language-auto")


def _skip_label(t: Speech, above: int) -> str:
    if above < 0:
        return t.plain("settings-skip-never")
    return t.plain("settings-skip-up-to", price=credits_limit(t, Credits(above)))


def _notify_label(t: Speech, after: int, usual: float) -> str:
    if after == NEVER:
        return t.plain("settings-notify-off")
    if after == 0:
        return t.plain("settings-notify-always")
    key = "settings-notify-usual" if after < 0 else "settings-notify-after"
    return t.plain(key, time=t.duration(usual if after < 0 else after))


def _choice(label: str, act: str, arg: str, *, on: bool) -> InlineKeyboardButton:
    return button(f"✓ {label}" if on else label, MenuAction(act=act, arg=arg))


def _back(t: Speech) -> list[InlineKeyboardButton]:
    return [button(t.plain("tap-back"), MenuAction(act="settings"))]
