"""Films begin with a picture of themselves wherever they are shown: in the job's message, leafed through, sent again,
as a file, in a chat of which the bot is no member."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.client import ChatView, Msg
from tests.drivers.app import World
from tests.e2e.inline_kit import friends, inline_world
from tests.e2e.media_kit import more_of, ordered, studio


@pytest.fixture
async def world(sqlite_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with studio(sqlite_url, tmp_path, ready_after_seconds=0) as started:
        yield started


def cover(message: Msg) -> str:
    assert message.kind == "video", message
    shown = message.message["video"]["cover"][-1]
    assert (shown["width"], shown["height"]) == (message.message["video"]["width"], message.message["video"]["height"])
    found: str = shown["file_id"]
    return found


async def filmed(world: World, chat: ChatView) -> Msg:
    _, message = await ordered(world, chat, "/pika --style none a fox runs")
    return message


async def test_a_film_keeps_its_cover_wherever_it_is_shown(world: World) -> None:
    chat = (await world.person()).private()
    film = await filmed(world, chat)
    first = cover(film)
    await chat.send("/history")
    page = await chat.wait("My results", button="Send")
    assert cover(page) == first
    await chat.click("Send", on=page)
    again = await chat.wait_for(lambda m: m.kind == "video" and m.id not in (film.id, page.id))
    assert cover(again) == first
    await chat.click("Original", on=await more_of(chat, film))
    file = await chat.wait_for(lambda m: m.kind == "document")
    assert file.message["document"]["thumbnail"]["width"] <= 320


async def test_a_film_in_a_group_has_it_too(world: World) -> None:
    ann = await world.person()
    there = ann.in_(await world.tg.group("Club", [ann]))
    assert cover(await filmed(world, there))


async def test_a_film_in_an_inline_message_has_it_too(sqlite_url: str) -> None:
    async with inline_world(sqlite_url) as world:
        _ann, _bob, anns, _ = await friends(world)
        card = await anns.choose(await anns.inline("/pika a fox"), "Pika")
        await anns.click("Generate", on=card)
        await world.finished()
        assert cover(await anns.refresh(card))


async def test_a_cover_that_telegram_lost_is_made_anew_with_its_film(world: World) -> None:
    chat = (await world.person()).private()
    film = await filmed(world, chat)
    first = cover(film)
    world.telegram.core.files.forget(first)
    await chat.send(f"/show {(await world.jobs())[0].id}")
    again = await chat.wait_for(lambda m: m.kind == "video" and m.id != film.id)
    assert cover(again) != first
    renewed = await world.job(lambda job: job.delivered[0].cover == cover(again))
    assert renewed.delivered[0].file_id == again.message["video"]["file_id"]
