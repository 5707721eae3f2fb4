"""Amounts of credits in words, for every text that names one."""

from bot.domain.money import CREDIT, Credits
from bot.telegram.texts import Speech


def credits_text(t: Speech, amount: Credits) -> str:
    """An amount with its word in the right plural."""
    whole, rest = divmod(abs(amount), CREDIT)
    return t.plain("order-credits", amount=t.money(amount), n=whole + 0.5 if rest else whole)
