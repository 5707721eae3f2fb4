"""What is asked next in an order, what a button changes, what Back returns to: pure functions of draft and market.

Nothing here talks to Telegram or the database. A step is open while its answer is missing, so the step is never stored:
it follows from what is decided. Offers are passed in, because what is on sale changes while a draft waits.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Final

from bot.domain.catalog.models import Kind, Model
from bot.domain.catalog.options import clashing
from bot.engine.catalog.offers import carried_over
from bot.engine.catalog.shop import Offer
from bot.telegram.orders.draft.back import back
from bot.telegram.orders.draft.draft import (
    MODELS,
    NONE,
    Market,
    OrderDraft,
    all_decided,
    has_value,
    last_kept,
    too_long,
)
from bot.telegram.orders.draft.option_menu import CHOICES_PER_PAGE, BadPress, index_of, menu_pages, press_menu

MODELS_PER_PAGE: Final = 8


class Step(StrEnum):
    KIND = "kind"
    MODEL = "model"
    PROMPT = "prompt"
    """The chosen model works on pictures and needs words too, which come as a message."""
    OPTION = "option"
    CONFIRM = "confirm"
    MENU = "menu"
    """Options beside the confirmation: the list, or one of them."""


class PromptTooLong(Exception):
    """The chosen model takes shorter prompts only."""

    def __init__(self, model: Model) -> None:
        super().__init__(f"{model.slug}: {model.prompt_limit}")
        self.model = model


def step_of(draft: OrderDraft, market: Market) -> Step:
    """The first step without an answer. A model off sale is shown as the confirmation that cannot be confirmed."""
    offer = market.get(draft.model)
    if offer is not None:
        if draft.menu == MODELS:
            return Step.MODEL
        if not offer.available:
            return Step.CONFIRM
        if not draft.prompt and offer.model.prompt_limit and not offer.model.words_optional:
            return Step.PROMPT
        if open_option(draft, offer.model) is not None:
            return Step.OPTION
        return Step.MENU if draft.menu else Step.CONFIRM
    decided = draft.kind is not None or (bool(draft.wanted) and len(market.kinds(draft)) <= 1)
    return Step.MODEL if decided else Step.KIND


def open_option(draft: OrderDraft, model: Model) -> int | None:
    """Index of the model's first step that waits for an answer; the other options wait in their menu."""
    undecided = (i for i, o in enumerate(model.options) if o.step and o.choices and o.name not in draft.options)
    return next(undecided, None)


def auto_select(draft: OrderDraft, market: Market) -> OrderDraft:
    """Answers steps that leave one choice: a single kind on sale, a single model of it; or the person's usual model.

    Raises PromptTooLong when the only model cannot take the prompt.
    """
    kinds = market.kinds(draft)
    if step_of(draft, market) is Step.KIND and len(kinds) == 1:
        draft = replace(draft, kind=kinds[0])
    if step_of(draft, market) is Step.MODEL:
        offer = _only(draft, market) or _usual(draft, market)
        if offer is not None:
            draft = with_model(draft, offer.model, draft.asked(offer.model))
    return draft


def _only(draft: OrderDraft, market: Market) -> Offer | None:
    listed = market.entries(draft)
    return listed[0].offer if len(listed) == 1 and listed[0].offer.available else None


def _usual(draft: OrderDraft, market: Market) -> Offer | None:
    """The person's own choice for the kind, where it can carry this order out."""
    slug = draft.usual.model(draft.kind)
    fits = (o for o in market.on_sale(draft) if o.model.slug == slug and not too_long(o.model, draft.prompt))
    return next(fits, None)


def with_model(draft: OrderDraft, model: Model, options: Mapping[str, str]) -> OrderDraft:
    """The draft with this model; options it does not have (any more) are left out. Raises PromptTooLong."""
    if too_long(model, draft.prompt):
        raise PromptTooLong(model)
    valid = {name: value for name, value in options.items() if has_value(model, name, value)}
    while (both := clashing(model, valid)) is not None:
        del valid[both[1]]
    return replace(draft, kind=model.kind, model=model.slug, options=valid, page=0, menu="", typing=False)


