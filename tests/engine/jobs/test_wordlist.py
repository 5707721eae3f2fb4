"""The word list as a file: read again when it changes, and never lost for a bad edit."""

import os
from pathlib import Path

import pytest

from bot.domain.catalog.models import Kind
from bot.domain.limits.admission import Blocked
from bot.domain.limits.blocklist import WordListError
from bot.engine.jobs.wordlist import LARGEST, WordList


def write(path: Path, text: str, moment: int) -> None:
    path.write_text(text, encoding="utf-8")
    os.utime(path, (moment, moment))


async def test_a_changed_file_is_read_again_and_a_bad_one_leaves_the_last_in_force(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    write(path, "gore", 1)
    words = WordList(path)
    with pytest.raises(Blocked):
        words.check(Kind.IMAGE, ["Gore!"])
    words.check(Kind.IMAGE, ["a lake"])
    write(path, "gore\nlake\n", 2)
    await words.look()
    assert (words.count, words.problem, words.refused) == (2, "", 1)
    with pytest.raises(Blocked):
        words.check(Kind.IMAGE, ["a lake"])
    write(path, "/(a+)+/", 3)
    await words.look()
    await words.look()
    assert "line 1" in words.problem
    assert words.forbids(None, ["a lake"])
    path.unlink()
    await words.look()
    assert "No such file" in words.problem
    write(path, "other", 3)
    await words.look()
    assert (words.count, words.problem) == (1, "")
    assert not words.forbids(None, ["a lake"])


@pytest.mark.parametrize("content", [b"\xff\xfe\xff", b"a" * (LARGEST + 1), b"/(/\n"])
def test_a_file_that_cannot_be_used_stops_the_start(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes(content)
    with pytest.raises(WordListError):
        WordList(path)
    with pytest.raises(WordListError, match="No such file"):
        WordList(tmp_path / "none.txt")


async def test_without_a_file_nothing_is_forbidden() -> None:
    words = WordList()
    await words.look()
    assert not words.forbids(Kind.VIDEO, ["anything"])


async def test_a_text_made_to_take_long_is_not_let_through(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    write(path, "\n".join(rf"/\w*a?[{letter}!]/" for letter in "cdefghijklmnopqrstuvwxyz"), 1)
    words = WordList(path)
    assert words.forbids(Kind.IMAGE, ["a" * 12_000])
    assert words.refused == 1
    assert not words.forbids(Kind.IMAGE, ["a bab abba b"])
