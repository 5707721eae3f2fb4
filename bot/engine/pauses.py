"""Models off sale after an operator fault, and the ways back: a ping, or a probing order."""

from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.catalog import Model
from bot.ledger.sql import Sql
from bot.storage.clock import now
from bot.storage.statements import insert_new
from bot.storage.tables import pauses

BAD_KEY = "bad_key"
OUT_OF_FUNDS = "out_of_funds"

_EVERYTHING = Sql("SELECT provider, reason, min_units, since, probe_at, probe_job FROM pauses ORDER BY since")


@dataclass(frozen=True, slots=True)
class Pause:
    """Why models of a provider are off sale. `min_units`: only those costing at least this many upstream units."""

    provider: str
    reason: str
    min_units: Decimal
    since: float
    probe_at: float | None
    """From then on one order is let through; None: no order is, a ping must succeed."""
    probe_job: str | None
    """The order under way that was let through."""

    def covers(self, model: Model, moment: float) -> bool:
        """Whether the model is off sale at that time."""
        return self.concerns(model) and not self.open_for_probe(moment)

    def concerns(self, model: Model) -> bool:
        return model.provider == self.provider and model.units >= self.min_units

    def open_for_probe(self, moment: float) -> bool:
        return self.probe_at is not None and self.probe_at <= moment and self.probe_job is None


def everything(conn: Connection) -> tuple[Pause, ...]:
    """All pauses, oldest first."""
    return tuple(Pause(row[0], row[1], Decimal(row[2]), *row[3:]) for row in _EVERYTHING.run(conn))


def _is(provider: str, reason: str) -> sa.ColumnElement[bool]:
    return sa.and_(pauses.c.provider == provider, pauses.c.reason == reason)


def bad_key(conn: Connection, provider: str) -> None:
    """Takes all models of a provider off sale until a ping succeeds. Idempotent."""
    insert_new(conn, pauses, provider=provider, reason=BAD_KEY, min_units="0", since=now(conn))


def out_of_funds(conn: Connection, model: Model, *, probe_after: float) -> None:
    """Takes the models costing at least as much as this one off sale; the next probe may go after so many seconds."""
    moment = now(conn)
    facts = {"min_units": str(model.units), "since": moment, "probe_at": moment + probe_after}
    if insert_new(conn, pauses, provider=model.provider, reason=OUT_OF_FUNDS, **facts):
        return
    row = conn.execute(sa.select(pauses).where(_is(model.provider, OUT_OF_FUNDS))).mappings().one()
    least = min(Decimal(row["min_units"]), model.units)
    conn.execute(
        sa.update(pauses)
        .where(_is(model.provider, OUT_OF_FUNDS))
        .values(min_units=str(least), probe_at=moment + probe_after, probe_job=None)
    )


def let_through(conn: Connection, model: Model, job_id: str) -> bool:
    """Whether an order for the model may go upstream. Where a pause waits for a probe this order is it from now on: of
    two at the same moment one. After False the order must end: it may be the probe of some pauses already."""
    moment = now(conn)
    for pause in everything(conn):
        if not pause.concerns(model) or pause.probe_job == job_id:
            continue
        if not pause.open_for_probe(moment):
            return False
        free = sa.and_(_is(pause.provider, pause.reason), pauses.c.probe_job.is_(None))
        if not conn.execute(sa.update(pauses).where(free).values(probe_job=job_id)).rowcount:
            return False
    return True


def probe_ended(conn: Connection, job_id: str, *, succeeded: bool) -> list[str]:
    """Ends a probe: success lifts the pause (its provider is returned), anything else lets the next order through."""
    mine = pauses.c.probe_job == job_id
    lifted = list(conn.execute(sa.select(pauses.c.provider).where(mine)).scalars())
    if not lifted:
        return []
    if succeeded:
        conn.execute(sa.delete(pauses).where(mine))
        return lifted
    conn.execute(sa.update(pauses).where(mine).values(probe_job=None))
    return []


def lift(conn: Connection, provider: str, reason: str) -> bool:
    """Puts the models back on sale; False when they were not off for that reason."""
    return bool(conn.execute(sa.delete(pauses).where(_is(provider, reason))).rowcount)


def allow_probe(conn: Connection, provider: str) -> bool:
    """An admin's tap: the next order goes through at once. False when nothing waits for a probe."""
    waits = sa.and_(_is(provider, OUT_OF_FUNDS), pauses.c.probe_job.is_(None))
    return bool(conn.execute(sa.update(pauses).where(waits).values(probe_at=now(conn))).rowcount)
