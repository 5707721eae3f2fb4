"""The words after /topup, /debit and /refund: pure parsing, every mistake named so that the answer can explain it."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.money import AmountError, AmountProblem, Credits, parse_amount
from bot.domain.visible import visible
from bot.telegram.admin.who import ByName, Replied, Who, who_of

NOTE: Final = 200
"""Characters of a note, kept with the transfer."""


class FormProblem(StrEnum):
    """What is wrong with a command; the name of the explanation."""

    EMPTY = "empty"
    NOBODY = "nobody"
    """Neither a @username nor an id, and no reply that names somebody."""
    NO_AMOUNT = "no_amount"
    LONG_NOTE = "long_note"
    NOT_A_NUMBER = "not_a_number"
    NOT_POSITIVE = "not_positive"
    TOO_PRECISE = "too_precise"
    TOO_LARGE = "too_large"


class FormError(Exception):
    """`given` is the word it is about."""

    def __init__(self, problem: FormProblem, given: str = "") -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.given = given


@dataclass(frozen=True, slots=True)
class Wish:
    """What a command asks for. `ask`: who or how much is meant must be confirmed before anything moves."""

    who: Who | Replied
    amount: Credits
    note: str
    ask: bool


def parse_wish(text: str, *, replied: Replied | None, maximum: Credits) -> Wish:
    """`<@username | id> <amount> [note]`, or `<amount> [note]` in a reply. Raises FormError, nothing else.

    In a reply only a @username overrules the person replied to: a number is the amount. A note that begins with a digit
    may be the rest of an amount typed with spaces ("1 000"): it asks.
    """
    words = text.split()
    if not words:
        raise FormError(FormProblem.EMPTY)
    named = who_of(words[0])
    if replied is not None and not words[0].startswith("@"):
        who: Who | Replied = replied
        ask = not replied.plain
    elif named is None:
        raise FormError(FormProblem.NOBODY, words[0])
    else:
        who, ask, words = named, isinstance(named, ByName), words[1:]
    if not words:
        raise FormError(FormProblem.NO_AMOUNT)
    amount = _amount(words[0], maximum)
    note = checked_note(words[1:])
    return Wish(who, amount, note, ask or note[:1].isdigit())


def checked_note(words: list[str]) -> str:
    """The note in one line. Raises FormError when it is too long."""
    note = "".join(char for char in " ".join(words) if unicodedata.category(char) not in ("Cc", "Cs"))
    if len(note) > NOTE:
        raise FormError(FormProblem.LONG_NOTE)
    return note if visible(note) else ""


def _amount(word: str, maximum: Credits) -> Credits:
    try:
        return parse_amount(word, maximum=maximum)
    except AmountError as error:
        raise FormError(_PROBLEMS[error.problem], word) from None


_PROBLEMS: Final = {
    AmountProblem.NOT_A_NUMBER: FormProblem.NOT_A_NUMBER,
    AmountProblem.NOT_POSITIVE: FormProblem.NOT_POSITIVE,
    AmountProblem.TOO_PRECISE: FormProblem.TOO_PRECISE,
    AmountProblem.TOO_LARGE: FormProblem.TOO_LARGE,
}
