"""A database that is away for a while: which errors say so, and how callers wait together until it is back."""

import asyncio
import random
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Final, TypeVar

import asyncpg
import sqlalchemy as sa
import structlog

from bot.storage.errors import DatabaseLost

log = structlog.get_logger(__name__)
T = TypeVar("T")

PATIENCE: ContextVar[float] = ContextVar("easel_patience", default=60.0)
"""Seconds for which one call waits for a lost database before it raises DatabaseLost."""
DELAYS: Final = (0.02, 1.0)
"""Seconds before the first look whether it is back, and at most between two looks."""

_AWAY_SQLSTATES: Final = ("08", "25P03", "53", "57P01", "57P02", "57P03", "57P05", "58")
"""Beginnings of PostgreSQL's codes (appendix A) for: no connection; silent in a transaction for too long; no memory,
disk or place left; shut down, crashed, starting up, idle for too long; a system error such as a failed read."""
_READ_ONLY: Final = "25006"
"""read_only_sql_transaction: a fail-over made a standby of the server that we are connected to."""
_AWAY_RESULTS: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
"""SQLite's primary result codes (sqlite.org/rescode.html) for what the file system or another program does."""
_CLOSED: Final = "connection"
"""asyncpg calls misuse and a closed connection InterfaceError alike; only the latter speaks of the connection."""


def passing(error: BaseException, *, writing: bool = False) -> bool:
    """Whether an error means that the database is away, not that a statement is wrong: the same may work later.

    The transaction that met it was not committed, unless it was the COMMIT that met it. `writing`: what may write and
    is told that it may not has met a file system or a server that changed, not a mistake of its own.
    """
    if isinstance(error, DatabaseLost | OSError | sa.exc.TimeoutError | sa.exc.PendingRollbackError):
        return True  # OSError: refused, reset, timed out, no such host
    if isinstance(error, sa.exc.DBAPIError):
        return error.connection_invalidated or (error.orig is not None and passing(error.orig, writing=writing))
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return code in _AWAY_RESULTS or (writing and code == sqlite3.SQLITE_READONLY)
    return _postgresql_away(error, writing=writing)


def _postgresql_away(error: BaseException, *, writing: bool) -> bool:
    if isinstance(error, asyncpg.InternalClientError):  # what its protocol makes of an answer that breaks off
        return True
    if isinstance(error, asyncpg.InterfaceError):
        return not isinstance(error, ValueError) and _CLOSED in str(error)
    sqlstate = getattr(error, "sqlstate", None)
    if sqlstate is not None:
        return str(sqlstate).startswith(_AWAY_SQLSTATES) or (writing and sqlstate == _READ_ONLY)
    return error.__cause__ is not None and passing(error.__cause__, writing=writing)  # SQLAlchemy's around asyncpg's


class Outage:
    """Callers that met a passing error wait here. One of them looks whether the database is back, for all."""

    def __init__(self, ask: Callable[[], Awaitable[object]], *, what: str) -> None:
        """`ask` raises while the database is away; `what` names it in the log."""
        self._ask = ask
        self._what = what
        self._asking = asyncio.Lock()
        self._answers = 0
        self._delay = DELAYS[0]
        self._since: float | None = None

    @property
    def lost(self) -> bool:
        """Whether nothing has worked since a passing error."""
        return self._since is not None

    def over(self) -> None:
        """Something worked."""
        if self._since is not None:
            log.warning("database.back", what=self._what, seconds=round(time.monotonic() - self._since, 1))
            self._since = None
            self._delay = DELAYS[0]

    def begin(self, error: BaseException) -> None:
        """A passing error was met. Idempotent."""
        if self._since is None:
            self._since = time.monotonic()
            log.warning("database.lost", what=self._what, error=f"{type(error).__name__}: {error}"[:200])

    async def wait(self, error: BaseException) -> None:
        """Returns when the database answers again. A full disk may answer and yet refuse: the next wait is longer,
        until `over` is called."""
        self.begin(error)
        before = self._answers
        async with self._asking:
            while self._answers == before:
                await asyncio.sleep(self._delay * random.uniform(0.5, 1.0))  # noqa: S311 - jitter
                self._delay = min(self._delay * 2, DELAYS[1])
                try:
                    await self._ask()
                except Exception as again:
                    if not passing(again):
                        raise
                else:
                    self._answers += 1

    async def outlasted(self, work: Callable[[], Awaitable[T]], *, writing: bool = False) -> T:
        """What `work` returns; it runs again after every passing error, once the database is back. What it does must
        be safe to repeat. Raises DatabaseLost when the loss takes longer than PATIENCE, and any other error at once."""
        patience = Patience()
        while True:
            try:
                value = await work()
            except Exception as error:
                if not passing(error, writing=writing):
                    raise
                await patience.wait(self, error)
            else:
                self.over()
                return value


class Patience:
    """How long one call still waits: PATIENCE seconds from its first loss."""

    def __init__(self) -> None:
        self._until: float | None = None

    async def wait(self, outage: Outage, error: BaseException) -> None:
        """Waits until the database is back. Raises DatabaseLost when that took too long."""
        loop = asyncio.get_running_loop()
        if self._until is None:
            self._until = loop.time() + PATIENCE.get()
        if loop.time() >= self._until:
            raise DatabaseLost(f"the database did not come back: {type(error).__name__}") from error
        try:
            async with asyncio.timeout_at(self._until):
                await outage.wait(error)
        except TimeoutError:
            raise DatabaseLost(f"the database did not come back: {type(error).__name__}") from error
