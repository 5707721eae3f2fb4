"""What lists show first, and what they show once."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.catalog.models import Kind, Model
from bot.domain.money import CREDIT, Credits
from bot.engine.catalog.file import load_catalog
from bot.engine.catalog.menu import entries, in_menu_order, of_kind
from bot.engine.catalog.offers import Offer, recommended

BASE = load_catalog().of_kind(Kind.VIDEO)[0]


def offer(
    slug: str, price: float, *, on: bool = True, first: bool = False, same: str = "", kind: Kind = Kind.VIDEO
) -> Offer:
    model: Model = replace(BASE, slug=slug, kind=kind, recommended=first, same=same)
    return Offer(model, Credits(int(price * CREDIT)), 10.0, on)


def slugs(offers: Sequence[Offer]) -> list[str]:
    return [o.model.slug for o in offers]


def test_the_recommended_of_each_kind_comes_first_and_the_kinds_stay_where_they_are() -> None:
    given = [
        offer("a", 1),
        offer("song", 1, kind=Kind.MUSIC),
        offer("b", 2, first=True),
        offer("tune", 1, kind=Kind.MUSIC, first=True),
        offer("c", 3),
    ]
    assert slugs(in_menu_order(given)) == ["b", "tune", "a", "song", "c"]
    assert [e.offer.model.slug for e in entries(given)] == ["b", "a", "c", "tune", "song"]
    assert [e.offer.model.slug for e in entries(given) if e.recommended] == ["b", "tune"]


def test_a_recommended_model_off_sale_gives_its_place_to_the_first_on_sale() -> None:
    given = [offer("off", 1, on=False), offer("a", 2), offer("b", 1, on=False, first=True)]
    assert slugs(in_menu_order(given)) == ["a", "off", "b"]
    assert [e.recommended for e in entries(given)] == [True, False, False]
    assert [e.recommended for e in entries([offer("a", 1, on=False), offer("b", 1, on=False)])] == [False, False]


def test_the_only_one_of_a_kind_needs_no_praise() -> None:
    assert [e.recommended for e in entries([offer("a", 1, first=True)])] == [False]
    twins = [offer("a", 1, first=True, same="x"), offer("b", 1, same="x")]
    assert [e.recommended for e in entries(twins)] == [False]


def test_the_same_thing_is_one_line_with_the_cheapest_on_sale() -> None:
    here, there, other = offer("here", 2, same="x"), offer("there", 1, same="x"), offer("other", 0.5)
    found = of_kind([here, other, there], Kind.VIDEO)
    assert [(e.offer.model.slug, slugs(e.also)) for e in found] == [("there", ["here"]), ("other", [])]
    off = replace(there, available=False)
    first = entries([here, other, off])[0]
    assert (first.offer, first.also) == (here, (off,))
    none = [replace(here, available=False), off]
    assert [(e.offer.model.slug, e.offer.available) for e in entries(none)] == [("here", False)]
    assert entries([here, there], keep="here")[0].offer is here, "what a person chose stays chosen"
    priced = entries([here, there], lambda o: Credits(1 if o is here else 2))
    assert priced[0].offer is here, "prices are those of the options at hand"


def test_what_is_the_same_must_be_of_one_kind() -> None:
    assert len(entries([offer("a", 1, same="x"), offer("b", 1, same="x", kind=Kind.IMAGE)])) == 2


def test_a_recommended_thing_is_bought_where_it_is_cheapest_and_stays_recommended_elsewhere() -> None:
    here, there, other = offer("here", 2, first=True, same="x"), offer("there", 1, same="x"), offer("other", 0.5)
    assert recommended([other, here, there]) is there
    assert recommended([other, here, replace(there, available=False)]) is here
    assert recommended([other, replace(here, available=False), there]) is there
    assert [e.offer.model.slug for e in entries([other, here, there]) if e.recommended] == ["there"]
