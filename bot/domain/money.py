"""Credits as integers: every amount in Easel is a whole number of micro-credits, and no float ever touches money."""

from decimal import ROUND_CEILING, Decimal, InvalidOperation
from enum import StrEnum
from typing import NewType

Credits = NewType("Credits", int)
"""An amount in micro-credits: one credit is 1,000,000 of them."""

CREDIT = 1_000_000
CENT = 10_000
"""0.01 credit: quotes, captures and therefore balances are multiples of it, so that receipts add up."""


class AmountProblem(StrEnum):
    """Why a typed amount is refused."""

    NOT_A_NUMBER = "not_a_number"
    NOT_POSITIVE = "not_positive"
    TOO_PRECISE = "too_precise"
    TOO_LARGE = "too_large"


class AmountError(ValueError):
    """A typed amount that cannot be taken; `problem` says why."""

    def __init__(self, problem: AmountProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def from_decimal(amount: Decimal) -> Credits:
    """Whole micro-credits of a decimal number of credits, rounded up."""
    return Credits(int((amount * CREDIT).to_integral_value(ROUND_CEILING)))


def to_decimal(amount: Credits) -> Decimal:
    """The decimal number of credits, exact."""
    return Decimal(amount) / CREDIT


def round_up(amount: Credits) -> Credits:
    """The next multiple of 0.01 credit: how quotes and captures are rounded."""
    return Credits(-(-amount // CENT) * CENT)


def round_down(amount: Credits) -> Credits:
    """The multiple of 0.01 credit at or below: how a ceiling on a capture is rounded, never above its share."""
    return Credits(amount // CENT * CENT)


def parse_amount(text: str, *, maximum: Credits) -> Credits:
    """A person's amount: decimal point or comma, at most two places, above zero, at most `maximum`.

    Raises AmountError. Exponents, signs, digits of other scripts, `inf` and `nan` are not numbers here.
    """
    plain = text.strip().replace(",", ".", 1)
    if len(plain) > 30 or not plain.isascii() or not plain.replace(".", "", 1).isdigit():
        negative = plain.startswith("-") and plain[1:].replace(".", "", 1).isdigit()
        raise AmountError(AmountProblem.NOT_POSITIVE if negative else AmountProblem.NOT_A_NUMBER)
    try:
        value = Decimal(plain)
    except InvalidOperation as error:
        raise AmountError(AmountProblem.NOT_A_NUMBER) from error
    if value <= 0:
        raise AmountError(AmountProblem.NOT_POSITIVE)
    if len(plain.partition(".")[2]) > 2:  # as typed: "1.000" may well mean a thousand
        raise AmountError(AmountProblem.TOO_PRECISE)
    amount = from_decimal(value)
    if amount > maximum:
        raise AmountError(AmountProblem.TOO_LARGE)
    return amount
