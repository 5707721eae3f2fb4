"""The one way to the data: `transaction(fn)` and `read(fn)` with plain synchronous functions, on both databases."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from bot.storage import urls
from bot.storage.errors import (
    DatabaseBusy,
    DatabaseClosed,
    DatabaseLost,
    DatabaseUnavailable,
    DatabaseUrlInvalid,
    StorageError,
)
from bot.storage.postgres import PostgresDatabase
from bot.storage.sqlite.database import SqliteDatabase

__all__ = [
    "Database",
    "DatabaseBusy",
    "DatabaseClosed",
    "DatabaseLost",
    "DatabaseUnavailable",
    "DatabaseUrlInvalid",
    "StorageError",
    "open_database",
]

T = TypeVar("T")


class Database(Protocol):
    """An open database. Functions given to it get a `sqlalchemy.Connection` and must touch nothing but it: they run on
    another thread (SQLite), may run more than once (PostgreSQL), and never commit or roll back themselves.

    A refused statement does not spoil the rest of the transaction on SQLite but does on PostgreSQL: what expects a
    refusal wraps the statement in `conn.begin_nested()`.
    """

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        ...

    @property
    def lost(self) -> bool:
        """Whether a read or a transaction met a database that is away (see outage.py), and none has succeeded since."""
        ...

    async def transaction(self, fn: Callable[[Connection], T]) -> T:
        """Runs `fn` in a transaction of its own; durable when this returns, undone when `fn` raises.

        SQLite runs transactions in the order in which they were asked for. A cancelled caller never leaves one open:
        on SQLite a transaction that was already handed over still commits, on PostgreSQL it is rolled back unless its
        COMMIT was already sent. Either way a cancelled caller does not know, and looks again by its idempotency key.

        Waits for a database that is away and runs `fn` again, never after it was committed. Raises DatabaseLost when it
        stays away for `outage.PATIENCE` seconds.
        """
        ...

    async def read(self, fn: Callable[[Connection], T]) -> T:
        """Runs `fn` in a read-only transaction: everything it reads is of one moment, after all finished transactions.

        Writing in it raises sqlalchemy.exc.DBAPIError. Waits for a database that is away, as `transaction` does.
        """
        ...

    def notify(self, conn: Connection, channel: str) -> None:
        """Within a transaction: wakes the listeners of `channel` after the COMMIT, in all processes. Several in one
        transaction are one."""
        ...

    async def listen(self, channel: str, callback: Callable[[], None]) -> None:
        """Calls `callback` in the event loop after each notification, and once at the start and after every
        reconnect (something may have been said meanwhile). Runs until cancelled, so it is spawned as a task.

        A hint, not a queue: every worker also looks by itself once in a while.
        """
        ...

    def shift_clock(self, seconds: float) -> None:
        """Moves what `clock.now` says on this Database's connections; adds up. For tests."""
        ...

    async def close(self) -> None:
        """Finishes what was handed over, then closes. Idempotent."""
        ...


async def open_database(url: str, *, writer: bool = True) -> Database:
    """Opens an existing, migrated database; `migrate.migrate(url)` makes one.

    `writer=False` only reads and so works on SQLite beside a running bot. Raises DatabaseUrlInvalid, DatabaseBusy
    (SQLite: another process writes), DatabaseUnavailable.
    """
    parsed = urls.parse(url)
    if parsed.drivername == "sqlite":
        return await SqliteDatabase.open(parsed, writer=writer)
    return await PostgresDatabase.open(parsed, writer=writer)
