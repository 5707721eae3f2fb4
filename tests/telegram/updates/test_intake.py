"""From Telegram to a handler on a real database: nothing lost or doubled, in order, and an answer whatever happens."""

import asyncio
import json

import pytest
from aiogram.methods import GetUpdates
from aiogram.types import InlineQuery, Message
from sqlalchemy import Connection

from bot import ledger
from bot.domain.money import CREDIT, Credits
from bot.engine.accounts import users
from bot.engine.dialogs import inbox
from bot.storage.database import Database
from bot.telegram.i18n.texts import Speech
from bot.telegram.updates.classify import person_of
from bot.telegram.updates.intake import UnreadableUpdate
from tests.engine.kit import Troubled
from tests.telegram.kit import World, telegram
from tests.telegram.line import line_of, running


async def test_a_person_is_known_greeted_once_and_spoken_to_in_their_language(database: Database) -> None:
    async def greet(message: Message, person: users.User, t: Speech, welcomed: bool) -> None:
        await message.answer(f"{t.language} {person.username} {welcomed}")

    async with running(database, message=greet, welcome=Credits(5 * CREDIT)) as line:
        ann = await line.world.tg.user("Ann", language="ru", username="ann")
        group = await line.world.tg.group("G", [ann])
        await ann.in_(group).send("/start")
        await ann.in_(group).expect("ru ann False")
        for expected in ("True", "False"):
            await ann.private().send("/start")
            await ann.private().wait_for(lambda msg, e=expected: msg.text == f"ru ann {e}")
        person = await database.read(lambda conn: users.find(conn, ann.id))
        assert person is not None

        def choose(conn: Connection) -> None:
            users.set_language(conn, ann.id, "en")
            database.notify(conn, users.CHANGED)

        await database.transaction(choose)
        await ann.private().send("hello")
        await ann.private().expect("en ann False")
        assert (await database.read(lambda conn: ledger.balance(conn, person.account_id))).available == 5 * CREDIT


async def test_a_redelivered_update_is_handled_once(database: Database) -> None:
    seen: list[str] = []

    async def note(message: Message) -> None:
        seen.append(message.text or "")

    async with running(database, message=note) as line:
        ann = await line.world.tg.user("Ann")
        for text in ("one", "two", "three"):
            await ann.private().send(text)
        await line.settled(3)
        assert await line.world.tg.redeliver(3) == 3
        await ann.private().send("four")
        await line.settled(4)
    assert seen == ["one", "two", "three", "four"]


async def test_order_holds_per_person_and_nobody_waits_for_another(database: Database) -> None:
    gate = asyncio.Event()
    seen: list[str] = []

    async def slow(message: Message) -> None:
        if message.text == "wait":
            await gate.wait()
        seen.append(message.text or "")

    async with running(database, message=slow) as line:
        ann, bob = await line.world.tg.user("Ann"), await line.world.tg.user("Bob")
        await ann.private().send("wait")
        await ann.private().send("after")
        await bob.private().send("bob")
        await line.settled(1)
        assert seen == ["bob"]
        gate.set()
        await line.settled(3)
    assert seen == ["bob", "wait", "after"]


async def test_what_was_taken_in_before_a_crash_is_handled_after_it(database: Database, world: World) -> None:
    before = line_of(world, database, owner="dead")
    ann = await world.tg.user("Ann")
    await ann.private().send("hello")
    updates = await world.bot.http.raw_updates(world.bot, GetUpdates(), 5)
    await before.intake.accept(updates)
    await database.transaction(lambda conn: inbox.claim(conn, "dead", world.bot.id))
    await database.transaction(lambda conn: inbox.free(conn, "dead"))  # as the worker does for a dead process
    after = line_of(world, database)
    seen: list[str] = []

    async def note(message: Message) -> None:
        seen.append(message.text or "")

    after.dispatcher.message.register(note)
    after.start()
    assert await after.settled(1) == [(True, False)]
    await after.pump.stop()
    assert seen == ["hello"]


async def test_poison_is_skipped_and_the_rest_goes_on(database: Database, world: World) -> None:
    line = line_of(world, database)
    seen: list[str] = []

    async def note(message: Message) -> None:
        seen.append(message.text or "")

    line.dispatcher.message.register(note)
    line.start()
    ann = await world.tg.user("Ann")
    await line.intake.accept([{"update_id": 1, "message": {"odd": True}}, {"update_id": 2, "message": "text"}])
    with pytest.raises(UnreadableUpdate):
        await line.intake.accept_body(b"not json")
    with pytest.raises(UnreadableUpdate):
        await line.intake.accept_body(b'{"update_id": true}')
    await line.intake.accept_body(b'{"update_id": 3, "message": {"text": "\\ud800"}}')
    await ann.private().send("fine")
    async with asyncio.timeout(10):
        while len([handled for handled, _ in await line.rows() if handled]) < 4:
            await asyncio.sleep(0.01)
    await line.pump.stop()
    assert seen == ["fine"]


