"""Prices: what a model costs before the order (quote) and what is taken after it (capture)."""

from collections.abc import Mapping
from decimal import Decimal

from bot.domain.catalog.models import Model, Terms, TokenPrices
from bot.domain.catalog.options import factor, results
from bot.domain.money import Credits, from_decimal, round_down, round_up

MILLION = 1_000_000
"""Tokens that TokenPrices name the price of."""


def price_of_units(units: Decimal, terms: Terms) -> Credits:
    """What so many upstream units cost the user, rounded up to 0.01 credit."""
    return round_up(from_decimal(units * terms.credits_per_unit * terms.markup))


def quote(
    model: Model, terms: Terms, options: Mapping[str, str] | None = None, *, live: Decimal | None = None
) -> Credits:
    """The price told before the order. `live`: today's units for the whole order as the provider tells them, which then
    hold in place of the catalogue's units × results; factors of options count either way. Of a chat model it is the
    most that an answer can cost."""
    if model.tokens is not None:
        return answer_bound(model.tokens, terms, model.tokens.context)
    chosen = options or {}
    units = live if live is not None else model.units * results(model, chosen)
    return price_of_units(units * factor(model, chosen), terms)


def answer_bound(tokens: TokenPrices, terms: Terms, prompt_tokens: int) -> Credits:
    """The most that the answer to a conversation of so many tokens is charged: what is held for it."""
    return price_of_units(usage_units(tokens, prompt_tokens, tokens.answer), terms)


def usage_units(tokens: TokenPrices, prompt_tokens: int, completion_tokens: int) -> Decimal:
    """What so many tokens cost upstream, in the provider's unit."""
    return (prompt_tokens * tokens.input + completion_tokens * tokens.output) / MILLION


def capture_amount(quoted: Credits, actual: Credits | None, *, delivered: int = 1, ordered: int = 1) -> Credits:
    """What is taken when a job is done: the smaller of quote and actual price, and at most the delivered share.

    `actual` None: the provider names no cost, the quote stands. The share is rounded down to 0.01 so that a user who
    got fewer results never pays more than quote × delivered / ordered.
    """
    if delivered <= 0:
        return Credits(0)
    limit = quoted if delivered >= ordered else round_down(Credits(quoted * delivered // ordered))
    return limit if actual is None else min(limit, round_up(actual))
