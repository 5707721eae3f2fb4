"""Results that were delivered once and are to be shown again: new names of their files, and money back for those that
no provider keeps any more."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.errors import NotRefundable
from bot.domain.jobs import Delivered, Job, JobState
from bot.domain.money import Credits
from bot.engine.jobs import settlement, store
from bot.storage import job_rows
from bot.storage.database import Database
from bot.storage.tables import jobs

NOTE: Final = "the result was lost"


class Renewals:
    """What becomes of results that were to be shown again."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def renew(self, job: Job, files: Mapping[int, Delivered]) -> None:
        """Keeps the names under which Telegram has results that were uploaded anew, by their place in the job."""
        await self._db.transaction(lambda conn: renew(conn, job, files))

    async def pay_back(self, job: Job) -> Credits | None:
        """Gives back what a done job cost, for its results are lost. Idempotent: None when that was done before, when
        it cost nothing, or when its owner deleted the results meanwhile."""

        def give_back(conn: Connection) -> Credits | None:
            return refund(conn, job)

        return await self._db.transaction(give_back)

    async def refunded(self, job: Job) -> bool:
        """Whether the charge of the job went back, as the database has it now."""
        current = await self._db.read(lambda conn: store.get(conn, job.id))
        return current is not None and current.refunded


def renew(conn: Connection, job: Job, files: Mapping[int, Delivered]) -> None:
    """Keeps the names under which Telegram has results that were uploaded anew, by their place in the job; nothing for
    a job that was deleted or renewed meanwhile."""
    if _unchanged(conn, job) is None:
        return
    delivered = [
        replace(each, file_id=files[i].file_id, media=files[i].media, cover=files[i].cover) if i in files else each
        for i, each in enumerate(job.delivered)
    ]
    conn.execute(sa.update(jobs).where(jobs.c.id == job.id).values(delivered=job_rows.delivered_json(delivered)))


def refund(conn: Connection, job: Job) -> Credits | None:
    """Gives back what a done job cost, for its results are lost. Once: None when that was done before, when it cost
    nothing, or when its owner deleted the results meanwhile."""
    if _unchanged(conn, job) is None:
        return None
    try:
        return settlement.refunded(conn, job.id, actor=None, note=NOTE)[1]
    except NotRefundable:
        return None


def _unchanged(conn: Connection, job: Job) -> Job | None:
    """The job, while its results are those that were tried."""
    current = store.get(conn, job.id, lock=True)
    if current is None or current.state is not JobState.DONE or current.user_id != job.user_id:
        return None
    return current if current.delivered == job.delivered and current.delivered else None
