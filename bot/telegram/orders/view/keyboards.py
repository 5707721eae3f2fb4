"""The keyboards of an order: one per step, Back and Cancel under each."""

import hashlib
from base64 import b32encode
from collections.abc import Mapping
from typing import Final

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.catalog.models import Model
from bot.domain.catalog.options import differing
from bot.domain.money import Credits
from bot.engine.catalog.menu import Entry
from bot.telegram.i18n.texts import Speech
from bot.telegram.orders.draft.back import back
from bot.telegram.orders.draft.draft import NONE, LastUsed, Market, OrderDraft
from bot.telegram.orders.draft.option_menu import CHOICES_PER_PAGE, has_menu
from bot.telegram.orders.draft.steps import MODELS_PER_PAGE, Step, open_option, pages, step_of
from bot.telegram.orders.view.card import ask_button, card_rows, kind_label, kind_rows, question_row
from bot.telegram.orders.view.option_menu import menu_rows
from bot.telegram.ui.callbacks import DraftAction
from bot.telegram.ui.keyboards import Rows, button, in_rows, markup
from bot.telegram.ui.model_texts import marked
from bot.telegram.ui.option_texts import said_value

KIND_COLUMNS: Final = 4
"""Kinds up to this many stand one below the other."""


def order_keyboard(
    t: Speech,
    draft_id: str,
    draft: OrderDraft,
    market: Market,
    *,
    last: LastUsed | None,
    quote: Credits | None,
    improve: Credits | None = None,
) -> InlineKeyboardMarkup:
    """The keyboard of the open step. `quote` is what the Confirm button agrees to; None: it cannot be confirmed.
    `improve` is what a better wording of the prompt costs; None: no model on sale can find one."""
    rows: Rows
    match step_of(draft, market):
        case Step.KIND:
            kinds = [
                button(kind_label(t, k, draft.inputs), DraftAction(id=draft_id, act="kind", arg=k.value))
                for k in market.kinds(draft)
            ]
            if market.can_ask(draft):
                kinds.append(ask_button(t, draft_id, draft))
            rows = in_rows(kinds, 1 if len(kinds) < KIND_COLUMNS else 2)
        case Step.MODEL:
            rows = _models(t, draft_id, draft, market, last)
        case Step.OPTION:
            rows = _choices(t, draft_id, draft, market)
        case Step.PROMPT:
            rows = _more_pictures(t, draft_id, draft, market)
            rows += kind_rows(t, draft_id, draft, market) if draft.card and draft.any_kind else []
        case Step.MENU:
            offer = market.get(draft.model)
            assert offer is not None
            rows = [*menu_rows(t, draft_id, draft, offer.model), *_turn_row(draft_id, draft, market)]
            rows = [*_confirm_row(t, draft_id, draft, quote), *rows]
        case Step.CONFIRM:
            rows = _confirm(t, draft_id, draft, market, quote)
            rows += card_rows(t, draft_id, draft, market)
            rows += _words(t, draft_id, draft, improve) if rows else []
    end = [button(t.plain("tap-cancel"), DraftAction(id=draft_id, act="cancel"), "danger")]
    if back(draft, market) is not None:
        end.insert(0, button(t.plain("tap-back"), DraftAction(id=draft_id, act="back")))
    return markup([*rows, end])


def _models(t: Speech, draft_id: str, draft: OrderDraft, market: Market, last: LastUsed | None) -> Rows:
    rows: Rows = []
    if last is not None and draft.page == 0:
        label = f"↻ {_label(t, last.offer.model, last.options, market.price(last.offer, last.options))}"
        rows.append([button(label, DraftAction(id=draft_id, act="last"), "primary")])
    first = _page(draft, market) * MODELS_PER_PAGE
    shown = [e for e in market.entries(draft)[first : first + MODELS_PER_PAGE] if e.offer.available]
    rows += [[_model(t, draft_id, draft, market, each)] for each in shown if each.recommended]
    models = [_model(t, draft_id, draft, market, each) for each in shown if not each.recommended]
    return [*rows, *in_rows(models, 1 if draft.wanted or draft.usual.typed else 2), *_turn_row(draft_id, draft, market)]


def _model(t: Speech, draft_id: str, draft: OrderDraft, market: Market, entry: Entry) -> InlineKeyboardButton:
    offer = entry.offer
    label = _label(t, offer.model, asked := draft.asked(offer.model), market.price(offer, asked))
    return button(marked(label, entry), DraftAction(id=draft_id, act="model", arg=offer.model.slug))


def _label(t: Speech, model: Model, options: Mapping[str, str], price: Credits) -> str:
    return " · ".join([t.title(model.title), *option_titles(t, model, options), t.money(price)])


