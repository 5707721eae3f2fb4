"""PostgreSQL: asyncpg with a bounded pool, bounded retries of lost races, and LISTEN on a connection of its own."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Self, TypeVar

import asyncpg
import sqlalchemy as sa
import structlog
from sqlalchemy import URL, Connection, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.storage import urls
from bot.storage.clock import CLOCK, Clock
from bot.storage.errors import DatabaseClosed, DatabaseUnavailable
from bot.storage.outage import Outage, Patience, passing

log = structlog.get_logger(__name__)
T = TypeVar("T")

CONNECTIONS = 10
POOL_WAIT = 30.0
"""Seconds to wait for a free connection."""
CONNECT_WAIT = 10.0
FROZEN_AFTER = 10.0
"""Seconds after which the server undoes a transaction whose process says nothing (idle_in_transaction_session_timeout).
A process that freezes in its heartbeat would else keep its own lease's row locked, and no other could take over."""
ATTEMPTS = 5
"""How often a transaction runs at most when it keeps losing races."""
LOST_RACE = frozenset({"40001", "40P01"})
"""serialization_failure, deadlock_detected: the server undid the transaction and it may simply run again."""
LISTENER_CHECK = 20.0
"""Seconds between two signs of life of the listening connection: a dead peer says nothing."""
RECONNECT: Final = (0.2, 10.0)
"""Seconds before the first and at most before every further attempt to listen again."""


def engine_of(url: URL, *, settings: Mapping[str, str] | None = None, **options: Any) -> AsyncEngine:
    """An asyncpg engine of a parsed URL; statements and their values never appear in its errors. `settings` are the
    server's, for each session."""
    return create_async_engine(
        url.set(drivername="postgresql+asyncpg"),
        connect_args={"timeout": CONNECT_WAIT, "server_settings": dict(settings or {})},
        hide_parameters=True,
        **options,
    )


_MY_ID: Final = "SELECT pg_current_xact_id_if_assigned()::text"
_STATUS: Final = "SELECT pg_xact_status($1::text::xid8)"
_ENDED: Final = frozenset({"committed", "aborted"})
_FROM_THE_FUTURE: Final = "22023"
"""How pg_xact_status refuses a transaction that a standby never heard of before it took over."""


class _Unheard(Exception):
    """The connection broke while the COMMIT was under way: `xid` may be committed, and `value` is its answer then."""

    def __init__(self, xid: str, value: Any) -> None:
        super().__init__("the answer to a COMMIT was lost")
        self.xid = xid
        self.value = value


def _sqlstate(error: BaseException) -> str | None:
    return getattr(getattr(error, "orig", None), "sqlstate", None)


