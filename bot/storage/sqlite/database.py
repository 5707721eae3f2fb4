"""SQLite: one writer with group commit, readers on connections of their own, one process by a file lock."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

import sqlalchemy as sa
import structlog
from sqlalchemy import URL, Connection, event
from sqlalchemy.pool import NullPool

from bot.storage import urls
from bot.storage.clock import CLOCK, Clock
from bot.storage.errors import DatabaseClosed, DatabaseUnavailable
from bot.storage.outage import Outage
from bot.storage.sqlite.lock import WriterLock
from bot.storage.sqlite.readers import Readers
from bot.storage.sqlite.threaded import ThreadedConnection
from bot.storage.sqlite.writer import SIGNALS, GroupWriter

log = structlog.get_logger(__name__)
T = TypeVar("T")

BUSY_WAIT_MS = 5000
"""How long to wait for a lock that a foreign tool (the sqlite3 shell) holds."""
WRITER_PRAGMAS = (
    "journal_mode = wal",
    "synchronous = full",
    "foreign_keys = on",
    "recursive_triggers = on",
    f"busy_timeout = {BUSY_WAIT_MS}",
    "journal_size_limit = 67108864",
    "cache_size = -4000",
)
READER_PRAGMAS = (f"busy_timeout = {BUSY_WAIT_MS}", "query_only = on", "cache_size = -2000")


def _folded(text: str | None) -> str | None:
    """The SQL function `easel_folded`: SQLite's own lower() knows ASCII only."""
    return text.casefold() if text is not None else None


def writing_engine(path: Path) -> sa.Engine:
    """An engine whose connections leave BEGIN and COMMIT to their owner. The caller holds the WriterLock."""
    return _engine(path, WRITER_PRAGMAS, Clock())


def _engine(path: Path, pragmas: Sequence[str], clock: Clock) -> sa.Engine:
    engine = sa.create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        poolclass=NullPool,
        connect_args={"check_same_thread": True, "cached_statements": 512},
        isolation_level="AUTOCOMMIT",
    )

    @event.listens_for(engine, "connect")
    def prepare(raw: Any, record: Any) -> None:
        for pragma in pragmas:
            raw.execute(f"PRAGMA {pragma}")
        raw.create_function("easel_folded", 1, _folded, deterministic=True)
        record.info[CLOCK] = clock

    return engine


class SqliteDatabase:
    dialect = "sqlite"

    def __init__(self, path: Path, lock: WriterLock | None) -> None:
        self._path = path
        self._lock = lock
        self._clock = Clock()
        self._listeners: dict[str, list[Callable[[], None]]] = {}
        self._writer: GroupWriter | None = None
        self._readers = Readers(_engine(path, READER_PRAGMAS, self._clock))
        self._writing = Outage(self._write_nothing, what="writing")  # a full disk can still be read
        self._reading = Outage(self._read_little, what="reading")
        self._closed = False

    @classmethod
    async def open(cls, url: URL, *, writer: bool) -> Self:
        path = urls.sqlite_path(url)
        if not path.exists():  # SQLite would make an empty one
            raise DatabaseUnavailable(f"there is no database at {path}: run `python -m bot migrate` first")
        lock = WriterLock(path) if writer else None
        database = cls(path, lock)
        try:
            await database._connect()
        except BaseException as error:
            await database.close()
            if isinstance(error, sa.exc.DBAPIError | OSError):
                raise DatabaseUnavailable(f"cannot open {path}: {getattr(error, 'orig', error)}") from None
            raise
        return database

    async def _connect(self) -> None:
        if self._lock is not None:
            conn = await ThreadedConnection.open(_engine(self._path, WRITER_PRAGMAS, self._clock))
            self._writer = GroupWriter(conn, self._notified)

    async def transaction(self, fn: Callable[[Connection], T]) -> T:
        """Runs `fn` again after a passing error: SQLite says then that nothing was committed, or undid the group."""
        if (writer := self._writer) is None:
            raise DatabaseClosed("this database was opened for reading only")
        return await self._writing.outlasted(lambda: writer.submit(fn), writing=True)

    async def read(self, fn: Callable[[Connection], T]) -> T:
        return await self._reading.outlasted(lambda: self._readers.read(fn))

    @property
    def lost(self) -> bool:
        return self._writing.lost or self._reading.lost

    async def _write_nothing(self) -> None:
        """Fails while another program holds the file, or it cannot be opened."""
        if self._writer is not None:
            await self._writer.submit(lambda _: None)

    async def _read_little(self) -> None:
        await self._readers.read(lambda conn: conn.exec_driver_sql("SELECT 1 FROM sqlite_master LIMIT 1").all())

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
        try:
            if self._writer is not None:
                await self._writer.close()
            await self._readers.close()
        finally:
            if self._lock is not None:
                self._lock.release()
