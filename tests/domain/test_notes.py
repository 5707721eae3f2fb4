"""Notes of operators: one bounded line, in a chat as on the command line."""

import pytest

from bot.domain.notes import LONGEST, NoteTooLong, note_of


def test_a_note_of_the_greatest_length_passes_and_no_longer_one() -> None:
    assert note_of("x" * LONGEST) == "x" * LONGEST
    with pytest.raises(NoteTooLong):
        note_of("x" * (LONGEST + 1))


def test_control_characters_go() -> None:
    assert note_of("for\x00 the\x1b[31m logo\n") == "for the[31m logo"
