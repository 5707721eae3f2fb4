"""Who owns a job: nothing stays owned without a task, and no task works on without its job."""

import asyncio
import time

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.jobs import Cause, Job, JobState
from bot.domain.results import Fetched
from bot.engine.dialogs import inbox, inline_cards
from bot.engine.jobs import leases, store
from bot.engine.jobs.run import crash_handling, worker
from bot.engine.jobs.submit import OrderLimits
from bot.engine.ports import Delivery, Keep
from bot.providers.base import Accepted, BadResult, GenerationFailed
from bot.storage.database import Database
from bot.storage.tables import inbox as inbox_table
from bot.storage.tables import jobs, workers
from tests.engine.kit import SUCCESS, FakeView, Kit, ToyProvider, Troubled, engine


async def _until(what: object, timeout: float = 5.0) -> None:
    assert callable(what)
    deadline = time.monotonic() + timeout
    while not what():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.01)


async def test_an_end_that_could_not_be_written_is_written_later(database: Database) -> None:
    refused = {"ProviderRun._failed.<locals>.fail_upstream", "crashed.<locals>.give_up"}

    async def trouble(name: str) -> None:
        if name in refused:
            refused.remove(name)
            raise OSError("the database is away")

    async with engine(Troubled(database, trouble)) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["x"] = (Accepted(None), GenerationFailed("boom"))
        await kit.order(ann, "x")
        job = await kit.finished("job1")
        assert (job.state, job.cause) == (JobState.FAILED, Cause.INTERRUPTED)
        assert refused == set()
        assert await kit.balance(ann) == (100, 0)


async def test_a_claim_that_nobody_heard_of_is_made_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "COMPARE_EVERY", 1.0)
    placed = unheard = False

    async def trouble(name: str) -> None:
        nonlocal placed, unheard
        placed = placed or name.endswith(".place_order")
        if placed and not unheard and name.endswith(".claim_jobs"):
            unheard = True
            raise OSError("the connection broke after the COMMIT")

    async with engine(Troubled(database, after=trouble), start=False) as kit:
        await kit.order(await kit.person(1))
        await kit.worker.start()
        await kit.until("job1", lambda job: unheard and job.owner is not None)
        assert kit.provider.submits == []
        assert (await kit.finished("job1", 20)).state is JobState.DONE


async def test_a_cancel_in_another_process_closes_the_stream(two: tuple[Database, Database]) -> None:
    async with engine(two[0], tasks=1) as here, engine(two[1]) as there:
        ann = await here.person(1)
        there.provider.scripts = here.provider.scripts
        here.provider.scripts["slow"] = (Accepted(None), asyncio.Event())
        await there.crash()
        await here.order(ann, "slow")
        await here.state("job1", JobState.RUNNING)
        await there.restart()
        await there.orders.cancel("job1", account_id=ann.account_id)
        await there.finished("job1")
        assert there.view.finals == [("job1", JobState.CANCELLED, True)], "the other one had no room for it"
        await _until(lambda: here.provider.closed == ["job1"])
        shown = len(here.view.shown)
        await asyncio.sleep(1.5)
        assert len(here.view.shown) == shown, "nothing is shown after the last word"
        assert here.view.dropped == ["job1"], "nor what was shown before it and waits to be sent"


async def _cancelled_elsewhere(here: Kit, there: Kit) -> None:
    """An order that one process carries, whose bar is on its way, is cancelled in another."""
    ann = await here.person(1)
    here.provider.scripts["slow"] = (Accepted(None), asyncio.Event())
    await here.order(ann, "slow")
    await here.state("job1", JobState.RUNNING)
    here.view.on_its_way = True
    await there.orders.cancel("job1", account_id=ann.account_id)


async def test_what_was_on_its_way_when_a_job_was_lost_has_its_last_word_said_again(
    two: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crash_handling, "ON_ITS_WAY", 0.3)
    async with engine(two[0]) as here, engine(two[1], start=False) as there:
        await _cancelled_elsewhere(here, there)
        await _until(lambda: len(here.view.finals) == 2)
        assert here.view.finals == [("job1", JobState.CANCELLED, True)] * 2
        assert "job1" in here.view.dropped
        assert not (await here.finished("job1")).notice_due


class Frozen(FakeView):
    """A delivery that stands still."""

    async def deliver(self, job: Job, results: tuple[Fetched, ...], keep: Keep | None = None) -> Delivery:
        await asyncio.Event().wait()
        raise AssertionError


async def _lost(here: Kit, there: Kit) -> None:
    """The lease of one process runs out, and the other has its jobs."""
    await there.worker.start()
    await here.db.transaction(lambda conn: leases.free(conn, here.worker.id))
    there.worker._wake.set()


