"""What people type as an option's value, and the numbers that buttons offer."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalog.models import Choice, Option, OptionType, Translations
from bot.domain.catalog.number_steps import nudged, presets, vast
from bot.domain.catalog.options import stored
from bot.domain.orders.matching import Ambiguous, Hit, Match, Missing
from bot.domain.orders.typed_values import match_choice, means_none, pair, plain_value


def titled(text: str) -> Translations:
    return Translations({"en": text})


def number(low: str, high: str, *, whole: bool = True, default: str = "") -> Option:
    kind = OptionType.INTEGER if whole else OptionType.NUMBER
    return Option("x", titled("X"), type=kind, minimum=Decimal(low), maximum=Decimal(high), default=default)


ASPECT = Option("ar", titled("Aspect"), tuple(Choice(v, titled(v)) for v in ("1:1", "16:9", "9:16")))
SIZE = Option("size", titled("Size"), (Choice("auto", titled("Auto")), Choice("1792x1024", titled("1792×1024"))))


@pytest.mark.parametrize(
    ("option", "text", "meant"),
    [
        (ASPECT, "16:9", Hit("16:9", exact=True)),
        (ASPECT, "16x9", Hit("16:9", exact=True)),
        (ASPECT, "16х9", Hit("16:9", exact=True)),
        (ASPECT, " 16 × 9 ", Hit("16:9", exact=True)),
        (ASPECT, "16/9", Hit("16:9", exact=True)),
        (ASPECT, "016:09", Hit("16:9", exact=True)),
        (ASPECT, "1", Ambiguous(("1:1", "16:9"))),
        (ASPECT, "1:2", Missing(("1:1",))),
        (ASPECT, "9:1", Missing(("9:16", "1:1"))),
        (SIZE, "1792*1024", Hit("1792x1024", exact=True)),
        (SIZE, "1792", Hit("1792x1024", exact=False)),
        (SIZE, "AUTO", Hit("auto", exact=True)),
    ],
)
def test_which_choice_is_meant(option: Option, text: str, meant: Match) -> None:
    found = match_choice(option, text)
    if isinstance(meant, Missing):
        assert isinstance(found, Missing)
    else:
        assert found == meant


def test_words_for_none_give_way_to_a_choice_of_that_name() -> None:
    assert means_none("None")
    assert means_none("по умолчанию")
    assert not means_none("auto")
    named = Option("x", titled("X"), (Choice("none", titled("None")),))
    assert not means_none("none", match_choice(named, "none"))


@pytest.mark.parametrize(
    ("option", "text", "value"),
    [
        (number("0", "4294967295"), "4294967295", "4294967295"),
        (number("0", "4294967295"), "4294967296", None),
        (number("1", "20", whole=False), "3,5", "3.5"),
        (number("1", "20", whole=False), " 3.50 ", "3.5"),
        (number("-2", "2", whole=False), "−0,5", "-0.5"),
        (number("-2", "2", whole=False), "–1", "-1"),
        (number("1", "4"), "1.5", None),
        (number("1", "4"), "2.0", "2"),
        (number("1", "4"), "1e0", None),
        (number("1", "4"), "٣", None),
        (number("1", "4"), "", None),
        (Option("s", titled("S"), type=OptionType.TEXT, maximum=Decimal(5)), "  end ", "end"),
        (Option("s", titled("S"), type=OptionType.TEXT, maximum=Decimal(5)), "too long", None),
        (Option("b", titled("B"), type=OptionType.SWITCH), "on", "on"),
        (Option("b", titled("B"), type=OptionType.SWITCH), "maybe", None),
    ],
)
def test_numbers_switches_and_words(option: Option, text: str, value: str | None) -> None:
    assert plain_value(option, text) == value


@given(st.text(max_size=30))
def test_any_text_is_a_stored_value_or_none(text: str) -> None:
    for option in (number("1", "12"), number("-2", "2", whole=False), ASPECT, SIZE):
        value = plain_value(option, text)
        assert value is None or stored(option, value) == value
        match_choice(option, text)
        assert isinstance(pair(text), str)


BOUNDS = st.tuples(st.decimals(-1000, 1000, places=1), st.decimals(0, 10_000, places=1))


@given(BOUNDS, st.booleans(), st.lists(st.sampled_from((-1, 1)), max_size=30))
def test_marks_and_steps_stay_within_any_bounds(bounds: tuple[Decimal, Decimal], whole: bool, ways: list[int]) -> None:
    low, span = bounds
    if whole:
        low, span = Decimal(int(low)), Decimal(int(span))
    option = number(f"{low:f}", f"{low + span:f}", whole=whole)
    marks = presets(option)
    assert len(marks) <= 13
    assert [Decimal(m) for m in marks] == sorted({Decimal(m) for m in marks})
    assert all(stored(option, mark) == mark for mark in marks)
    value = ""
    for way in ways:
        before, value = value, nudged(option, value, way)
        assert stored(option, value) == value
        if before and span:
            assert (Decimal(value) - Decimal(before)) * way >= 0


def test_a_seed_has_no_marks() -> None:
    seed = number("0", "4294967295")
    assert vast(seed)
    assert presets(seed) == ()
    assert presets(number("1", "4", default="1")) == ("1", "2", "3", "4")
    assert "28" in presets(number("1", "50", default="28"))
