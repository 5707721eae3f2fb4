"""SQLite: one writer thread with group commit, readers on connections of their own, one process by a file lock."""

import asyncio
import queue
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self, TypeVar

import sqlalchemy as sa
import structlog
from sqlalchemy import URL, Connection, event
from sqlalchemy.pool import NullPool

from bot.storage import urls
from bot.storage.clock import CLOCK, Clock
from bot.storage.errors import DatabaseClosed, DatabaseUnavailable
from bot.storage.lock import WriterLock
from bot.storage.writer import SIGNALS, GroupWriter

log = structlog.get_logger(__name__)
T = TypeVar("T")

READERS = 4
"""Reading connections and threads at most; further readers wait."""
READER_WAIT = 30.0
"""Seconds a reader waits for its turn."""
BUSY_WAIT_MS = 5000
"""How long to wait for a lock that a foreign tool (the sqlite3 shell) holds."""


def _folded(text: str | None) -> str | None:
    """The SQL function `easel_folded`: SQLite's own lower() knows ASCII only."""
    return text.casefold() if text is not None else None


WRITER_PRAGMAS = (
    "journal_mode = wal",
    "synchronous = full",
    "foreign_keys = on",
    "recursive_triggers = on",
    f"busy_timeout = {BUSY_WAIT_MS}",
    "journal_size_limit = 67108864",
    "cache_size = -32000",
)
READER_PRAGMAS = (f"busy_timeout = {BUSY_WAIT_MS}", "query_only = on", "cache_size = -8000")


def writing_engine(path: Path) -> sa.Engine:
    """An engine whose connections leave BEGIN and COMMIT to their owner. The caller holds the WriterLock."""
    engine = sa.create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        poolclass=NullPool,
        connect_args={"check_same_thread": False, "cached_statements": 512},
        isolation_level="AUTOCOMMIT",
    )

    @event.listens_for(engine, "connect")
    def prepare(raw: Any, _record: Any) -> None:
        for pragma in WRITER_PRAGMAS:
            raw.execute(f"PRAGMA {pragma}")
        raw.create_function("easel_folded", 1, _folded, deterministic=True)

    return engine


class SqliteDatabase:
    """See database.Database."""

    dialect = "sqlite"

    def __init__(self, path: Path, lock: WriterLock | None) -> None:
        self._lock = lock
        self._clock = Clock()
        self._listeners: dict[str, list[Callable[[], None]]] = {}
        self._writer: GroupWriter | None = None
        self._connection: Connection | None = None
        if lock is not None:
            self._connection = writing_engine(path).connect()
            self._connection.info[CLOCK] = self._clock
            self._writer = GroupWriter(self._connection, self._notified)
        self._readers = self._reading_engine(path)
        self._free: queue.SimpleQueue[Connection] = queue.SimpleQueue()
        self._reading = ThreadPoolExecutor(READERS, thread_name_prefix="easel-reader")
        self._places = asyncio.Semaphore(READERS)
        self._closed = False

    @classmethod
    async def open(cls, url: URL, *, writer: bool) -> Self:
        path = urls.sqlite_path(url)
        if not path.exists():  # SQLite would make an empty one
            raise DatabaseUnavailable(f"there is no database at {path}: run `python -m bot migrate` first")
        lock = WriterLock(path) if writer else None
        try:
            return cls(path, lock)
        except (sa.exc.DBAPIError, OSError) as error:
            if lock is not None:
                lock.release()
            raise DatabaseUnavailable(f"cannot open {path}: {getattr(error, 'orig', error)}") from None

    def _reading_engine(self, path: Path) -> sa.Engine:
        """A reading function runs as a whole on a thread: aiosqlite would go to one and back for every statement."""
        engine = sa.create_engine(
            URL.create("sqlite+pysqlite", database=str(path)),
            poolclass=NullPool,
            connect_args={"check_same_thread": False, "cached_statements": 512},
            isolation_level="AUTOCOMMIT",
        )

        @event.listens_for(engine, "connect")
        def prepare(raw: Any, record: Any) -> None:
            for pragma in READER_PRAGMAS:
                raw.execute(f"PRAGMA {pragma}")
            raw.create_function("easel_folded", 1, _folded, deterministic=True)
            record.info[CLOCK] = self._clock

        return engine

    async def transaction(self, fn: Callable[[Connection], T]) -> T:
        if self._writer is None:
            raise DatabaseClosed("this database was opened for reading only")
        return await self._writer.submit(fn)

    async def read(self, fn: Callable[[Connection], T]) -> T:
        if self._closed:
            raise DatabaseClosed("the database is closed")
        async with asyncio.timeout(READER_WAIT):
            await self._places.acquire()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._reading, self._read, fn)
        finally:
            self._places.release()

    def _read(self, fn: Callable[[Connection], T]) -> T:
        """On a thread, in a transaction of its own: without it each SELECT would see a moment of its own. A caller
        cancelled meanwhile leaves it running to its end. A connection that met an error is not used again."""
        try:
            conn = self._free.get_nowait()
        except queue.Empty:
            conn = self._readers.connect()
        raw = conn.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        try:
            raw.execute("BEGIN")
            value = fn(conn)
            raw.execute("ROLLBACK")
        except StopIteration as error:  # a future cannot carry it
            conn.close()
            raise RuntimeError("a reading function raised StopIteration") from error
        except BaseException:
            conn.close()
            raise
        self._free.put(conn)
        return value

    def notify(self, conn: Connection, channel: str) -> None:
        conn.info[SIGNALS].add(channel)

    async def listen(self, channel: str, callback: Callable[[], None]) -> None:
        listeners = self._listeners.setdefault(channel, [])
        listeners.append(callback)
        try:
            callback()
            await asyncio.Event().wait()
        finally:
            listeners.remove(callback)

    def _notified(self, channel: str) -> None:
        for callback in tuple(self._listeners.get(channel, ())):
            try:
                callback()
            except Exception:
                log.exception("a listener failed", channel=channel)

    def shift_clock(self, seconds: float) -> None:
        self._clock.shift += seconds

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        if self._writer is not None:
            await self._writer.close()
        await asyncio.to_thread(self._reading.shutdown)
        while not self._free.empty():
            self._free.get_nowait().close()
        self._readers.dispose()
        if self._connection is not None:
            self._connection.close()
        if self._lock is not None:
            self._lock.release()
