"""Words that name a user: a @username, an id of Telegram, or neither."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.users import LARGEST_ID, ById, ByName, who_of


def test_ids_have_up_to_52_bits() -> None:
    assert who_of(str(LARGEST_ID)) == ById(2**52 - 1)
    assert who_of(str(LARGEST_ID + 1)) is None
    assert who_of("1234567890123456") == ById(1234567890123456)


@pytest.mark.parametrize("word", ["", "@", "ann", "-5", "²", "٣", "@ann!", "@" + "a" * 33, "12.5"])
def test_what_is_neither_names_no_user(word: str) -> None:
    assert who_of(word) is None


@given(st.text(max_size=60) | st.text(max_size=40).map(lambda text: f"@{text}"))
def test_no_word_breaks_it(word: str) -> None:
    who = who_of(word)
    if isinstance(who, ByName):
        assert who.username.isascii()
        assert len(who.username) <= 32
    assert not isinstance(who, ById) or 0 <= who.id <= LARGEST_ID
