"""What Back returns to: a pure function of draft and market."""

from dataclasses import replace

from bot.domain.catalog.models import Model
from bot.telegram.orders.draft.draft import LIST, MODELS, Market, OrderDraft


def back(draft: OrderDraft, market: Market) -> OrderDraft | None:
    """The draft at the step before, past steps with a single choice; None at the first step."""
    offer = market.get(draft.model)
    if offer is not None and draft.menu:
        on_card = draft.menu in (LIST, MODELS) or (draft.card and asked_for(offer.model, draft.menu))
        return replace(draft, menu="" if on_card else LIST, typing=False, page=0)
    if offer is not None and draft.card:
        return _back_to_the_picture(draft, market)
    if offer is not None:
        answered = [o.name for o in offer.model.options if o.step and o.choices and o.name in draft.options]
        if answered:
            kept = {n: v for n, v in draft.options.items() if n != answered[-1]}
            return replace(draft, options=kept, page=0)
        draft = replace(draft, model=None, options={}, page=0)
        if len(market.entries(draft)) > 1:
            return draft
    return _back_to_kinds(draft, market)


def asked_for(model: Model, name: str) -> bool:
    """Whether the option is one that the steps ask for; on a card its values stand themselves."""
    option = model.option(name)
    return option is not None and option.step and bool(option.choices)


def _back_to_the_picture(draft: OrderDraft, market: Market) -> OrderDraft | None:
    """From the card of a picture without words: what becomes of it is asked again. Any other card is the beginning."""
    if not (draft.any_kind and draft.inputs and not draft.prompt):
        return None
    asked = replace(draft, kind=None, model=None, options={}, page=0)
    return asked if len(market.kinds(asked)) > 1 else None


def _back_to_kinds(draft: OrderDraft, market: Market) -> OrderDraft | None:
    """From the model step: first options typed without a model are given up, then the kind."""
    kinds = market.kinds(replace(draft, wanted={}))
    if draft.wanted:
        kind = draft.kind or (kinds[0] if len(kinds) == 1 else None)
        return replace(draft, wanted={}, kind=kind, page=0)
    return replace(draft, kind=None, page=0) if draft.kind is not None and len(kinds) > 1 else None
