"""Prices by tokens: the hold covers every answer within its bounds, a capture never exceeds it."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalog import pricing
from bot.domain.catalog.models import Kind, Model, Terms, TokenPrices, Translations
from bot.domain.money import CENT, Credits

TOKENS = TokenPrices(Decimal(25), Decimal(200), context=8_000, answer=2_000)
TERMS = Terms("toy", "Toy", Decimal(1), Decimal("1.2"), 4)
WORDS = Translations({"en": "a"})


def test_a_chat_model_is_quoted_at_its_longest_answer() -> None:
    model = Model("gpt", "toy", "gpt", Kind.ASK, WORDS, WORDS, Decimal("0.5"), 1.0, 9.0, 8_000, tokens=TOKENS)
    # (8,000 × 25 + 2,000 × 200) / 1,000,000 = 0.6 units, × 1.2
    assert pricing.quote(model, TERMS) == Credits(720_000)


@given(st.integers(0, 8_000), st.integers(0, 2_000), st.integers(0, 8_000))
def test_what_is_used_within_the_bounds_costs_at_most_the_hold(prompt: int, answer: int, estimated: int) -> None:
    hold = pricing.answer_bound(TOKENS, TERMS, max(prompt, estimated))
    used = pricing.price_of_units(pricing.usage_units(TOKENS, prompt, answer), TERMS)
    assert used <= hold
    assert hold % CENT == used % CENT == 0
    assert pricing.capture_amount(hold, used) == used


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_capture_never_exceeds_the_hold(prompt: int, answer: int) -> None:
    hold = pricing.answer_bound(TOKENS, TERMS, 100)
    used = pricing.price_of_units(pricing.usage_units(TOKENS, prompt, answer), TERMS)
    assert pricing.capture_amount(hold, used) <= hold
