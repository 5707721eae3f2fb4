"""People who press every button they see, in any order: no fault, no dead end, no silence, and the books are right."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.jobs import JobState
from bot.storage.tables import inbox
from tests.drivers.app import EVERYBODY, World
from tests.drivers.wanderer import Wanderer
from tests.e2e.inline_kit import inline_world
from tests.e2e.media_kit import PHOTO

CONFIRM = ("Confirm", "Подтвердить")
WORDS = (
    *("/start", "/help", "/balance", "/jobs", "/cancel", "/settings", "/models", "/history", "/history fox", "/mydata"),
    *("/video a lake", "/image --n 3 a fox", "/music a song of rain", "/pika --style 4 a hill", "/ask who are you?"),
    *("/flux_dev --ar 16:9 --steps 20 a fox", "/edit a red hat", "/upscale", "/cutout", "/price flux_dev --n 2", "/3d"),
    *("/new", "/retry", "/group", "/terms", "/privacy", "/preset list", "/preset save x = --model run", "/image --x b"),
    *("@easel_bot a fox", "@easel_bot --n 2 /image a hen", "/ideas"),
    *("/show", "/forget", "a quiet place", "16:9", "42", "Bob's «hat» <b>", "/video", "/luma a storm --style 1"),
)


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with inline_world(
        sqlite_url,
        providers=EVERYBODY,
        welcome_credits=Decimal(1000),
        active_jobs_per_user=50,
        running_cancels_per_hour=1000,
    ) as started:
        yield started


async def test_every_button_in_any_order(world: World, request: pytest.FixtureRequest) -> None:
    until = time.monotonic() + float(request.config.getoption("--wander", default=8.0))
    ann, boris = await world.person(), await world.person("Boris", language="ru")
    group, theirs = await world.tg.group("G", [ann, boris]), await world.tg.group("H", [ann, boris], bot="left")
    wanderers = [
        Wanderer(random.Random(seed), [each.private(), each.private(), each.in_(group), each.in_(theirs)], WORDS, PHOTO)
        for seed, each in ((1, ann), (2, boris))
    ]

    async def wander(wanderer: Wanderer) -> None:
        while time.monotonic() < until:
            await wanderer.step()

    await asyncio.gather(*map(wander, wanderers))
    pressed = sum((each.seen for each in wanderers), Counter[str]())
    print(f"{pressed.total()} presses of {len(pressed)} different buttons")
    for each in (ann, boris):
        chat = each.private()
        await chat.send("/start")
        await chat.wait(timeout=15)
        await world.give(each, 100)
        await chat.send("/pika --style 4 the end")
        card = await chat.wait("the end", timeout=15)
        for label in [b for b in card.buttons if b.startswith(CONFIRM)]:  # none where they chose to skip the question
            await chat.click(label, on=card)

    async def ended() -> bool:
        return sum(job.prompt == "the end" and job.state is JobState.DONE for job in await world.jobs()) == 2

    async with asyncio.timeout(60):
        while not await ended():
            await asyncio.sleep(0.05)

    def failed(conn: Connection) -> int:
        return int(conn.execute(sa.select(sa.func.count()).where(inbox.c.failed)).scalar_one())

    assert await world.easel.db.read(failed) == 0