class PostgresDatabase:
    dialect = "postgresql"

    def __init__(self, url: URL, *, writer: bool) -> None:
        self._writer = writer
        self._clock = Clock()
        self._closed = False
        silence = {"idle_in_transaction_session_timeout": str(int(FROZEN_AFTER * 1000))}
        pool = {"pool_size": CONNECTIONS, "max_overflow": 0, "pool_timeout": POOL_WAIT}
        self._engine = engine_of(url, settings=silence, **pool)
        self._listening = engine_of(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._writing = Outage(self._ask, what="writing")  # a full disk can still be read
        self._reading = Outage(self._ask, what="reading")

        @event.listens_for(self._engine.sync_engine, "connect")
        def prepare(_raw: Any, record: Any) -> None:
            record.info[CLOCK] = self._clock

    @classmethod
    async def open(cls, url: URL, *, writer: bool) -> Self:
        database = cls(url, writer=writer)
        try:
            await database._read_once(lambda conn: conn.exec_driver_sql("SELECT 1").scalar_one())
        except (OSError, asyncpg.PostgresError, DBAPIError) as error:
            await database.close()
            reason = getattr(error, "orig", None) or error
            raise DatabaseUnavailable(f"cannot open {urls.describe(url)}: {reason}") from None
        return database

    async def transaction(self, fn: Callable[[Connection], T]) -> T:
        """Runs `fn` again after a lost race or a lost connection, if it was not committed: a COMMIT whose answer was
        lost is asked about."""
        patience, races = Patience(), 0
        while True:
            if self._closed or not self._writer:
                raise DatabaseClosed("the database is closed or was opened for reading only")
            try:
                value = await self._attempt(fn)
            except _Unheard as unheard:
                if not await self._committed(unheard, patience):
                    continue
                value = unheard.value
            except Exception as error:
                if _sqlstate(error) in LOST_RACE and races < ATTEMPTS - 1:
                    races += 1
                    log.info("transaction runs again after a lost race", attempt=races)
                    await asyncio.sleep(random.uniform(0, 0.02 * 2**races))  # noqa: S311 - jitter
                    continue
                if not passing(error, writing=True):
                    raise
                await patience.wait(self._writing, error)
                continue
            self._writing.over()
            return value

    async def _attempt(self, fn: Callable[[Connection], T]) -> T:
        """One transaction. Raises _Unheard when its COMMIT was under way as the connection broke."""

        def work(conn: Connection) -> tuple[T, str | None]:
            value = fn(conn)
            return value, conn.exec_driver_sql(_MY_ID).scalar_one()

        async with self._engine.connect() as conn:
            begun = await conn.begin()
            try:
                value, xid = await conn.run_sync(work)
            except Exception as error:
                if passing(error, writing=True) and not conn.closed:
                    self._writing.begin(error)  # first: to close a connection may take seconds, and a heartbeat asks
                    await conn.invalidate()  # a standby's connection works on, and is of no use
                raise
            try:
                await begun.commit()
            except Exception as error:
                if xid is None or not passing(error):  # nothing was written: it may run again
                    raise
                raise _Unheard(xid, value) from error
            return value

    async def _committed(self, unheard: "_Unheard", patience: Patience) -> bool:
        """Whether a transaction was committed, as the server recorded it. Raises DatabaseLost where it cannot tell."""

        def status(conn: Connection) -> str | None:
            return conn.exec_driver_sql(_STATUS, (unheard.xid,)).scalar_one()  # type: ignore[no-any-return]

        while True:
            try:
                found = await self._read_once(status)
            except Exception as error:
                if _sqlstate(error) == _FROM_THE_FUTURE:
                    return False
                if not passing(error):
                    raise
                await patience.wait(self._reading, error)
                continue
            if found in _ENDED:
                log.info("database.commit_unheard", outcome=found)
                return found == "committed"
            await patience.wait(self._reading, unheard)  # in progress: the server has not noticed yet

    async def read(self, fn: Callable[[Connection], T]) -> T:
        def attempt() -> Awaitable[T]:
            if self._closed:  # asked before every attempt: a loss may outlive the database's use
                raise DatabaseClosed("the database is closed")
            return self._read_once(fn)

        return await self._reading.outlasted(attempt)

    async def _read_once(self, fn: Callable[[Connection], T]) -> T:
        async with self._engine.connect() as conn:
            reading = await conn.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            return await reading.run_sync(fn)

    @property
    def lost(self) -> bool:
        return self._writing.lost or self._reading.lost

    async def _ask(self) -> None:
        """On a new connection: those of the pool may all be broken."""
        async with self._listening.connect() as conn:
            await conn.exec_driver_sql("SELECT 1")

    def notify(self, conn: Connection, channel: str) -> None:
        conn.execute(sa.select(sa.func.pg_notify(channel, "")))

    async def listen(self, channel: str, callback: Callable[[], None]) -> None:
        delay, longest = RECONNECT
        while True:  # until cancelled
            try:
                async with self._listening.connect() as conn:
                    gone = await self._subscribe(conn, channel, callback)
                    delay = RECONNECT[0]
                    await self._until_gone(conn, gone)
            except Exception as error:
                if not passing(error):
                    raise
                log.warning("listening was interrupted", channel=channel, error=type(error).__name__)
            await asyncio.sleep(delay)
            delay = min(delay * 2, longest)

    @staticmethod
    async def _subscribe(conn: AsyncConnection, channel: str, callback: Callable[[], None]) -> asyncio.Event:
        raw = (await conn.get_raw_connection()).driver_connection
        assert isinstance(raw, asyncpg.Connection)
        gone = asyncio.Event()
        raw.add_termination_listener(lambda _conn: gone.set())
        await raw.add_listener(channel, lambda *_: callback())
        callback()
        return gone

    @staticmethod
    async def _until_gone(conn: AsyncConnection, gone: asyncio.Event) -> None:
        """Returns or raises when the connection is lost; every now and then makes sure that it is not."""
        while not gone.is_set():
            try:
                await asyncio.wait_for(gone.wait(), LISTENER_CHECK)
            except TimeoutError:
                await asyncio.wait_for(conn.exec_driver_sql("SELECT 1"), CONNECT_WAIT)

    def shift_clock(self, seconds: float) -> None:
        self._clock.shift += seconds

    async def close(self) -> None:
        if not self._closed:
            self._closed = True
            await self._engine.dispose()
            await self._listening.dispose()
