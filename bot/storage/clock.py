"""The database's clock: leases and deadlines of several machines are compared with one clock, and tests can move it."""

import time

from sqlalchemy import Connection

CLOCK = "easel_clock"
"""Where a Clock hangs in `Connection.info`; a connection without one (a migration's) is not shifted."""

_POSTGRESQL = "SELECT extract(epoch FROM clock_timestamp())::double precision"


class Clock:
    """How far one opened database's clock was moved, in seconds."""

    __slots__ = ("shift",)

    def __init__(self) -> None:
        self.shift = 0.0


def now(conn: Connection) -> float:
    """Unix seconds by the database's clock: the server's on PostgreSQL, this machine's on SQLite.

    It moves within a transaction.
    """
    clock: Clock | None = conn.info.get(CLOCK)
    shift = clock.shift if clock is not None else 0.0
    if conn.dialect.name == "sqlite":
        return time.time() + shift
    return float(conn.exec_driver_sql(_POSTGRESQL).scalar_one()) + shift
