"""A long text that a client cut into messages reaches handlers as one, once, whatever ends the process between."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from aiogram.types import Message

from bot.engine.dialogs import inbox
from bot.engine.dialogs.inbox import Ticket
from bot.engine.supervisor import Supervisor
from bot.storage.database import Database
from bot.storage.tables import inbox as inbox_table
from bot.telegram.updates.cut_texts import LIMIT, goes_on, may_go_on
from tests.telegram.kit import World, telegram
from tests.telegram.line import Hook, Line, line_of

FULL, GOOD, REST = "a" * LIMIT, "b" * 3000, "the end"


def said(text: str, *, date: int = 100, chat: int = 1, **fields: Any) -> dict[str, Any]:
    person = {"id": 1, "is_bot": False, "first_name": "P"}
    message = {"message_id": 1, "date": date, "chat": {"id": chat, "type": "private"}, "from": person, "text": text}
    return {"update_id": 1, "message": {**message, **fields}}


@pytest.mark.parametrize("text", ["a lake", "a" * 2000])
def test_what_fits_well_into_a_message_does_not_wait(text: str) -> None:
    assert not may_go_on(said(text))


def test_long_texts_may_go_on_and_forwarded_ones_do_not() -> None:
    assert may_go_on(said(FULL))
    assert may_go_on(said("🦊" * 1100)), "Telegram counts UTF-16 code units"
    assert not may_go_on(said(FULL, forward_origin={"type": "hidden_user"}))
    assert not may_go_on({"update_id": 1, "message": {"text": 5}})
    assert not may_go_on({"update_id": 1, "edited_message": said(FULL)["message"]})


@pytest.mark.parametrize(
    ("after", "same"),
    [
        (said(REST), True),
        (said(REST, date=101), True),
        (said(REST, date=160), False),
        (said(REST, date=99), False),
        (said(REST, chat=2), False),
        (said("/help"), False),
        (said(REST, reply_to_message={"message_id": 7}), False),
        (said(REST, forward_origin={"type": "hidden_user"}), False),
        (said(REST, message_thread_id=3), False),
        ({"update_id": 2, "callback_query": {"id": "1"}}, False),
        ({"update_id": 2, "message": None}, False),
    ],
)
def test_the_next_piece_comes_at_once_from_the_same_person_in_the_same_chat(after: Any, same: bool) -> None:
    assert goes_on(said(FULL), after) is same


@asynccontextmanager
async def process(world: World, database: Database, owner: str, message: Hook) -> AsyncIterator[Line]:
    """One life of the bot, with tasks of its own: to end them all at once is what a kill does."""
    supervisor = Supervisor()
    line = line_of(replace(world, supervisor=supervisor), database, owner=owner)
    line.dispatcher.message.register(message)
    line.start()
    try:
        yield line
    finally:
        await supervisor.stop()
        await database.transaction(lambda conn: inbox.free(conn, owner))


async def test_the_pieces_are_one_text_and_other_messages_are_their_own(database: Database) -> None:
    seen: list[str] = []

    async def note(message: Message) -> None:
        seen.append(message.text or "")

    async with telegram() as world:
        _, chat = await world.person()
        async with process(world, database, "a", note) as line:
            for text in (FULL, GOOD, REST, "/help", "a lake"):
                await chat.send(text)
            assert await line.settled(6) == [(True, False)] * 6
            await line.pump.stop()
    assert seen == ["/start", f"{FULL}{GOOD}\n{REST}", "/help", "a lake"]


async def test_a_long_text_alone_waits_a_moment_only(database: Database) -> None:
    seen: list[str] = []

    async def note(message: Message) -> None:
        seen.append(message.text or "")

    async with telegram() as world:
        _, chat = await world.person()
        async with process(world, database, "a", note) as line:
            await chat.send(FULL)
            await line.settled(2)
            await line.pump.stop()
    assert seen == ["/start", FULL]


@pytest.mark.parametrize("graceful", [True, False])
async def test_what_ends_in_between_is_taken_up_whole(database: Database, graceful: bool) -> None:
    seen: list[str] = []
    began = asyncio.Event()

    async def hanging(message: Message) -> None:
        if message.text != "/start":
            began.set()
            await asyncio.Event().wait()

    async def note(message: Message) -> None:
        seen.append(message.text or "")

    async with telegram() as world:
        _, chat = await world.person()
        async with process(world, database, "a", hanging) as line:
            await line.settled(1)
            await chat.send(FULL)
            if graceful:  # the stop comes while the text waits for its rest
                await line.claimed(2)
                await line.pump.stop()
            await chat.send(REST)
            if not graceful:
                await began.wait()
        async with process(world, database, "b", note) as line:
            assert await line.settled(3) == [(True, False)] * 3
            await line.pump.stop()
    assert seen == [f"{FULL}{REST}"]


async def test_all_pieces_are_handled_in_the_transaction_of_the_effect(database: Database) -> None:
    for update_id in (1, 2, 3, 4):
        await database.transaction(lambda conn, n=update_id: inbox.put(conn, 9, n, "{}"))  # type: ignore[misc]
    whole = Ticket(9, 1, pieces=(2, 3))
    assert whole == Ticket(9, 1)
    await database.transaction(lambda conn: inbox.done(conn, whole))
    left = sa.select(inbox_table.c.update_id).where(inbox_table.c.handled_at.is_(None))
    assert await database.read(lambda conn: list(conn.execute(left).scalars())) == [4]
