"""The words after /topup, /debit and /refund: pure parsing, every mistake named so that the answer can explain it."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.money import AmountError, AmountProblem, Credits, parse_amount
from bot.domain.notes import NoteTooLong, note_of
from bot.domain.users import ByName, Who, who_of
from bot.telegram.admin.person_lookup import Replied

BEGINS: Final = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)
"""Of a number whose thousands stand apart, the first word; the others are THOUSANDS."""
THOUSANDS: Final = re.compile(r"[0-9]{3}(?:[.,][0-9]+)?", re.ASCII)


class FormProblem(StrEnum):
    """What is wrong with a command; the name of the explanation."""

    EMPTY = "empty"
    NOBODY = "nobody"
    """Neither a @username nor an id, and no reply that names a user."""
    NO_JOB = "no_job"
    """Not the id of a job."""
    NO_AMOUNT = "no_amount"
    LONG_NOTE = "long_note"
    SPACED = "spaced"
    """A number follows the amount, and the two are not one number with its thousands apart."""
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
class AdjustmentForm:
    """What a command asks for. `ask`: who or how much is meant must be confirmed before anything moves."""

    who: Who | Replied
    amount: Credits
    note: str
    ask: bool


def parse_adjustment(text: str, *, replied: Replied | None, maximum: Credits) -> AdjustmentForm:
    """`<@username | id> <amount> [note]`, or `<amount> [note]` in a reply. Raises FormError, nothing else.

    In a reply only a @username overrules the person replied to: a number is the amount. Thousands apart ("1 000,50")
    are one amount, which asks; any other number behind an amount may be a part of it, and is refused.
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
    taken = _taken(words)
    rest = words[taken:]
    if rest and rest[0][0].isdigit() and words[0][0].isdigit():
        raise FormError(FormProblem.SPACED, " ".join(words[: taken + 1]))
    amount = _amount("".join(words[:taken]), maximum)
    return AdjustmentForm(who, amount, checked_note(rest), ask or taken > 1)


def _taken(words: list[str]) -> int:
    """How many words the amount takes: one, or more where they are thousands apart."""
    taken = 1
    while taken < len(words) and (taken > 1 or BEGINS.fullmatch(words[0])) and THOUSANDS.fullmatch(words[taken]):
        taken += 1
        if not words[taken - 1].isdigit():  # with the places behind the point: the last
            break
    return taken


def checked_note(words: list[str]) -> str:
    """The note in one line. Raises FormError when it is too long."""
    try:
        return note_of(" ".join(words))
    except NoteTooLong:
        raise FormError(FormProblem.LONG_NOTE) from None


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
