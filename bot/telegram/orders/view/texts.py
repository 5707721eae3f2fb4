"""The text of an order's message at every step. Bounded: prompts are shortened, long lists paged, descriptions cut."""

from collections.abc import Sequence
from typing import Final

from bot.domain.catalog.models import Model
from bot.domain.money import Credits
from bot.engine.catalog.shop import Offer
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.lengths import shorten
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.draft.card import sounds_like_question
from bot.telegram.orders.draft.draft import Market, OrderDraft
from bot.telegram.orders.draft.steps import MODELS_PER_PAGE, Step, open_option, pages, step_of
from bot.telegram.orders.view.keyboards import option_titles
from bot.telegram.orders.view.option_menu import menu_text
from bot.telegram.ui.model_texts import model_line
from bot.telegram.ui.option_texts import options_line

__all__ = ["PROMPT_SHOWN", "credits_text", "lines", "order_card", "ordered", "quoted"]

PROMPT_SHOWN: Final = 300


def lines(parts: Sequence[str]) -> Html:
    """Joins texts that are HTML already; empty ones leave no blank line."""
    return Html("\n".join(part for part in parts if part))


def quoted(t: Speech, prompt: str) -> Html:
    return t("order-prompt", prompt=shorten(prompt, PROMPT_SHOWN)) if prompt else Html("")


def ordered(t: Speech, draft: OrderDraft) -> Html:
    """The words of the order and the number of its pictures."""
    pictures = t("order-pictures", count=len(draft.inputs)) if draft.inputs else ""
    return lines([quoted(t, draft.prompt), pictures])


def order_card(
    t: Speech, draft: OrderDraft, market: Market, *, balance: Credits | None, note: Html | None = None
) -> Html:
    """What the message says. `balance` None: not to be shown here. `note` is a line above, such as a changed price."""
    body: list[Html]
    match step_of(draft, market):
        case Step.KIND:
            body = [_kinds(t, draft, market)]
        case Step.MODEL:
            body = _models(t, draft, market)
        case Step.OPTION:
            body = _option(t, draft, market)
        case Step.PROMPT:
            body = _words_wanted(t, draft, market)
        case Step.MENU:
            offer = market.get(draft.model)
            assert offer is not None
            price = credits_text(t, market.price(offer, draft.chosen()))
            body = menu_text(t, draft, offer.model, price)
        case Step.CONFIRM:
            body = _confirmation(t, draft, market, balance)
    return lines([note or "", *body[:1], ordered(t, draft), *body[1:]])


def _kinds(t: Speech, draft: OrderDraft, market: Market) -> Html:
    if not market.kinds(draft) and not market.can_answer(draft):
        return t("order-nothing-on-sale")
    if not draft.inputs:
        return t("order-ask-kind")
    # Said before anything is asked: the words came with the picture, and nothing on sale can use them.
    unused = t("pictures-words-unused") if draft.card and draft.prompt else ""
    return lines([unused, t("order-ask-kind-pictures", count=len(draft.inputs))])


def _words_wanted(t: Speech, draft: OrderDraft, market: Market) -> list[Html]:
    offer = market.get(draft.model)
    assert offer is not None
    example = t.plain(f"order-example-{offer.model.kind.value}")
    title = t("order-confirm-title", title=t.title(offer.model.title))
    if not draft.inputs:
        text = "order-words-first" if draft.card else "order-words-anew"
        return [title, t(text, example=example, limit=offer.model.prompt_limit)]
    return [title, t("order-words-wanted", example=example, limit=offer.model.prompt_limit)]


def _models(t: Speech, draft: OrderDraft, market: Market) -> list[Html]:
    listed = market.entries(draft)
    first = min(draft.page, pages(draft, market) - 1) * MODELS_PER_PAGE
    title = t("order-ask-model-wanted") if draft.wanted else t("order-ask-model")
    if not market.on_sale(draft):
        title = t("order-kind-paused")
    return [title, *(model_line(t, each) for each in listed[first : first + MODELS_PER_PAGE])]


def _option(t: Speech, draft: OrderDraft, market: Market) -> list[Html]:
    offer = market.get(draft.model)
    assert offer is not None
    index = open_option(draft, offer.model)
    assert index is not None
    option = offer.model.options[index]
    price = credits_text(t, market.price(offer, draft.chosen()))
    model = t.title(offer.model.title)
    if t.has(own := f"order-choose-{option.name}"):
        return [t(own, model=model, price=price)]
    return [t("order-ask-option", model=model, price=price, option=t.title(option.title))]


def back_text(t: Speech, offer: Offer) -> Html:
    """When a model that is off sale is tried again, where that is known; "" elsewhere."""
    return Html("") if offer.back_in is None else t("order-back-in", minutes=max(1, round(offer.back_in / 60)))


def _confirmation(t: Speech, draft: OrderDraft, market: Market, balance: Credits | None) -> list[Html]:
    offer = market.get(draft.model)
    assert offer is not None
    price = market.price(offer, draft.chosen())
    title = " · ".join([t.title(offer.model.title), *option_titles(t, offer.model, draft.options)])
    if not offer.available:
        off = t("order-unavailable", model=t.title(offer.model.title))
        return [t("order-confirm-title", title=title), off, back_text(t, offer)]
    body = [t("order-confirm-title", title=title), options_line(t, offer.model, draft.options)]
    if draft.prompt and not offer.model.prompt_limit:
        body.append(t("order-words-unused", model=t.title(offer.model.title)))
    body.append(t("order-price", price=credits_text(t, price)))
    if offer.approximate:
        body.append(t("order-price-approximate"))
    if balance is not None and balance >= price:
        body.append(t("order-balance-after", balance=credits_text(t, Credits(balance - price))))
    elif balance is not None:
        missing = credits_text(t, Credits(price - balance))
        body.append(t("order-balance-short", balance=credits_text(t, balance), missing=missing))
    body.append(t("order-time", time=t.about(offer.typical)))
    if draft.card and sounds_like_question(draft, market):
        body.append(t("order-sounds-like-question"))
    return body


def too_long_toast(t: Speech, model: Model, prompt: str) -> str:
    """That the prompt is longer than the model takes, for the answer to a press."""
    return t.plain("order-toast-too-long", model=t.title(model.title), limit=model.prompt_limit, length=len(prompt))
