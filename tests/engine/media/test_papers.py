"""What is read of PDFs, also of such as are made to break their reader."""

import pytest

from bot.engine.media import papers
from bot.engine.media.papers import BadPaper, PaperFlaw, paper_words
from tests.drivers.papers import pdf, with_streams

ENOUGH = 8_000
PLAIN = b"BT /F1 12 Tf <0041> Tj ET"
BOMB = b"BT /F1 12 Tf " + b"<0041> Tj " * 6_000_000


async def test_all_pages_are_read_in_order() -> None:
    paper = await paper_words(pdf(["Hello", "зимой", "ok"]), ENOUGH)
    assert (paper.words, paper.share) == ("Hello\nзимой\nok", 1.0)


async def test_no_more_pages_are_read_than_are_enough() -> None:
    paper = await paper_words(pdf(["a" * 100] * 20), 450)
    assert (len(paper.words), paper.share) == (504, 0.25)


async def test_half_a_character_does_no_harm() -> None:
    cmap = b"1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfchar <0041> <D83D> endbfchar"
    paper = await paper_words(with_streams([PLAIN, b"BT /F1 12 Tf <00420042> Tj ET"], cmap), ENOUGH)
    assert paper.words.encode()


async def test_a_bomb_is_ended_by_its_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "SECONDS", 2.0)
    with pytest.raises(BadPaper) as bad:
        await paper_words(with_streams([BOMB]), ENOUGH)
    assert bad.value.flaw is PaperFlaw.HEAVY


async def test_the_pages_before_a_bomb_are_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "SECONDS", 5.0)
    paper = await paper_words(with_streams([PLAIN, BOMB]), ENOUGH)
    assert (paper.words, paper.share) == ("A", 0.5)


@pytest.mark.parametrize(
    "data",
    [
        pdf(["a"]).replace(b"/Kids[6 0 R]", b"/Kids[2 0 R]"),  # pages that hold themselves
        b"%PDF-" + b"[" * 100_000,
        b"%PDF-1.7\n1 0 obj\n" + b"<</A" * 50_000 + b"\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF",
        b"",
    ],
    ids=["loop", "brackets", "deep", "empty"],
)
async def test_what_is_no_paper_is_refused(data: bytes) -> None:
    with pytest.raises(BadPaper) as bad:
        await paper_words(data, ENOUGH)
    assert bad.value.flaw is PaperFlaw.DAMAGED