async def test_a_bar_on_its_way_when_the_lease_was_lost_has_the_last_word_said_again(
    two: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crash_handling, "ON_ITS_WAY", 0.3)
    async with engine(two[0], lease=1.5) as here, engine(two[1], start=False) as there:
        ann = await here.person(1)
        here.provider.scripts["slow"] = (Accepted(None), asyncio.Event())
        await here.order(ann, "slow")
        await here.state("job1", JobState.RUNNING)
        here.view.on_its_way = True
        await _lost(here, there)
        await _until(lambda: len(here.view.finals + there.view.finals) == 2)
        told = here.view.finals + there.view.finals
        assert {(job, state) for job, state, _ in told} == {("job1", JobState.FAILED)}
        assert not (await here.finished("job1")).notice_due


async def test_a_result_that_may_have_been_written_when_the_lease_was_lost_is_told_again(
    two: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crash_handling, "ON_ITS_WAY", 0.3)
    async with engine(two[0], lease=1.5, start=False) as here, engine(two[1], start=False) as there:
        ann = await here.person(1)
        here.view = Frozen()
        here.worker = worker.Worker(here.run_context, here.limits, here.supervisor)
        await here.worker.start()
        there.fetcher.failures.append(BadResult("the link is dead"))
        await here.order(ann)
        await here.state("job1", JobState.DELIVERING)
        await _until(lambda: here.fetcher.fetched != [])
        await _lost(here, there)
        await _until(lambda: len(here.view.finals + there.view.finals) == 2)
        assert (await here.finished("job1")).cause is Cause.BAD_RESULT
        assert await here.balance(ann) == (100, 0)


async def test_a_done_job_whose_bar_was_on_its_way_is_told_again_without_a_second_ready(
    two: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crash_handling, "ON_ITS_WAY", 0.3)
    toy = ToyProvider(resumable=True)
    async with engine(two[0], lease=1.5, provider=toy) as here, engine(two[1], provider=toy, start=False) as there:
        ann = await here.person(1)
        toy.scripts["slow"] = (Accepted("ref"), asyncio.Event())
        await here.order(ann, "slow")
        await here.state("job1", JobState.RUNNING)
        here.view.on_its_way = True
        await _lost(here, there)
        await _until(lambda: len(here.view.finals + there.view.finals) == 2)
        assert sorted(here.view.finals + there.view.finals) == [
            ("job1", JobState.DONE, False),
            ("job1", JobState.DONE, True),
        ]


async def test_what_waits_to_be_written_ends_before_the_new_lease_is_told_of(database: Database) -> None:
    """A task that goes on in between would write into a chat that has its last word."""
    async with engine(database, lease=0.9) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["slow"] = (Accepted(None), asyncio.Event())
        await kit.order(ann, "slow")
        await kit.state("job1", JobState.RUNNING)
        lease, wrote = kit.worker.lease, asyncio.Event()

        async def write() -> None:
            await lease.surely()
            wrote.set()

        lease.renewed(lease.clock() - 10)  # a long freeze
        task = kit.worker._tasks["job1"]
        kit.worker._tasks["job1"] = waiting = asyncio.create_task(write())
        await database.transaction(lambda conn: leases.free(conn, kit.worker.id))
        await _until(waiting.done)
        assert waiting.cancelled()
        assert not wrote.is_set()
        assert lease.sure()
        task.cancel()


async def test_a_last_word_is_not_said_again_where_another_try_stands_by_then(
    two: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crash_handling, "ON_ITS_WAY", 0.3)
    async with engine(two[0]) as here, engine(two[1], start=False) as there:
        await _cancelled_elsewhere(here, there)

        def try_again(conn: Connection) -> None:
            conn.execute(sa.update(jobs).values(inline_id="m1", message_id=0))
            inline_cards.post(conn, id="again", user_id=1, data={}, inline_id="m1")

        await here.db.transaction(try_again)
        await here.finished("job1")
        await asyncio.sleep(0.8)
        assert here.view.finals == [("job1", JobState.CANCELLED, True)]


async def test_places_in_the_queue_are_shown_by_one_process(two: tuple[Database, Database]) -> None:
    async with engine(two[0]) as here, engine(two[1]) as there:
        ann = await here.person(1)
        for kit in (here, there):
            kit.provider.scripts["slow"] = (Accepted(None), asyncio.Event())
        for _ in range(5):
            await here.order(ann, "slow")
        await here.state("job4", JobState.RUNNING)
        for kit in (here, there):
            kit.view.shown.clear()
            await kit.worker._ticker._show_waiting()
        waiting = [{(p.position, p.lasts) for name, p in kit.view.shown if name == "job5"} for kit in (here, there)]
        assert sorted(waiting, key=len) == [set(), {(1, 1.0)}]


async def test_a_drain_longer_than_the_lease_keeps_the_jobs(two: tuple[Database, Database]) -> None:
    async with engine(two[0], lease=0.9, drain=10.0) as here, engine(two[1], lease=0.9, start=False) as there:
        ann = await here.person(1)
        here.provider.scripts["slow"] = (Accepted(None), 3.0, *SUCCESS[1:])
        await here.order(ann, "slow")
        await here.state("job1", JobState.RUNNING)
        await there.worker.start()
        await here.worker.stop()
        job = await there.finished("job1")
        assert (job.state, job.cause) == (JobState.DONE, None)
        assert here.view.delivered == ["job1"]


