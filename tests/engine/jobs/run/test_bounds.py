"""What must end or be bounded: last looks, last words, messages of an unknown fate, restarts, what was said once."""

import asyncio
import time

import pytest
import sqlalchemy as sa

from bot.domain.jobs import Asset, Cause, JobState
from bot.engine import supervisor
from bot.engine.ports import TryLater
from bot.engine.supervisor import Supervisor
from bot.providers.base import Accepted, Succeeded, TimedOut
from bot.storage import cooldowns
from bot.storage.database import Database
from bot.storage.tables import alerts
from tests.engine.kit import ToyProvider, engine

DAY = 24 * 3600.0


async def test_fewer_results_than_ordered_cost_their_share(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        assets = tuple(Asset(f"https://cdn.example/{n}.mp4") for n in range(4))
        kit.provider.scripts = {"three": (Succeeded(assets[:3]),), "four": (Succeeded(assets),)}
        await kit.order(ann, "three", results=4)
        assert (await kit.finished("job1")).charged == 7_500_000
        await kit.order(ann, "four", results=4)
        assert (await kit.finished("job2")).charged == 10_000_000
        assert await kit.balance(ann) == (82.5, 0)


async def test_a_provider_that_gives_up_waiting_is_asked_once_more(database: Database) -> None:
    async with engine(database, provider=ToyProvider(resumable=True)) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["x"] = (Accepted("ref-1"), TimedOut("the total time passed"))
        await kit.order(ann, "x")
        assert (await kit.finished("job1")).state is JobState.DONE
        assert (kit.provider.submits, kit.provider.resumes) == (["job1"], ["ref-1"])


async def test_asking_once_more_is_once(database: Database) -> None:
    async with engine(database, provider=ToyProvider(resumable=True)) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["x"] = (Accepted("ref-1"), TimedOut("the total time passed"))
        kit.provider.on_resume = (TimedOut("still not"),)
        await kit.order(ann, "x")
        job = await kit.finished("job1")
        assert (job.state, job.cause) == (JobState.FAILED, Cause.TIMEOUT)
        assert kit.provider.resumes == ["ref-1"]


async def test_a_last_word_is_tried_for_a_week(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        kit.view.final_failures = [TryLater(1.0)] * 3
        await kit.order(ann)
        await kit.until("job1", lambda job: job.tries == 1)
        database.shift_clock(2 * DAY)
        await kit.until("job1", lambda job: job.tries == 2)
        database.shift_clock(6 * DAY)
        job = await kit.finished("job1")
        assert job.state is JobState.DONE
        assert kit.view.finals == []
        assert not kit.view.final_failures, "it was tried before it was given up"


async def test_a_message_of_unknown_fate_is_sent_once_more(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        kit.view.open_failures = [TryLater(0.01, unknown=True)]
        await kit.order(ann, message_id=0)
        assert (await kit.finished("job1")).state is JobState.DONE
        kit.view.open_failures = [TryLater(0.01, unknown=True), TryLater(0.01, unknown=True)]
        await kit.order(ann, message_id=0)
        job = await kit.finished("job2")
        assert (job.state, job.cause) == (JobState.FAILED, Cause.UNDELIVERABLE)
        assert kit.view.opened == ["job1"]
        assert kit.provider.submits == ["job1"]
        assert await kit.balance(ann) == (90, 0)


async def test_a_message_that_surely_did_not_go_out_is_sent_later(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        kit.view.open_failures = [TryLater(0.01)] * 3
        await kit.order(ann, message_id=0)
        assert (await kit.finished("job1")).state is JobState.DONE


async def test_a_service_that_ran_well_starts_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "RESTART_DELAYS", (0.0, 60.0))
    monkeypatch.setattr(supervisor, "HEALTHY", 0.05)
    runs: list[float] = []

    async def service() -> None:
        runs.append(time.monotonic())
        await asyncio.sleep(0.1)
        raise OSError("the database is away")

    nursery = Supervisor()
    nursery.serve(service, name="test")
    async with asyncio.timeout(10):
        while len(runs) < 4:
            await asyncio.sleep(0.01)
    await nursery.stop()


async def test_what_was_said_long_ago_is_forgotten(database: Database) -> None:
    async with engine(database, start=False) as kit:
        assert await database.transaction(lambda conn: cooldowns.acquire_cooldown(conn, "old", every=60.0))
        database.shift_clock(8 * DAY)
        assert await database.transaction(lambda conn: cooldowns.acquire_cooldown(conn, "new", every=60.0))
        await kit.worker.sweep()
        keys = sa.select(alerts.c.key)
        assert await database.read(lambda conn: conn.execute(keys).scalars().all()) == ["new"]
