"""What is asked next in an order, what a button changes, what Back returns to: pure functions of draft and market.

Nothing here talks to Telegram or the database. A step is open while its answer is missing, so the step is never stored:
it follows from what is decided. Offers are passed in, because what is on sale changes while a draft waits.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Final

from bot.domain.catalog import Kind, Model
from bot.telegram.order_draft import NONE, Market, OrderDraft, has_value

CHOICES_PER_PAGE: Final = 10
MODELS_PER_PAGE: Final = 8


class Step(StrEnum):
    KIND = "kind"
    MODEL = "model"
    OPTION = "option"
    CONFIRM = "confirm"


class BadPress(Exception):
    """The button does not belong to the step that is open: stale, pressed twice or forged. The draft stays as it is."""


class PromptTooLong(Exception):
    """The chosen model takes shorter prompts only."""

    def __init__(self, model: Model) -> None:
        super().__init__(f"{model.slug}: {model.prompt_limit}")
        self.model = model


def step_of(draft: OrderDraft, market: Market) -> Step:
    """The first step without an answer. A model off sale is shown as the confirmation that cannot be confirmed."""
    offer = market.get(draft.model)
    if offer is not None:
        asking = offer.available and open_option(draft, offer.model) is not None
        return Step.OPTION if asking else Step.CONFIRM
    return Step.MODEL if draft.kind is not None or draft.wanted else Step.KIND


def open_option(draft: OrderDraft, model: Model) -> int | None:
    """Index of the model's first step that waits for an answer; the other options wait in their menu."""
    undecided = (i for i, o in enumerate(model.options) if o.step and o.choices and o.name not in draft.options)
    return next(undecided, None)


def settle(draft: OrderDraft, market: Market) -> OrderDraft:
    """Answers steps that leave one choice: a single kind on sale, a single model of it.

    Raises PromptTooLong when the only model cannot take the prompt.
    """
    kinds = market.kinds()
    if step_of(draft, market) is Step.KIND and len(kinds) == 1:
        draft = replace(draft, kind=kinds[0])
    if step_of(draft, market) is Step.MODEL:
        listed, on_sale = market.listed(draft), market.on_sale(draft)
        if len(listed) == len(on_sale) == 1:
            draft = with_model(draft, on_sale[0].model, draft.wanted.get(on_sale[0].model.slug, {}))
    return draft


def with_model(draft: OrderDraft, model: Model, options: Mapping[str, str]) -> OrderDraft:
    """The draft with this model; options it does not have (any more) are left out. Raises PromptTooLong."""
    if len(draft.prompt) > model.prompt_limit:
        raise PromptTooLong(model)
    valid = {name: value for name, value in options.items() if has_value(model, name, value)}
    return replace(draft, kind=model.kind, model=model.slug, options=valid, page=0)


def back(draft: OrderDraft, market: Market) -> OrderDraft | None:
    """The step before, skipping those with one choice; None at the first one."""
    offer, kinds = market.get(draft.model), market.kinds()
    if offer is not None:
        answered = [o.name for o in offer.model.options if o.step and o.choices and o.name in draft.options]
        if answered:
            kept = {n: v for n, v in draft.options.items() if n != answered[-1]}
            return replace(draft, options=kept, page=0)
        draft = replace(draft, model=None, options={}, wanted={}, page=0)
        if len(market.listed(draft)) > 1:
            return draft
    if draft.wanted:
        kind = draft.kind or (kinds[0] if len(kinds) == 1 else None)
        return replace(draft, wanted={}, kind=kind, page=0)
    if draft.kind is not None and len(kinds) > 1:
        return replace(draft, kind=None, page=0)
    return None


def press(draft: OrderDraft, act: str, arg: str, market: Market) -> OrderDraft:
    """What a button of the steps makes of the draft. Raises BadPress and PromptTooLong; `arg` is not trusted."""
    match act:
        case "kind":
            return settle(_choose_kind(draft, arg, market), market)
        case "model":
            return _choose_model(draft, arg, market)
        case "opt":
            return _choose_option(draft, arg, market)
        case "page":
            return _turn(draft, arg, market)
        case "back":
            earlier = back(draft, market)
            if earlier is None:
                raise BadPress("nothing before this step")
            return earlier
        case _:
            raise BadPress("no such button")


def _choose_kind(draft: OrderDraft, arg: str, market: Market) -> OrderDraft:
    if step_of(draft, market) is not Step.KIND or arg not in {k.value for k in market.kinds()}:
        raise BadPress("no such kind here")
    return replace(draft, kind=Kind(arg), page=0)


def _choose_model(draft: OrderDraft, arg: str, market: Market) -> OrderDraft:
    slug, *indexes = arg.split(".")
    offer = next((o for o in market.on_sale(draft) if o.model.slug == slug), None)
    if step_of(draft, market) is not Step.MODEL or offer is None:
        raise BadPress("no such model here")
    if not indexes:
        return with_model(draft, offer.model, draft.wanted.get(slug, {}))
    if len(indexes) != len(offer.model.options):
        raise BadPress("not the model's options")
    options = {o.name: _value_at(offer.model, i, indexes[i]) for i, o in enumerate(offer.model.options)}
    return with_model(draft, offer.model, options)


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
    number = _number(index)
    if number >= len(choices):
        raise BadPress("no such choice")
    return choices[number].value


def _turn(draft: OrderDraft, arg: str, market: Market) -> OrderDraft:
    page = _number(arg)
    if page >= pages(draft, market):
        raise BadPress("no such page")
    return replace(draft, page=page)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise BadPress("not a number")
    return int(text)


def pages(draft: OrderDraft, market: Market) -> int:
    """How many pages the open step has, at least 1."""
    offer = market.get(draft.model)
    match step_of(draft, market):
        case Step.MODEL:
            return max(1, -(-len(market.listed(draft)) // MODELS_PER_PAGE))
        case Step.OPTION if offer is not None:
            index = open_option(draft, offer.model)
            assert index is not None
            return -(-len(offer.model.options[index].choices) // CHOICES_PER_PAGE)
        case _:
            return 1
