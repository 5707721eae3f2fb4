"""A person's orders that can still be cancelled. Nothing here writes."""

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.jobs import Job
from bot.engine.jobs.store import CAN_BE_CANCELLED
from bot.storage import job_rows
from bot.storage.job_rows import LIVE
from bot.storage.tables import jobs


def cancellable(
    conn: Connection, account_id: int, *, chat_id: int | None, offset: int, limit: int
) -> tuple[int, list[Job]]:
    """How many there are, and some of them, the newest first. `chat_id`: only those of that chat."""
    mine = sa.and_(jobs.c.account_id == account_id, LIVE, CAN_BE_CANCELLED)
    if chat_id is not None:
        mine = sa.and_(mine, jobs.c.chat_id == chat_id)
    count = conn.execute(sa.select(sa.func.count()).select_from(jobs).where(mine)).scalar_one()
    newest = sa.select(jobs).where(mine).order_by(jobs.c.created_at.desc(), jobs.c.id).offset(offset).limit(limit)
    return int(count), [job_rows.job_of(row) for row in conn.execute(newest).mappings()]
