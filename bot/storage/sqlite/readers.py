"""SQLite's readers: a few connections, each on a thread of its own, that never wait for the writer."""

import asyncio
import sqlite3
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.storage.errors import DatabaseClosed
from bot.storage.sqlite.threaded import ThreadedConnection

T = TypeVar("T")

READERS = 4
"""Reading connections and threads at most; further readers wait."""
READER_WAIT = 30.0
"""Seconds a reader waits for its turn."""


class Readers:
    """Opens connections when they are needed. One that met an error is not used again."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._idle: list[ThreadedConnection] = []  # the last one used is the next: its pages are in memory
        self._places = asyncio.Semaphore(READERS)
        self._ending: set[asyncio.Future[None]] = set()
        self._closed = False

    async def read(self, fn: Callable[[Connection], T]) -> T:
        """A caller cancelled meanwhile leaves `fn` running to its end; only then is its connection free again. Raises
        TimeoutError after READER_WAIT seconds without a turn: for outage.passing a loss like others."""
        async with asyncio.timeout(READER_WAIT):
            await self._places.acquire()
        try:
            if self._closed:  # meanwhile
                raise DatabaseClosed("the database is closed")
            reader = self._idle.pop() if self._idle else await self._opened()
        except BaseException:
            self._places.release()
            raise
        reading = reader.call(partial(_read, reader.sql, fn))
        reading.add_done_callback(partial(self._give_back, reader))
        return await asyncio.shield(reading)

    async def _opened(self) -> ThreadedConnection:
        reader = ThreadedConnection(self._engine)
        try:
            return await reader.connected()
        except BaseException:  # also a caller cancelled meanwhile: the thread still connects, and ends then
            self._await_end(reader)
            raise

    def _await_end(self, reader: ThreadedConnection) -> None:
        """`close` waits for it: a thread that ends later would call an event loop that is closed."""
        if reader.ended is not None and not reader.ended.done():
            self._ending.add(reader.ended)
            reader.ended.add_done_callback(self._ending.discard)

    def _give_back(self, reader: ThreadedConnection, reading: asyncio.Future[T]) -> None:
        self._places.release()
        if reading.exception() is None:
            self._idle.append(reader)
        else:
            reader.stop()
            self._await_end(reader)

    async def close(self) -> None:
        """Waits for those that read; who waits for a turn is told that the database is closed."""
        self._closed = True
        for _ in range(READERS):
            await self._places.acquire()
        for reader in self._idle:
            await reader.close()
        self._idle.clear()
        if self._ending:
            await asyncio.wait(self._ending)
        for _ in range(READERS):
            self._places.release()


def _read(conn: Connection, fn: Callable[[Connection], T]) -> T:
    """On the reader's thread, in a transaction of its own: without it each SELECT would see a moment of its own."""
    raw = conn.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    raw.execute("BEGIN")
    try:
        value = fn(conn)
    except StopIteration as error:  # a future cannot carry it
        raise RuntimeError("a reading function raised StopIteration") from error
    raw.execute("ROLLBACK")
    return value
