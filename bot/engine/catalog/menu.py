"""How lists show what is on sale: the recommended model of a kind first, and the same thing of two services once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.domain.catalog.models import Kind
from bot.domain.money import Credits
from bot.engine.catalog.offers import Offer, recommended

Price = Callable[[Offer], Credits]


def _own(offer: Offer) -> Credits:
    return offer.price


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list."""

    offer: Offer
    """The cheapest of those on sale; where none is, the first of the catalogue."""
    also: tuple[Offer, ...] = ()
    """The same thing elsewhere, the cheaper ones first: what takes its place when it goes off sale."""
    recommended: bool = False
    """Whether the list says so: it stands first, and there is another to choose."""


def in_menu_order(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    """The offers by kind as the catalogue has them, in each kind the recommended one first."""
    given = tuple(offers)
    turns = {}
    for kind in dict.fromkeys(o.model.kind for o in given):
        of_kind = [o for o in given if o.model.kind is kind]
        first = recommended(of_kind)
        turns[kind] = iter(sorted(of_kind, key=lambda o: o is not first))
    return tuple(next(turns[o.model.kind]) for o in given)


def entries(offers: Iterable[Offer], price: Price = _own, *, keep: str = "") -> tuple[Entry, ...]:
    """The lines of a list, kind by kind in the order of the offers. `price`: what an offer costs with the options at
    hand. `keep`: the slug of a model that stands for the same ones whatever they cost, because it was chosen."""
    given = tuple(offers)
    kinds = list(dict.fromkeys(o.model.kind for o in given))
    by_kind = groupby(sorted(given, key=lambda o: kinds.index(o.model.kind)), key=lambda o: o.model.kind)
    return tuple(entry for _, of_kind in by_kind for entry in _of_kind(tuple(of_kind), price, keep))


def _of_kind(offers: Sequence[Offer], price: Price, keep: str) -> list[Entry]:
    things: dict[str, list[Offer]] = {}
    for offer in offers:
        things.setdefault(offer.model.thing, []).append(offer)
    first = recommended(offers)
    found = []
    for same in things.values():
        ranked = sorted(same, key=lambda o: (o.model.slug != keep, not o.available, price(o) if o.available else 0))
        mine = first is not None and len(things) > 1 and first.model.thing == ranked[0].model.thing
        found.append(Entry(ranked[0], tuple(ranked[1:]), mine))
    return sorted(found, key=lambda each: not each.recommended)


def of_kind(offers: Iterable[Offer], kind: Kind) -> tuple[Entry, ...]:
    """The lines of one kind."""
    return entries(o for o in offers if o.model.kind is kind)
