"""A lost database is a wait, on both kinds: which errors say so, and that nothing is done twice or lost over it."""

import asyncio
import contextlib
import errno
import sqlite3
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncTransaction

from bot.storage import outage, postgres
from bot.storage.database import Database, DatabaseLost, open_database
from bot.storage.outage import PATIENCE, Outage, passing
from bot.storage.tables import alerts
from tests.drivers.postgres import PostgresServer
from tests.storage.test_database import said, say


@contextlib.contextmanager
def patience(seconds: float) -> Iterator[None]:
    token = PATIENCE.set(seconds)
    try:
        yield
    finally:
        PATIENCE.reset(token)


def lost(database: Database | Outage) -> bool:
    return database.lost


def _sqlite_error(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("as SQLite says")
    error.sqlite_errorcode = code
    return error


AWAY = [
    ConnectionRefusedError(errno.ECONNREFUSED, "refused"),
    ConnectionResetError(),
    TimeoutError(),
    OSError("no such host"),
    asyncpg.CannotConnectNowError("the database system is starting up"),  # 57P03
    asyncpg.AdminShutdownError("terminating connection due to administrator command"),  # 57P01
    asyncpg.CrashShutdownError("of a crash of another server process"),  # 57P02
    asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),  # 08003
    asyncpg.TooManyConnectionsError("sorry, too many clients already"),  # 53300
    asyncpg.DiskFullError("could not extend file"),  # 53100
    asyncpg.InternalClientError("got result for unknown protocol state 0"),
    asyncpg.InterfaceError("connection is closed"),
    sa.exc.TimeoutError("QueuePool limit"),
    DBAPIError("SELECT 1", None, asyncpg.AdminShutdownError("…")),
    DBAPIError("SELECT 1", None, ValueError("what it is does not matter"), connection_invalidated=True),
    *map(_sqlite_error, (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_CANTOPEN)),
    DBAPIError("SELECT 1", None, _sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT)),
    DatabaseLost("for another call"),
]
LASTING = [
    asyncpg.InvalidPasswordError("password authentication failed"),
    asyncpg.InvalidCatalogNameError("database does not exist"),
    asyncpg.UniqueViolationError("duplicate key"),
    asyncpg.InterfaceError("the server expects 1 argument for this query, 2 were passed"),
    asyncpg.DataError("invalid input for query argument $1: connection"),
    DBAPIError("SELECT 1/0", None, asyncpg.DivisionByZeroError("division by zero")),
    sqlite3.OperationalError("no such table: jobs"),
    *map(
        _sqlite_error, (sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
    ),
    ValueError("ours"),
]
READ_ONLY = [asyncpg.ReadOnlySQLTransactionError("in a read-only transaction"), _sqlite_error(sqlite3.SQLITE_READONLY)]


@pytest.mark.parametrize("error", AWAY, ids=lambda error: str(error)[:40])
def test_what_says_that_the_database_is_away(error: Exception) -> None:
    assert passing(error)


@pytest.mark.parametrize("error", LASTING, ids=lambda error: str(error)[:40])
def test_what_says_that_something_is_wrong(error: Exception) -> None:
    assert not passing(error)
    assert not passing(error, writing=True)


@pytest.mark.parametrize("error", READ_ONLY, ids=lambda error: str(error)[:40])
def test_a_reader_that_writes_is_wrong_and_a_writer_that_may_not_waits(error: Exception) -> None:
    assert not passing(error)
    assert passing(error, writing=True)


async def test_callers_wait_together_and_one_of_them_asks() -> None:
    asked = 0
    at_once = 0

    async def ask() -> None:
        nonlocal asked, at_once
        at_once += 1
        assert at_once == 1
        await asyncio.sleep(0.001)
        at_once -= 1
        asked += 1
        if asked < 4:
            raise ConnectionRefusedError

    away = Outage(ask, what="writing")
    await asyncio.gather(*(away.wait(OSError()) for _ in range(50)))
    assert asked == 4
    assert lost(away)  # until something is done
    away.over()
    assert not lost(away)


async def test_what_fails_for_another_reason_while_it_is_asked_is_told() -> None:
    async def ask() -> None:
        raise asyncpg.InvalidPasswordError("changed meanwhile")

    with pytest.raises(asyncpg.InvalidPasswordError):
        await Outage(ask, what="writing").wait(OSError())


async def test_a_full_disk_is_a_wait(sqlite_url: str) -> None:
    database = await open_database(sqlite_url)

    def pages(conn: Connection, most: int | None) -> int:
        used = int(conn.exec_driver_sql("PRAGMA page_count").scalar_one())
        conn.exec_driver_sql(f"PRAGMA max_page_count = {most or used}")
        return used

    def much(conn: Connection) -> None:
        for n in range(50):
            conn.execute(sa.insert(alerts).values(key=f"{n:03}" + "x" * 4000, last_at=1.0))

    await database.transaction(lambda conn: pages(conn, None))
    writing = asyncio.create_task(database.transaction(much))
    small = asyncio.create_task(database.transaction(say("a")))
    await asyncio.sleep(0.3)
    assert not writing.done()
    assert lost(database)
    assert await database.read(lambda conn: len(said(conn))) <= 1  # reading goes on
    await database.transaction(lambda conn: pages(conn, 1_000_000))
    await asyncio.gather(writing, small)
    assert not lost(database)
    assert len(await database.read(said)) == 51
    await database.close()


async def test_a_file_that_a_foreign_tool_locks_is_a_wait(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.storage.sqlite.database.WRITER_PRAGMAS", ("journal_mode = wal", "busy_timeout = 10"))
    database = await open_database(sqlite_url)
    with contextlib.closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as foreign:
        foreign.execute("BEGIN IMMEDIATE")
        tasks = [asyncio.create_task(database.transaction(say(f"k{n}"))) for n in range(5)]
        await asyncio.sleep(0.3)
        assert not any(task.done() for task in tasks)
        with patience(0.1), pytest.raises(DatabaseLost):
            await database.transaction(say("impatient"))
        foreign.execute("ROLLBACK")
    await asyncio.gather(*tasks)
    assert await database.read(said) == [f"k{n}" for n in range(5)]
    await database.close()


@pytest.fixture
async def database(restartable_url: str) -> AsyncIterator[Database]:
    opened = await open_database(restartable_url)
    yield opened
    await opened.close()


async def _add(database: Database, key: str) -> None:
    """Not repeatable: a second run is a duplicate key."""
    await database.transaction(say(key))


async def test_connections_cut_in_a_loop_do_nothing_twice_and_lose_nothing(
    database: Database, restartable: PostgresServer, restartable_url: str
) -> None:
    stop = asyncio.Event()

    async def cutting() -> None:
        while not stop.is_set():
            await asyncio.to_thread(restartable.cut, restartable_url)
            await asyncio.sleep(0.05)

    async def writing(name: str) -> None:
        for n in range(20):
            await _add(database, f"{name}-{n:02}")
            await database.read(said)

    trouble = asyncio.create_task(cutting())
    names = [f"w{n}" for n in range(10)]
    await asyncio.gather(*map(writing, names))
    stop.set()
    await trouble
    assert await database.read(said) == sorted(f"{name}-{n:02}" for name in names for n in range(20))


async def test_a_restarted_server_is_a_wait_for_readers_writers_and_listeners(
    database: Database, restartable: PostgresServer
) -> None:
    called = asyncio.Event()
    listening = asyncio.create_task(database.listen("easel_test", called.set))
    await asyncio.wait_for(called.wait(), 5)
    await _add(database, "before")
    called.clear()
    restartable.halt()
    tasks = [asyncio.create_task(_add(database, f"during{n}")) for n in range(30)]
    reading = asyncio.create_task(database.read(said))
    await asyncio.sleep(0.5)
    assert lost(database)
    assert not any(task.done() for task in (*tasks, reading))
    restartable.resume()
    await asyncio.wait_for(asyncio.gather(*tasks, reading), 20)
    await asyncio.wait_for(called.wait(), 20)  # told to look for itself after the gap
    called.clear()
    await database.transaction(lambda conn: database.notify(conn, "easel_test"))
    await asyncio.wait_for(called.wait(), 5)
    assert len(await database.read(said)) == 31
    assert not lost(database)
    listening.cancel()
    await asyncio.wait([listening])


async def test_patience_ends(database: Database, restartable: PostgresServer) -> None:
    restartable.halt()
    try:
        with patience(0.3):
            for attempt in (database.transaction(say("a")), database.read(said)):
                with pytest.raises(DatabaseLost):
                    await attempt
    finally:
        restartable.resume()
    assert await database.read(said) == []


@pytest.mark.parametrize("committed", [True, False], ids=["it was committed", "it was not"])
async def test_a_commit_whose_answer_is_lost_is_asked_about(
    database: Database, monkeypatch: pytest.MonkeyPatch, committed: bool
) -> None:
    """The connection breaks before the server has heard the COMMIT, or when its answer is under way."""
    runs: list[int] = []
    broken = False
    commit = AsyncTransaction.commit

    async def breaking(self: AsyncTransaction) -> None:
        nonlocal broken
        raw = (await self.connection.get_raw_connection()).driver_connection
        assert isinstance(raw, asyncpg.Connection)
        if not broken:
            broken = True
            if committed:
                await raw.execute("COMMIT")
            raw.terminate()
        await commit(self)

    def fn(conn: Connection) -> int:
        runs.append(1)
        say(f"run{len(runs)}")(conn)
        return len(runs)

    monkeypatch.setattr(AsyncTransaction, "commit", breaking)
    assert await database.transaction(fn) == (1 if committed else 2)
    assert await database.read(said) == (["run1"] if committed else ["run2"])


async def test_a_transaction_that_is_still_under_way_is_waited_for(
    database: Database, restartable: PostgresServer, restartable_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server has not noticed yet that its client is gone, and commits a moment later."""
    other = await asyncpg.connect(restartable_url)
    began = other.transaction()
    await began.start()
    await other.execute("INSERT INTO alerts (key, last_at) VALUES ('theirs', 1)")
    xid = await other.fetchval(postgres._MY_ID)
    assert isinstance(database, postgres.PostgresDatabase)
    asking = asyncio.create_task(database._committed(postgres._Unheard(xid, 5), outage.Patience()))
    await asyncio.sleep(0.2)
    assert not asking.done()
    await began.commit()
    assert await asyncio.wait_for(asking, 5)
    await other.close()


async def test_what_a_lost_transaction_says_of_a_lasting_fault_is_told_at_once(database: Database) -> None:
    def wrong(conn: Connection) -> None:
        conn.exec_driver_sql("SELECT nothing FROM nowhere")

    with pytest.raises(DBAPIError, match="nowhere"):
        await database.transaction(wrong)
    assert not lost(database)


async def test_a_statement_that_was_refused_and_passed_over_commits_nothing(database: Database) -> None:
    """PostgreSQL answers COMMIT with a rollback then, and says no word."""

    def careless(conn: Connection) -> None:
        say("a")(conn)
        with contextlib.suppress(DBAPIError):
            say("a")(conn)

    with pytest.raises(DBAPIError, match="aborted"):
        await database.transaction(careless)
    assert await database.read(said) == []
