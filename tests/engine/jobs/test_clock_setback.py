"""The clock is set back by two days: nothing sleeps until it has caught up, and deadlines are left as they are."""

import asyncio

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.jobs import JobState
from bot.domain.limits.admission import TooManyOrders
from bot.engine.catalog import pauses
from bot.engine.credits import notices
from bot.engine.dialogs import expiring_messages
from bot.engine.jobs import clock_setback, costly_ends, leases, store
from bot.engine.jobs.admission import Pace
from bot.engine.jobs.submit import OrderLimits
from bot.providers.base import Accepted
from bot.storage import cooldowns
from bot.storage.clock import now
from bot.storage.database import Database
from bot.storage.tables import fleeting as fleeting_table
from bot.storage.tables import jobs, workers
from bot.storage.tables import notices as notices_table
from bot.storage.tables import pauses as pauses_table
from tests.engine.kit import SUCCESS, engine

TWO_DAYS = 2 * 24 * 3600.0
AHEAD = 172_741.0
PROBE_AFTER = 600.0


async def test_a_waiting_order_and_a_last_word_that_were_put_off_before_a_setback_are_due(database: Database) -> None:
    async with engine(database, start=False) as kit:
        ann = await kit.person(1)
        await kit.order(ann)
        await kit.order(ann)
        await database.transaction(lambda conn: conn.execute(sa.update(jobs).values(next_at=jobs.c.next_at + AHEAD)))
        await kit.worker.start()
        assert (await kit.finished("job1")).state is JobState.DONE
        assert (await kit.finished("job2")).state is JobState.DONE

        def say_again_later(conn: Connection) -> None:
            mine = sa.update(jobs).where(jobs.c.id == "job1")
            conn.execute(mine.values(notice_due=True, next_at=now(conn) + AHEAD))

        kit.view.finals.clear()
        await database.transaction(say_again_later)
        await kit.finished("job1")
        assert [(job, state) for job, state, _ in kit.view.finals] == [("job1", JobState.DONE)]
        assert await kit.balance(ann) == (80, 0)


@pytest.mark.parametrize("state", ["running", "delivering"])
async def test_a_job_on_its_way_is_picked_up(database: Database, state: str) -> None:
    async with engine(database, start=False) as kit:
        await kit.order(await kit.person(1))

        def left(conn: Connection) -> list[str]:
            conn.execute(sa.update(jobs).values(state=state, next_at=now(conn) + AHEAD))
            return [job.id for job in store.claim_due(conn, "w", limit=5)]

        assert await database.transaction(left) == ["job1"]
        await database.transaction(lambda conn: conn.execute(sa.update(jobs).values(state="queued", owner=None)))


async def test_what_is_put_off_within_its_bound_waits(database: Database) -> None:
    async with engine(database, start=False) as kit:
        ann = await kit.person(1)
        await kit.order(ann)
        await kit.order(ann)

        def put_off(conn: Connection) -> tuple[list[str], list[str], list[float]]:
            first, second = store.claim_queued(conn, "w", "toy", concurrency=5, limit=5)
            store.postpone(conn, first, 1e6)  # as long as a flood penalty may be
            conn.execute(sa.update(jobs).where(jobs.c.id == second.id).values(state="delivering"))
            delivering = store.get(conn, second.id)
            assert delivering is not None
            store.postpone(conn, delivering, 1e6)
            waits = [
                float(at) - now(conn) for at in conn.execute(sa.select(jobs.c.next_at).order_by(jobs.c.id)).scalars()
            ]
            queued = store.claim_queued(conn, "w", "toy", concurrency=5, limit=5)
            due = store.claim_due(conn, "w", limit=5)
            conn.execute(sa.update(jobs).values(state="queued", next_at=0.0))
            return [job.id for job in queued], [job.id for job in due], waits

        queued, due, waits = await database.transaction(put_off)
        assert (queued, due) == ([], [])
        assert waits == [pytest.approx(store.LONGEST_IN_QUEUE, abs=5), pytest.approx(store.LONGEST_BACKOFF, abs=5)]


async def test_a_running_engine_goes_on_when_its_clock_is_set_back(database: Database) -> None:
    database.shift_clock(TWO_DAYS)
    async with engine(database, lease=0.6) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["slow"] = (Accepted(None), 1.5, *SUCCESS[1:])
        await kit.order(ann, "slow")
        await kit.state("job1", JobState.RUNNING)
        database.shift_clock(-TWO_DAYS)
        await kit.order(ann)
        assert (await kit.finished("job1")).state is JobState.DONE
        assert (await kit.finished("job2")).state is JobState.DONE
        assert kit.provider.submits == ["job1", "job2"]
        await kit.order(ann)
        assert (await kit.finished("job3")).state is JobState.DONE


