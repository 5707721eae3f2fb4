"""What both databases promise: transactions whole or not at all, readers of one moment, notifications after COMMIT."""

import asyncio
import contextlib
import sqlite3
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.storage.clock import now
from bot.storage.database import Database, DatabaseClosed, open_database
from bot.storage.tables import alerts
from tests.drivers.postgres import PostgresServer


def say(key: str) -> Any:
    """A transaction that writes one row; not repeatable."""

    def fn(conn: Connection) -> str:
        conn.execute(sa.insert(alerts).values(key=key, last_at=1.0))
        return key

    return fn


def said(conn: Connection) -> list[str]:
    return list(conn.execute(sa.select(alerts.c.key).order_by(alerts.c.key)).scalars())


class Elsewhere:
    """Writes to the same database by a connection that is none of Easel's."""

    def __init__(self, url: str, request: pytest.FixtureRequest) -> None:
        self._url = url
        self._server: PostgresServer | None = None
        if url.startswith("postgresql"):
            self._server = request.getfixturevalue("postgres")

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        if self._server is not None:
            return self._server.run(statement, database=self._url.rpartition("/")[2])
        with contextlib.closing(sqlite3.connect(self._url.removeprefix("sqlite:///"), isolation_level=None)) as conn:
            return conn.execute(statement).fetchall()


@pytest.fixture
def elsewhere(database_url: str, request: pytest.FixtureRequest) -> Elsewhere:
    return Elsewhere(database_url, request)


async def test_a_transaction_is_visible_to_everybody_when_it_returns(database: Database, elsewhere: Elsewhere) -> None:
    assert await database.transaction(say("a")) == "a"
    assert elsewhere.run("SELECT key FROM alerts") == [("a",)]
    assert await database.read(said) == ["a"]


async def test_a_failing_transaction_is_undone_whole_and_alone(database: Database) -> None:
    def fail(conn: Connection) -> None:
        say("half")(conn)
        raise ValueError("no")

    fns = [say("a"), fail, say("b"), say("a2"), fail, say("c")]
    results = await asyncio.gather(*(database.transaction(fn) for fn in fns), return_exceptions=True)
    assert [r if isinstance(r, str) else type(r) for r in results] == ["a", ValueError, "b", "a2", ValueError, "c"]
    assert await database.read(said) == ["a", "a2", "b", "c"]


async def test_a_refused_statement_undoes_its_transaction_only(database: Database) -> None:
    results = await asyncio.gather(*(database.transaction(say(k)) for k in "abab"), return_exceptions=True)
    assert sorted(r for r in results if isinstance(r, str)) == ["a", "b"]
    assert [type(r) for r in results if not isinstance(r, str)] == [IntegrityError, IntegrityError]


async def test_a_savepoint_lets_a_transaction_go_on_after_a_refusal(database: Database) -> None:
    def fn(conn: Connection) -> None:
        say("a")(conn)
        with contextlib.suppress(IntegrityError), conn.begin_nested():
            say("b")(conn)
            say("a")(conn)
        say("c")(conn)

    await database.transaction(fn)
    assert await database.read(said) == ["a", "c"]


async def test_a_reader_sees_one_moment(database: Database, elsewhere: Elsewhere) -> None:
    await database.transaction(say("a"))

    def look_twice(conn: Connection) -> tuple[list[str], list[str]]:
        first = said(conn)
        elsewhere.run("INSERT INTO alerts (key, last_at) VALUES ('b', 1)")
        return first, said(conn)

    assert await database.read(look_twice) == (["a"], ["a"])
    assert await database.read(said) == ["a", "b"]


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)read-?only"):
        await database.read(say("a"))
    assert await database.read(said) == []


async def test_many_readers_share_few_connections(database: Database) -> None:
    await database.transaction(say("a"))
    found = await asyncio.gather(*(database.read(said) for _ in range(100)))
    assert found == [["a"]] * 100


