"""A cancel against what happens at the same moment: the operator's costs are seen, and the limit holds."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.domain.errors import TooManyCancels
from bot.domain.jobs import Job, JobState
from bot.engine.jobs import store
from bot.engine.jobs.submit import OrderLimits
from bot.providers.base import Accepted
from bot.storage.database import Database
from tests.drivers.postgres import PostgresServer
from tests.engine.kit import engine


async def test_running_cancels_at_once_keep_the_limit(database: Database) -> None:
    async with engine(database, limits=OrderLimits(running_cancels_per_hour=1)) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["slow"] = (Accepted(None), asyncio.Event())
        for n in range(1, 5):
            await kit.order(ann, "slow")
            await kit.state(f"job{n}", JobState.RUNNING)
        cancels = (kit.orders.cancel(f"job{n}", account_id=ann.account_id) for n in range(1, 5))
        ends = await asyncio.gather(*cancels, return_exceptions=True)
        assert [type(end) for end in ends if isinstance(end, BaseException)] == [TooManyCancels] * 3


async def test_a_job_that_is_submitted_meanwhile_is_not_cancelled_for_free(
    two: tuple[Database, Database], postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading the state and writing it nobody may submit: what was cancelled had cost nothing."""
    async with engine(two[0], start=False) as kit:
        ann = await kit.person(1)
        await kit.order(ann)
        (name,) = await two[0].read(lambda conn: conn.exec_driver_sql("SELECT current_database()").scalars().all())
        real, interfered = store.get, []

        def read_then_submit(conn: Connection, job_id: str, **how: Any) -> Job | None:
            job = real(conn, job_id, **how)
            limit, submit = "set_config('lock_timeout', '300', true)", "UPDATE jobs SET state = 'submitting'"
            try:
                postgres.run(f"DO $$ BEGIN PERFORM {limit}; {submit}; END $$", database=str(name))
            except Exception as error:
                interfered.append(type(error).__name__)
            else:
                interfered.append("done")
            return job

        monkeypatch.setattr(store, "get", read_then_submit)
        job = await kit.orders.cancel("job1", account_id=ann.account_id)
        assert job.state is JobState.CANCELLED
        assert interfered == ["LockNotAvailableError"]
