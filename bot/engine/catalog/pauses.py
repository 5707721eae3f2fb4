"""Models off sale after a fault that is not theirs to mend, and the ways back: a ping, a probing order, a tap."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.catalog.models import Model
from bot.storage.clock import now
from bot.storage.sql import Sql
from bot.storage.statements import insert_new
from bot.storage.tables import pauses

BAD_KEY = "bad_key"
OUT_OF_FUNDS = "out_of_funds"
CIRCUIT = "circuit"
"""Too many faults of the provider one after the other: see circuit_breaker.py."""
NOT_PERMITTED = "not_permitted"
UNKNOWN_MODEL = "unknown_model"
"""These two concern one model: their reason in the table ends in ":<slug>"."""

_EVERYTHING = Sql("SELECT provider, reason, min_units, since, probe_at, probe_job, wait FROM pauses ORDER BY since")


@dataclass(frozen=True, slots=True)
class Pause:
    """Why models of a provider are off sale. `min_units`: only those costing at least this many upstream units."""

    provider: str
    reason: str
    min_units: Decimal
    since: float
    probe_at: float | None
    """From then on one order is let through; None: no order is, a ping or a tap must lift it."""
    probe_job: str | None
    """The order under way that was let through."""
    wait: float | None = None
    """Seconds from the last fault to probe_at, where they grow."""

    @property
    def kind(self) -> str:
        """The reason without its model."""
        return self.reason.partition(":")[0]

    @property
    def slug(self) -> str:
        """The one model that is off; "": not just one."""
        return self.reason.partition(":")[2]

    def covers(self, model: Model, moment: float) -> bool:
        """Whether the model is off sale at that time."""
        return self.concerns(model) and not self.open_for_probe(moment)

    def concerns(self, model: Model) -> bool:
        """Whether it is about this model, open for a probe or not."""
        if model.provider != self.provider:
            return False
        return self.slug == model.slug if self.slug else model.units >= self.min_units

    def open_for_probe(self, moment: float) -> bool:
        return self.probe_at is not None and self.probe_at <= moment and self.probe_job is None


class Start(Enum):
    """What an order whose turn has come may do."""

    GO = "go"
    PROBE = "probe"
    """The order starts, and its end decides whether a pause ends."""
    WAIT = "wait"
    """The provider's circuit is open: the order waits for it to close, within the queue's bound."""
    OFF = "off"
    """An operator must act: the order fails."""


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


def not_permitted(conn: Connection, model: Model, *, probe_after: float) -> None:
    """Takes one model off sale that the operator's plan does not have; the next probe may go after so many seconds."""
    moment = now(conn)
    reason, probe_at = f"{NOT_PERMITTED}:{model.slug}", moment + probe_after
    facts = {"min_units": "0", "since": moment, "probe_at": probe_at}
    if not insert_new(conn, pauses, provider=model.provider, reason=reason, **facts):
        again = sa.update(pauses).where(_is(model.provider, reason)).values(probe_at=probe_at, probe_job=None)
        conn.execute(again)


def unknown_model(conn: Connection, model: Model) -> None:
    """Takes one model off sale that the provider does not know, until an operator says otherwise. Idempotent."""
    reason = f"{UNKNOWN_MODEL}:{model.slug}"
    insert_new(conn, pauses, provider=model.provider, reason=reason, min_units="0", since=now(conn))


def let_through(conn: Connection, model: Model, job_id: str) -> bool:
    """Whether an order for the model may be placed. Where a pause waits for a probe this order is it from now on: of
    two at the same moment one. After False the order must end: it may be the probe of some pauses already.

    An open circuit refuses; of those placed while it is open for a probe the first whose turn comes is it (`start`).
    """
    moment = now(conn)
    for pause in everything(conn):
        if pause.kind == CIRCUIT:
            if pause.covers(model, moment):
                return False
        elif not _reserved(conn, pause, model, job_id, moment):
            return False
    return True


def start(conn: Connection, model: Model, job_id: str) -> Start:
    """What an order whose turn has come may do; after PROBE it is that of every pause that concerns it. After OFF it
    must end, after WAIT be put off: it is no probe of the circuit then."""
    moment, found = now(conn), everything(conn)
    for pause in found:
        if pause.kind == CIRCUIT and not _reserved(conn, pause, model, job_id, moment):
            return Start.WAIT
    for pause in found:
        if pause.kind != CIRCUIT and not _reserved(conn, pause, model, job_id, moment):
            return Start.OFF
    return Start.PROBE if any(pause.concerns(model) for pause in found) else Start.GO


def _reserved(conn: Connection, pause: Pause, model: Model, job_id: str, moment: float) -> bool:
    """Whether the pause lets this order through: it is not concerned, is its probe, or becomes it now."""
    if not pause.concerns(model) or pause.probe_job == job_id:
        return True
    if not pause.open_for_probe(moment):
        return False
    free = sa.and_(_is(pause.provider, pause.reason), pauses.c.probe_job.is_(None))
    return bool(conn.execute(sa.update(pauses).where(free).values(probe_job=job_id)).rowcount)


def probe_ended(conn: Connection, job_id: str, *, succeeded: bool) -> list[str]:
    """Ends a probe: success lifts the pause (its provider is returned), anything else lets the next order through."""
    mine = pauses.c.probe_job == job_id
    lifted = list(dict.fromkeys(conn.execute(sa.select(pauses.c.provider).where(mine)).scalars()))
    if not lifted:
        return []
    if succeeded:
        conn.execute(sa.delete(pauses).where(mine))
        return lifted
    conn.execute(sa.update(pauses).where(mine).values(probe_job=None))
    return []


def probe_put_off(conn: Connection, job_id: str, seconds: float) -> None:
    """The provider did not take the probe of its circuit, which waits to be sent anew: until then none is let through,
    and from then on any. It must not stay the probe: an order that waits is claimed only where there is none."""
    mine = sa.and_(pauses.c.probe_job == job_id, pauses.c.reason == CIRCUIT)
    conn.execute(sa.update(pauses).where(mine).values(probe_job=None, probe_at=now(conn) + seconds))


def lift(conn: Connection, provider: str, reason: str) -> bool:
    """Puts the models back on sale; False when they were not off for that reason."""
    return bool(conn.execute(sa.delete(pauses).where(_is(provider, reason))).rowcount)


def lift_model(conn: Connection, model: Model) -> bool:
    """Ends the pauses that concern this model alone: an operator's tap, or the provider lists it again."""
    reasons = [f"{kind}:{model.slug}" for kind in (NOT_PERMITTED, UNKNOWN_MODEL)]
    mine = sa.and_(pauses.c.provider == model.provider, pauses.c.reason.in_(reasons))
    return bool(conn.execute(sa.delete(pauses).where(mine)).rowcount)


def allow_probe(conn: Connection, provider: str) -> bool:
    """An admin's tap: the next order goes through at once. False when nothing waits for a probe."""
    waits = sa.and_(pauses.c.provider == provider, pauses.c.probe_at.is_not(None), pauses.c.probe_job.is_(None))
    return bool(conn.execute(sa.update(pauses).where(waits).values(probe_at=now(conn))).rowcount)
