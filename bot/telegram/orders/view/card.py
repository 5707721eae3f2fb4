"""The rows of an order's card below Confirm: how many, which style, and what else it could become."""

from typing import Final, Literal

from aiogram.types import InlineKeyboardButton

from bot.domain.catalog.models import Kind, Model, Option
from bot.domain.catalog.options import stored
from bot.domain.jobs import Input
from bot.telegram.i18n.texts import Speech
from bot.telegram.orders.draft.card import counts, sounds_like_question
from bot.telegram.orders.draft.draft import Market, OrderDraft
from bot.telegram.ui.callbacks import DraftAction
from bot.telegram.ui.keyboards import Rows, button, in_rows

CHOICES: Final = 9
"""Values of an option that stand on the card; of more of them the first few do, and a button opens all."""
FIRST: Final = 6
COLUMNS: Final = 3


def card_rows(t: Speech, draft_id: str, draft: OrderDraft, market: Market) -> Rows:
    """What is changed in place: the number of results, styles, the kind, the model."""
    offer = market.get(draft.model)
    if not draft.card or offer is None:
        return []
    rows = [*_counts(draft_id, draft, offer.model), *_choices(t, draft_id, draft, offer.model)]
    if draft.any_kind:
        rows += kind_rows(t, draft_id, draft, market)
    if len(market.on_sale(draft)) > 1:
        rows.append([button(t.plain("tap-other-model"), DraftAction(id=draft_id, act="models"))])
    return rows


def question_row(t: Speech, draft_id: str, draft: OrderDraft, market: Market) -> Rows:
    """Above Confirm where the words ask something."""
    if not (draft.card and sounds_like_question(draft, market)):
        return []
    return [[ask_button(t, draft_id, draft, "primary")]]


def kind_rows(t: Speech, draft_id: str, draft: OrderDraft, market: Market) -> Rows:
    """The other kinds that the words or pictures could become, and an answer to them or about them."""
    kinds = market.kinds(draft)
    buttons = [
        button(
            kind_label(t, kind, draft.inputs) if kind is not draft.kind else f"✓ {kind_label(t, kind, draft.inputs)}",
            DraftAction(id=draft_id, act="kind", arg=kind.value),
        )
        for kind in kinds
    ]
    if market.can_ask(draft) and not sounds_like_question(draft, market):
        buttons.append(ask_button(t, draft_id, draft))
    return in_rows(buttons, COLUMNS) if len(buttons) > 1 else []


def ask_button(
    t: Speech, draft_id: str, draft: OrderDraft, style: Literal["primary"] | None = None
) -> InlineKeyboardButton:
    """Asks the words, or about the picture, instead of ordering."""
    label = t.plain("order-kind-ask-picture" if draft.inputs else "order-kind-ask")
    return button(label, DraftAction(id=draft_id, act="question"), style)


def kind_label(t: Speech, kind: Kind, inputs: tuple[Input, ...]) -> str:
    """What is made; of a picture, what is done with it."""
    return t.plain("order-kind-animate" if inputs and kind is Kind.VIDEO else f"order-kind-{kind.value}")


def _counts(draft_id: str, draft: OrderDraft, model: Model) -> Rows:
    found = counts(model)
    if found is None:
        return []
    option, numbers = found
    present = draft.options.get(option.name) or stored(option, option.default)
    return [[_set(draft_id, model, option, n, f"×{n}", on=n == present) for n in numbers]]


def _choices(t: Speech, draft_id: str, draft: OrderDraft, model: Model) -> Rows:
    rows: Rows = []
    for option in model.options:
        if not (option.step and option.choices):
            continue
        present = draft.options.get(option.name, "")
        # The chosen one stands first, wherever the catalogue has it: what will be sent is always seen.
        order = sorted(range(len(option.choices)), key=lambda n: (option.choices[n].value != present, n))
        order = order if len(order) <= CHOICES else order[:FIRST]
        buttons = [
            _set(draft_id, model, option, str(n), t.title(c.title), on=c.value == present)
            for n, c in ((n, option.choices[n]) for n in order)
        ]
        rows += in_rows(buttons, COLUMNS)
        if len(option.choices) > CHOICES:
            named = f"order-all-{option.name}"
            label = t.plain(named) if t.has(named) else t.plain("order-all-option", option=t.title(option.title))
            place = str(model.options.index(option))
            rows.append([button(label, DraftAction(id=draft_id, act="all", arg=place))])
    return rows


def _set(draft_id: str, model: Model, option: Option, value: str, label: str, *, on: bool) -> InlineKeyboardButton:
    data = DraftAction(id=draft_id, act="set", arg=f"{model.options.index(option)}.{value}")
    return button(f"✓ {label}" if on else label, data)