def press(draft: OrderDraft, act: str, arg: str, market: Market) -> OrderDraft:
    """What a button of the steps makes of the draft. Raises BadPress and PromptTooLong; `arg` is not trusted."""
    match act:
        case "kind":
            changed = auto_select(_choose_kind(draft, arg, market), market)
        case "model":
            changed = _choose_model(draft, arg, market)
        case "last":
            changed = _choose_last(draft, market)
        case "swap":
            changed = _swap(draft, arg, market)
        case "opt":
            changed = _choose_option(draft, arg, market)
        case "page":
            changed = _turn(draft, arg, market)
        case "back":
            earlier = back(draft, market)
            if earlier is None:
                raise BadPress("nothing before this step")
            changed = earlier
        case _:
            changed = _press_beside(draft, act, arg, market)
    return changed


def _press_beside(draft: OrderDraft, act: str, arg: str, market: Market) -> OrderDraft:
    """The buttons of the confirmation and of the menu of options over it."""
    offer = market.get(draft.model)
    if offer is None or not offer.available or step_of(draft, market) not in (Step.CONFIRM, Step.MENU):
        raise BadPress("no such button here")
    return press_menu(draft, offer.model, act, arg)


def _choose_kind(draft: OrderDraft, arg: str, market: Market) -> OrderDraft:
    on_card = draft.card and draft.any_kind and not draft.menu
    if not (on_card or step_of(draft, market) is Step.KIND) or arg not in {k.value for k in market.kinds(draft)}:
        raise BadPress("no such kind here")
    return replace(draft, kind=Kind(arg), model=None, options={}, page=0)


def _choose_model(draft: OrderDraft, slug: str, market: Market) -> OrderDraft:
    offer = next((o for o in market.on_sale(draft) if o.model.slug == slug), None)
    if step_of(draft, market) is not Step.MODEL or offer is None:
        raise BadPress("no such model here")
    chosen = draft.asked(offer.model)
    return with_model(draft, offer.model, all_decided(offer.model, chosen) if draft.card else chosen)


def _swap(draft: OrderDraft, slug: str, market: Market) -> OrderDraft:
    """Another model for the same order, with the options that mean the same to it."""
    offer = next((o for o in market.instead(draft, most=len(market.offers)) if o.model.slug == slug), None)
    if step_of(draft, market) is not Step.CONFIRM or offer is None:
        raise BadPress("not offered instead")
    chosen = carried_over(draft.chosen(), offer.model)
    return with_model(draft, offer.model, all_decided(offer.model, chosen) if draft.card else chosen)


def _choose_last(draft: OrderDraft, market: Market) -> OrderDraft:
    last = last_kept(draft, market)
    if step_of(draft, market) is not Step.MODEL or last is None:
        raise BadPress("nothing was used last")
    return with_model(draft, last.offer.model, all_decided(last.offer.model, last.options))


def _choose_option(draft: OrderDraft, arg: str, market: Market) -> OrderDraft:
    offer = market.get(draft.model)
    which, _, index = arg.partition(".")
    current = open_option(draft, offer.model) if offer is not None and offer.available else None
    if offer is None or current is None or which != str(current):
        raise BadPress("not the open option")
    name = offer.model.options[current].name
    return replace(draft, options={**draft.options, name: _value_at(offer.model, current, index)}, page=0)


def _value_at(model: Model, option: int, index: str) -> str:
    if index == NONE:
        return ""
    choices = model.options[option].choices
    number = index_of(index)
    if number >= len(choices):
        raise BadPress("no such choice")
    return choices[number].value


def _turn(draft: OrderDraft, arg: str, market: Market) -> OrderDraft:
    page = index_of(arg)
    if page >= pages(draft, market):
        raise BadPress("no such page")
    return replace(draft, page=page)


def pages(draft: OrderDraft, market: Market) -> int:
    """How many pages the open step has, at least 1."""
    offer = market.get(draft.model)
    match step_of(draft, market):
        case Step.MODEL:
            return max(1, -(-len(market.entries(draft)) // MODELS_PER_PAGE))
        case Step.OPTION if offer is not None:
            index = open_option(draft, offer.model)
            assert index is not None
            return -(-len(offer.model.options[index].choices) // CHOICES_PER_PAGE)
        case Step.MENU if offer is not None:
            return menu_pages(draft, offer.model)
        case _:
            return 1
