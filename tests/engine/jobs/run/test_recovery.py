"""What the next process makes of a job, whatever its predecessor left."""

import asyncio

from bot.domain.jobs import Cause, JobState
from bot.engine.jobs import leases, queries, store
from bot.engine.jobs.run.worker import Worker
from bot.engine.jobs.submit import OrderLimits
from bot.providers.base import Accepted, Running
from bot.storage.database import Database
from tests.engine.kit import SUCCESS, ToyProvider, catalog, engine, model


async def test_queued_jobs_run_after_a_crash(database: Database) -> None:
    async with engine(database, start=False) as kit:
        ann = await kit.person(1)
        await kit.order(ann)
        await kit.restart()
        assert (await kit.finished("job1")).state is JobState.DONE


async def test_an_unknown_answer_is_never_submitted_again(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["x"] = (asyncio.Event(),)
        await kit.order(ann, "x")
        await kit.state("job1", JobState.SUBMITTING)
        await kit.restart()
        job = await kit.finished("job1")
        assert (job.state, job.cause) == (JobState.FAILED, Cause.INTERRUPTED)
        assert kit.provider.submits == ["job1"]
        assert await kit.balance(ann) == (100, 0)
        assert await database.read(queries.count_reconciliations) == 1


async def test_a_stream_cut_by_our_crash_is_released(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["x"] = (Accepted(None), Running(), asyncio.Event())
        await kit.order(ann, "x")
        await kit.state("job1", JobState.RUNNING)
        await kit.restart()
        assert (await kit.finished("job1")).cause is Cause.INTERRUPTED
        assert kit.provider.submits == ["job1"]


async def test_a_resumable_job_is_polled_on(database: Database) -> None:
    async with engine(database, provider=ToyProvider(resumable=True)) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["x"] = (Accepted("ref-1"), asyncio.Event())
        await kit.order(ann, "x")
        await kit.state("job1", JobState.RUNNING)
        await kit.restart()
        assert (await kit.finished("job1")).state is JobState.DONE
        assert (kit.provider.submits, kit.provider.resumes) == (["job1"], ["ref-1"])
        assert await kit.balance(ann) == (90, 0)


async def test_a_resumable_job_past_its_deadline_is_asked_for_once_more(database: Database) -> None:
    async with engine(database, provider=ToyProvider(resumable=True)) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["x"] = (Accepted("ref-1"), asyncio.Event())
        await kit.order(ann, "x")
        await kit.state("job1", JobState.RUNNING)
        database.shift_clock(10_000)
        await kit.restart()
        assert (await kit.finished("job1")).state is JobState.DONE
        assert kit.provider.resumes == ["ref-1"]


async def test_a_known_result_is_delivered_after_a_crash(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        real, gate = kit.fetcher.fetch, asyncio.Event()

        async def stuck(url: str, *, expect: object = None, headers: object = None) -> object:
            await gate.wait()
            return await real(url)

        kit.fetcher.fetch = stuck  # type: ignore[method-assign,assignment]
        await kit.order(ann)
        await kit.state("job1", JobState.DELIVERING)
        await kit.crash()
        gate.set()
        await kit.restart()
        assert (await kit.finished("job1")).state is JobState.DONE
        assert kit.provider.submits == ["job1"]
        assert await kit.balance(ann) == (90, 0)


async def test_the_last_word_is_said_after_a_crash(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        real, gate = kit.view.final, asyncio.Event()

        async def stuck(job: object) -> None:
            await gate.wait()

        kit.view.final = stuck  # type: ignore[method-assign]
        await kit.order(ann)
        job = await kit.state("job1", JobState.DONE)
        assert job.notice_due
        await asyncio.sleep(0.05)
        await kit.crash()
        kit.view.final = real  # type: ignore[method-assign]
        await kit.restart()
        await kit.finished("job1")
        assert kit.view.finals == [("job1", JobState.DONE, False)], "Ready was being said: never twice"


async def test_a_graceful_stop_hands_resumable_jobs_back_at_once(database: Database) -> None:
    async with engine(database, provider=ToyProvider(resumable=True)) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["x"] = (Accepted("ref-1"), asyncio.Event())
        await kit.order(ann, "x")
        await kit.state("job1", JobState.RUNNING)
        await kit.worker.stop()
        job = await kit.job("job1")
        assert (job.state, job.owner) == (JobState.RUNNING, None)
        await kit.restart()
        assert (await kit.finished("job1")).state is JobState.DONE


async def test_a_graceful_stop_lets_a_stream_end(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["x"] = (Accepted(None), 0.1, *SUCCESS[1:])
        await kit.order(ann, "x")
        await kit.state("job1", JobState.RUNNING)
        await kit.worker.stop()
        assert (await kit.job("job1")).state is JobState.DONE


async def test_a_fenced_worker_writes_nothing(database: Database) -> None:
    async with engine(database, start=False) as kit:
        ann = await kit.person(1)
        await kit.order(ann)

        first = (
            await database.transaction(lambda conn: store.claim_queued(conn, "w1", "toy", concurrency=5, limit=5))
        )[0]
        await database.transaction(lambda conn: leases.heartbeat(conn, "w1", 15.0))
        database.shift_clock(20)
        assert (await database.transaction(lambda conn: leases.heartbeat(conn, "w2", 15.0))).freed == 1
        second = (
            await database.transaction(lambda conn: store.claim_queued(conn, "w2", "toy", concurrency=5, limit=5))
        )[0]
        assert second.epoch > first.epoch
        late = await database.transaction(lambda conn: store.mark_submitting(conn, first, longest_seconds=10))
        assert late is None
        kept = await database.transaction(lambda conn: store.mark_submitting(conn, second, longest_seconds=10))
        assert kept is not None
        await kit.restart()
        await kit.finished("job1")


async def test_two_workers_never_run_the_same_job(database: Database) -> None:
    limits = OrderLimits(active_jobs_per_user=50)
    async with engine(database, what=catalog(model(), concurrency=3), limits=limits) as kit:
        ann = await kit.person(1, 1000)
        other = Worker(kit.run_context, kit.limits, kit.supervisor)
        if database.dialect == "postgresql":  # on SQLite one process owns the file, and everything in it at its start
            await other.start()
        for _ in range(30):
            await kit.order(ann)
        for n in range(1, 31):
            await kit.finished(f"job{n}", 30)
        assert sorted(kit.provider.submits) == sorted(f"job{n}" for n in range(1, 31))
        assert await kit.balance(ann) == (700, 0)
