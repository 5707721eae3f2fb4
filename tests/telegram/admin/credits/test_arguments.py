"""What may follow /topup, /debit, /ledger and /refund: every form understood, every mistake named, nothing raised."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.money import CENT, CREDIT, Credits
from bot.domain.notes import LONGEST
from bot.domain.users import ById, ByName
from bot.telegram.admin.credits.arguments import (
    AdjustmentForm,
    FormError,
    FormProblem,
    parse_adjustment,
)
from bot.telegram.admin.jobs.refunds import job_id_of
from bot.telegram.admin.person_lookup import Replied

MAXIMUM = Credits(1000 * CREDIT)
ANN = Replied(7, plain=True)


def parse(text: str, replied: Replied | None = None) -> AdjustmentForm:
    return parse_adjustment(text, replied=replied, maximum=MAXIMUM)


def problem(text: str, replied: Replied | None = None) -> FormProblem:
    with pytest.raises(FormError) as caught:
        parse(text, replied)
    return caught.value.problem


def test_a_username_always_asks() -> None:
    assert parse("@Ann 12,5 for  the\nlogo") == AdjustmentForm(
        ByName("Ann"), Credits(12_500_000), "for the logo", ask=True
    )


def test_an_id_does_not_ask() -> None:
    assert parse("123456789 0.01") == AdjustmentForm(ById(123456789), Credits(CENT), "", ask=False)


def test_in_a_reply_the_first_number_is_the_amount() -> None:
    assert parse("50 thanks", ANN) == AdjustmentForm(ANN, Credits(50 * CREDIT), "thanks", ask=False)


def test_in_a_reply_a_username_overrules_the_author() -> None:
    assert parse("@bob 50", ANN).who == ByName("bob")


def test_an_author_seen_through_a_forward_asks() -> None:
    assert parse("50", Replied(7, plain=False)).ask


@pytest.mark.parametrize(
    ("text", "replied", "amount", "note"),
    [
        ("5 1 000", None, 1000, ""),
        ("1 000", ANN, 1000, ""),
        ("1\u00a0000 for all", ANN, 1000, "for all"),
        ("1\u202f000", ANN, 1000, ""),
        ("@ann 1 000.00 x", None, 1000, "x"),
    ],
)
def test_thousands_apart_are_one_amount_which_asks(text: str, replied: Replied | None, amount: int, note: str) -> None:
    form = parse(text, replied)
    assert (form.amount, form.note, form.ask) == (Credits(amount * CREDIT), note, True)


@pytest.mark.parametrize(
    ("text", "replied"),
    [
        ("500 50", ANN),
        ("123456789 50", ANN),
        ("5 12 34", None),
        ("5 1 000 5 things", None),
        ("5 1,5 000", None),
        ("5 1 000,5 000", None),
        ("5 50 2nd try", None),
        ("@ann 12 ٣", None),
    ],
)
def test_another_number_behind_the_amount_is_refused(text: str, replied: Replied | None) -> None:
    assert problem(text, replied) is FormProblem.SPACED


def test_a_digit_later_in_the_note_is_no_part_of_the_amount() -> None:
    form = parse("5 999,50 for 2")
    assert (form.amount, form.note, form.ask) == (Credits(999_500_000), "for 2", False)


def test_ids_have_up_to_52_bits() -> None:
    assert parse(f"{2**52 - 1} 5").who == ById(2**52 - 1)
    assert problem(f"{2**52} 5") is FormProblem.NOBODY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", FormProblem.EMPTY),
        (" \u00a0 ", FormProblem.EMPTY),
        ("ann 50", FormProblem.NOBODY),
        ("@ 50", FormProblem.NOBODY),
        ("@анна 50", FormProblem.NOBODY),
        ("@" + "a" * 33 + " 50", FormProblem.NOBODY),
        ("-5 50", FormProblem.NOBODY),
        ("9" * 16 + " 50", FormProblem.NOBODY),
        ("²³ 50", FormProblem.NOBODY),
        ("@ann", FormProblem.NO_AMOUNT),
        ("123", FormProblem.NO_AMOUNT),
        ("@ann много", FormProblem.NOT_A_NUMBER),
        ("@ann 1e3", FormProblem.NOT_A_NUMBER),
        ("@ann +5", FormProblem.NOT_A_NUMBER),
        ("@ann ٥", FormProblem.NOT_A_NUMBER),
        ("@ann nan", FormProblem.NOT_A_NUMBER),
        ("@ann 1.000,50", FormProblem.NOT_A_NUMBER),
        ("@ann -5", FormProblem.NOT_POSITIVE),
        ("@ann 0,00", FormProblem.NOT_POSITIVE),
        ("@ann 0.001", FormProblem.TOO_PRECISE),
        ("@ann 1,000", FormProblem.TOO_PRECISE),
        ("@ann 1000.01", FormProblem.TOO_LARGE),
        ("@ann " + "9" * 30, FormProblem.TOO_LARGE),
        ("@ann 5 " + "x" * (LONGEST + 1), FormProblem.LONG_NOTE),
    ],
)
def test_every_mistake_is_named(text: str, expected: FormProblem) -> None:
    assert problem(text) is expected


def test_in_a_reply_what_is_missing_is_the_amount() -> None:
    assert problem("", ANN) is FormProblem.EMPTY
    assert problem("@bob", ANN) is FormProblem.NO_AMOUNT
    assert problem("thanks", ANN) is FormProblem.NOT_A_NUMBER


WORDS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["@ann", "5", "12,5", "0.001", "-1", "9" * 20, "@", "²", "\x00", "note", "1 000", "\u202e"]),
    st.decimals(allow_nan=True, allow_infinity=True).map(str),
    st.integers().map(str),
)


@given(st.lists(WORDS, max_size=6).map(" ".join), st.sampled_from([None, ANN, Replied(9, plain=False)]))
@example("@ann 5 \x00", None)
def test_no_text_breaks_the_parser_and_what_it_takes_is_sane(text: str, replied: Replied | None) -> None:
    try:
        form = parse(text, replied)
    except FormError:
        return
    assert 0 < form.amount <= MAXIMUM
    assert form.amount % CENT == 0
    assert len(form.note) <= LONGEST
    assert "\x00" not in form.note
    assert form.ask or not isinstance(form.who, ByName)
    assert not isinstance(form.who, ById) or 0 <= form.who.id < 2**52


@given(st.text(max_size=60))
def test_words_that_name_jobs(word: str) -> None:
    job_id = job_id_of(word)
    assert job_id is None or (job_id.isascii() and job_id.isalnum() and len(job_id) <= 32)


def test_job_ids_are_taken_as_they_are_copied() -> None:
    assert job_id_of("ABCDEFGH23456") == "abcdefgh23456"
    assert job_id_of("`abcdefgh23456`") == "abcdefgh23456"
    assert job_id_of("a" * 33) is None
    assert job_id_of("a'b") is None
