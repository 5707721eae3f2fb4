"""SQLite's one writer: a thread that runs waiting transactions and commits them as a group, with one fsync for all."""

import asyncio
import contextlib
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection

from bot.storage.errors import DatabaseClosed

log = structlog.get_logger(__name__)
T = TypeVar("T")

GROUP = 256
"""Transactions in one COMMIT at most."""
GROUP_SECONDS = 0.02
"""A group takes no further members after so long: the first one waits for the last."""
WAITING = 4096
"""Transactions handed over and not answered, at most; further callers wait for a place."""
SIGNALS = "easel_signals"
"""Where a transaction collects the channels to notify, in `Connection.info`."""


@dataclass(slots=True)
class _Member:
    fn: Callable[[Connection], Any]
    future: asyncio.Future[Any]
    value: Any = None
    error: BaseException | None = None
    channels: frozenset[str] = frozenset()


class GroupWriter:
    """Owns the writing connection. Transactions run in the order of `submit` and are answered after the COMMIT."""

    def __init__(self, conn: Connection, notified: Callable[[str], None]) -> None:
        raw = conn.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        self._conn = conn
        self._execute = raw.execute
        self._raw = raw
        self._notified = notified
        self._loop = asyncio.get_running_loop()
        self._places = asyncio.Semaphore(WAITING)
        self._queue: queue.SimpleQueue[_Member | None] = queue.SimpleQueue()
        self._closing = False
        self._ended = False  # the thread's own: it has met the end of the queue
        self._signals: set[str] = set()
        conn.info[SIGNALS] = self._signals
        self._thread = threading.Thread(target=self._run, name="easel-writer", daemon=True)
        self._thread.start()

    async def submit(self, fn: Callable[[Connection], T]) -> T:
        """Cancelled while waiting for a place: `fn` does not run. Cancelled later: it still runs and commits."""
        await self._places.acquire()
        if self._closing:
            self._places.release()
            raise DatabaseClosed("the database is closed")
        future: asyncio.Future[T] = self._loop.create_future()
        self._queue.put(_Member(fn, future))
        return await future

    async def close(self) -> None:
        """Commits what was handed over, then ends the thread."""
        if not self._closing:
            self._closing = True
            self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        while not self._ended and (first := self._queue.get()) is not None:
            members = [first]
            try:
                self._group(members)
            except BaseException as error:  # the whole group failed: nobody's work was kept
                self._give_up(members, error)
            try:
                self._loop.call_soon_threadsafe(self._answer, members)
            except RuntimeError:  # the event loop was closed without close(): nobody is there to be answered
                return

    def _group(self, members: list[_Member]) -> None:
        """Runs and commits a group: the member in `members` and whoever arrives while it works."""
        self._execute("BEGIN IMMEDIATE")
        until = time.monotonic() + GROUP_SECONDS
        self._member(members[0])
        while len(members) < GROUP and time.monotonic() < until:
            try:
                member = self._queue.get_nowait()
            except queue.Empty:
                break
            if member is None:
                self._ended = True
                break
            members.append(member)
            self._member(member)
        self._execute("COMMIT")

    def _member(self, member: _Member) -> None:
        self._execute("SAVEPOINT member")
        try:
            member.value = member.fn(self._conn)
            if self._conn.in_nested_transaction():
                raise RuntimeError("a transaction left a savepoint open")
            member.channels = frozenset(self._signals)
        except BaseException as error:
            member.value, member.error = None, error
            while (nested := self._conn.get_nested_transaction()) is not None:
                nested.close()
            if not self._raw.in_transaction:  # disk full, I/O error: SQLite undid the whole group
                raise
            self._execute("ROLLBACK TO member")
        self._signals.clear()
        self._execute("RELEASE member")

    def _give_up(self, members: list[_Member], error: BaseException) -> None:
        with contextlib.suppress(sqlite3.Error):
            if self._raw.in_transaction:
                self._execute("ROLLBACK")
        self._signals.clear()
        for member in members:
            member.value, member.error, member.channels = None, member.error or error, frozenset()

    def _answer(self, members: list[_Member]) -> None:
        """In the event loop: notifications first, so that whoever waits for work begins before the callers go on."""
        for channel in frozenset().union(*(member.channels for member in members)):
            self._notified(channel)
        for member in members:
            self._places.release()
            if member.future.done():
                if member.error is not None:
                    log.warning("transaction of a cancelled caller failed", error=repr(member.error))
            elif isinstance(member.error, StopIteration):  # a future cannot carry it
                member.future.set_exception(RuntimeError("a transaction raised StopIteration"))
            elif member.error is not None:
                member.future.set_exception(member.error)
            else:
                member.future.set_result(member.value)
