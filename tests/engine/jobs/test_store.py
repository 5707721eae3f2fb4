"""A job after a write is the job that a fresh look at its row would show."""

import sqlalchemy as sa

from bot.domain.jobs import Asset, JobState
from bot.engine.jobs import store
from bot.storage import job_rows
from bot.storage.database import Database
from bot.storage.tables import jobs
from tests.engine.kit import engine

ORDERED = {
    "inputs",
    "id",
    "account_id",
    "user_id",
    "provider",
    "model",
    "kind",
    "prompt",
    "options",
    "quote",
    "locale",
    "ordered",
}
"""What never changes after the confirmation."""
NOT_ON_THE_JOB = {"turn", "next_at", "costly_end", "stopping"}
BY_ITS_OWNER = {"favourite"}
"""What its owner changes once it is done, when nobody carries it any more."""


def test_every_column_is_ordered_or_changing() -> None:
    changing = {column.name for column in job_rows.CHANGING}
    assert changing.isdisjoint(ORDERED)
    assert changing | ORDERED | NOT_ON_THE_JOB | BY_ITS_OWNER | {"created_at"} == set(jobs.c.keys())


async def test_a_written_job_is_what_its_row_says(database: Database) -> None:
    async with engine(database, start=False) as kit:
        ann = await kit.person(1)
        await kit.order(ann)

        def carry(conn: sa.Connection) -> None:
            (job,) = store.claim_queued(conn, "me", "toy", concurrency=1, limit=1)
            submitting = store.mark_submitting(conn, job, longest_seconds=60.0)
            assert submitting is not None
            assert submitting == store.get(conn, job.id)
            assert submitting.prompt is job.prompt
            running = store.mark_running(conn, submitting, "ref-1")
            assert running == store.get(conn, job.id)
            assert running is not None
            delivering = store.mark_delivering(conn, running, (Asset("https://cdn.example/a.mp4"),), "9.5")
            assert delivering == store.get(conn, job.id)
            assert delivering is not None
            assert delivering.state is JobState.DELIVERING

        await database.transaction(carry)
        await database.transaction(lambda conn: conn.execute(sa.update(jobs).values(owner=None)))
