"""Faults on demand: each kind breaks as described, hits only what it names, and is seen in the log of calls."""

import asyncio

import pytest
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError

from sandbox.client import ClientError
from tests.sandbox.telegram_kit import telegram


async def test_answers_of_a_broken_server() -> None:
    async with telegram() as world:
        ann, chat = await world.person()
        await world.tg.faults("500", method="sendMessage", times=2)
        await world.tg.faults("502", method="sendMessage")
        await world.tg.faults("429", method="sendMessage", retry_after=7)
        for _ in range(3):
            with pytest.raises(TelegramServerError):
                await world.bot.send_message(ann.id, "x")
        with pytest.raises(TelegramRetryAfter) as refused:
            await world.bot.send_message(ann.id, "x")
        assert refused.value.retry_after == 7
        assert len(await chat.messages()) == 1
        await world.bot.send_message(ann.id, "x")
        assert [call["status"] for call in await world.tg.calls("sendMessage")] == [500, 500, 502, 429, 200]


async def test_a_fault_hits_its_chat_and_method_only() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        bob, _ = await world.person("Bob")
        await world.tg.faults("500", method="sendMessage", chat_id=ann.id)
        await world.bot.send_message(bob.id, "x")
        await world.bot.send_chat_action(ann.id, "typing")
        with pytest.raises(TelegramServerError):
            await world.bot.send_message(ann.id, "x")
        await world.tg.faults("500")
        await world.bot.get_me()
        with pytest.raises(TelegramServerError):
            await world.bot.send_chat_action(bob.id, "typing")
        await world.tg.faults("500", method="getMe")
        await world.tg.clear_faults()
        await world.bot.get_me()


@pytest.mark.parametrize(
    ("kind", "applied"), [("drop_before", False), ("drop_after", True), ("hang", False), ("timeout", True)]
)
async def test_cut_and_silent_connections_say_nothing_about_the_outcome(kind: str, applied: bool) -> None:
    async with telegram() as world:
        ann, chat = await world.person()
        await world.tg.faults(kind, method="sendMessage", seconds=5)
        with pytest.raises(TelegramNetworkError):
            await world.bot.send_message(ann.id, "x", request_timeout=1)
        assert len(await chat.messages()) == 1 + applied
        await world.bot.send_message(ann.id, "y", request_timeout=1)


async def test_a_silent_server_ends_by_itself() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        await world.tg.faults("timeout", method="sendMessage", seconds=0.05)
        with pytest.raises(TelegramServerError, match="Gateway Timeout"):
            await asyncio.wait_for(world.bot.send_message(ann.id, "x"), 10)


async def test_unknown_faults_are_refused_and_the_log_is_cleared() -> None:
    async with telegram() as world:
        with pytest.raises(ClientError, match="unknown fault kind"):
            await world.tg.faults("earthquake")
        await world.bot.get_me()
        assert (await world.tg.counters())["by_method"] == {"getMe": 1}
        await world.tg.call("DELETE", "calls")
        assert await world.tg.calls() == []
