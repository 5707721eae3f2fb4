"""The circuit of a provider: after several faults of its own in a row nothing is sent there for a while, then one.

It is a pause (pauses.py) of the provider: open until `probe_at`, half open from then on, gone when closed. The faults
are counted in the jobs table, so that all processes count the same; a probe that fails doubles the wait.

The orders of all people stop when it opens, so no one person may be able to open it: what a person's input can bring
about is no fault, and of one person's faults each cause counts once, which makes fewer than it takes.
"""

from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.jobs import Cause, Job, JobState
from bot.engine.catalog.pauses import CIRCUIT, Pause
from bot.storage.clock import now
from bot.storage.statements import insert_new
from bot.storage.tables import jobs, pauses

FAULTS = frozenset({Cause.UPSTREAM_DOWN, Cause.CONNECTION_LOST, Cause.BAD_RESULT, Cause.TIMEOUT})
"""Failures that are the provider's, fewer kinds than OPEN_AFTER. Operator faults and 429 are none, nor is an answer
without words or an option that a model does not take; ends of our own making say nothing."""
ANSWERS = frozenset({Cause.GENERATION_FAILED, Cause.REFUSED})
"""Failures by which a provider shows that it works."""
OPEN_AFTER = 5
"""Faults in a row that open it: as many pairs of person and cause."""
FIRST_WAIT = 60.0
LONGEST_WAIT = 1800.0
LOOK_BACK = 200
"""Latest ends of a provider's jobs among which the faults in a row are counted."""
PUT_OFF = 5.0
"""Seconds for which an order is put off that met an open circuit when its turn had come."""

_HERE = pauses.c.reason == CIRCUIT


def record_failure(conn: Connection, job: Job, cause: Cause) -> bool:
    """Hears of a failed job, after its end is written. True when the circuit opened, or opened again, by it."""
    if cause in ANSWERS:
        half_open = sa.and_(_HERE, pauses.c.provider == job.provider, pauses.c.probe_at <= now(conn))
        conn.execute(sa.delete(pauses).where(half_open))
        return False
    return cause in FAULTS and _fault(conn, job.provider)


def _fault(conn: Connection, provider: str) -> bool:
    moment = now(conn)
    mine = sa.and_(_HERE, pauses.c.provider == provider)
    row = conn.execute(sa.select(pauses).where(mine)).mappings().one_or_none()
    if row is None:
        if in_a_row(conn, provider) < OPEN_AFTER:
            return False
        facts = {"since": moment, "probe_at": moment + FIRST_WAIT, "wait": FIRST_WAIT}
        return insert_new(conn, pauses, provider=provider, reason=CIRCUIT, min_units="0", **facts)
    if row["probe_job"] is not None or row["probe_at"] > moment:
        return False  # begun before it opened, or beside the probe: nothing new
    wait = min(LONGEST_WAIT, 2 * (row["wait"] or FIRST_WAIT))
    conn.execute(sa.update(pauses).where(mine).values(probe_at=moment + wait, wait=wait))
    return True


def in_a_row(conn: Connection, provider: str) -> int:
    """Faults since the provider last did or answered something, by the latest ends of its jobs: each cause once for
    each person."""
    latest = (
        sa.select(jobs.c.state, jobs.c.cause, jobs.c.user_id)
        .where(jobs.c.provider == provider, sa.text("finished_at IS NOT NULL"))
        .order_by(jobs.c.finished_at.desc())
        .limit(LOOK_BACK)
    )
    found: set[tuple[int, str]] = set()
    for state, cause, user_id in conn.execute(latest):
        if state == JobState.DONE.value or cause in ANSWERS:
            break
        if cause in FAULTS:
            found.add((user_id, cause))
    return len(found)


def room(found: Iterable[Pause], provider: str, wanted: int, moment: float) -> int:
    """How many waiting orders of the provider may be begun now: none while it is open, one when it is half open."""
    circuit = of(found, provider)
    if circuit is None:
        return wanted
    return min(wanted, 1) if circuit.open_for_probe(moment) else 0


def of(found: Iterable[Pause], provider: str) -> Pause | None:
    """The provider's circuit, unless it is closed."""
    return next((p for p in found if p.provider == provider and p.kind == CIRCUIT), None)


def held_seconds(found: Collection[Pause], provider: str, moment: float) -> float | None:
    """Seconds until one of the waiting orders is let through; 0: any moment; None: the circuit is closed."""
    circuit = of(found, provider)
    return None if circuit is None else max(0.0, (circuit.probe_at or moment) - moment)
