"""Results that a provider keeps under a name of its own: each belongs to one job, and so to one person.

The operator's key sees what all users made; this table is what keeps them apart.
"""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.jobs import Asset, Job
from bot.storage.statements import insert_new
from bot.storage.tables import jobs, own_results


def take(conn: Connection, job: Job, assets: Sequence[Asset]) -> bool:
    """Gives the named results to the job. False: one belongs to another job already."""
    named = [(position, asset.own) for position, asset in enumerate(assets) if asset.own]
    if any(owner(conn, job.provider, own) not in (None, job.id) for _, own in named):
        return False
    taken = (
        insert_new(conn, own_results, provider=job.provider, own=own, job_id=job.id, position=position)
        or owner(conn, job.provider, own) == job.id
        for position, own in named
    )
    return all(taken)


def owner(conn: Connection, provider: str, own: str) -> str | None:
    """The job that a result belongs to."""
    mine = sa.and_(own_results.c.provider == provider, own_results.c.own == own)
    found: str | None = conn.execute(sa.select(own_results.c.job_id).where(mine)).scalar_one_or_none()
    return found


def reached_by(conn: Connection, account_id: int, provider: str, own: str) -> bool:
    """Whether the result of that name is one of this account's jobs'."""
    job_id = owner(conn, provider, own)
    mine = sa.select(jobs.c.account_id).where(jobs.c.id == job_id)
    return job_id is not None and conn.execute(mine).scalar_one_or_none() == account_id


def free(conn: Connection, provider: str, names: Collection[str]) -> frozenset[str]:
    """Those of the names that belong to no job."""
    if not names:
        return frozenset()
    known = sa.and_(own_results.c.provider == provider, own_results.c.own.in_(names))
    taken = set(conn.execute(sa.select(own_results.c.own).where(known)).scalars())
    return frozenset(names) - taken


def forget(conn: Connection, provider: str, own: str) -> None:
    """The result was deleted upstream."""
    mine = sa.and_(own_results.c.provider == provider, own_results.c.own == own)
    conn.execute(sa.delete(own_results).where(mine))
