"""One person's flood is that person's alone: people are served in turns, what is beyond the throttle is left out before
it costs anything, and who was served before goes before newcomers, also after a restart."""

import asyncio
import time
from typing import Any

import pytest
import sqlalchemy as sa
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import SendMessage
from aiogram.types import CallbackQuery, Message
from sqlalchemy import Connection

from bot import ledger
from bot.domain.money import CREDIT, Credits
from bot.engine.accounts import users
from bot.engine.dialogs import inbox
from bot.engine.dialogs.inbox_turns import PER_PERSON, ROOM, Rank
from bot.storage.database import Database
from bot.storage.tables import inbox as inbox_table
from bot.telegram.context.safety import Safety
from bot.telegram.context.throttle import Throttle
from bot.telegram.i18n.texts import Speech
from bot.telegram.updates import person_lanes
from tests.engine.kit import Troubled
from tests.telegram.kit import World
from tests.telegram.line import KEYS, Line, line_of, running

STRANGER, ANN = 500, 600


def said(update_id: int, person: int, text: str = "x", **fields: Any) -> dict[str, Any]:
    message = {
        "message_id": update_id,
        "date": 1,
        "chat": {"id": person, "type": "private"},
        "from": {"id": person, "is_bot": False, "first_name": "P"},
        "text": text,
    }
    return {"update_id": update_id, "message": {**message, **fields}}


def tapped(update_id: int, person: int) -> dict[str, Any]:
    sender = {"id": person, "is_bot": False, "first_name": "P"}
    return {"update_id": update_id, "callback_query": {"id": str(update_id), "from": sender, "chat_instance": "1"}}


def top_up(conn: Connection, user_id: int) -> None:
    person, _ = users.seen(conn, user_id=user_id, username=None, name="P", language_code="en")
    amount = Credits(CREDIT)
    key = f"test:{user_id}"
    ledger.top_up(conn, key=key, account_id=person.account_id, amount=amount, actor=None, note="test")


async def stored(line: Line) -> int:
    count = sa.select(sa.func.count()).select_from(inbox_table)
    return int(await line.db.read(lambda conn: conn.execute(count).scalar_one()))


async def until(seen: list[Any], count: int) -> None:
    async with asyncio.timeout(10):
        while len(seen) < count:
            await asyncio.sleep(0.01)


async def test_a_person_does_not_wait_behind_nine_hundred_messages_of_another(database: Database) -> None:
    gate = asyncio.Event()
    seen: list[int] = []

    async def slow(message: Message) -> None:
        if message.chat.id == STRANGER:
            await gate.wait()
        seen.append(message.chat.id)

    async with running(database, message=slow) as line:
        for start in range(0, 900, 100):
            await line.intake.accept([said(start + n, STRANGER) for n in range(100)])
        began = time.monotonic()
        await line.intake.accept([said(1000, ANN)])
        await until(seen, 1)
        assert (seen, time.monotonic() - began < 2) == ([ANN], True)
        in_hand = sa.select(sa.func.count()).where(inbox_table.c.person == STRANGER, inbox_table.c.owner.is_not(None))
        assert await database.read(lambda conn: conn.execute(in_hand).scalar_one()) == PER_PERSON
        gate.set()
        await until(seen, 40)


async def test_what_is_beyond_the_throttle_is_not_stored_and_told_once(database: Database) -> None:
    heard: list[str] = []

    async def note(message: Message) -> None:
        heard.append(message.text or "")

    async with running(database, message=note, safety=Safety(throttle=Throttle(5))) as line:
        ann = await line.world.tg.user("Ann")
        await ann.private().send("/start")
        await line.settled(1)
        for start in (1000, 1010):
            await line.intake.accept([said(n, ann.id, str(n)) for n in range(start, start + 10)])
        await line.settled(5)
        told = await ann.private().wait_for(lambda msg: "That was a lot at once" in msg.text)
        await asyncio.sleep(0.2)
        said_to_ann = [m for m in await ann.private().messages() if m.from_bot]
        assert [m.id for m in said_to_ann] == [told.id]
        assert heard == ["/start", "1000", "1001", "1002", "1003"]
        assert await stored(line) == 5
        assert (line.intake.received, line.intake.left_out) == (21, 16)


async def test_a_tap_beyond_the_throttle_is_not_left_waiting(database: Database) -> None:
    async with running(database, message=offer, safety=Safety(throttle=Throttle(3))) as line:
        ann = await line.world.tg.user("Ann")
        chat = ann.private()
        await chat.send("one")
        await chat.wait_for(lambda msg: bool(msg.buttons))
        for _ in range(2):
            await chat.send("again")
        assert "That was a lot at once" in (await chat.click("Press")).text
        assert (await chat.click("Press")).text == ""


async def offer(message: Message) -> None:
    await message.answer("here", reply_markup=KEYS)


async def test_an_album_is_one_and_talk_in_a_group_is_nothing(database: Database) -> None:
    seen: list[int] = []

    async def note(message: Message) -> None:
        seen.append(message.message_id)

    group = {"chat": {"id": -5, "type": "supergroup", "title": "G"}}
    async with running(database, message=note, safety=Safety(throttle=Throttle(3))) as line:
        await line.intake.accept([said(n, ANN, media_group_id="a") for n in range(10)])
        await line.intake.accept([said(10 + n, ANN, "well", **group) for n in range(20)])
        await line.intake.accept([said(30 + n, ANN) for n in range(3)])
        await line.settled(32)
        assert await stored(line) == 32