async def test_what_a_dead_process_left_comes_free_one_lease_after_a_setback(two: tuple[Database, Database]) -> None:
    async with engine(two[0], lease=0.6) as kit:
        await two[0].transaction(lambda conn: leases.heartbeat(conn, "dead", AHEAD))
        dead = sa.select(sa.func.count()).select_from(workers).where(workers.c.id == "dead")
        async with asyncio.timeout(10):
            while await two[0].read(lambda conn: conn.execute(dead).scalar_one()):
                await asyncio.sleep(0.05)
        assert await two[0].read(lambda conn: leases.first(conn, kit.worker.id))


async def test_pauses_notices_and_what_vanishes_are_due_within_their_bounds(database: Database) -> None:
    """By their kind: a circuit's longest wait is not that of a missing balance."""

    def tamper(conn: Connection) -> int:
        moment = now(conn)
        for reason, ahead in (
            (pauses.CIRCUIT, AHEAD),
            (pauses.OUT_OF_FUNDS, PROBE_AFTER - 5),
            ("not_permitted:x", AHEAD),
        ):
            values = {"min_units": "0", "since": moment + ahead - 60, "probe_at": moment + ahead}
            conn.execute(sa.insert(pauses_table).values(provider="toy", reason=reason, **values))
        notice = {"user_id": 1, "amount": 5, "created_at": moment, "due_at": moment + AHEAD}
        conn.execute(sa.insert(notices_table).values(id="n", **notice))
        place = {"chat_id": -1, "receiver_id": 0, "message_id": 5, "draft_id": ""}
        conn.execute(sa.insert(fleeting_table).values(**place, due_at=moment + AHEAD))
        return clock_setback.mend(conn, lease=15.0, probe_after=PROBE_AFTER)

    assert await database.transaction(tamper) == 4
    found = await database.read(lambda conn: {p.kind: p.open_for_probe(now(conn)) for p in pauses.everything(conn)})
    assert found == {pauses.CIRCUIT: True, pauses.OUT_OF_FUNDS: False, pauses.NOT_PERMITTED: True}
    assert await database.read(notices.due)
    assert not await database.read(expiring_messages.due)  # a menu stands for its time, and no longer
    database.shift_clock(expiring_messages.SHOWN + 1)
    assert await database.read(expiring_messages.due)
    assert await database.transaction(lambda conn: clock_setback.mend(conn, lease=15.0, probe_after=PROBE_AFTER)) == 0


async def test_what_may_be_said_once_in_a_while_may_be_said_after_a_setback(database: Database) -> None:
    database.shift_clock(TWO_DAYS)
    assert await database.transaction(lambda conn: cooldowns.acquire_cooldown(conn, "prices", every=600.0))
    assert not await database.transaction(lambda conn: cooldowns.acquire_cooldown(conn, "prices", every=600.0))
    database.shift_clock(-TWO_DAYS)
    assert await database.transaction(lambda conn: cooldowns.acquire_cooldown(conn, "prices", every=600.0))
    assert not await database.transaction(lambda conn: cooldowns.acquire_cooldown(conn, "prices", every=600.0))


async def test_limits_by_the_minute_are_not_limits_by_the_day(database: Database) -> None:
    limits = OrderLimits(active_jobs_per_user=50, pace=Pace(orders_per_minute=2))
    async with engine(database, limits=limits, start=False) as kit:
        ann = await kit.person(1)
        database.shift_clock(TWO_DAYS)
        for _ in range(2):
            await kit.order(ann)
        await database.transaction(
            lambda conn: conn.execute(sa.update(jobs).values(costly_end=True, finished_at=now(conn)))
        )
        assert await database.read(lambda conn: costly_ends.ends(conn, ann.account_id)) == 2
        with pytest.raises(TooManyOrders):
            await kit.order(ann)
        database.shift_clock(-TWO_DAYS)
        assert await database.read(lambda conn: costly_ends.ends(conn, ann.account_id)) == 0
        await kit.order(ann)
        await kit.order(ann)
        with pytest.raises(TooManyOrders):
            await kit.order(ann)


async def test_a_deadline_is_no_backoff(database: Database) -> None:
    async with engine(database, start=False) as kit:
        await kit.order(await kit.person(1))
        far = sa.update(jobs).values(deadline=jobs.c.created_at + AHEAD)
        await database.transaction(lambda conn: conn.execute(far))
        await database.transaction(lambda conn: clock_setback.mend(conn, lease=15.0, probe_after=PROBE_AFTER))
        job = await kit.job("job1")
        assert job.deadline == pytest.approx(job.created_at + AHEAD)
