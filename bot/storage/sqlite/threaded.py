"""An SQLite connection and its thread, both aiosqlite's, to which whole functions go in one hop.

aiosqlite's own methods go to the thread and back for every statement, and so does SQLAlchemy's engine for it.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Self, TypeVar

import aiosqlite
import sqlalchemy as sa
from sqlalchemy import Connection

T = TypeVar("T")

ROWS_AT_ONCE = 64
"""aiosqlite's own default, for iterating over its cursors: nothing here does."""


class ThreadedConnection(aiosqlite.Connection):
    """SQLAlchemy's connection on the raw one that aiosqlite owns. Only functions given to `call` may touch it: sqlite3
    refuses every other thread.

    Takes two private names of aiosqlite, which `tests/storage/sqlite/test_threaded.py` holds it to: `_tx`, the queue
    that its thread works off, and `_thread`.
    """

    _sql: Connection | None = None
    ended: asyncio.Future[None] | None = None
    """Done when the thread has ended, once `stop` was called; to be waited for before the event loop closes, which the
    thread calls back."""

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(self._connected, ROWS_AT_ONCE)
        self._engine = engine
        # The interpreter waits for other threads before it collects what was never closed: a process that ends by an
        # exception would hang. SQLAlchemy's dialect for aiosqlite does the same.
        self._thread.daemon = True

    @classmethod
    async def open(cls, engine: sa.Engine) -> Self:
        """Connects on the new connection's thread. Raises sqlalchemy.exc.DBAPIError; the thread has ended then."""
        return await cls(engine).connected()

    async def connected(self) -> Self:
        """To be called once."""
        try:
            await self
        except Exception:
            if self.ended is not None:  # the thread has nothing left to do, and calls the event loop back
                await self.ended
            raise
        return self

    def _connected(self) -> sqlite3.Connection:
        self._sql = self._engine.connect()
        raw = self._sql.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        return raw

    @property
    def sql(self) -> Connection:
        """SQLAlchemy's connection; there is one as soon as `open` has returned."""
        assert self._sql is not None
        return self._sql

    def stop(self) -> asyncio.Future[None] | None:
        """Ends the thread after what was handed over. It closes SQLAlchemy's connection first: the caller of `open` may
        have been cancelled while the thread connected, and what is collected unclosed is closed on another thread."""
        self._tx.put_nowait((None, self._close_sql))
        self.ended = super().stop()
        return self.ended

    def _close_sql(self) -> None:
        """On the thread. Closing twice is harmless."""
        if self._sql is not None:
            self._sql.close()

    def call(self, fn: Callable[[], T]) -> asyncio.Future[T]:
        """Hands a function over to the thread, where functions run whole, one by one, in the order of `call`.

        It runs even if the future is cancelled. It must not raise StopIteration, which a future cannot carry.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._tx.put_nowait((future, fn))
        return future

    async def close(self) -> None:
        """Finishes what was handed over, then ends the connection and its thread. To be called once."""
        try:
            await self.call(self._close_sql)
        finally:
            await super().close()
