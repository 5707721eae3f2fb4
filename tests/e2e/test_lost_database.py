"""PostgreSQL is restarted, or its connections are cut, while people write, order and wait: each hears what they would
have heard anyway, once, and pays once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.domain.jobs import JobState
from sandbox.client import Person
from tests.drivers.app import World, easel
from tests.drivers.postgres import PostgresServer

PEOPLE = 4
LONGEST = 40.0
"""Seconds for an answer: a loaded machine may be slow, and is no fault of the database."""
QUESTIONS = 3
AWAY = 1.5
"""Seconds that the server is halted."""


@asynccontextmanager
async def cuts(server: PostgresServer, url: str, every: float = 0.2) -> AsyncIterator[None]:
    """Every connection is cut, again and again, until the block is left."""
    over = asyncio.Event()

    async def cutting() -> None:
        while not over.is_set():
            await asyncio.to_thread(server.cut, url)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), every)

    task = asyncio.create_task(cutting())
    try:
        yield
    finally:
        over.set()
        await task


async def busy(world: World, name: str) -> Person:
    """Asks for the balance some times, orders a video in between, and does not wait for answers."""
    person = await world.tg.user(name, username=name.lower())
    chat = person.private()
    await chat.send("/start")
    await chat.wait(timeout=LONGEST)
    await world.give(person, 50)
    for n in range(QUESTIONS):
        await chat.send("/balance")
        if n == 1:
            await chat.send(f"/pika --style 4 a lake for {name}")
    return person


async def answered(world: World, person: Person) -> None:
    """Every question has its one answer, the order its one card, and the card becomes the one video."""
    chat = person.private()
    card = await chat.wait(button="Confirm", timeout=LONGEST)
    await chat.click("Confirm", on=card, timeout=LONGEST)

    async def through() -> bool:
        said = [m for m in await chat.messages() if m.from_bot]
        return len(said) >= 1 + QUESTIONS + 1 and any(m.kind == "video" for m in said)

    async with asyncio.timeout(LONGEST):
        while not await through():
            await asyncio.sleep(0.1)


async def check(world: World, people: list[Person]) -> None:
    await asyncio.sleep(0.5)  # whatever would come twice has come
    for person in people:
        said = [m for m in await person.private().messages() if m.from_bot]
        texts = [m.text for m in said]
        assert sum(m.kind == "video" for m in said) == 1, texts
        assert len(said) == 1 + QUESTIONS + 1, texts  # the welcome, the answers, and the card that became the video
        assert await world.balance(person) == (40.0, 0.0)
    jobs = await world.jobs()
    assert [(job.state, job.cause) for job in jobs] == [(JobState.DONE, None)] * len(people)
    await world.clean()


async def test_connections_that_are_cut_change_nothing_that_people_see(
    restartable: PostgresServer, restartable_url: str
) -> None:
    async with easel(restartable_url) as world:
        async with cuts(restartable, restartable_url):
            people = await asyncio.gather(*(busy(world, f"Person{n}") for n in range(PEOPLE)))
            await asyncio.gather(*(answered(world, person) for person in people))
        await check(world, people)


async def test_a_restarted_server_is_a_wait(restartable: PostgresServer, restartable_url: str) -> None:
    async with easel(restartable_url) as world:
        people = [await busy(world, f"Person{n}") for n in range(PEOPLE)]
        restartable.halt()
        late = [asyncio.create_task(answered(world, person)) for person in people]
        chats = [person.private() for person in people]
        await asyncio.gather(*(chat.send("/help") for chat in chats))
        await asyncio.sleep(AWAY)
        restartable.resume()
        await asyncio.gather(*late)
        for chat in chats:
            await chat.wait("Just type what you want:", timeout=LONGEST)
            await chat.delete(await chat.wait("Just type what you want:"))
        await check(world, people)
