"""What a clock that is set back would leave asleep: times "not before" that lie further ahead than they are ever put.

Such a time was written before the setback and counts as due now. Deadlines and expiries are none: what would have ended
in an hour ends an hour later than it should, and nothing is lost by that. Jobs look for themselves, see store.py.
"""

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.engine.catalog import circuit_breaker, pauses
from bot.engine.credits import notices
from bot.engine.dialogs import expiring_messages
from bot.storage import tables
from bot.storage.clock import now

LONGEST_LEASE = 300.0
"""Seconds: more than any process's lease."""


def mend(conn: Connection, *, lease: float, probe_after: float) -> int:
    """Makes due what was put off beyond its bound; returns how many rows. `probe_after`: the operator's seconds from a
    refusal to the next order that is let through. Cheap: the tables are small or have an index for it."""
    moment = now(conn)
    by_circuit = tables.pauses.c.reason == pauses.CIRCUIT
    by_others = tables.pauses.c.reason != pauses.CIRCUIT
    return sum(
        _bring(conn, column, moment + longest, moment + to, *which)
        for column, longest, to, which in (
            (tables.pauses.c.probe_at, circuit_breaker.LONGEST_WAIT, 0.0, (by_circuit,)),
            (tables.pauses.c.probe_at, probe_after, 0.0, (by_others,)),
            (tables.notices.c.due_at, notices.LATER, 0.0, ()),
            (tables.waiting_orders.c.due_at, notices.LATER, 0.0, ()),
            # A living process renews its lease, a dead one's runs out a lease from now; what vanishes stands once more.
            (tables.workers.c.lease_until, LONGEST_LEASE, lease, ()),
            (tables.fleeting.c.due_at, expiring_messages.SHOWN, expiring_messages.SHOWN, ()),
        )
    )


def _bring(conn: Connection, column: sa.Column[float], beyond: float, to: float, *which: sa.ColumnElement[bool]) -> int:
    """Rows whose time lies `beyond` get the time `to`."""
    far = sa.update(column.table).where(column > beyond, *which)
    return conn.execute(far.values({column: to})).rowcount
