"""Amounts add up: what people type, how prices are rounded, what is taken in the end."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalog.models import Terms
from bot.domain.catalog.pricing import capture_amount, price_of_units
from bot.domain.money import CENT, CREDIT, AmountError, AmountProblem, Credits, from_decimal, parse_amount, to_decimal

MAXIMUM = Credits(1000 * CREDIT)
amounts = st.integers(0, 10**12).map(Credits)
cents = st.integers(0, 10**8).map(lambda n: Credits(n * CENT))


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("5", 5_000_000),
        (" 2,5 ", 2_500_000),
        ("0.01", 10_000),
        ("1000", 1_000_000_000),
        (".5", 500_000),
        ("7.", 7_000_000),
    ],
)
def test_amounts(text: str, amount: int) -> None:
    assert parse_amount(text, maximum=MAXIMUM) == amount


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", AmountProblem.NOT_A_NUMBER),
        (".", AmountProblem.NOT_A_NUMBER),
        ("ten", AmountProblem.NOT_A_NUMBER),
        ("1e3", AmountProblem.NOT_A_NUMBER),
        ("nan", AmountProblem.NOT_A_NUMBER),
        ("inf", AmountProblem.NOT_A_NUMBER),
        ("1 000", AmountProblem.NOT_A_NUMBER),
        ("1,000.5", AmountProblem.NOT_A_NUMBER),
        ("٣", AmountProblem.NOT_A_NUMBER),
        ("+5", AmountProblem.NOT_A_NUMBER),
        ("9" * 40, AmountProblem.NOT_A_NUMBER),
        ("-5", AmountProblem.NOT_POSITIVE),
        ("0", AmountProblem.NOT_POSITIVE),
        ("0.00", AmountProblem.NOT_POSITIVE),
        ("0.001", AmountProblem.TOO_PRECISE),
        ("1000.01", AmountProblem.TOO_LARGE),
    ],
)
def test_amounts_that_are_refused(text: str, problem: AmountProblem) -> None:
    with pytest.raises(AmountError) as caught:
        parse_amount(text, maximum=MAXIMUM)
    assert caught.value.problem is problem


@given(st.text())
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    try:
        amount = parse_amount(text, maximum=MAXIMUM)
    except AmountError:
        return
    assert 0 < amount <= MAXIMUM
    assert amount % CENT == 0


@given(amounts)
def test_decimals_are_exact(amount: Credits) -> None:
    assert from_decimal(to_decimal(amount)) == amount


@given(
    st.decimals("0.001", "1000", places=3), st.decimals("0.001", "100", places=4), st.decimals("0.1", "10", places=2)
)
def test_prices_are_whole_cents_never_below_the_cost(units: Decimal, per_unit: Decimal, markup: Decimal) -> None:
    price = price_of_units(units, Terms("p", "P", per_unit, markup, 1))
    exact = units * per_unit * markup
    assert price % CENT == 0
    assert exact <= to_decimal(price) < exact + Decimal("0.01")


@given(cents, st.none() | amounts, st.integers(-1, 5), st.integers(1, 4))
def test_a_capture_never_exceeds_quote_cost_or_share(
    quoted: Credits, actual: Credits | None, delivered: int, ordered: int
) -> None:
    taken = capture_amount(quoted, actual, delivered=delivered, ordered=ordered)
    assert 0 <= taken <= quoted
    assert taken % CENT == 0
    assert taken * ordered <= quoted * max(delivered, 0) or delivered >= ordered
    if actual is not None:
        assert taken < actual + CENT
    if delivered >= ordered and actual is None:
        assert taken == quoted
