"""Results that Telegram does not take, at a service that gives them to the operator alone: ours, or no charge."""

import socket
from pathlib import Path

import aiohttp
import pytest

from bot.domain.jobs import Cause, JobState
from sandbox.client import ChatView, Msg
from tests.e2e.media_kit import ordered, studio

TINY = 10
"""Bytes that count as a megabyte: every picture is too large then."""
TOO_LARGE = ("bot.wiring.parts.MEGABYTE", "bot.app.MEGABYTE")
"""For Telegram, and for our own disk."""


def links(message: Msg) -> list[str]:
    return [str(e["url"]) for e in message.message.get("entities", []) if e["type"] == "text_link"]


async def nothing_of_theirs(chat: ChatView) -> bool:
    """No address of the service stands in the chat."""
    return "ds-prototypes" not in str([m.message for m in await chat.messages()])


@pytest.mark.parametrize("too_large_for", TOO_LARGE)
async def test_without_a_public_address_it_is_said_and_costs_nothing(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, too_large_for: str
) -> None:
    monkeypatch.setattr(too_large_for, TINY)
    async with studio(sqlite_url, tmp_path) as world:
        ann = await world.person()
        chat = ann.private()
        job, message = await ordered(world, chat, "/flash --n 2 a fox")
        assert (job.state, job.cause) == (JobState.FAILED, Cause.NOT_SHOWN)
        assert "in a format Telegram does not know" in message.text
        assert "You were not charged." in message.text
        assert await world.balance(ann) == (1000, 0)
        assert await nothing_of_theirs(chat)
        job, message = await ordered(world, chat, "/flash a hen")
        assert (job.cause, await world.balance(ann)) == (Cause.NOT_SHOWN, (1000, 0))


async def test_with_one_it_is_a_link_of_ours(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.app.MEGABYTE", TINY)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    async with studio(sqlite_url, tmp_path, public_url=f"http://127.0.0.1:{port}", http_port=port) as world:
        chat = (await world.person()).private()
        job, message = await ordered(world, chat, "/flash --n 2 a fox")
        assert (job.state, [d.media for d in job.delivered]) == (JobState.DONE, ["link", "link"])
        assert job.charged == job.quote
        first, second = links(message)
        assert first.startswith(f"http://127.0.0.1:{port}/media/result.{job.id}.0?e=")
        async with aiohttp.ClientSession() as session:
            async with session.get(first) as answer:
                assert (answer.status, answer.content_type) == (200, "image/png")
                assert (await answer.read()).startswith(b"\x89PNG")
            async with session.head(second) as answer:
                assert (answer.status, await answer.read()) == (200, b"")
            for wrong in (first.replace(".0?", ".1?"), first[:-1], first.replace("e=", "e=9")):
                async with session.get(wrong) as answer:
                    assert answer.status == 404
            assert await nothing_of_theirs(chat)
            await chat.click("1", on=message)
            await chat.click("Original file", on=await chat.wait(button="Original file"))
            told = await chat.expect("is too large for Telegram")
            assert links(told)[0].startswith(f"http://127.0.0.1:{port}/media/result.")
            await chat.click("Upscale", on=await chat.refresh(message))
            await chat.expect("This result is over 20 MB")
            await chat.click("All (this is 1)", on=await chat.refresh(message))
            await chat.click("More", on=await chat.wait_for(lambda m: m.id == message.id and bool(m.button("More"))))
            await chat.click("Delete", on=await chat.wait(button="Delete"))
            await chat.click("Yes, delete it", on=await chat.wait(button="Yes, delete it"))
            await world.job(lambda job: not job.assets)
            async with session.get(first) as answer:
                assert answer.status == 404


async def test_shown_again_it_says_why_it_is_a_link_or_none(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.MEGABYTE", TINY)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    async with studio(database_url, tmp_path, public_url=f"http://127.0.0.1:{port}", http_port=port) as world:
        chat = (await world.person()).private()
        two, message = await ordered(world, chat, "/flash --n 2 a fox")
        assert "1: too large for Telegram." in message.text
        one, message = await ordered(world, chat, "/flash a hen")
        assert [d.large for d in (*two.delivered, *one.delivered)] == [True] * 3
        await chat.send(f"/show {one.id}")
        assert links(await chat.expect("is too large for Telegram"))
        await chat.send(f"/show {two.id}")
        assert len(links(await chat.expect("2: too large for Telegram."))) == 2
        await world.restart(public_url="")
        await chat.send(f"/show {one.id}")
        assert links(await chat.expect("This result is larger than the")) == []
        await chat.send(f"/show {two.id}")
        assert links(await chat.expect("2 of the results are larger than the")) == []
        await world.clean()
