"""What a menu shows of a model, and why one cannot be had; and which others come nearest to it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from bot.domain.catalog.models import RESULTS, Model
from bot.domain.catalog.options import clashing, stored
from bot.domain.jobs import Input
from bot.domain.money import Credits
from bot.domain.orders.inputs import suits
from bot.engine.catalog import pauses
from bot.engine.catalog.pauses import Pause

NEAR = Decimal("1.2")
"""Up to so many times its price another model costs about as much."""


class Why(StrEnum):
    """Why a model is off sale, most lasting first."""

    NO_KEY = "no_key"
    PROVIDER_OFF = "provider_off"
    """An admin switched the provider off."""
    MODEL_OFF = "model_off"
    NOT_ALLOWED = "not_allowed"
    """The operator's plan does not have it: the provider says so in its list, or answered 403."""
    UNKNOWN_MODEL = "unknown_model"
    """The provider does not know it (any more)."""
    NEEDS_MORE = "needs_more"
    """The provider wants a field for it that the catalogue does not send."""
    BAD_KEY = "bad_key"
    NO_FUNDS = "no_funds"
    CIRCUIT_OPEN = "circuit_open"
    """The provider failed several times in a row; see Offer.back_in."""
    NO_PRICE = "no_price"
    """Today's price cannot be had, and the operator does not sell without."""


OF_PAUSE: Mapping[str, Why] = {
    pauses.NOT_PERMITTED: Why.NOT_ALLOWED,
    pauses.UNKNOWN_MODEL: Why.UNKNOWN_MODEL,
    pauses.BAD_KEY: Why.BAD_KEY,
    pauses.OUT_OF_FUNDS: Why.NO_FUNDS,
    pauses.CIRCUIT: Why.CIRCUIT_OPEN,
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A model as a menu shows it."""

    model: Model
    price: Credits
    typical: float
    """Seconds: the median of its latest finished jobs, the catalogue's figure until there are some."""
    available: bool
    """False: off sale; `why` says more."""
    why: Why | None = None
    approximate: bool = False
    """Today's price could not be asked: `price` is the catalogue's."""
    back_in: float | None = None
    """Seconds until an order is let through again, where that is known."""


def covering(found: Iterable[Pause], model: Model, moment: float) -> Pause | None:
    """Of the pauses that have the model off sale the most lasting one."""
    mine = [p for p in found if p.covers(model, moment)]
    order = list(OF_PAUSE)
    return min(mine, key=lambda p: order.index(p.kind), default=None)


def recommended(offers: Iterable[Offer]) -> Offer | None:
    """Of these offers, which are of one kind and in the order of the catalogue, the one to begin with: the catalogue's
    recommended model, else the first that is on sale; of the same thing at several services the cheapest. An
    operator's model may be recommended beside the catalogue's: the first counts. None where nothing is on sale."""
    given = tuple(offers)
    on_sale = [o for o in given if o.available]
    praised = {o.model.thing for o in given if o.model.recommended}
    first = next((o for o in on_sale if o.model.thing in praised), on_sale[0] if on_sale else None)
    same = [o for o in on_sale if first is not None and o.model.thing == first.model.thing]
    return min(same, key=lambda o: o.price, default=None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An order that another model might carry out as well."""

    model: Model
    prompt: str
    options: Mapping[str, str]
    price: Credits
    inputs: tuple[Input, ...] = ()


def carried_over(options: Mapping[str, str], model: Model) -> dict[str, str]:
    """Those of an order's options that mean the same to another model: same name, and a value that it has."""
    kept: dict[str, str] = {}
    for name, value in options.items():
        option = model.option(name)
        if option is None or not value or stored(option, value) != value:
            continue
        if clashing(model, {**kept, name: value}) is None:
            kept[name] = value
    return kept


def takes(model: Model, wanted: Wanted) -> bool:
    """Whether the model could carry the order out: prompt, pictures and the number of results fit."""
    if model.kind is not wanted.model.kind or model.slug == wanted.model.slug:
        return False
    if len(wanted.prompt) > model.prompt_limit and model.prompt_limit:
        return False
    if not suits(model, wanted.inputs):
        return False
    results = wanted.options.get(RESULTS, "")
    return not results or results == "1" or RESULTS in carried_over(wanted.options, model)


def nearest(offers: Iterable[Offer], wanted: Wanted, *, most: int) -> tuple[Offer, ...]:
    """Available models that could carry the order out: the same thing elsewhere first, then the steady ones; of them
    those that cost less, then those that cost about as much, then the dearer ones; in each of these the nearest in
    price, then the fastest. Of one thing at several services only the cheapest is named. The offers must be priced with
    the options that carry over."""

    def rank(offer: Offer) -> tuple[bool, bool, int, int, float, str]:
        model, other = offer.model, offer.model.thing != wanted.model.thing
        step = 0 if offer.price < wanted.price else 1 if offer.price <= wanted.price * NEAR else 2
        return other, model.unsteady, step, abs(offer.price - wanted.price), offer.typical, model.slug

    fitting = sorted((o for o in offers if o.available and takes(o.model, wanted)), key=lambda o: -o.price)
    cheapest = {o.model.thing: o for o in fitting}
    return tuple(sorted(cheapest.values(), key=rank)[:most])


def instead(
    offers: Iterable[Offer], wanted: Wanted, price: Callable[[Model, Mapping[str, str]], Credits], *, most: int
) -> tuple[Offer, ...]:
    """The nearest others, each with its price for the order. Nothing is chosen by itself."""
    priced = (replace(o, price=price(o.model, carried_over(wanted.options, o.model))) for o in offers)
    return nearest(priced, wanted, most=most)
