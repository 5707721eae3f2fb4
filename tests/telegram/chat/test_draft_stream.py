"""Drafts of an answer: the newest wins, the pace is kept, nothing comes after the end, a refusal breaks nothing."""

import asyncio

import pytest

from bot.domain.jobs import Target
from bot.telegram.chat.draft_stream import DraftStream
from tests.telegram.kit import World, telegram


async def drafts(world: World) -> list[int]:
    return await world.statuses("sendMessageDraft")


async def test_the_newest_text_wins_and_nothing_comes_after_the_end() -> None:
    async with telegram() as world:
        person, chat = await world.person()
        stream = DraftStream(world.bot.outbox, world.supervisor.spawn, pace=0.2)
        stream.open("job", Target(person.id, None, 0), 7)
        stream.offer("job", lambda: "<b>one</b>")
        await chat.wait_draft("one")
        for text in ("two", "three", "four"):
            stream.offer("job", lambda text=text: text)  # type: ignore[misc]
        await chat.wait_draft("four")
        assert len(await drafts(world)) == 2
        await stream.close("job")
        assert stream.offer("job", lambda: "five") is False
        await asyncio.sleep(0.3)
        assert len(await drafts(world)) == 2


async def test_the_same_text_is_not_sent_again_at_once() -> None:
    async with telegram() as world:
        person, chat = await world.person()
        stream = DraftStream(world.bot.outbox, world.supervisor.spawn, pace=0.01)
        stream.open("job", Target(person.id, None, 0), 7)
        for _ in range(10):
            stream.offer("job", lambda: "same")
            await asyncio.sleep(0.02)
        await chat.wait_draft("same")
        assert len(await drafts(world)) == 1
        await stream.close("job")


async def test_a_draft_without_news_is_kept_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.telegram.chat.draft_stream.REFRESH", 0.1)
    async with telegram() as world:
        person, chat = await world.person()
        stream = DraftStream(world.bot.outbox, world.supervisor.spawn, pace=0.01)
        stream.open("job", Target(person.id, None, 0), 7)
        stream.offer("job", lambda: "slow")
        async with asyncio.timeout(5):
            while (await chat.wait_draft("slow"))["changes"] < 3:
                await asyncio.sleep(0.01)
        await stream.close("job")


async def test_a_stream_that_nobody_feeds_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.telegram.chat.draft_stream.REFRESH", 0.05)
    monkeypatch.setattr("bot.telegram.chat.draft_stream.SILENCE", 0.2)
    async with telegram() as world:
        person, _ = await world.person()
        stream = DraftStream(world.bot.outbox, world.supervisor.spawn, pace=0.01)
        stream.open("job", Target(person.id, None, 0), 7)
        stream.offer("job", lambda: "left alone")
        async with asyncio.timeout(10):
            while stream._streams:
                await asyncio.sleep(0.01)
        assert stream.offer("job", lambda: "again") is False


async def test_a_refused_draft_is_passed_over() -> None:
    async with telegram() as world:
        person, chat = await world.person()
        stream = DraftStream(world.bot.outbox, world.supervisor.spawn, pace=0.01)
        stream.open("job", Target(person.id, None, 0), 7)
        stream.offer("job", lambda: "<b>broken")
        async with asyncio.timeout(5):
            while await drafts(world) != [400]:
                await asyncio.sleep(0.01)
        stream.offer("job", lambda: "good")
        await chat.wait_draft("good")
        await stream.close("job")
        await stream.close("job")
