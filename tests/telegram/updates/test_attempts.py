"""What counts as an attempt at an update: what was begun, not what was taken up. A stop costs none, a flood penalty is
waited for, and no one's words are given up without an apology."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
import sqlalchemy as sa
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import SendMessage
from aiogram.types import Message

from bot.engine.dialogs import inbox
from bot.engine.jobs import leases
from bot.engine.supervisor import Supervisor
from bot.storage.database import Database
from bot.storage.tables import inbox as inbox_table
from bot.telegram.api import retry
from bot.telegram.updates import worker
from sandbox.client import Msg, Person
from tests.telegram.kit import World, telegram
from tests.telegram.line import Hook, Line, line_of, running

ADMIN = 900
SORRY = "Something broke on my side"
GIVEN_UP = "I gave up on the update"


@asynccontextmanager
async def process(world: World, database: Database, owner: str, message: Hook) -> AsyncIterator[Line]:
    """One life of the bot, with tasks of its own: to end them all at once is what a kill does."""
    supervisor = Supervisor()
    line = line_of(replace(world, supervisor=supervisor), database, owner=owner, admin_ids=frozenset({ADMIN}))
    line.dispatcher.message.register(message)
    line.start()
    try:
        yield line
    finally:
        await supervisor.stop()
        await database.transaction(lambda conn: inbox.free(conn, owner))  # as the next process does for a dead one


class Hanging:
    """A handler that waits for a slow Telegram."""

    def __init__(self) -> None:
        self.began = asyncio.Event()

    async def handle(self, message: Message) -> None:
        self.began.set()
        await asyncio.Event().wait()


async def written(person: Person, words: str) -> list[Msg]:
    return [m for m in await person.private().messages() if m.from_bot and words in m.text]


async def attempts(database: Database) -> list[int]:
    counts = sa.select(inbox_table.c.attempts).order_by(inbox_table.c.update_id)
    return await database.read(lambda conn: list(conn.execute(counts).scalars()))


async def test_a_kill_costs_only_what_was_begun_and_who_is_given_up_is_told(database: Database) -> None:
    seen: list[str] = []

    async def note(message: Message) -> None:
        seen.append(message.text or "")

    async with telegram() as world:
        ann, chat = await world.person()
        olga, _ = await world.person("Olga", id=ADMIN)
        for text in ("two", "three", "four"):
            await chat.send(text)
        for owner in ("a", "b", "c"):
            hanging = Hanging()
            async with process(world, database, owner, hanging.handle) as line:
                await hanging.began.wait()
                await line.claimed(5)
        async with process(world, database, "d", note) as line:
            rows = await line.settled(5)
            assert sorted(rows) == [(True, False)] * 3 + [(True, True)] * 2, "of each their first words were begun"
            assert seen[-3:] == ["two", "three", "four"]
            await chat.expect(SORRY)
            await olga.private().expect(GIVEN_UP)
            assert len(await written(ann, SORRY)) == 1
            await line.pump.stop()


async def test_a_graceful_stop_costs_no_attempt_however_often(database: Database) -> None:
    seen: list[str] = []

    async def note(message: Message) -> None:
        seen.append(message.text or "")

    async with telegram() as world:
        _, chat = await world.person()
        await chat.send("two")
        for n in range(4):
            hanging = Hanging()
            async with process(world, database, f"p{n}", hanging.handle) as line:
                await hanging.began.wait()
                await line.pump.stop(0.05)
                assert await attempts(database) == [0, 0]
        async with process(world, database, "last", note) as line:
            assert await line.settled(2) == [(True, False)] * 2
            await line.pump.stop()
    assert seen == ["/start", "two"]


async def test_what_another_process_took_over_meanwhile_is_not_handled_twice(database: Database) -> None:
    """A process stands still for longer than its lease, and wakes with updates that it had not begun."""
    here, there = list[str](), list[str]()
    began, wakes = asyncio.Event(), asyncio.Event()

    async def frozen(message: Message) -> None:
        here.append(message.text or "")
        began.set()
        await wakes.wait()

    async def note(message: Message) -> None:
        there.append(message.text or "")

    async with telegram() as world, process(world, database, "frozen", frozen) as line:
        _, chat = await world.person()
        await began.wait()
        await chat.send("two")
        await chat.send("three")
        await line.claimed(3)
        await database.transaction(lambda conn: leases.free(conn, "frozen"))
        other = line_of(world, database, owner="other")
        other.dispatcher.message.register(note)
        world.supervisor.spawn(other.pump.run(), name="pump")
        await line.settled(3)
        wakes.set()
        await asyncio.sleep(0.2)
        assert (here, there) == (["/start"], ["/start", "two", "three"])
        await chat.send("four")
        await line.settled(4)
        assert here[1:] == ["four"] or there[3:] == ["four"], "what was lost takes up no room"
        await other.pump.stop()
        await line.pump.stop()


async def test_what_hangs_for_too_long_is_given_up_with_a_word(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LONGEST", 0.1)
    async with running(database, message=Hanging().handle, admin_ids=frozenset({ADMIN})) as line:
        olga, _ = await line.world.person("Olga", id=ADMIN)
        await olga.private().expect(GIVEN_UP)
        _, chat = await line.world.person()
        await chat.expect(SORRY)
        assert await line.settled(2) == [(True, True)] * 2
    assert await attempts(database) == [3, 3]


async def test_a_penalty_is_waited_for_and_is_no_attempt(database: Database) -> None:
    """Telegram asks five times, each time for longer than a call waits by itself."""
    tries: list[str] = []

    async def penalised(message: Message) -> None:
        tries.append(message.text or "")
        if len(tries) <= 5:
            refused = SendMessage(chat_id=message.chat.id, text="x")
            raise TelegramRetryAfter(method=refused, message="Too Many Requests", retry_after=0.05)  # type: ignore[arg-type]

    async with running(database, message=penalised) as line:
        _, chat = await line.world.person()
        await chat.send("two")
        assert await line.settled(2) == [(True, False)] * 2
    assert tries == ["/start"] * 6 + ["two"]
    assert await attempts(database) == [1, 1]


async def test_an_apology_waits_for_the_penalty_too(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "LONGEST_WAIT", 0.5)

    async def broken(message: Message) -> None:
        raise ValueError("a fault of ours")

    async with running(database, message=broken) as line:
        ann = await line.world.tg.user("Ann")
        await line.world.tg.faults("429", method="sendMessage", times=1, retry_after=1, chat_id=ann.id)
        await ann.private().send("/start")
        await ann.private().expect(SORRY)
        assert await line.settled(1) == [(True, True)]


async def test_a_stop_does_not_wait_for_the_penalty(database: Database) -> None:
    refused = asyncio.Event()

    async def penalised(message: Message) -> None:
        refused.set()
        method = SendMessage(chat_id=message.chat.id, text="x")
        raise TelegramRetryAfter(method=method, message="Too Many Requests", retry_after=3600)

    async with running(database, message=penalised) as line:
        await line.world.person()
        await refused.wait()
        async with asyncio.timeout(2):
            await line.pump.stop(5.0)
        assert await line.rows() == [(False, False)]
    assert await attempts(database) == [0]
