"""A database in trouble loses no command and doubles none: what is not stored is sent again, what is not marked is
marked later, what nobody heard of is found again, and what is too much waits its turn."""

import asyncio
from collections.abc import Iterator

import pytest
from aiogram.types import Message
from sqlalchemy import func, select

from bot.engine.dialogs import inbox
from bot.engine.dialogs.inbox_turns import PER_PERSON
from bot.engine.dialogs.process_inbox import Arrived, Inbox
from bot.storage.database import Database
from bot.storage.tables import inbox as inbox_table
from bot.telegram.updates.batches import WAITING, Overloaded, Rounds
from tests.engine.kit import Troubled
from tests.telegram.kit import telegram
from tests.telegram.line import line_of, running


class Trouble:
    """Breaks transactions of that name, `times` times."""

    def __init__(self, name: str, times: int = 1) -> None:
        self.name = name
        self.left = times

    async def __call__(self, function: str) -> None:
        if function.endswith(f".{self.name}") and self.left:
            self.left -= 1
            raise OSError("the database is away")


def said(update_id: int, person: int, text: str) -> dict[str, object]:
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id,
            "date": 1,
            "chat": {"id": person, "type": "private"},
            "from": {"id": person, "is_bot": False, "first_name": "P"},
            "text": text,
        },
    }


async def test_what_could_not_be_marked_is_marked_later_and_not_handled_again(database: Database) -> None:
    trouble = Trouble("mark_all", 2)
    seen: list[str] = []

    async def note(message: Message) -> None:
        seen.append(message.text or "")

    async with running(Troubled(database, trouble), message=note) as line:
        ann = await line.world.tg.user("Ann")
        await ann.private().send("one")
        assert await line.settled(1) == [(True, False)]
    assert (seen, trouble.left) == (["one"], 0)


@pytest.mark.parametrize("heard", ["nothing was stored", "it was stored"])
async def test_what_could_not_be_stored_for_sure_is_sent_again_and_handled_once(database: Database, heard: str) -> None:
    trouble = Trouble("put_all")
    seen: list[str] = []

    async def note(message: Message) -> None:
        seen.append(message.text or "")

    troubled = Troubled(database, trouble) if heard == "nothing was stored" else Troubled(database, after=trouble)
    async with running(troubled, message=note) as line:
        with pytest.raises(OSError, match="away"):
            await line.intake.accept([said(1, 5, "one")])
        await line.intake.accept([said(1, 5, "one"), said(2, 5, "two")])
        assert await line.settled(2) == [(True, False), (True, False)]
    assert (seen, trouble.left) == (["one", "two"], 0)


async def test_a_claim_that_nobody_heard_of_is_made_again(database: Database) -> None:
    trouble = Trouble("claim")
    seen: list[str] = []

    async def note(message: Message) -> None:
        seen.append(message.text or "")

    async with telegram() as world:
        await line_of(world, database).intake.accept([said(1, 5, "one")])
        line = line_of(world, Troubled(database, after=trouble))
        line.dispatcher.message.register(note)
        line.start()
        assert await line.settled(1) == [(True, False)]
        await line.pump.stop()
    assert (seen, trouble.left) == (["one"], 0)


async def test_what_is_too_much_waits_in_the_inbox_and_in_order(database: Database) -> None:
    many, people = 800, 3
    gate = asyncio.Event()
    in_hand = select(func.count()).select_from(inbox_table).where(inbox_table.c.owner.is_not(None))
    seen: dict[int, list[int]] = {}

    async def note(message: Message) -> None:
        await gate.wait()
        seen.setdefault(message.chat.id, []).append(message.message_id)

    async with running(database, message=note) as line:
        for start in range(0, many, 50):
            await line.intake.accept([said(n, 10 + n % people, "x") for n in range(start, start + 50)])
        await line.claimed(people)
        held = await database.read(lambda conn: conn.execute(in_hand).scalar_one())
        gate.set()
        await line.intake.accept([said(many, 10 + many % people, "last")])
        await line.settled(many + 1)
    assert held == people * PER_PERSON
    assert seen == {10 + person: list(range(person, many + 1, people)) for person in range(people)}


async def test_large_updates_are_refused_long_before_they_fill_the_memory(database: Database) -> None:
    gate = asyncio.Event()

    async def hold(_: str) -> None:
        await gate.wait()

    async with telegram() as world:
        rounds = Rounds(
            Inbox(Troubled(database, hold), 1, owner="me"), spawn=world.supervisor.spawn, hand_out=lambda _: None
        )
        large = "x" * 1_000_000
        tasks = []
        for n in range(18):
            tasks.append(asyncio.create_task(rounds.store([Arrived(n, large, {})])))
            await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await rounds.store([Arrived(99, "{}", {})])
        gate.set()
        done = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(error) for error in done if error is not None] == [Overloaded]


async def test_more_than_can_wait_is_refused(database: Database) -> None:
    held: Iterator[int] = iter(range(WAITING + 2))
    gate = asyncio.Event()

    async def hold(_: str) -> None:
        await gate.wait()

    async with telegram() as world:
        rounds = Rounds(
            Inbox(Troubled(database, hold), 1, owner="me"), spawn=world.supervisor.spawn, hand_out=lambda _: None
        )
        first = asyncio.create_task(rounds.store([Arrived(next(held), "{}", {})]))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        rest = asyncio.create_task(rounds.store([Arrived(n, "{}", {}) for n in held]))
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await rounds.store([Arrived(99_999, "{}", {})])
        gate.set()
        await asyncio.gather(first, rest)
        assert await database.read(inbox.waiting) == WAITING + 2
