"""A database that is away is a wait for jobs, however long: streams run on, and their results are delivered once."""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

import pytest

from bot.domain.jobs import JobState
from bot.engine.jobs import leases
from bot.engine.jobs.run import worker
from bot.providers.base import Accepted
from bot.storage.database import Database, DatabaseLost, open_database
from bot.storage.outage import PATIENCE
from tests.conftest import DIALECTS
from tests.drivers.postgres import PostgresServer
from tests.engine.kit import SUCCESS, Kit, Troubled, engine

LEASE = 1.5
"""Seconds: a heartbeat of a loaded machine comes in time."""
AWAY = 3.0


@pytest.fixture(params=DIALECTS)
async def fragile(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Database, Callable[[float], Awaitable[None]]]]:
    """A database, and a function that takes it away for so many seconds: a halted server, or a file that another
    program holds."""
    if request.param == "sqlite":
        monkeypatch.setattr("bot.storage.sqlite.database.WRITER_PRAGMAS", ("journal_mode = wal", "busy_timeout = 10"))
        url: str = request.getfixturevalue("sqlite_url")
        away = _held_by_another_program(url.removeprefix("sqlite:///"))
    else:
        url = request.getfixturevalue("restartable_url")
        away = _halted(request.getfixturevalue("restartable"))
    opened = await open_database(url)

    async def take_away(seconds: float) -> None:
        with away:
            await asyncio.sleep(seconds)

    yield opened, take_away
    await opened.close()


@contextlib.contextmanager
def _held_by_another_program(path: str) -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as foreign:
        foreign.execute("BEGIN IMMEDIATE")
        yield
        foreign.execute("ROLLBACK")


@contextlib.contextmanager
def _halted(server: PostgresServer) -> Iterator[None]:
    server.halt()
    try:
        yield
    finally:
        server.resume()


async def _three_jobs(kit: Kit) -> None:
    """One whose stream ends while the database is away, one whose stream goes on, one that waits in the queue."""
    ann = await kit.person(1)
    kit.provider.scripts["short"] = (Accepted(None), 0.8, *SUCCESS[1:])
    kit.provider.scripts["long"] = (Accepted(None), AWAY + 2.0, *SUCCESS[1:])
    await kit.order(ann, "short")
    await kit.order(ann, "long")
    await kit.state("job1", JobState.RUNNING)
    await kit.state("job2", JobState.RUNNING)
    await kit.order(ann, "a lake")


async def test_jobs_outlive_a_database_that_is_away_for_longer_than_their_lease(
    fragile: tuple[Database, Callable[[float], Awaitable[None]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    database, take_away = fragile
    async with engine(database, lease=LEASE) as kit:
        await _three_jobs(kit)
        await take_away(AWAY)
        for n in (1, 2, 3):
            assert (await kit.finished(f"job{n}", 20)).state is JobState.DONE
        assert sorted(kit.provider.submits) == ["job1", "job2", "job3"]
        assert sorted(kit.view.delivered) == ["job1", "job2", "job3"]
        assert kit.alerts.said == []


async def test_a_job_whose_database_stays_away_is_no_fault_of_ours(database: Database) -> None:
    lost = 0

    async def trouble(name: str) -> None:
        nonlocal lost
        if name.endswith(".finish") and lost < 2:
            lost += 1
            raise DatabaseLost("for a day")

    async with engine(Troubled(database, trouble)) as kit:
        ann = await kit.person(1)
        await kit.order(ann)
        assert (await kit.finished("job1")).state is JobState.DONE
        assert lost == 2
        assert kit.alerts.said == []
        assert await kit.balance(ann) == (90, 0)


async def test_who_comes_back_first_does_not_take_the_others_for_dead(
    restartable: PostgresServer, restartable_url: str
) -> None:
    """All leases ran out while the server was away: each process gets the time to renew its own."""
    first, second = await open_database(restartable_url), await open_database(restartable_url)
    async with two_engines(first, second) as (here, there):
        ann = await here.person(1)
        for kit in (here, there):
            kit.provider.scripts["slow"] = (Accepted(None), AWAY + 1.5, *SUCCESS[1:])
        await here.order(ann, "slow")
        await here.state("job1", JobState.RUNNING)
        with _halted(restartable):
            await asyncio.sleep(AWAY)
        assert (await here.finished("job1", 20)).state is JobState.DONE
        assert len(here.provider.submits + there.provider.submits) == 1
    await first.close()
    await second.close()


@asynccontextmanager
async def two_engines(first: Database, second: Database) -> AsyncIterator[tuple[Kit, Kit]]:
    async with engine(first, lease=LEASE) as here, engine(second, lease=LEASE) as there:
        yield here, there


async def test_a_process_that_is_dead_is_freed_after_the_others_had_their_time(two: tuple[Database, Database]) -> None:
    async with engine(two[0], lease=2.0) as here:
        ann = await here.person(1)
        here.worker.lease.renewed(here.worker.lease.clock() - 10.0)  # as if the database had been away
        began = time.monotonic()
        await here.worker._beat()
        await two[1].transaction(lambda conn: leases.heartbeat(conn, "dead", 0.1))
        alive = lambda conn: conn.exec_driver_sql("SELECT count(*) FROM workers WHERE id = 'dead'").scalar_one()  # noqa: E731
        await asyncio.sleep(0.3)
        assert await two[1].read(alive) == 1
        while await two[1].read(alive):
            assert time.monotonic() - began < 10.0
            await asyncio.sleep(0.05)
        assert time.monotonic() - began > 1.9
        await here.order(ann)
        await here.finished("job1")


async def test_a_stop_does_not_wait_for_a_lost_database(
    restartable: PostgresServer, restartable_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "GOODBYE", 0.3)
    database = await open_database(restartable_url)
    async with engine(database) as kit:
        with _halted(restartable):
            token = PATIENCE.set(0.3)
            began = time.monotonic()
            await kit.worker.stop()
            assert time.monotonic() - began < 10.0
            PATIENCE.reset(token)
    await database.close()
