"""A graceful stop: what streams may end, what is ordered meanwhile waits for the next process and says so."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.domain.jobs import JobState
from bot.engine.jobs import leases
from bot.engine.ports import Stage
from bot.providers.base import Accepted
from bot.storage.database import Database
from tests.engine.kit import SUCCESS, Kit, ToyProvider, engine


async def _until(what: Callable[[], object], timeout: float = 8.0) -> None:
    deadline = time.monotonic() + timeout
    while not what():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.01)


@asynccontextmanager
async def _draining(kit: Kit) -> AsyncIterator["asyncio.Future[None]"]:
    """A process that ends while a stream goes on: `job1`."""
    ann = await kit.person(1)
    kit.provider.scripts["stream"] = (Accepted(None), asyncio.Event(), *SUCCESS[1:])
    await kit.order(ann, "stream")
    await kit.state("job1", JobState.RUNNING)
    draining = asyncio.ensure_future(kit.worker.drain())
    await asyncio.sleep(0)
    try:
        yield draining
    finally:
        draining.cancel()


def _end_stream(kit: Kit) -> None:
    step = kit.provider.scripts["stream"][1]
    assert isinstance(step, asyncio.Event)
    step.set()


async def test_what_is_ordered_meanwhile_waits_for_the_next_process_and_says_so(database: Database) -> None:
    async with engine(database, drain=30.0) as kit, _draining(kit) as draining:
        bob = await kit.person(2)
        await kit.order(bob, "late")
        await _until(lambda: any(job == "job2" and told.restarting for job, told in kit.view.shown))
        assert (await kit.job("job2")).state is JobState.QUEUED
        assert kit.provider.submits == ["job1"], "nothing begins in a process that ends"
        shown = len(kit.view.shown)
        await _until(lambda: any(job == "job1" for job, _ in kit.view.shown[shown:]))  # its bar moves on
        assert not draining.done()
        _end_stream(kit)
        await draining
        assert (await kit.finished("job1")).state is JobState.DONE, "the stream was sold"
        assert await kit.balance(bob) == (90.0, 10.0)
        await kit.worker.stop()
        await kit.restart()
        assert (await kit.finished("job2")).state is JobState.DONE
        assert not any(told.restarting for job, told in kit.view.shown[-1:])


async def test_what_is_cancelled_meanwhile_gets_its_last_word_at_once(database: Database) -> None:
    async with engine(database, drain=30.0) as kit, _draining(kit) as draining:
        bob = await kit.person(2)
        await kit.order(bob, "late")
        for job_id, owner in (("job2", bob), ("job1", await kit.person(1, 0))):
            await kit.orders.cancel(job_id, account_id=owner.account_id)
            assert (await kit.finished(job_id)).state is JobState.CANCELLED
        assert ("job2", JobState.CANCELLED, True) in kit.view.finals
        await asyncio.wait_for(draining, 5.0)  # nothing is left to wait for


async def test_a_second_signal_ends_it_at_once(database: Database) -> None:
    async with engine(database, drain=60.0) as kit, _draining(kit) as draining:
        kit.worker.hurry()
        await asyncio.wait_for(draining, 2.0)
        await kit.worker.stop()
        assert kit.provider.closed == ["job1"]
        assert (await kit.job("job1")).owner is None, "the next process settles it"
        await kit.restart()
        job = await kit.finished("job1")
        assert (job.state, job.charged) == (JobState.FAILED, None)


async def test_an_order_that_becomes_resumable_meanwhile_is_handed_on(database: Database) -> None:
    async with engine(database, provider=ToyProvider(resumable=True), drain=30.0) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["polled"] = (0.5, Accepted("ref-1"), asyncio.Event())
        await kit.order(ann, "polled")
        await kit.state("job1", JobState.SUBMITTING)
        await asyncio.wait_for(kit.worker.drain(), 8.0)
        job = await kit.job("job1")
        assert (job.state, job.owner, job.upstream_ref) == (JobState.RUNNING, None, "ref-1")
        told = kit.view.shown[-1]
        assert (told[0], told[1].restarting, told[1].stage) == ("job1", True, Stage.RESUMED), "its message says so"


async def test_where_another_process_lives_no_order_is_said_to_wait(database: Database) -> None:
    async with engine(database, drain=30.0) as kit, _draining(kit):
        await database.transaction(lambda conn: leases.heartbeat(conn, "w-zz", 600.0))
        bob = await kit.person(2)
        await kit.order(bob, "late")
        await _until(lambda: any(job == "job2" for job, _ in kit.view.shown))
        assert not any(told.restarting for _, told in kit.view.shown)
