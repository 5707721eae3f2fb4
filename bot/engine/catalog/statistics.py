"""How long models took lately, which is how long they are said to take."""

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.jobs import JobState
from bot.storage.tables import jobs


def durations(conn: Connection, model: str, *, limit: int) -> list[float]:
    """Seconds upstream of the latest finished jobs of a model, newest first."""
    statement = (
        sa.select(jobs.c.delivering_at - jobs.c.submitted_at)
        .where(
            jobs.c.model == model,
            jobs.c.state == JobState.DONE.value,
            jobs.c.delivering_at.is_not(None),
            jobs.c.submitted_at.is_not(None),
        )
        .order_by(jobs.c.finished_at.desc())
        .limit(limit)
    )
    return [float(seconds) for seconds in conn.execute(statement).scalars()]
