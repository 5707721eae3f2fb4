"""A chat model is shown a picture: under /ask, in reply to one, or with it in reply to an answer."""

import base64
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from bot.domain.jobs import JobState
from tests.drivers.app import World, easel
from tests.drivers.catalog import quick_file
from tests.drivers.recordings import recording

BOTH = ("ai_now", "neuroapi")
QUESTION = {"en": "What is in this picture?", "ru": "Что на этой картинке?"}
SEES = 'inputs = { minimum = 0, maximum = 4, param = "image_url" }\n'
BLIND = {"en": "cannot see pictures", "ru": "не видит картинок"}


def photo(side: int = 2000) -> bytes:
    file = BytesIO()
    Image.new("RGB", (side, side // 2), "teal").save(file, "JPEG")
    return file.getvalue()


def last_asked(world: World) -> Any:
    body: Any = world.services.neuroapi.requests[-1].body
    return body["messages"][-1]["content"]


def sides(content: Any) -> tuple[int, int]:
    """Of the picture that was sent."""
    with Image.open(BytesIO(base64.b64decode(content[1]["image_url"]["url"].partition(",")[2]))) as picture:
        return picture.size


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_photo_with_ask_is_seen_and_the_next_question_is_about_it(sqlite_url: str, language: str) -> None:
    async with easel(sqlite_url, providers=BOTH) as world:
        ann = await world.person(language=language, credits=10)
        chat = ann.private()
        await chat.photo(photo(), "/ask")
        await chat.wait(QUESTION[language])
        job = await world.finished()
        assert job.state is JobState.DONE
        assert last_asked(world)[0]["text"] == QUESTION[language]
        assert sides(last_asked(world)) == (1024, 512)
        await chat.send("and its colour?")
        await chat.wait(": and its colour?")
        job = await world.finished()
        assert last_asked(world)[0]["text"] == "and its colour?"
        assert sides(last_asked(world)) == (1024, 512)
        await chat.send("/new")
        await chat.wait()
        await chat.send("/ask hello")
        await chat.wait(": hello")
        await world.finished()
        assert last_asked(world) == "hello"


async def test_ask_in_reply_to_a_photo_in_a_group(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=BOTH) as world:
        ann, bob = await world.person(credits=10), await world.person("Bob", credits=10)
        group = await world.tg.group("Friends", [ann, bob])
        shown = await bob.in_(group).photo(photo())
        await ann.in_(group).send("/ask what is it?", reply_to=shown)
        await ann.in_(group).wait("Simulated answer: what is it?")
        job = await world.finished()
        assert job.quote >= (job.charged or 0) > 0
        assert sides(last_asked(world)) == (1024, 512)
        assert await world.balance(bob) == (10, 0)


async def test_a_picture_is_held_for(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=BOTH) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        await chat.send("/ask hello")
        await chat.wait(": hello")
        bare = (await world.finished()).quote
        await chat.send("/new")
        await chat.wait()
        await chat.photo(photo(), "/ask hello")
        await chat.wait(": hello")
        assert (await world.finished()).quote > bare


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_model_that_does_not_see_says_so(sqlite_url: str, language: str) -> None:
    async with easel(sqlite_url, providers=BOTH, catalog_file=blind_file()) as world:
        ann = await world.person(language=language, credits=10)
        chat = ann.private()
        await chat.photo(photo(), "/ask what is it?")
        await chat.wait(BLIND[language])
        assert await world.jobs() == []


def blind_file() -> Any:
    """The tests' catalogue, in which no model sees."""
    source = quick_file()
    made = source.with_name("blind.toml")
    made.write_text(source.read_text().replace(SEES, ""))
    return made


async def test_a_broken_picture_costs_nothing(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=BOTH) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        await chat.file(b"\xff\xd8\xff no picture", name="a.jpg", caption="/ask what is it?")
        await chat.wait("cannot read this picture")
        assert await world.jobs() == []
        assert await world.balance(ann) == (10, 0)


@pytest.mark.parametrize("grouped", [False, True])
async def test_a_photo_in_reply_to_an_answer_goes_on_with_it(sqlite_url: str, *, grouped: bool) -> None:
    async with easel(sqlite_url, providers=BOTH) as world:
        ann = await world.person(credits=10)
        chat = ann.in_(await world.tg.group("Friends", [ann])) if grouped else ann.private()
        await chat.send("/ask hello")
        answer = await chat.wait("Simulated answer: hello")
        await world.finished()
        await chat.file(photo(), kind="photo", name="a.jpg", caption="and this?", reply_to=answer)
        await chat.wait("Simulated answer: and this?")
        await world.finished()
        assert sides(last_asked(world)) == (1024, 512)


async def test_a_spoken_reply_to_the_bot_in_a_group_goes_on(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=BOTH, voice_model="whisper") as world:
        ann = await world.person(credits=10)
        chat = ann.in_(await world.tg.group("Friends", [ann]))
        await chat.send("/ask hello")
        answer = await chat.wait("Simulated answer: hello")
        await world.finished()
        world.services.neuroapi.heard.append("and why?")
        await chat.file(recording(), kind="voice", name="voice.ogg", reply_to=answer)
        await chat.wait("“and why?”")
        await chat.wait("Simulated answer: and why?")
        await world.finished()


@pytest.mark.parametrize(("language", "label"), [("en", "💬 Ask about it"), ("ru", "💬 Спросить о ней")])
@pytest.mark.parametrize("words", ["", "is it the sea?", "make it night"])
async def test_the_card_of_a_photo_asks_about_it(sqlite_url: str, language: str, label: str, words: str) -> None:
    async with easel(sqlite_url, providers=("neuroapi", "neuroartist")) as world:
        ann = await world.person(language=language, credits=10)
        chat = ann.private()
        await chat.photo(photo(), words)
        card = await chat.wait(button=label)
        await chat.click(label, on=card)
        job = await world.finished()
        assert (job.kind.value, job.state) == ("ask", JobState.DONE)
        assert last_asked(world)[0]["text"] == (words or QUESTION[language])
        assert sides(last_asked(world)) == (1024, 512)
        assert (await chat.refresh(card)).buttons == []
        assert (await chat.forge(card.id, f"d:{job.id}:question:")).answered
        assert len(await world.jobs()) == 1
