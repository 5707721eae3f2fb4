"""Which other models are offered for an order: those that could carry it out, the nearest first."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.catalog.models import RESULTS, Choice, Inputs, Kind, Model, Option, OptionType, Source, Translations
from bot.domain.catalog.pricing import quote
from bot.domain.jobs import Input
from bot.domain.money import CREDIT, Credits
from bot.engine.catalog.file import load_catalog
from bot.engine.catalog.offers import Offer, Wanted, carried_over, instead, nearest, recommended, takes
from tests.engine.kit import model, words

ASPECT = Option("ar", words("Aspect"), (Choice("1:1", words("1:1")), Choice("16:9", words("16:9"))))
SEVERAL = Option(
    RESULTS, Translations({"en": "n"}), type=OptionType.INTEGER, param="n", minimum=Decimal(1), maximum=Decimal(4)
)
SEED = Option("seed", words("Seed"), type=OptionType.INTEGER, minimum=Decimal(0), maximum=Decimal(100))
ONE = replace(model("one"), options=(ASPECT, SEVERAL, SEED))
PHOTO = Input(blob="b", mime="image/png")


def wanted(of: Model = ONE, **changes: object) -> Wanted:
    return replace(Wanted(of, "a lake", {}, Credits(10 * CREDIT)), **changes)  # type: ignore[arg-type]


def offer(of: Model, price: int, *, typical: float = 10.0, available: bool = True) -> Offer:
    return Offer(of, Credits(price * CREDIT), typical, available)


def test_the_nearest_in_price_comes_first_then_the_fastest_and_the_unsteady_last() -> None:
    offers = [
        offer(model("dear"), 30),
        offer(model("slow"), 12, typical=99),
        offer(model("quick"), 8, typical=5),
        offer(replace(model("shaky"), unsteady=True), 10),
        offer(model("paused"), 10, available=False),
        offer(ONE, 10),
    ]
    assert [o.model.slug for o in nearest(offers, wanted(), most=9)] == ["quick", "slow", "dear", "shaky"]
    assert len(nearest(offers, wanted(), most=2)) == 2


def test_the_same_thing_elsewhere_comes_first_and_other_things_once() -> None:
    mine = replace(ONE, same="x")
    offers = [
        offer(model("cheap"), 1),
        offer(replace(model("twin"), same="x"), 30),
        offer(replace(model("near"), same="y"), 9),
        offer(replace(model("far"), same="y"), 2),
        offer(mine, 10),
    ]
    assert [o.model.slug for o in nearest(offers, wanted(mine), most=9)] == ["twin", "far", "cheap"]


def test_what_costs_less_or_about_as_much_comes_before_what_costs_more() -> None:
    offers = [
        offer(model("minimax"), 54),
        offer(model("run"), 30),
        offer(model("pika"), 10),
        offer(model("little_more"), 36),
        offer(model("much_less"), 1),
        offer(model("dearer"), 37),
    ]
    luma = wanted(price=Credits(30 * CREDIT))
    expected = ["pika", "much_less", "run", "little_more", "dearer", "minimax"]
    assert [o.model.slug for o in nearest(offers, luma, most=9)] == expected


def test_after_luma_the_documented_ways_out_are_offered_first() -> None:
    sold = load_catalog()
    luma = sold.get("luma")
    assert luma is not None
    prices = {m.slug: quote(m, sold.terms[m.provider]) for m in sold.models}
    offers = [Offer(m, prices[m.slug], m.typical_seconds, True) for m in sold.of_kind(Kind.VIDEO)]
    order = Wanted(luma, "a lake", {}, prices["luma"])
    assert [o.model.slug for o in nearest(offers, order, most=2)] == ["pika", "run"]


@pytest.mark.parametrize(
    ("other", "order", "could"),
    [
        (model("two"), wanted(), True),
        (ONE, wanted(), False),
        (replace(model("song"), kind=Kind.MUSIC), wanted(), False),
        (replace(model("short"), prompt_limit=3), wanted(), False),
        (replace(model("edit"), inputs=Inputs(1, 1)), wanted(), False),
        (replace(model("edit"), inputs=Inputs(1, 1)), wanted(inputs=(PHOTO,)), True),
        (replace(model("own"), inputs=Inputs(1, 1, source=Source.OWN)), wanted(inputs=(PHOTO,)), False),
        (model("two"), wanted(inputs=(PHOTO,)), False),
        (model("two"), wanted(options={RESULTS: "3"}), False),
        (model("two"), wanted(options={RESULTS: "1"}), True),
        (replace(model("two"), options=(SEVERAL,)), wanted(options={RESULTS: "3"}), True),
    ],
)
def test_only_what_could_carry_it_out_is_offered(other: Model, order: Wanted, could: bool) -> None:
    assert takes(other, order) is could


def test_options_carry_over_where_they_mean_the_same() -> None:
    fewer = replace(model("two"), options=(replace(ASPECT, choices=ASPECT.choices[:1]), SEED))
    assert carried_over({"ar": "16:9", "seed": "7", "style": "x"}, fewer) == {"seed": "7"}
    clashing = replace(model("two"), options=(replace(ASPECT, param="p"), replace(SEED, param="p")))
    assert carried_over({"ar": "1:1", "seed": "7"}, clashing) == {"ar": "1:1"}


def test_each_is_priced_for_the_order() -> None:
    two = replace(model("two"), options=(SEVERAL,))
    order = wanted(options={RESULTS: "3"})
    (found,) = instead([offer(two, 4)], order, lambda _, o: Credits(4 * CREDIT * int(o[RESULTS])), most=2)
    assert found.price == 12 * CREDIT


def test_the_recommended_model_comes_first_and_while_it_is_off_sale_the_first_on_sale_does() -> None:
    plain, best = offer(model("plain"), 1), offer(replace(model("best"), recommended=True), 9)
    assert recommended([plain, best]) == best
    assert recommended([plain, replace(best, available=False)]) == plain
    assert recommended([replace(plain, available=False), replace(best, available=False)]) is None
    assert recommended([]) is None


def test_of_two_recommended_models_of_which_an_operator_added_one_the_first_counts() -> None:
    first, added = (offer(replace(model(slug), recommended=True), 5) for slug in ("first", "added"))
    assert recommended([first, added]) == first
    assert recommended([replace(first, available=False), added]) == added
