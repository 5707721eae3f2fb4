"""Amounts of credits in words, for every text that names one."""

from bot.domain.money import CREDIT, Credits
from bot.telegram.i18n.texts import Speech


def credits_text(t: Speech, amount: Credits) -> str:
    """An amount with its word in the right plural."""
    return t.plain("order-credits", amount=t.money(amount), n=_counted(amount))


def credits_limit(t: Speech, amount: Credits) -> str:
    """An amount behind "up to" and "at most", where languages with cases want another form."""
    return t.plain("order-credits-limit", amount=t.money(amount), n=_counted(amount))


def _counted(amount: Credits) -> float:
    whole, rest = divmod(abs(amount), CREDIT)
    return whole + 0.5 if rest else whole
