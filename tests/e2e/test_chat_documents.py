"""A question about a text file or a PDF: its words go along, and what is cut or cannot be read is said."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from bot.domain.jobs import JobState
from tests.drivers.app import World, easel
from tests.drivers.papers import locked, pdf, scan

BOTH = ("ai_now", "neuroapi")
CUT = {"en": "The file is long", "ru": "Файл длинный"}
NONE = {"en": "no text in this file", "ru": "не нашлось текста"}


def last_asked(world: World) -> str:
    body: Any = world.services.neuroapi.requests[-1].body
    return str(body["messages"][-1]["content"])


@pytest.mark.parametrize("coding", ["utf-8", "utf-16", "cp1251", "utf-8-sig"])
async def test_the_words_of_a_file_stand_before_the_question(sqlite_url: str, coding: str) -> None:
    async with easel(sqlite_url, providers=BOTH) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        text = "Лиса живёт в лесу и любит снег."
        await chat.file(text.encode(coding), name="fox.txt", caption="/ask who lives there?")
        await chat.wait("Симуляция ответа")
        assert (await world.finished()).state is JobState.DONE
        assert last_asked(world) == f"{text}\n\nwho lives there?"


async def test_in_a_group_in_reply_to_a_file_of_another(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=BOTH) as world:
        ann, bob = await world.person(credits=10), await world.person("Bob")
        group = await world.tg.group("Friends", [ann, bob])
        shown = await bob.in_(group).file(b"a,b\n1,2\n", name="table.csv")
        await ann.in_(group).send("/ask", reply_to=shown)
        await ann.in_(group).wait("Simulated answer")
        await world.finished()
        assert last_asked(world) == "a,b\n1,2\n\nWhat is this text about? Sum it up."


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_long_file_is_cut_and_that_is_said(sqlite_url: str, language: str) -> None:
    async with easel(sqlite_url, providers=BOTH) as world:
        ann = await world.person(language=language, credits=10)
        chat = ann.private()
        await chat.file(("снег и лес " * 5_000).encode(), name="long.md", caption="/ask what is it?")
        await chat.wait(CUT[language])
        job = await world.finished()
        assert job.state is JobState.DONE
        assert 5_000 < len(last_asked(world)) <= 8_000
        assert (job.charged or 0) <= job.quote


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("data", [b"\0\1\2" * 100, b"  \n ", bytes(range(1, 32)) * 40 + b"\xff\x98"])
async def test_what_has_no_text_costs_nothing(sqlite_url: str, language: str, data: bytes) -> None:
    async with easel(sqlite_url, providers=BOTH) as world:
        ann = await world.person(language=language, credits=10)
        chat = ann.private()
        await chat.file(data, name="a.txt", caption="/ask what is it?")
        await chat.wait(NONE[language])
        assert await world.jobs() == []


async def test_a_file_that_is_too_large_is_not_fetched(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=BOTH) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        await chat.file(b"a " * 600_000, name="a.txt", caption="/ask what is it?")
        await chat.wait("too large")
        assert await world.jobs() == []


@pytest.mark.parametrize("name", ["fox.pdf", "FOX.PDF", "fox.txt"])
async def test_the_words_of_a_pdf_stand_before_the_question(sqlite_url: str, name: str) -> None:
    async with easel(sqlite_url, providers=BOTH) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        paper = pdf(["Лиса живёт в лесу\nи любит снег.", "A fox lives there."])
        await chat.file(paper, name=name, caption="/ask who lives there?")
        await chat.wait("Симуляция ответа")
        job = await world.finished()
        assert job.state is JobState.DONE
        assert last_asked(world) == "Лиса живёт в лесу\nи любит снег.\nA fox lives there.\n\nwho lives there?"
        assert (job.charged or 0) <= job.quote


async def test_a_pdf_of_another_in_a_group_and_a_models_own_command(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=BOTH) as world:
        ann, bob = await world.person(credits=10), await world.person("Bob")
        group = await world.tg.group("Friends", [ann, bob])
        shown = await bob.in_(group).file(locked(pdf(["Rent is 500."]), ""), name="contract.pdf")
        await ann.in_(group).send("/gpt how much is it?", reply_to=shown)
        await ann.in_(group).wait("Simulated answer")
        await world.finished()
        assert last_asked(world) == "Rent is 500.\n\nhow much is it?"


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_long_pdf_is_cut_and_that_is_said(sqlite_url: str, language: str) -> None:
    async with easel(sqlite_url, providers=BOTH) as world:
        ann = await world.person(language=language, credits=10)
        chat = ann.private()
        pages = [f"page {number}: " + "снег и лес " * 90 for number in range(100)]
        await chat.file(pdf(pages), name="long.pdf", caption="/ask what is it?")
        told = await chat.wait(CUT[language])
        job = await world.finished()
        assert job.state is JobState.DONE
        assert " 7 %" in told.text  # of a hundred pages
        assert "page 6" in last_asked(world)
        assert len(last_asked(world)) <= 8_000
        assert (job.charged or 0) <= job.quote


@pytest.mark.parametrize(
    ("data", "en", "ru"),
    [
        (b"%PDF-1.4 x", "it is damaged", "он повреждён"),
        (b"just words", "it is damaged", "он повреждён"),
        (pdf(["a" * 900] * 9)[:2000], "it is damaged", "он повреждён"),
        (locked(pdf(["a secret"]), "word"), "is protected", "защищён"),
        (scan(), "no text in this PDF", "нет текста"),
        (pdf([" "]), "no text in this PDF", "нет текста"),
    ],
    ids=["damaged", "no-pdf", "cut-off", "locked", "scan", "blank"],
)
@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_pdf_that_cannot_be_read_costs_nothing(
    sqlite_url: str, language: str, data: bytes, en: str, ru: str
) -> None:
    async with easel(sqlite_url, providers=BOTH) as world:
        ann = await world.person(language=language, credits=10)
        chat = ann.private()
        await chat.file(data, name="a.pdf", caption="/ask what is it?")
        told = await chat.wait(en if language == "en" else ru)
        assert ("Nothing was charged" if language == "en" else "не списаны") in told.text
        assert await world.jobs() == []


async def test_a_pdf_beyond_what_bots_are_given_is_not_fetched(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=BOTH) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        await chat.file(bytes(21 * 1024 * 1024), name="a.pdf", caption="/ask what is it?")
        await chat.wait("This PDF is over 20 MB")
        assert await world.jobs() == []


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(("data", "name"), [(b"Rent is 500.", "a.txt"), (pdf(["Rent is 500."]), "a.pdf")])
async def test_a_file_in_reply_to_an_answer_goes_on_with_it(
    sqlite_url: str, language: str, data: bytes, name: str
) -> None:
    async with easel(sqlite_url, providers=BOTH) as world:
        ann = await world.person(language=language, credits=10)
        chat = ann.private()
        await chat.send("/ask what is rent?")
        answer = await chat.wait("what is rent?")
        await world.finished()
        await chat.file(data, name=name, caption="how much --n 2?", reply_to=answer)
        await chat.wait("Rent is 500.")
        await world.finished()
        assert last_asked(world) == "Rent is 500.\n\nhow much --n 2?"
        body: Any = world.services.neuroapi.requests[-1].body
        assert "what is rent?" in str(body["messages"][:-1])
        await chat.file(data, name=name, reply_to=answer)
        await chat.wait("Rent is 500.")
        await world.finished()
        about = "What is this text about?" if language == "en" else "О чём этот текст?"
        assert about in last_asked(world)


async def test_a_file_in_reply_to_an_answer_in_a_group(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=BOTH) as world:
        ann = await world.person(credits=10)
        group = await world.tg.group("Friends", [ann])
        chat = ann.in_(group)
        await chat.send("/ask what is rent?")
        answer = await chat.wait("Simulated answer")
        await world.finished()
        await chat.file(pdf(["Rent is 500."]), name="a.pdf", caption="how much?", reply_to=answer)
        await chat.wait("Rent is 500.")
        await world.finished()
        assert last_asked(world) == "Rent is 500.\n\nhow much?"


async def test_of_two_files_the_question_is_about_its_own(sqlite_url: str) -> None:
    """A photo in reply to a PDF is what is asked about, and the other way round."""
    async with easel(sqlite_url, providers=BOTH) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        picture = BytesIO()
        Image.new("RGB", (40, 40), "teal").save(picture, "JPEG")
        paper = await chat.file(pdf(["Rent is 500."]), name="a.pdf")
        shown = await chat.file(
            picture.getvalue(), kind="photo", name="a.jpg", caption="/ask which colour?", reply_to=paper
        )
        await chat.wait("Simulated answer: which colour?")
        await world.finished()
        assert "Rent" not in last_asked(world)
        assert "image_url" in last_asked(world)
        await chat.send("/new")
        await chat.file(pdf(["Rent is 500."]), name="a.pdf", caption="/ask how much?", reply_to=shown)
        await chat.wait("Rent is 500.")
        await world.finished()
        assert last_asked(world) == "Rent is 500.\n\nhow much?"


@pytest.mark.parametrize(
    ("language", "offer", "press", "whole"),
    [
        ("en", "reads the file and answers", "Ask ·", "What is this text about?"),
        ("ru", "прочитает файл и ответит", "Спросить ·", "О чём этот текст?"),
    ],
)
@pytest.mark.parametrize("words", ["", "who lives there?"])
async def test_a_file_by_itself_is_asked_about_with_one_tap(
    sqlite_url: str, language: str, offer: str, press: str, whole: str, words: str
) -> None:
    async with easel(sqlite_url, providers=BOTH) as world:
        ann, bob = await world.person(language=language, credits=10), await world.person("Bob", credits=10)
        chat = ann.private()
        await chat.file(pdf(["A fox lives there."]), name="fox.pdf", caption=words)
        card = await chat.wait(offer, button=press)
        assert await world.jobs() == [], "the price stands there first"
        data = card.keyboard_rows[0][0]["callback_data"]
        theirs = await bob.private().last()
        await bob.private().forge(theirs.id, data)
        assert await world.jobs() == [], "another person's file"
        await chat.click(press, on=card)
        job = await world.finished()
        assert (job.state, (job.charged or 0) <= job.quote) == (JobState.DONE, True)
        asked = last_asked(world)
        assert asked.startswith("A fox lives there.")
        assert (words or whole) in asked
        assert (await chat.refresh(card)).buttons == []
        await chat.forge(card.id, data)
        assert len(await world.jobs()) == 1


async def test_a_file_by_itself_that_cannot_be_read_costs_nothing(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=BOTH) as world:
        chat = (await world.person(credits=10)).private()
        await chat.file(scan(), name="a.pdf", caption="what is it?")
        await chat.click("Ask ·", on=await chat.wait("reads the file", button="Ask ·"))
        await chat.wait("no text in this PDF")
        assert await world.jobs() == []