async def test_a_cancelled_caller_leaves_nothing_open(database: Database) -> None:
    for n in range(20):
        task = asyncio.create_task(database.transaction(say(f"x{n}")))
        await asyncio.sleep(n * 0.0005)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    keys = [await database.transaction(say(f"y{n}")) for n in range(20)]
    assert [k for k in await database.read(said) if k.startswith("y")] == sorted(keys)
    if database.dialect == "postgresql":
        idle = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in tr%' AND datname = current_database()"
        assert await database.transaction(lambda conn: conn.exec_driver_sql(idle).scalar_one()) == 0


async def test_a_cancelled_reader_gives_its_connection_back(database: Database) -> None:
    for n in range(20):
        task = asyncio.create_task(database.read(said))
        await asyncio.sleep(n * 0.0005)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    assert await asyncio.gather(*(database.read(said) for _ in range(20))) == [[]] * 20


async def test_listeners_are_woken_after_the_commit_and_not_by_what_was_undone(database: Database) -> None:
    woken: list[list[str]] = []
    called = asyncio.Event()

    def callback() -> None:
        called.set()

    listening = asyncio.create_task(database.listen("easel_test", callback))
    await asyncio.wait_for(called.wait(), 5)  # the call at the start
    called.clear()

    def fail(conn: Connection) -> None:
        database.notify(conn, "easel_test")
        raise ValueError

    def tell(conn: Connection) -> None:
        say("news")(conn)
        database.notify(conn, "easel_test")
        database.notify(conn, "easel_test")

    with pytest.raises(ValueError):
        await database.transaction(fail)
    await database.transaction(lambda conn: database.notify(conn, "easel_other"))
    await asyncio.sleep(0.1)
    assert not called.is_set()
    await database.transaction(tell)
    await asyncio.wait_for(called.wait(), 5)
    woken.append(await database.read(said))
    assert woken == [["news"]]
    listening.cancel()
    await asyncio.wait([listening])
    called.clear()
    await database.transaction(lambda conn: database.notify(conn, "easel_test"))
    await asyncio.sleep(0.05)
    assert not called.is_set()


async def test_the_clock_is_the_databases_and_can_be_moved(database: Database, elsewhere: Elsewhere) -> None:
    spoken = {"sqlite": "SELECT unixepoch('subsec')", "postgresql": "SELECT extract(epoch FROM clock_timestamp())"}
    if database.dialect == "sqlite" and sqlite3.sqlite_version_info < (3, 42):
        spoken["sqlite"] = "SELECT (julianday('now') - 2440587.5) * 86400.0"
    theirs = float(elsewhere.run(spoken[database.dialect])[0][0])
    assert await database.transaction(now) == pytest.approx(theirs, abs=2)
    database.shift_clock(3600)
    database.shift_clock(60)
    assert await database.transaction(now) == pytest.approx(theirs + 3660, abs=2)
    assert await database.read(now) == pytest.approx(theirs + 3660, abs=2)
    database.shift_clock(-3660)
    assert await database.read(now) == pytest.approx(theirs, abs=2)


async def test_a_closed_database_says_so(database_url: str) -> None:
    opened = await open_database(database_url)
    await opened.close()
    await opened.close()
    with pytest.raises(DatabaseClosed):
        await opened.transaction(say("a"))
    with pytest.raises(DatabaseClosed):
        await opened.read(said)


async def test_closing_finishes_what_was_handed_over(database_url: str) -> None:
    opened = await open_database(database_url)
    writing = [asyncio.create_task(opened.transaction(say(f"k{n:02}"))) for n in range(50)]
    await asyncio.sleep(0)
    if opened.dialect == "postgresql":
        await asyncio.gather(*writing)
    await opened.close()
    assert await asyncio.gather(*writing) == [f"k{n:02}" for n in range(50)]


async def test_a_reading_database_stands_beside_a_writing_one(database: Database, database_url: str) -> None:
    reading = await open_database(database_url, writer=False)
    await database.transaction(say("a"))
    assert await reading.read(said) == ["a"]
    with pytest.raises(DatabaseClosed, match="reading"):
        await reading.transaction(say("b"))
    await reading.close()
