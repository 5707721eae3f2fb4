"""An order shown where its owner asks for it, without a chat: once, however often the update comes."""

from dataclasses import replace

import pytest

from bot.domain.errors import UnknownJob
from bot.domain.jobs import JobState, Target
from bot.engine.jobs import store
from bot.engine.jobs.run import message_moves
from bot.engine.results.shows import Shows, left
from bot.storage.clock import now
from bot.storage.database import Database
from tests.engine.kit import engine
from tests.engine.listening import told

THERE = Target(-100_500, 3, 0)


async def test_a_waiting_orders_message_moves_once_and_the_request_knows_from_where(database: Database) -> None:
    async with engine(database, start=False) as kit:
        ann = await kit.person(1)
        job = (await kit.order(ann)).job
        shows = Shows(database)
        request = await shows.begin(ann, job, THERE, "r")
        await shows.placed(request, 77)
        again = await shows.begin(ann, job, THERE, "r")  # the update comes again
        assert again.message_id == 77
        target = Target(THERE.chat_id, THERE.thread_id, 77)
        async with told(database, message_moves.MOVED):
            await shows.take(again, job, target, "Ann")
        for _ in range(2):
            moved = await shows.take(again, job, target, "Ann")
            assert moved is not None
            assert (moved.target, moved.requester) == (target, "Ann")
        assert left(again) == job.target
        assert left(await shows.begin(ann, job, THERE, "r")) == job.target
        for _ in range(2):
            await shows.end(again)
        assert left(await shows.begin(ann, job, THERE, "r")) is None


async def test_an_order_that_goes_on_meanwhile_stays_where_it_is(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        job = (await kit.order(ann)).job
        await kit.finished(job.id)
        shows = Shows(database)
        request = await shows.begin(ann, job, THERE, "r")
        assert await shows.take(request, job, Target(THERE.chat_id, THERE.thread_id, 77), "Ann") is None
        assert left(request) is None
        assert (await shows.again(job)).state is JobState.DONE
        assert await shows.awaited_for(job) == 0
        made = replace(job, delivering_at=await database.read(now))
        database.shift_clock(100)
        assert 100 <= await shows.awaited_for(made) < 200


async def test_everyone_finds_their_own_orders_only(database: Database) -> None:
    async with engine(database, start=False) as kit:
        ann, bob = await kit.person(1), await kit.person(2)
        job = (await kit.order(ann)).job
        shows = Shows(database)
        assert (
            await shows.job(ann, job.id)
            == await shows.latest(ann)
            == await database.read(lambda conn: store.get(conn, job.id))
        )
        assert await shows.latest(ann, chat_id=ann.id) == await shows.job(ann, job.id)
        assert await shows.position(job) == 1
        for asked in (shows.job(bob, job.id), shows.job(ann, "none"), shows.latest(bob), shows.latest(ann, chat_id=-7)):
            with pytest.raises(UnknownJob):
                await asked