async def test_what_could_not_be_stored_comes_again_and_counts_once(database: Database) -> None:
    left = [5]

    async def trouble(function: str) -> None:
        if function.endswith(".put_all") and left[0]:
            left[0] -= 1
            raise OSError("the database is away")

    seen: list[int] = []

    async def note(message: Message) -> None:
        seen.append(message.message_id)

    async with running(Troubled(database, trouble), message=note, safety=Safety(throttle=Throttle(2))) as line:
        for _ in range(5):
            with pytest.raises(OSError, match="away"):
                await line.intake.accept([said(1, ANN), said(2, ANN)])
        await line.intake.accept([said(1, ANN), said(2, ANN)])
        await line.settled(2)
        assert seen == [1, 2]


async def test_ones_own_commands_do_not_keep_ones_own_taps(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(person_lanes, "OVERTAKES_AFTER", 0.1)
    gate = asyncio.Event()
    seen: list[str] = []

    async def slow(message: Message) -> None:
        await gate.wait()
        seen.append(message.text or "")

    async def press(query: CallbackQuery) -> None:
        seen.append(f"tap {query.id}")

    async with running(database, message=slow, press=press) as line:
        await line.intake.accept([said(n, ANN, str(n)) for n in range(40)])
        await line.intake.accept([tapped(100, ANN), tapped(101, ANN)])
        await until(seen, 2)
        assert seen == ["tap 100", "tap 101"], "although a command is being answered, and 39 wait"
        gate.set()
        await line.settled(42)
        assert seen[2:] == [str(n) for n in range(40)]


async def test_a_tap_waits_for_the_message_just_before_it(database: Database) -> None:
    seen: list[str] = []

    async def slow(message: Message) -> None:
        await asyncio.sleep(0.1)
        seen.append("message")

    async def press(query: CallbackQuery) -> None:
        seen.append("tap")

    async with running(database, message=slow, press=press) as line:
        await line.intake.accept([said(1, ANN), said(2, ANN), tapped(3, ANN)])
        await line.settled(3)
        assert seen[:1] == ["tap"], "together: taps first"
        await line.intake.accept([said(4, ANN)])
        await asyncio.sleep(0.03)
        await line.intake.accept([tapped(5, ANN)])
        await line.settled(5)
        assert seen[-2:] == ["message", "tap"]


async def test_after_a_restart_who_was_served_goes_before_two_thousand_newcomers(
    database: Database, world: World
) -> None:
    """Rows that an earlier process left: the newcomers' came first."""
    await database.transaction(lambda conn: top_up(conn, ANN))
    before = line_of(world, database)
    crowd = [said(n, 10_000 + n) for n in range(2000)]
    for start in range(0, 2000, 500):
        await before.intake.accept(crowd[start : start + 500])
    await before.intake.accept([said(5000, ANN)])
    gate = asyncio.Event()
    seen: list[int] = []

    async def slow(message: Message) -> None:
        if message.chat.id != ANN:
            await gate.wait()
        seen.append(message.chat.id)

    after = line_of(world, database, owner="next")
    after.dispatcher.message.register(slow)
    after.start()
    await until(seen, 1)
    assert seen == [ANN]
    held = sa.select(sa.func.count()).where(inbox_table.c.owner == "next", inbox_table.c.handled_at.is_(None))
    # Ann's own is among the claimed until it is marked as handled, a moment after its handler.
    assert await database.read(lambda conn: conn.execute(held).scalar_one()) in (ROOM[Rank.NEW], ROOM[Rank.NEW] - 1)
    gate.set()
    await until(seen, ROOM[Rank.NEW] + 100)
    await after.pump.stop()


async def test_two_processes_keep_the_order_of_one_person(database: Database, world: World) -> None:
    """Only PostgreSQL has two: SQLite does not look for another."""
    await line_of(world, database).intake.accept([said(n, ANN) for n in range(PER_PERSON + 5)])
    here = await database.transaction(lambda conn: inbox.claim(conn, "here", world.bot.id))
    there = await database.transaction(lambda conn: inbox.claim(conn, "there", world.bot.id))
    assert [item.ticket.update_id for item in here.items] == list(range(PER_PERSON))
    found = [item.ticket.update_id for item in there.items]
    assert found == ([] if database.dialect == "postgresql" else list(range(PER_PERSON, PER_PERSON + 5)))


async def test_an_admin_is_never_left_out_and_a_payment_neither(database: Database) -> None:
    seen: list[int] = []

    async def note(message: Message, t: Speech) -> None:
        seen.append(message.message_id)

    settings: dict[str, Any] = {"admin_ids": frozenset({1}), "safety": Safety(throttle=Throttle(1))}
    async with running(database, message=note, **settings) as line:
        await line.intake.accept([said(n, 1) for n in range(5)])
        paid = {"currency": "XTR", "total_amount": 1, "invoice_payload": "p"}
        charge = {"telegram_payment_charge_id": "c", "provider_payment_charge_id": "p"}
        await line.intake.accept([said(5, ANN), said(6, ANN), said(7, ANN, successful_payment=paid | charge)])
        await line.settled(7)
        assert sorted(seen) == [0, 1, 2, 3, 4, 5, 7]


async def test_penalties_of_some_leave_room_for_others(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for rank in Rank:
        monkeypatch.setitem(ROOM, rank, 3)
    refused: list[int] = []
    answered = asyncio.Event()

    async def penalised(message: Message) -> None:
        if message.text == "hello":
            answered.set()
            return
        refused.append(message.chat.id)
        method = SendMessage(chat_id=message.chat.id, text="x")
        raise TelegramRetryAfter(method=method, message="Too Many Requests", retry_after=3600)

    async with running(database, message=penalised) as line:
        for _ in range(4):
            await line.world.person()
        async with asyncio.timeout(10):
            while len(refused) < 4:
                await asyncio.sleep(0.01)
        bob = await line.world.tg.user("Bob")
        await bob.private().send("hello")
        async with asyncio.timeout(10):
            await answered.wait()
