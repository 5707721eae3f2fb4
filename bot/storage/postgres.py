"""PostgreSQL: asyncpg with a bounded pool, bounded retries of lost races, and LISTEN on a connection of its own."""

import asyncio
import random
from collections.abc import Callable
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

log = structlog.get_logger(__name__)
T = TypeVar("T")

CONNECTIONS = 10
POOL_WAIT = 30.0
"""Seconds to wait for a free connection."""
CONNECT_WAIT = 10.0
ATTEMPTS = 5
"""How often a transaction runs at most when it keeps losing races."""
LOST_RACE = frozenset({"40001", "40P01"})
"""serialization_failure, deadlock_detected: the server undid the transaction and it may simply run again."""
LISTENER_CHECK = 20.0
"""Seconds between two signs of life of the listening connection: a dead peer says nothing."""
RECONNECT: Final = (0.2, 10.0)
"""Seconds before the first and at most before every further attempt to listen again."""


def engine_of(url: URL, **options: Any) -> AsyncEngine:
    """An asyncpg engine of a parsed URL; statements and their values never appear in its errors."""
    return create_async_engine(
        url.set(drivername="postgresql+asyncpg"),
        connect_args={"timeout": CONNECT_WAIT},
        hide_parameters=True,
        **options,
    )


class PostgresDatabase:
    """See database.Database."""

    dialect = "postgresql"

    def __init__(self, url: URL, *, writer: bool) -> None:
        self._writer = writer
        self._clock = Clock()
        self._closed = False
        self._engine = engine_of(url, pool_size=CONNECTIONS, max_overflow=0, pool_timeout=POOL_WAIT, pool_pre_ping=True)
        self._listening = engine_of(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")

        @event.listens_for(self._engine.sync_engine, "connect")
        def prepare(_raw: Any, record: Any) -> None:
            record.info[CLOCK] = self._clock

    @classmethod
    async def open(cls, url: URL, *, writer: bool) -> Self:
        database = cls(url, writer=writer)
        try:
            await database.read(lambda conn: conn.exec_driver_sql("SELECT 1").scalar_one())
        except (OSError, asyncpg.PostgresError, DBAPIError) as error:
            await database.close()
            reason = getattr(error, "orig", None) or error
            raise DatabaseUnavailable(f"cannot open {urls.describe(url)}: {reason}") from None
        return database

    async def transaction(self, fn: Callable[[Connection], T]) -> T:
        if self._closed or not self._writer:
            raise DatabaseClosed("the database is closed or was opened for reading only")
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with self._engine.begin() as conn:
                    return await conn.run_sync(fn)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in LOST_RACE or attempt == ATTEMPTS:
                    raise
                log.info("transaction runs again after a lost race", attempt=attempt)
                await asyncio.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter
        raise AssertionError("the last attempt returns or raises")

    async def read(self, fn: Callable[[Connection], T]) -> T:
        if self._closed:
            raise DatabaseClosed("the database is closed")
        async with self._engine.connect() as conn:
            reading = await conn.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            return await reading.run_sync(fn)

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
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, DBAPIError) as error:
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