async def test_resumable_jobs_are_handed_back_before_streams_are_drained(database: Database) -> None:
    async with engine(database, provider=ToyProvider(resumable=True), drain=3.0) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["polled"] = (Accepted("ref-1"), asyncio.Event())
        kit.provider.scripts["stream"] = (Accepted(None), 1.5, *SUCCESS[1:])
        await kit.order(ann, "polled")
        await kit.order(ann, "stream")
        await kit.state("job1", JobState.RUNNING)
        await kit.state("job2", JobState.RUNNING)
        stopping = asyncio.ensure_future(kit.worker.stop())
        await kit.until("job1", lambda job: job.owner is None, timeout=1.0)
        assert (await kit.job("job2")).state is JobState.RUNNING
        await stopping
        assert (await kit.job("job2")).state is JobState.DONE
        assert (await kit.job("job1")).state is JobState.RUNNING


async def test_a_process_that_was_taken_for_dead_drops_its_tasks(database: Database) -> None:
    async with engine(database, lease=0.6) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["slow"] = (Accepted(None), asyncio.Event())
        await kit.order(ann, "slow")
        await kit.state("job1", JobState.RUNNING)
        await database.transaction(lambda conn: leases.free(conn, kit.worker.id))
        await _until(lambda: kit.provider.closed == ["job1"])
        job = await kit.finished("job1")
        assert (job.cause, kit.provider.submits) == (Cause.INTERRUPTED, ["job1"])


async def test_tasks_end_before_the_lease_does(database: Database) -> None:
    beats = 0
    sure = 0.0

    async def trouble(name: str) -> None:
        nonlocal beats, sure
        if not name.startswith("Worker._beat"):
            return
        beats += 1
        if beats == 2:  # a slow one: it counts from its begin
            sure = time.monotonic()
            await asyncio.sleep(0.6)
        if beats > 2:
            await asyncio.sleep(60)

    async with engine(Troubled(database, trouble), lease=3.0) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["slow"] = (Accepted(None), asyncio.Event())
        await kit.order(ann, "slow")
        await kit.state("job1", JobState.RUNNING)
        await _until(lambda: kit.provider.closed == ["job1"], timeout=10.0)
        assert time.monotonic() - sure < 3.0, "somebody else may have it by now"


async def test_nothing_is_claimed_without_a_lease(database: Database) -> None:
    async with engine(database, lease=60.0) as kit:
        ann = await kit.person(1)
        await database.transaction(lambda conn: conn.execute(sa.delete(workers)))
        await kit.order(ann)
        await asyncio.sleep(1.3)
        assert (await kit.job("job1")).owner is None
        assert kit.provider.submits == []


async def test_what_a_nameless_owner_holds_comes_free(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)

        def haunt(conn: Connection) -> None:
            inbox.put(conn, 1, 1, "{}")
            conn.execute(sa.update(inbox_table).values(owner="ghost"))
            conn.execute(sa.update(jobs).values(owner="ghost"))

        await kit.crash()
        await kit.order(ann)
        await database.transaction(haunt)
        if database.dialect == "sqlite":
            await kit.worker.sweep()
            assert (await kit.job("job1")).owner is None
        await kit.restart()
        await kit.worker.sweep()
        assert (await kit.finished("job1")).state is JobState.DONE
        owner = sa.select(inbox_table.c.owner)
        assert await database.read(lambda conn: conn.execute(owner).scalar_one()) is None


async def test_letting_go_is_fenced(database: Database) -> None:
    async with engine(database, start=False) as kit:
        ann = await kit.person(1)
        await kit.order(ann)

        def claim_twice(conn: Connection) -> None:
            (old,) = store.claim_queued(conn, "w", "toy", concurrency=5, limit=5)
            leases.free(conn, "w")
            (new,) = store.claim_queued(conn, "w", "toy", concurrency=5, limit=5)
            store.hand_back(conn, old)
            kept = store.get(conn, "job1")
            assert kept is not None
            assert (kept.owner, kept.epoch) == ("w", new.epoch)

        await database.transaction(claim_twice)


async def test_two_processes_share_the_work_of_one_that_stops(two: tuple[Database, Database]) -> None:
    limits = OrderLimits(active_jobs_per_user=50)
    async with engine(two[0], limits=limits) as here, engine(two[1], limits=limits) as there:
        ann = await here.person(1, 1000)
        for _ in range(12):
            await here.order(ann)
        await here.worker.stop()
        for n in range(1, 13):
            assert (await there.finished(f"job{n}")).state in (JobState.DONE, JobState.FAILED)
        assert await here.db.read(lambda conn: leases.owned_jobs(conn, here.worker.id)) == {}
        both = here.provider.submits + there.provider.submits
        assert len(both) == len(set(both))