async def test_inline_queries_pass_by_the_inbox(database: Database) -> None:
    asked = asyncio.Event()

    async def note(query: InlineQuery) -> None:
        asked.set()

    async with running(database) as line:
        line.dispatcher.inline_query.register(note)
        person = {"id": 5, "is_bot": False, "first_name": "Ann"}
        query = {"id": "1", "from": person, "query": "lake", "offset": ""}
        await line.intake.accept([{"update_id": 77, "inline_query": query}])
        async with asyncio.timeout(5):
            await asked.wait()
        assert await line.rows() == []


async def test_a_graceful_stop_lets_handlers_end_and_hands_back_the_rest(database: Database, world: World) -> None:
    line = line_of(world, database)
    began, go_on = asyncio.Event(), asyncio.Event()

    async def slow(message: Message) -> None:
        began.set()
        await go_on.wait()

    line.dispatcher.message.register(slow)
    line.start()
    ann = await world.tg.user("Ann")
    await ann.private().send("one")
    await ann.private().send("two")
    await began.wait()
    await line.claimed(2)
    stopping = asyncio.create_task(line.pump.stop(5.0))
    await asyncio.sleep(0)
    go_on.set()
    await stopping
    assert await line.rows() == [(True, False), (False, False)]
    again = await database.transaction(lambda conn: inbox.claim(conn, "next", world.bot.id))
    assert [item.attempts for item in again.items] == [0], "nothing of it had begun"


async def test_the_offset_moves_only_past_what_is_committed(database: Database) -> None:
    """An offset confirms: Telegram forgets what is before it."""
    left = [1]

    async def trouble(function: str) -> None:
        if function.endswith(".put_all") and left[0]:
            left[0] -= 1
            raise OSError("the database is away")

    seen: list[str] = []

    async def note(message: Message) -> None:
        seen.append(message.text or "")

    async with running(Troubled(database, trouble), message=note) as line:
        ann = await line.world.tg.user("Ann")
        await ann.private().send("one")
        assert await line.settled(1) == [(True, False)]
    assert (seen, left) == (["one"], [0])


@pytest.mark.parametrize("way", ["webhook", "polling"])
async def test_what_no_database_keeps_is_taken_out_of_texts(database: Database, way: str) -> None:
    seen: list[str] = []

    async def note(message: Message) -> None:
        seen.append(message.text or "")

    person = {"id": 5, "is_bot": False, "first_name": "A\0nn"}
    message = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "from": person}
    texts = ["a\0b", "\ud800c", "\U0001f600", "\\u0000"]
    updates = [{"update_id": n, "message": {**message, "text": text}} for n, text in enumerate(texts)]
    async with running(database, message=note) as line:
        if way == "polling":
            await line.intake.accept(updates)
        else:
            for update in updates:
                await line.intake.accept_body(json.dumps(update).encode())
        assert await line.settled(4) == [(True, False)] * 4
        ann = await database.read(lambda conn: users.find(conn, 5))
    assert seen == ["ab", "\ufffdc", "\U0001f600", "\\u0000"]
    assert ann is not None
    assert ann.name == "Ann"


async def test_polling_survives_refusals(database: Database) -> None:
    async def note(message: Message) -> None:
        await message.answer("heard")

    async with telegram() as world:
        await world.bot.set_webhook("http://127.0.0.1:9/hook")
        await world.tg.faults("500", method="getUpdates")
        line = line_of(world, database)
        line.dispatcher.message.register(note)
        before = line.poller.alive
        line.start()
        ann = await world.tg.user("Ann")
        await ann.private().send("hello")
        await ann.private().expect("heard", timeout=10)
        assert (before, line.poller.alive) == (False, True)
        assert (await world.tg.bot())["webhook"]["url"] == ""
        await line.pump.stop()


@pytest.mark.parametrize(
    ("payload", "person"),
    [
        ('{"update_id":1,"message":{"chat":{"id":-5},"from":{"id":7}}}', 7),
        ('{"update_id":1,"callback_query":{"from":{"id":8},"message":{"chat":{"id":-5}}}}', 8),
        ('{"update_id":1,"channel_post":{"chat":{"id":-5}}}', -5),
        ('{"update_id":1,"poll":{"id":"9"}}', 0),
        ('{"update_id":1,"message":{"from":{"id":"x"}}}', 0),
        ("null", 0),
        ("[1]", 0),
    ],
)
def test_updates_are_put_in_order_by_person(payload: str, person: int) -> None:
    assert person_of(json.loads(payload)) == person
