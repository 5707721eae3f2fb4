"""Strangers who flood the bot wait for themselves: a person who was served before is answered within two seconds, also
at the flood limits that Telegram has."""

import asyncio
import time

import pytest

from bot.telegram.context import known_customers
from bot.telegram.outbox.flood_limits import Rates
from sandbox.client import ChatView
from tests.drivers.app import World, easel

CROWD = 90


async def answered_in(world: World, chat: ChatView) -> float:
    began = time.monotonic()
    await chat.send("/balance")
    await chat.wait("Your balance", timeout=20)
    return time.monotonic() - began


async def test_a_crowd_that_presses_start_and_one_who_writes_three_hundred_times(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_customers, "NEW_FOR", 0.0)  # Ann tops up only a moment before
    async with easel(database_url, updates_per_minute=90, rates=Rates()) as world:
        ann = await world.person(credits=5)
        crowd = [await world.tg.user(f"P{n}") for n in range(CROWD)]
        stranger = await world.tg.user("Stranger")
        flood = [asyncio.create_task(person.private().send("/start")) for person in crowd]
        flood += [asyncio.create_task(stranger.private().send("/help")) for _ in range(300)]
        await asyncio.gather(*flood)
        waits = sorted([await answered_in(world, ann.private()) for _ in range(3)])
        assert waits[1] < 2, waits
        told = await stranger.private().wait("That was a lot at once", timeout=15)
        assert told.from_bot
        assert world.easel.intake.left_out == 300 - 90
        assert len([m for m in await stranger.private().messages() if "That was a lot" in m.text]) == 1
