"""Orders with options, over the whole catalogue: read from words, shown, and tapped on, without a chat."""

import html
import re

import pytest

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Input
from bot.domain.money import Credits
from bot.telegram.i18n.texts import Speech
from bot.telegram.orders.draft.draft import OrderDraft
from bot.telegram.orders.draft.order_request import OrderRequest
from bot.telegram.orders.draft.parse import Wrong, read
from bot.telegram.orders.draft.steps import press
from bot.telegram.orders.view.keyboards import order_keyboard
from bot.telegram.orders.view.presenter import quote_of
from bot.telegram.orders.view.texts import order_card
from bot.telegram.ui.callbacks import DraftAction
from tests.telegram.order_kit import CATALOG, EN, market_of, model

ALL = market_of(*CATALOG.models)

ID = "abcdefghijklm"

PHOTO = Input(blob="b1", mime="image/png")

OWN = Input(own="p/1.png", provider="neuroflash", blob="b2", job_id="j")


def order(text: str, kind: Kind | None = Kind.IMAGE, *, t: Speech = EN, inputs: tuple[Input, ...] = ()) -> OrderDraft:
    return read(t, OrderRequest(kind.value if kind else "", text, kind=kind, inputs=inputs), ALL)


def of_model(slug: str, text: str, *inputs: Input) -> OrderDraft:
    return read(EN, OrderRequest(slug, text, model=model(slug)), ALL, inputs)


def refusal(text: str, kind: Kind | None = Kind.IMAGE, *, inputs: tuple[Input, ...] = (), t: Speech = EN) -> str:
    with pytest.raises(Wrong) as wrong:
        order(text, kind, inputs=inputs, t=t)
    return plain(wrong.value.text)


def refusal_of(slug: str, text: str, *inputs: Input) -> str:
    with pytest.raises(Wrong) as wrong:
        of_model(slug, text, *inputs)
    return plain(wrong.value.text)


def plain(markup: str) -> str:
    return html.unescape(re.sub("<[^>]+>", "", markup))


def keyboard(draft: OrderDraft, t: Speech = EN) -> list[tuple[str, str]]:
    made = order_keyboard(t, ID, draft, ALL, last=None, quote=quote_of(draft, ALL))
    return [(b.text, b.callback_data or "") for row in made.inline_keyboard for b in row]


def labels(draft: OrderDraft) -> list[str]:
    return [label for label, _ in keyboard(draft)]


def card(draft: OrderDraft, t: Speech = EN) -> str:
    return plain(order_card(t, draft, ALL, balance=Credits(100_000_000)))


def tap(draft: OrderDraft, *taps: str) -> OrderDraft:
    for label in taps:
        data = next((data for text, data in keyboard(draft) if text.startswith(label)), None)
        assert data is not None, (label, labels(draft))
        action = DraftAction.unpack(data)
        draft = press(draft, action.act, action.arg, ALL)
    return draft
