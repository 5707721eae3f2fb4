"""From Telegram to a handler on a real database: nothing lost or doubled, in order, and an answer whatever happens."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import pytest
from aiogram import Dispatcher
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import GetMe, GetUpdates
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, InlineQuery, Message
from sqlalchemy import Connection, select

from bot import ledger
from bot.domain.money import CREDIT, Credits
from bot.engine import inbox, people
from bot.storage.database import Database
from bot.storage.tables import inbox as inbox_table
from bot.telegram.alerts import AdminAlerts
from bot.telegram.context import Context
from bot.telegram.inbox_pump import InboxPump, person_of
from bot.telegram.intake import Intake, Poller, UnreadableUpdate
from bot.telegram.middlewares import install
from bot.telegram.texts import Speech
from tests.telegram.kit import TEXTS, Stall, World, options, telegram

Hook = Callable[..., Awaitable[Any]]


@dataclass(slots=True)
class Line:
    """The whole way of an update, with handlers that a test sets."""

    world: World
    db: Database
    ctx: Context
    dispatcher: Dispatcher
    pump: InboxPump
    intake: Intake
    poller: Poller

    def start(self) -> None:
        serve = self.world.supervisor.serve
        serve(self.pump.run, name="pump")
        serve(self.poller.run, name="polling")

    async def rows(self) -> list[tuple[bool, bool]]:
        """(handled, failed) of each update in the inbox, oldest first."""

        def read(conn: Connection) -> list[tuple[bool, bool]]:
            found = conn.execute(select(inbox_table).order_by(inbox_table.c.update_id)).mappings()
            return [(row["handled_at"] is not None, bool(row["failed"])) for row in found]

        return await self.db.read(read)

    async def settled(self, count: int) -> list[tuple[bool, bool]]:
        """Waits until so many updates are through."""
        async with asyncio.timeout(10):
            while sum(handled for handled, _ in await self.rows()) < count:
                await asyncio.sleep(0.01)
        return await self.rows()


def line_of(world: World, db: Database, *, owner: str = "me", **settings: Any) -> Line:
    chosen = options(**settings)
    ctx = Context(
        db=db,
        orders=cast("Any", None),
        shop=cast("Any", Stall()),
        texts=TEXTS,
        outbox=world.bot.outbox,
        options=chosen,
        alerts=AdminAlerts(db, world.bot, TEXTS, chosen),
    )
    dispatcher = Dispatcher(disable_fsm=True)
    install(dispatcher, ctx)
    pump = InboxPump(db, dispatcher, world.bot, owner=owner, spawn=world.supervisor.spawn, pause=0.02)
    intake = Intake(db, world.bot, pump, world.supervisor.spawn)
    poller = Poller(world.bot, intake, ["message", "callback_query", "inline_query"])
    return Line(world, db, ctx, dispatcher, pump, intake, poller)


@asynccontextmanager
async def running(db: Database, *, message: Hook | None = None, press: Hook | None = None, **settings: Any) -> Any:
    async with telegram() as world:
        line = line_of(world, db, **settings)
        if message is not None:
            line.dispatcher.message.register(message)
        if press is not None:
            line.dispatcher.callback_query.register(press)
        line.start()
        try:
            yield line
        finally:
            await line.pump.stop(1.0)


KEYS = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Press", callback_data="x:y")]])


async def test_a_person_is_known_greeted_once_and_spoken_to_in_their_language(database: Database) -> None:
    async def greet(message: Message, person: people.User, t: Speech, welcomed: bool) -> None:
        await message.answer(f"{t.language} {person.username} {welcomed}")

    async with running(database, message=greet, welcome=Credits(5 * CREDIT)) as line:
        ann = await line.world.tg.user("Ann", language="ru", username="ann")
        group = await line.world.tg.group("G", [ann])
        await ann.in_(group).send("/start")
        await ann.in_(group).expect("ru ann False")
        for expected in ("True", "False"):
            await ann.private().send("/start")
            await ann.private().wait_for(lambda msg, e=expected: msg.text == f"ru ann {e}")
        person = await database.read(lambda conn: people.find(conn, ann.id))
        assert person is not None
        await database.transaction(lambda conn: people.set_language(conn, ann.id, "en"))
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


async def test_what_was_taken_in_before_a_crash_is_handled_after_it(world: World, database: Database) -> None:
    before = line_of(world, database, owner="dead")
    ann = await world.tg.user("Ann")
    await ann.private().send("hello")
    updates = await world.bot.http.raw_updates(world.bot, GetUpdates(), 5)
    await before.intake.accept(updates)
    await database.transaction(lambda conn: inbox.claim(conn, "dead", world.bot.id, 10))
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


async def test_failures_that_may_pass_are_tried_three_times(database: Database) -> None:
    attempts: list[int] = []

    async def shaky(message: Message, attempt: int) -> None:
        attempts.append(attempt)
        if attempt < 3 or message.text == "never":
            raise TelegramNetworkError(GetMe(), "no answer in time")

    async with running(database, message=shaky) as line:
        ann = await line.world.tg.user("Ann")
        await ann.private().send("at last")
        assert await line.settled(1) == [(True, False)]
        assert attempts == [1, 2, 3]
        await ann.private().send("never")
        assert await line.settled(2) == [(True, False), (True, True)]
        await ann.private().expect("Something went wrong on our side")
    assert attempts == [1, 2, 3, 1, 2, 3]


@pytest.mark.parametrize(("language", "words"), [("en", "You were not charged"), ("ru", "Кредиты не списаны")])
async def test_a_fault_of_ours_is_told_once_and_not_repeated(database: Database, language: str, words: str) -> None:
    calls: list[int] = []

    async def broken(message: Message) -> None:
        calls.append(1)
        raise KeyError("a bug")

    async def broken_press(query: CallbackQuery) -> None:
        raise KeyError("a bug")

    async with running(database, message=broken, press=broken_press) as line:
        ann = await line.world.tg.user("Ann", language=language)
        await ann.private().send("hello")
        await ann.private().expect(words)
        assert await line.settled(1) == [(True, True)]
        await line.world.bot.send_message(ann.id, "menu", reply_markup=KEYS)
        answer = await ann.private().click("Press")
        assert (answer.answered, answer.show_alert, words in answer.text) == (True, True, True)
    assert calls == [1]


async def test_every_press_is_answered(database: Database) -> None:
    async def silent(query: CallbackQuery) -> object:
        return None if query.data == "x:y" else UNHANDLED

    async with running(database, press=silent) as line:
        ann, chat = await line.world.person()
        await line.world.bot.send_message(ann.id, "menu", reply_markup=KEYS)
        assert (await chat.click("Press")).answered
        stale = await chat.forge((await chat.last()).id, "no such thing")
        assert (stale.answered, stale.text) == (True, "This button no longer works.")


async def test_an_answered_press_is_not_answered_again(database: Database) -> None:
    async def spoken(query: CallbackQuery) -> None:
        await query.answer("Done")

    async with running(database, press=spoken) as line:
        ann, chat = await line.world.person()
        await line.world.bot.send_message(ann.id, "menu", reply_markup=KEYS)
        assert (await chat.click("Press")).text == "Done"
        assert await line.world.statuses("answerCallbackQuery") == [200]  # and not a second time


async def test_a_person_who_blocked_the_bot_is_no_failure(database: Database) -> None:
    async def answer(message: Message) -> None:
        await asyncio.sleep(0.05)
        await message.answer("hello")

    async with running(database, message=answer) as line:
        ann = await line.world.tg.user("Ann")
        await ann.private().send("hello")
        await ann.block()
        assert await line.settled(1) == [(True, False)]


async def test_poison_is_skipped_and_the_rest_goes_on(world: World, database: Database) -> None:
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


async def test_a_graceful_stop_lets_handlers_end_and_hands_back_the_rest(world: World, database: Database) -> None:
    line = line_of(world, database)
    began = asyncio.Event()

    async def slow(message: Message) -> None:
        began.set()
        await asyncio.sleep(0.3)

    line.dispatcher.message.register(slow)
    line.start()
    ann = await world.tg.user("Ann")
    await ann.private().send("one")
    await ann.private().send("two")
    await began.wait()
    await line.pump.stop(5.0)
    assert await line.rows() == [(True, False), (False, False)]
    again = await database.transaction(lambda conn: inbox.claim(conn, "next", world.bot.id, 10))
    assert [item.attempts for item in again] == [2]


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


async def test_admins_are_told_once_an_hour_in_their_language(world: World, database: Database) -> None:
    (ann, english), (bob, russian) = await world.person("Ann"), await world.person("Bob", language="ru")
    await database.transaction(
        lambda conn: people.seen(conn, user_id=bob.id, username=None, name="Bob", language_code="ru")
    )
    alerts = AdminAlerts(database, world.bot, TEXTS, options(admin_ids=frozenset({ann.id, bob.id})))
    for _ in range(3):
        await alerts.alert("bad_key:toy", "alert-bad-key", provider="<Toy>")
    assert [m.text.split(" refuses")[0] for m in await english.messages() if m.from_bot] == ["🔑 <Toy>"]
    assert "не принимает ключ" in (await russian.last()).text
    database.shift_clock(3601)
    await alerts.alert("bad_key:toy", "alert-bad-key", provider="Toy")
    assert len([m for m in await english.messages() if m.from_bot]) == 2


async def test_an_alert_nobody_got_is_tried_again(world: World, database: Database) -> None:
    ann, chat = await world.person("Ann")
    alerts = AdminAlerts(database, world.bot, TEXTS, options(admin_ids=frozenset({ann.id})))
    await ann.block()
    await alerts.alert("k", "alert-back-on-sale", provider="Toy")
    await ann.unblock()
    await alerts.alert("k", "alert-back-on-sale", provider="Toy")
    assert "works again" in (await chat.last()).text
    await alerts.alert("k2", "alert-bad-key")  # a missing value is our bug, not the caller's trouble


@pytest.mark.parametrize(
    ("payload", "person"),
    [
        ('{"update_id":1,"message":{"chat":{"id":-5},"from":{"id":7}}}', 7),
        ('{"update_id":1,"callback_query":{"from":{"id":8},"message":{"chat":{"id":-5}}}}', 8),
        ('{"update_id":1,"channel_post":{"chat":{"id":-5}}}', -5),
        ('{"update_id":1,"poll":{"id":"9"}}', 0),
        ('{"update_id":1,"message":{"from":{"id":"x"}}}', 0),
        ("nonsense", 0),
        ("[1]", 0),
    ],
)
def test_updates_are_put_in_order_by_person(payload: str, person: int) -> None:
    assert person_of(payload) == person
