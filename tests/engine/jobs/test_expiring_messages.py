"""Messages that vanish by themselves, and jobs whose message is sent by whoever placed them."""

from sqlalchemy import Connection

from bot.domain.jobs import JobState, Order, Target
from bot.engine.dialogs import drafts, expiring_messages
from bot.engine.dialogs.expiring_messages import SHOWN, Fleeting
from bot.engine.jobs import store
from bot.storage.clock import now
from bot.storage.database import Database
from tests.engine.kit import Kit, engine

GROUP = -1001
PLAIN, HIDDEN, ERROR, PLACED, LEFT = (
    Fleeting(GROUP, 0, 7),
    Fleeting(GROUP, 5, 1),
    Fleeting(GROUP, 0, 8),
    Fleeting(GROUP, 0, 9),
    Fleeting(GROUP, 0, 10),
)


def menu(conn: Connection, message: Fleeting, draft_id: str) -> None:
    drafts.create(conn, id=draft_id, user_id=5, purpose="order", chat_id=GROUP, thread_id=None, data={})
    expiring_messages.note(conn, message, draft_id)


async def test_unconfirmed_menus_and_errors_are_claimed_when_their_time_is_over(database: Database) -> None:
    def begin(conn: Connection) -> None:
        menu(conn, PLAIN, "one")
        menu(conn, HIDDEN, "two")
        menu(conn, PLACED, "three")
        menu(conn, LEFT, "four")
        expiring_messages.note(conn, ERROR)
        drafts.delete(conn, "three")  # it was confirmed, see below: the message is the job's
        drafts.delete(conn, "four")  # given up, and nobody was there any more to take its menu away

    async with engine(database, start=False) as kit:
        await opening(kit, "three")
    await database.transaction(begin)
    assert not await database.read(expiring_messages.due)
    assert await database.transaction(lambda conn: expiring_messages.claim(conn, limit=10)) == []
    database.shift_clock(SHOWN - 10)
    await database.transaction(lambda conn: expiring_messages.note(conn, HIDDEN, "two"))  # a tap on it
    database.shift_clock(11)
    assert await database.read(expiring_messages.due)
    assert set(await database.transaction(lambda conn: expiring_messages.claim(conn, limit=10))) == {PLAIN, ERROR, LEFT}
    assert await database.read(lambda conn: drafts.get(conn, "one")) is None
    assert await database.read(lambda conn: drafts.get(conn, "two")) is not None
    assert await database.transaction(lambda conn: expiring_messages.claim(conn, limit=10)) == []
    for gone in (ERROR, LEFT):
        await database.transaction(lambda conn, gone=gone: expiring_messages.forget(conn, gone))  # type: ignore[misc]
    database.shift_clock(expiring_messages.AGAIN + 1)  # the process that had the other one is gone
    assert await database.transaction(lambda conn: expiring_messages.claim(conn, limit=10)) == [PLAIN]
    database.shift_clock(SHOWN)
    assert set(await database.transaction(lambda conn: expiring_messages.claim(conn, limit=10))) == {PLAIN, HIDDEN}


async def opening(kit: Kit, job_id: str) -> None:
    """An order from a menu that only its owner sees."""
    user = await kit.person(5)
    made = kit.shop.catalog.get("pika")
    assert made is not None
    order = Order(
        id=job_id,
        account_id=user.account_id,
        user_id=user.id,
        model="pika",
        prompt="a lake",
        options={},
        quote=kit.shop.price(made),
        locale="en",
        target=Target(GROUP, 3, 0),
        requester="Ann",
        opening=20.0,
    )
    await kit.orders.submit(order, quoted_at=await kit.db.read(now))


async def test_a_job_waits_for_its_message_and_no_longer_than_told(database: Database) -> None:
    async with engine(database, start=False) as kit:
        await opening(kit, "first")

        def take(conn: Connection) -> list[str]:
            return [job.id for job in store.claim_queued(conn, "me", "toy", concurrency=2, limit=2)]

        assert await database.transaction(take) == []
        sent = Target(GROUP, 3, 77)
        job = await database.transaction(lambda conn: store.record_opened(conn, "first", sent))
        assert job is not None
        assert (job.target, job.requester) == (sent, "Ann")
        assert await database.transaction(lambda conn: store.record_opened(conn, "first", Target(GROUP, 3, 78))) is None
        assert await database.transaction(take) == ["first"]
    async with engine(database) as kit:
        await opening(kit, "second")
        database.shift_clock(21)
        job = await kit.finished("second")
        assert (job.state, kit.view.opened) == (JobState.DONE, ["second"])
        assert await database.transaction(lambda conn: store.record_opened(conn, "second", sent)) is None


async def test_a_new_process_on_sqlite_waits_for_no_message_of_the_one_before(database: Database) -> None:
    async with engine(database, start=False) as kit:
        await opening(kit, "only")
        await kit.worker.start()
        if database.dialect == "sqlite":
            assert (await kit.finished("only")).state is JobState.DONE
        else:  # another process may be about to send it
            assert (
                await database.transaction(lambda conn: store.record_opened(conn, "only", Target(GROUP, 3, 77)))
                is not None
            )
            assert (await kit.finished("only")).state is JobState.DONE
        assert kit.view.opened == (["only"] if database.dialect == "sqlite" else [])