def option_titles(t: Speech, model: Model, options: Mapping[str, str]) -> list[str]:
    """Titles of what was chosen on the way, in the order of the model's options; no defaults, nothing unknown."""
    differs = differing(model, options)
    return [said_value(t, o, differs[o.name]) for o in model.options if o.step and o.choices and o.name in differs]


def _choices(t: Speech, draft_id: str, draft: OrderDraft, market: Market) -> Rows:
    offer = market.get(draft.model)
    assert offer is not None
    index = open_option(draft, offer.model)
    assert index is not None
    option = offer.model.options[index]
    first = _page(draft, market) * CHOICES_PER_PAGE
    buttons = [
        button(t.title(c.title), DraftAction(id=draft_id, act="opt", arg=f"{index}.{n}"))
        for n, c in enumerate(option.choices[first : first + CHOICES_PER_PAGE], start=first)
    ]
    none = t.plain(f"order-none-{option.name}") if t.has(f"order-none-{option.name}") else t.plain("order-none-option")
    no_choice = button(none, DraftAction(id=draft_id, act="opt", arg=f"{index}.{NONE}"))
    return [*in_rows(buttons, 2), *_turn_row(draft_id, draft, market), [no_choice]]


def _confirm(t: Speech, draft_id: str, draft: OrderDraft, market: Market, quote: Credits | None) -> Rows:
    if quote is None:
        return instead_rows(t, draft_id, draft, market)
    rows = [*question_row(t, draft_id, draft, market), *_confirm_row(t, draft_id, draft, quote)]
    offer = market.get(draft.model)
    if offer is not None and has_menu(offer.model):
        rows.append([button(t.plain("tap-options"), DraftAction(id=draft_id, act="menu"))])
    return [*rows, *_more_pictures(t, draft_id, draft, market)]


def _confirm_row(t: Speech, draft_id: str, draft: OrderDraft, quote: Credits | None) -> Rows:
    """Agrees to the price of what is chosen now; also over the options, so that a choice and this are two taps."""
    if quote is None:
        return []
    label = t.plain("tap-confirm", price=t.money(quote))
    return [[button(label, DraftAction(id=draft_id, act="ok", arg=quote_fingerprint(draft, quote)), "success")]]


def _more_pictures(t: Speech, draft_id: str, draft: OrderDraft, market: Market) -> Rows:
    """Another of the person's results for a model that works on several at once."""
    offer = market.get(draft.model)
    if offer is None or not 0 < len(draft.inputs) < offer.model.inputs.maximum:
        return []
    return [[button(t.plain("media-button-add"), DraftAction(id=draft_id, act="add"))]]


def instead_rows(t: Speech, draft_id: str, draft: OrderDraft, market: Market) -> Rows:
    """The nearest other models with their prices for this order: nothing is switched without a tap."""
    return [
        [button(_label(t, o.model, {}, o.price), DraftAction(id=draft_id, act="swap", arg=o.model.slug), "primary")]
        for o in market.instead(draft)
    ]


def _words(t: Speech, draft_id: str, draft: OrderDraft, improve: Credits | None) -> Rows:
    """A better prompt, with its price, and the way back to the person's own."""
    rows: Rows = []
    if improve is not None:
        label = t.plain("chat-improve", price=t.money(improve)) if improve else t.plain("chat-improve-free")
        rows.append([button(label, DraftAction(id=draft_id, act="improve"))])
    if draft.original:
        rows.append([button(t.plain("chat-original"), DraftAction(id=draft_id, act="original"))])
    return rows


def quote_fingerprint(draft: OrderDraft, quote: Credits) -> str:
    """Names what a confirmation showed: a Confirm button agrees to that only, whatever the draft became since."""
    shown = repr((draft.prompt, draft.model, sorted(draft.chosen().items()), draft.inputs, quote))
    return b32encode(hashlib.blake2b(shown.encode(), digest_size=10).digest()).decode().lower()


def _page(draft: OrderDraft, market: Market) -> int:
    return min(draft.page, pages(draft, market) - 1)


def _turn_row(draft_id: str, draft: OrderDraft, market: Market) -> list[list[InlineKeyboardButton]]:
    count = pages(draft, market)
    if count == 1:
        return []
    page = _page(draft, market)
    turns = ((page - 1) % count, "‹"), (page, f"{page + 1}/{count}"), ((page + 1) % count, "›")
    return [[button(label, DraftAction(id=draft_id, act="page", arg=str(n))) for n, label in turns]]


def refused_keyboard(t: Speech, draft_id: str, instead: Rows | None = None) -> InlineKeyboardMarkup:
    """Under a refusal that may pass: other models if there are any, back to the confirmation, or cancel."""
    to_confirmation = button(t.plain("tap-back-to-order"), DraftAction(id=draft_id, act="show"))
    cancel = button(t.plain("tap-cancel"), DraftAction(id=draft_id, act="cancel"), "danger")
    return markup([*(instead or []), [to_confirmation, cancel]])
