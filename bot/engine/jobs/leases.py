"""Who owns what: one leased row per process, and what becomes of the jobs and updates of a process that is gone.

All times are the database's. A process without its row owns nothing: the process that freed it may have
given its jobs away."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.storage.clock import now
from bot.storage.sql import Sql
from bot.storage.tables import inbox, jobs, workers

_OWNED = sa.text("owner IS NOT NULL")
_IN_HAND = sa.text("handled_at IS NULL AND owner IS NOT NULL")
# The words of the partial indexes in storage/tables, see store.py.
_UNPLACED = sa.text("state = 'queued' AND owner IS NULL AND message_id = 0")
_MINE = Sql("SELECT 1 FROM workers WHERE id = ?")
_MINE_KEPT = Sql("SELECT 1 FROM workers WHERE id = ? FOR KEY SHARE")


@dataclass(frozen=True, slots=True)
class Beat:
    """A renewed lease. `kept`: the row was still there, so no process freed what this one had; `freed`: jobs of dead
    processes that are free now; `moment`: the database's time of the renewal."""

    kept: bool
    freed: int
    moment: float


def heartbeat(conn: Connection, me: str, lease: float, *, spare: bool = False) -> Beat:
    """Renews this process's lease and frees what dead processes owned; with `spare` those are left alone."""
    moment = now(conn)
    renewed = sa.update(workers).where(workers.c.id == me).values(lease_until=moment + lease)
    kept = bool(conn.execute(renewed).rowcount)
    # Another process took this one for dead and freed what it had: the new row begins with nothing.
    if not kept:
        conn.execute(sa.insert(workers).values(id=me, lease_until=moment + lease))
    if spare:
        return Beat(kept, 0, moment)
    expired = sa.select(workers.c.id).where(workers.c.lease_until < moment)
    if conn.dialect.name == "postgresql":
        # Two processes may find the same dead one: the second passes it over instead of waiting for the first.
        expired = expired.with_for_update(skip_locked=True)
    dead = conn.execute(expired).scalars().all()
    return Beat(kept, sum(free(conn, worker) for worker in dead), moment)


def may_claim(conn: Connection, me: str) -> bool:
    """Whether this process has its row, which then stays until the transaction ends: what it claims has an owner that
    another process can free."""
    # KEY SHARE and not UPDATE: this process's own heartbeat is not held up, while a process that frees dead ones
    # passes this row over until the claim is committed.
    mine = _MINE if conn.dialect.name == "sqlite" else _MINE_KEPT
    return mine.run(conn, me).one_or_none() is not None


def first(conn: Connection, me: str) -> bool:
    """Whether this process is the one among those alive that does what only one needs to do."""
    alive = sa.select(sa.func.min(workers.c.id)).where(workers.c.lease_until >= now(conn))
    return bool(conn.execute(alive).scalar_one() == me)


def alone(conn: Connection, me: str) -> bool:
    """Whether no other process is alive, which would carry on what this one leaves."""
    others = sa.select(workers.c.id).where(workers.c.id != me, workers.c.lease_until >= now(conn)).limit(1)
    return conn.execute(others).first() is None


def free(conn: Connection, worker: str) -> int:
    """Hands back everything of a process that ended; its late writes are fenced off. Returns how many jobs."""
    moment = now(conn)
    # The epoch fences off a process that was only slow: its next write finds no row.
    freed = conn.execute(
        sa.update(jobs).where(jobs.c.owner == worker).values(owner=None, epoch=jobs.c.epoch + 1, next_at=moment)
    ).rowcount
    conn.execute(sa.update(inbox).where(_IN_HAND, inbox.c.owner == worker).values(owner=None))
    conn.execute(sa.delete(workers).where(workers.c.id == worker))
    return freed


def free_all_but(conn: Connection, me: str) -> int:
    """On SQLite exactly one process writes: at its start whatever others own is an orphan, and no other process is
    about to send the message of a job whose Order said `opening`."""
    moment = now(conn)
    unopened = sa.and_(_UNPLACED, jobs.c.inline_id == "", jobs.c.tries == 0, jobs.c.next_at > moment)
    conn.execute(sa.update(jobs).where(unopened).values(next_at=moment))
    others = _owners(conn) | set(conn.execute(sa.select(workers.c.id)).scalars())
    return sum(free(conn, worker) for worker in others - {me})


def free_orphans(conn: Connection) -> int:
    """Frees what is owned by a name without a row: no lease could ever run out for it. Returns how many jobs."""
    # The owners are read first: a process that begins in between has its row before its first job.
    owners = _owners(conn)
    known = set(conn.execute(sa.select(workers.c.id)).scalars())
    return sum(free(conn, worker) for worker in owners - known)


def _owners(conn: Connection) -> set[str]:
    of_jobs = conn.execute(sa.select(jobs.c.owner).where(_OWNED).distinct()).scalars()
    of_updates = conn.execute(sa.select(inbox.c.owner).where(_IN_HAND).distinct()).scalars()
    return {owner for owner in (*of_jobs, *of_updates) if owner is not None}


def owned_jobs(conn: Connection, me: str) -> dict[str, int]:
    """Ids and epochs of the jobs that are this process's."""
    mine = sa.select(jobs.c.id, jobs.c.epoch).where(_OWNED, jobs.c.owner == me)
    return {row.id: row.epoch for row in conn.execute(mine)}


def hand_back(conn: Connection, me: str, ids: Collection[str]) -> int:
    """Frees some jobs of this process, to be claimed at once by any process. Returns how many."""
    mine = sa.and_(jobs.c.owner == me, jobs.c.id.in_(ids))
    freed = sa.update(jobs).where(mine).values(owner=None, epoch=jobs.c.epoch + 1, next_at=now(conn))
    return conn.execute(freed).rowcount
