"""/models: what is on sale, a page for each kind, and /price: what exactly these options cost."""

from collections.abc import Mapping, Sequence
from typing import Final

from aiogram.types import InlineKeyboardMarkup

from bot.domain.catalog.models import RESULTS, Kind, Model, OptionType, Terms
from bot.domain.catalog.options import clashing
from bot.domain.catalog.pricing import price_of_units
from bot.domain.money import Credits
from bot.engine.catalog.menu import Entry, of_kind
from bot.engine.catalog.shop import Offer, Why
from bot.telegram.i18n.amounts import credits_limit, credits_text
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.draft.draft import Market
from bot.telegram.orders.view.keyboards import option_titles
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.callbacks import MenuAction
from bot.telegram.ui.keyboards import Rows, button, in_rows, markup
from bot.telegram.ui.model_texts import model_line
from bot.telegram.ui.option_texts import flag_list, options_line, said_default, said_value
from bot.telegram.ui.screen import screens

TABLE_ROWS: Final = 4
TABLE_COLUMNS: Final = 8
FLAGS_SHOWN: Final = 12


def kinds_shown(offers: Sequence[Offer]) -> tuple[Kind, ...]:
    """Kinds that have a page, also those whose models are all unavailable for now."""
    return tuple(k for k in Kind if any(o.model.kind is k for o in offers))


def models_page(
    t: Speech, offers: Sequence[Offer], terms: Mapping[str, Terms], kind: Kind | None, page: int
) -> tuple[Html, InlineKeyboardMarkup]:
    """The page of one kind. A kind without a page gives the first kind's; a number beyond the last gives the last
    page."""
    kinds = kinds_shown(offers)
    if not kinds:
        return t("order-nothing-on-sale"), markup([])
    shown = kind if kind in kinds else kinds[0]
    models = of_kind(offers, shown)
    title = t("models-title", kind=t.plain(f"order-kind-{shown.value}"))
    example = next((e.offer.model for e in models if e.offer.model.options), None)
    foot = t("models-how", model=example.slug) if example is not None else Html("")
    pages = screens([_entry(t, each, terms) for each in models], lambda blocks: lines([title, *blocks, foot]))
    page = min(page, len(pages) - 1)
    return lines([title, *pages[page], foot]), markup(_buttons(t, kinds, shown, page, len(pages)))


def _entry(t: Speech, entry: Entry, terms: Mapping[str, Terms]) -> Html:
    """The model with its command and price, and where the same is to be had at another."""
    line = model_line(t, entry)
    if not entry.offer.available:
        return line
    also = [
        t("models-also", command=o.model.slug, service=terms[o.model.provider].title, price=t.money(o.price))
        for o in entry.also
        if o.available and o.model.provider in terms
    ]
    said = {"command": entry.offer.model.slug, "price": _price(t, entry.offer), "time": t.about(entry.offer.typical)}
    return lines([t("models-line", line=line, **said), *also])


def _price(t: Speech, offer: Offer) -> str:
    if offer.model.tokens is not None:
        return t.plain("models-by-usage", price=credits_limit(t, offer.price))
    return credits_text(t, offer.price)


def _buttons(t: Speech, kinds: Sequence[Kind], shown: Kind, page: int, pages: int) -> Rows:
    rows: Rows = []
    if pages > 1:
        around = ((page - 1) % pages, page, (page + 1) % pages)
        labels = ("‹", f"{page + 1}/{pages}", "›")
        rows.append([button(x, _page_of(shown, n)) for x, n in zip(labels, around, strict=True)])
    others = [button(t.plain(f"order-kind-{k.value}"), _page_of(k, 0)) for k in kinds if k is not shown]
    return rows + in_rows(others, 2)


def _page_of(kind: Kind, page: int) -> MenuAction:
    return MenuAction(act="models", arg=f"{kind.value}.{page}")


def price_text(t: Speech, offer: Offer, options: Mapping[str, str], market: Market, terms: Terms) -> Html:
    """The price of exactly these options, and how it goes with what else changes it."""
    model = offer.model
    title = " · ".join([t.title(model.title), *option_titles(t, model, options)])
    price = credits_text(t, market.price(offer, options))
    head = [t("price-title", model=title), options_line(t, model, options)]
    if offer.why is Why.NO_PRICE:
        return lines([*head, t("price-unknown", model=t.title(model.title))])
    if not offer.available:
        return lines([*head, t("price-off", model=t.title(model.title), price=price)])
    if model.tokens is not None:
        return lines([*head, _usage(t, model, terms)])
    body = [t("price-now", price=price, time=t.about(offer.typical)), *_table(t, offer, options, market)]
    flags = flag_list(model, FLAGS_SHOWN)
    body.append(t("models-flags", flags=flags) if flags else Html(""))
    return lines([*head, *body, t("price-order", command=model.slug, flags=_typed(model, options))])


def _usage(t: Speech, model: Model, terms: Terms) -> Html:
    assert model.tokens is not None
    asked = price_of_units(model.tokens.input / 1000, terms)
    told = price_of_units(model.tokens.output / 1000, terms)
    return t("price-usage", input=credits_text(t, asked), output=credits_text(t, told))


def _table(t: Speech, offer: Offer, options: Mapping[str, str], market: Market) -> list[Html]:
    """One row for each option that changes the price, with the other options as they are set."""
    rows = []
    for option in offer.model.options:
        if option.type is OptionType.CHOICE:
            values = [c.value for c in option.choices]
        elif option.name == RESULTS:
            values = [str(n) for n in range(1, int(option.maximum or 1) + 1)]
        else:
            continue
        changed = [{**options, option.name: value} for value in values]
        if any(clashing(offer.model, each) for each in changed):
            continue
        prices = [market.price(offer, each) for each in changed]
        if len(set(prices)) > 1:
            shown = list(zip(values, prices, strict=True))[:TABLE_COLUMNS]
            said = " · ".join(f"{said_value(t, option, v)} – {t.money(Credits(p))}" for v, p in shown)
            rows.append(t("price-row", option=t.title(option.title), values=said))
    return rows[:TABLE_ROWS]


def _typed(model: Model, options: Mapping[str, str]) -> str:
    """The options as flags, to be copied."""
    said = []
    for option in model.options:
        value = options.get(option.name)
        if value and option.type is OptionType.SWITCH:
            said.append(f"--{option.name}")
        elif value:
            said.append(f'--{option.name} "{value}"' if " " in value else f"--{option.name} {value}")
    return " ".join(said)


def example_flags(t: Speech, model: Model) -> str:
    """Flags of a model that has options, to show how it is done."""
    option = model.option(RESULTS) or model.options[0]
    if option.name == RESULTS:
        return f"--{RESULTS} {min(2, int(option.maximum or 1))}"
    if option.choices:
        return f"--{option.name} {option.choices[0].value}"
    return f"--{option.name}" if option.type is OptionType.SWITCH else f"--{option.name} {said_default(t, option)}"
