"""SQLite's one writer: what waits runs on a thread of its own and is committed as a group, with one fsync for all."""

import asyncio
import contextlib
import sqlite3
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection

from bot.storage.errors import DatabaseClosed
from bot.storage.sqlite.threaded import ThreadedConnection

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

    def __init__(self, conn: ThreadedConnection, notified: Callable[[str], None]) -> None:
        raw = conn.sql.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        self._thread = conn
        self._conn = conn.sql
        self._execute = raw.execute
        self._raw = raw
        self._notified = notified
        self._loop = asyncio.get_running_loop()
        self._places = asyncio.Semaphore(WAITING)
        self._waiting: deque[_Member] = deque()  # appended to in the event loop, taken from on the thread
        self._called = False  # whether a group was asked for that has not begun: it will find whatever waits
        self._closing = False
        self._signals: set[str] = set()
        conn.sql.info[SIGNALS] = self._signals

    async def submit(self, fn: Callable[[Connection], T]) -> T:
        """Cancelled while waiting for a place: `fn` does not run. Cancelled later: it still runs and commits."""
        await self._places.acquire()
        if self._closing:
            self._places.release()
            raise DatabaseClosed("the database is closed")
        future: asyncio.Future[T] = self._loop.create_future()
        self._waiting.append(_Member(fn, future))
        self._call()
        return await future

    async def close(self) -> None:
        """Commits what was handed over, then ends the connection."""
        if self._closing:
            return
        self._closing = True
        while self._waiting:  # more than one group: the next one is asked for when the one before is answered
            await self._thread.call(lambda: None)
        await self._thread.close()

    def _call(self) -> None:
        """Asks for a group unless one is asked for. The next one waits at the thread while one runs: without it the
        thread would idle until the event loop has answered."""
        if not self._called:
            self._called = True
            self._thread.call(self._run).add_done_callback(self._answer)

    def _run(self) -> list[_Member]:
        """On the thread: one group; empty when the one before took all waiting callers along. Never raises."""
        self._called = False  # before the first look: a member that comes after the last look asks for a group
        members: list[_Member] = []
        try:
            self._group(members)
        except BaseException as error:  # the whole group failed: no member's work was kept
            self._give_up(members, error)
        return members

    def _group(self, members: list[_Member]) -> None:
        """Runs and commits a group: who waits, and who arrives while it works."""
        if not self._waiting:
            return
        members.append(self._waiting.popleft())
        self._execute("BEGIN IMMEDIATE")
        until = time.monotonic() + GROUP_SECONDS
        self._member(members[0])
        while self._waiting and len(members) < GROUP and time.monotonic() < until:
            member = self._waiting.popleft()
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

    def _answer(self, group: asyncio.Future[list[_Member]]) -> None:
        """In the event loop: notifications first, so that a worker that waits begins before the callers go on."""
        members = group.result()
        if self._waiting:  # the group was full, or its time was over
            self._call()
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
