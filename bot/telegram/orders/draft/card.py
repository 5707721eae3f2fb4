"""The order's card: everything that can be chosen is chosen for the person, who confirms it or changes it in place.
Pure functions of draft and market."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.domain.catalog.models import RESULTS, Kind, Model, Option, OptionType
from bot.domain.catalog.options import clashing, valid
from bot.domain.jobs import Job
from bot.domain.orders.likely_kind import asks_a_question, named_kind
from bot.engine.catalog.offers import recommended
from bot.engine.catalog.shop import Offer
from bot.telegram.orders.draft.draft import Market, OrderDraft, all_decided, too_long
from bot.telegram.orders.draft.repeat import SEED
from bot.telegram.orders.draft.steps import with_model

ONCE: Final = frozenset({RESULTS, SEED})
"""Options of an earlier order that the next one does not begin with: they cost more, or make the same picture again."""
COUNTS: Final = 4
"""Numbers of results that stand on the card."""
KINDS_BY_PICTURE: Final = (Kind.EDIT, Kind.VIDEO)
"""What becomes of a picture by words, the likeliest first."""


def likeliest_kind(draft: OrderDraft, market: Market, last: Kind | None) -> Kind | None:
    """The kind that a card without one begins with: what the words name, else what the person ordered `last`, else an
    image; with a picture, an edit. None where nothing on sale fits, and for a picture whose words, if it has any, no
    model can use: what becomes of it is asked."""
    fitting = {o.model.kind for o in market.on_sale(draft) if not too_long(o.model, draft.prompt)}
    order: tuple[Kind, ...]
    if draft.inputs:
        order = KINDS_BY_PICTURE if draft.prompt else ()
    else:
        order = tuple(kind for kind in (named_kind(draft.prompt), last, Kind.IMAGE, *market.kinds(draft)) if kind)
    return next((kind for kind in order if kind in fitting), None)


def completed(draft: OrderDraft, market: Market, latest: Job | None) -> OrderDraft:
    """The draft of a kind at its confirmation: the person's usual model, else that of their `latest` order of the kind
    with its options, else the recommended one. As it is where no model on sale can take it."""
    if market.get(draft.model) is None:
        if draft.kind is None:
            return draft
        found = _begins_with(draft, market, latest)
        if found is None:
            return draft
        draft = with_model(draft, *found)
    offer = market.get(draft.model)
    return draft if offer is None else replace(draft, options=all_decided(offer.model, draft.options))


def _begins_with(draft: OrderDraft, market: Market, latest: Job | None) -> tuple[Model, Mapping[str, str]] | None:
    fitting = [o for o in market.on_sale(draft) if not too_long(o.model, draft.prompt)]
    usual = _of(fitting, draft.usual.model(draft.kind))
    again = _of(fitting, latest.model) if latest is not None else None
    offer = usual or again or _first(draft, market) or recommended(fitting)
    if offer is None:
        return None
    model, asked = offer.model, draft.asked(offer.model)
    if latest is not None and offer is again and offer is not usual:
        before = {name: value for name, value in latest.options.items() if name not in ONCE}
        merged = {**before, **asked}
        if valid(model, before) and clashing(model, merged) is None:
            return model, merged
    return model, asked


def _first(draft: OrderDraft, market: Market) -> Offer | None:
    """What the list of models begins with: of the same thing at several services the cheapest."""
    first = next((entry.offer for entry in market.entries(draft)), None)
    return first if first is not None and first.available and not too_long(first.model, draft.prompt) else None


def _of(offers: list[Offer], slug: str) -> Offer | None:
    return next((o for o in offers if o.model.slug == slug), None)


def sounds_like_question(draft: OrderDraft, market: Market) -> bool:
    """Whether the card suggests an answer first."""
    return asks_a_question(draft.prompt) and market.can_ask(draft)


def counts(model: Model) -> tuple[Option, tuple[str, ...]] | None:
    """The option of how many results, and the numbers that stand on the card; None where a model makes just one."""
    option = model.option(RESULTS)
    if option is None:
        return None
    if option.type is OptionType.INTEGER and option.minimum is not None and option.maximum is not None:
        low = int(option.minimum)
        found = tuple(str(n) for n in range(low, min(int(option.maximum), low + COUNTS - 1) + 1))
    else:
        found = tuple(c.value for c in option.choices[:COUNTS])
    return (option, found) if len(found) > 1 else None
