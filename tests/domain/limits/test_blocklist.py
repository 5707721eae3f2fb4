"""The operator's word list: what it catches through disguises, what it lets pass, and patterns that it refuses."""

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.catalog.models import Kind
from bot.domain.limits.blocklist import MOST_ENTRIES, WordListError, plainly, read_words
from bot.domain.limits.patterns import SECONDS, WINDOW, BadPattern, TookTooLong, compiled, found_in

LIST = """
# words and phrases
gore
Two  Words
ёлка
🔞
video: knife
/\\bb[o0]mbs?\\b/
image:/red\\s+flag/
"""


@pytest.mark.parametrize(
    "text",
    [
        "a lake of GORE",
        "go\u200bre",  # an invisible character inside
        "go\ufe0fre",
        "g\u034fo\u3164re",
        "g\u0336o\u0336r\u0336e",  # struck through
        "ｇｏｒｅ",  # full-width letters
        "two\n words, please",
        "Елка и ЁЛКА",
        "е\u0301лка",  # with a stress mark
        "party 🔞 time",
        "two b0mbs here",
        "x " * 400 + "gore",
        "y" * 300 + " bomb " + "z" * 300,
    ],
)
def test_what_the_list_forbids_for_every_kind(text: str) -> None:
    rules = read_words(LIST)
    assert rules.forbid(Kind.MUSIC, [text])
    assert rules.forbid(None, ["harmless", text])


@pytest.mark.parametrize("text", ["", "gorey gorgeous", "ела й", "two other words", "bombastic", "a knife", "red flag"])
def test_what_it_lets_pass(text: str) -> None:
    rules = read_words(LIST)
    assert not rules.forbid(Kind.MUSIC, [text])
    assert not rules.forbid(None, [text])


def test_entries_of_one_kind_hold_for_that_kind() -> None:
    rules = read_words(LIST)
    assert rules.count == 7
    assert rules.forbid(Kind.VIDEO, ["a knife"])
    assert not rules.forbid(Kind.IMAGE, ["a knife"])
    assert rules.forbid(Kind.IMAGE, ["a red \t flag"])


def test_an_empty_list_forbids_nothing() -> None:
    assert not read_words("# nothing\n\n").forbid(Kind.IMAGE, ["anything"])


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(a+)+$", "repeats something"),
        ("(a|aa)+$", "repeats something"),
        ("(?:a?){20}b", "repeats something"),
        ("(x+x+)+y", "repeats something"),
        ("[[a]", "cannot be read"),
        (".*.*=.*", "open ends"),
        (".{0,60}.{0,60}x", "open ends"),
        ("[a-z]{0,63}[a-z]{0,63}q", "open ends"),
        (r"(.)\1", "refers back"),
        ("x*", "matches every text"),
        ("(", "cannot be read"),
        ("a" * 201, "longer than"),
    ],
)
def test_patterns_that_could_take_long_are_refused(pattern: str, why: str) -> None:
    with pytest.raises(BadPattern, match=why):
        compiled(pattern)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab()*+?|{}1,.\\[]^$", max_size=14), st.sampled_from(["a", "ab", "aab", "b"]))
def test_no_accepted_pattern_takes_long(pattern: str, seed: str) -> None:
    try:
        found = compiled(pattern)
    except BadPattern:
        return
    text = (seed * 4000)[:3999] + "!"
    began = time.thread_time()
    with suppress(TookTooLong):
        found_in(found, text)
    assert time.thread_time() - began < SECONDS + 0.05  # a window beyond it


def test_a_list_of_many_slow_patterns_takes_no_longer_than_one() -> None:
    rules = read_words("\n".join(rf"/\w*a?[{letter}!]/" for letter in "cdefghijklmnopqrstuvwxyz"))
    began = time.thread_time()
    with pytest.raises(TookTooLong):
        rules.forbid(Kind.IMAGE, ["a" * 12_000] * 3)
    assert time.thread_time() - began < SECONDS + 0.05


def test_phrases_of_many_lengths_take_no_longer_either() -> None:
    rules = read_words("\n".join("a " * length + "b" for length in range(1, 105)))
    began = time.thread_time()
    with suppress(TookTooLong):
        assert not rules.forbid(Kind.IMAGE, ["a " * 6000])
    assert time.thread_time() - began < SECONDS + 0.05
    assert rules.forbid(Kind.IMAGE, ["so a a a b it is"])


def test_a_choice_or_two_beside_an_open_end_is_no_fault() -> None:
    assert found_in(compiled(r"colou?rs?\s+\w*"), "no colors here")
    assert found_in(compiled("buy.{0,20}now"), "buy it right now")


def test_a_window_cuts_no_match_and_invents_none() -> None:
    end = compiled("foo$")
    assert found_in(end, "x" * 500 + "foo")
    assert not found_in(end, "x" * (WINDOW - 3) + "foo" + "x" * 300)
    assert found_in(compiled("^foo"), "foo" + "x" * 900)


def test_problems_are_told_with_their_lines() -> None:
    with pytest.raises(WordListError) as refused:
        read_words("fine\nvidoe: typo\n/(a+)+/\n\u200b")
    said = str(refused.value)
    assert "line 2: 'vidoe' is no kind" in said
    assert "line 3: repeats" in said
    assert "line 4: empty" in said


def test_a_list_is_bounded() -> None:
    with pytest.raises(WordListError, match="at most"):
        read_words("word\n" * (MOST_ENTRIES + 1))
    assert len(plainly("x" * 100_000)) == 12_000
