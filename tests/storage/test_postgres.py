"""PostgreSQL's own: lost races run again, listening survives a broken connection, errors hide the password."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.storage import postgres as ours
from bot.storage.database import Database, DatabaseUnavailable, open_database
from bot.storage.migrate import migrate, pending
from bot.storage.tables import alerts
from tests.drivers.postgres import PostgresServer
from tests.storage.test_database import said, say


@pytest.fixture
def url(postgres: PostgresServer) -> Iterator[str]:
    yield postgres.create("own", template="template")
    postgres.drop("own")


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = await open_database(url)
    yield opened
    await opened.close()


async def test_of_two_that_block_each_other_the_loser_runs_again(database: Database) -> None:
    await database.transaction(say("a"))
    await database.transaction(say("b"))
    runs: list[str] = []

    def both(first: str, second: str) -> Callable[[Connection], None]:
        def fn(conn: Connection) -> None:
            runs.append(first)
            conn.exec_driver_sql("SET LOCAL deadlock_timeout = '50ms'")
            conn.execute(sa.update(alerts).where(alerts.c.key == first).values(last_at=alerts.c.last_at + 1))
            conn.exec_driver_sql("SELECT pg_sleep(0.1)")
            conn.execute(sa.update(alerts).where(alerts.c.key == second).values(last_at=alerts.c.last_at + 1))

        return fn

    await asyncio.gather(database.transaction(both("a", "b")), database.transaction(both("b", "a")))
    assert len(runs) >= 3
    assert await database.read(lambda c: list(c.execute(sa.select(alerts.c.last_at)).scalars())) == [3.0, 3.0]


async def test_a_process_frozen_in_a_transaction_does_not_keep_its_locks(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ours, "FROZEN_AFTER", 0.3)
    frozen = await open_database(url)
    await frozen.transaction(say("a"))
    others: list[float] = []
    runs: list[int] = []

    async def other() -> None:
        """Another process, which wants the same row."""
        database = await open_database(url)
        begun = time.monotonic()
        await database.transaction(lambda c: c.execute(sa.update(alerts).values(last_at=5.0)))
        others.append(time.monotonic() - begun)
        await database.close()

    def freeze(conn: Connection) -> None:
        conn.execute(sa.update(alerts).values(last_at=alerts.c.last_at + 1))
        runs.append(1)
        if len(runs) == 1:  # the whole process stands still, with the row locked; the other one does not
            thread = threading.Thread(target=asyncio.run, args=(other(),))
            thread.start()
            thread.join(20)
            assert not thread.is_alive(), "the row is still locked"
        conn.execute(sa.update(alerts).values(last_at=alerts.c.last_at + 10))

    await frozen.transaction(freeze)
    assert (len(runs), len(others)) == (2, 1), "undone by the server, and run again"
    assert await frozen.read(lambda c: list(c.execute(sa.select(alerts.c.last_at)).scalars())) == [16.0]
    await frozen.close()


async def test_a_race_is_not_run_for_ever(database: Database) -> None:
    runs: list[int] = []

    def lose(conn: Connection) -> None:
        runs.append(1)
        conn.exec_driver_sql("DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END $$")

    with pytest.raises(DBAPIError, match="lost"):
        await database.transaction(lose)
    assert len(runs) == ours.ATTEMPTS


async def test_other_errors_are_not_tried_again(database: Database) -> None:
    runs: list[int] = []

    def fail(conn: Connection) -> None:
        runs.append(1)
        conn.exec_driver_sql("SELECT 1/0")

    with pytest.raises(DBAPIError, match="division"):
        await database.transaction(fail)
    assert len(runs) == 1


async def test_another_process_hears_and_listening_survives_a_lost_connection(
    database: Database, url: str, postgres: PostgresServer
) -> None:
    other = await open_database(url)
    called = asyncio.Event()
    listening = asyncio.create_task(database.listen("easel_test", called.set))
    await asyncio.wait_for(called.wait(), 5)
    called.clear()
    await other.transaction(lambda conn: other.notify(conn, "easel_test"))
    await asyncio.wait_for(called.wait(), 5)
    called.clear()
    killed = postgres.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = $1",
        url.rpartition("/")[2],
    )
    assert killed == [(True,)]
    await asyncio.wait_for(called.wait(), 5)  # told to look for itself after the gap
    called.clear()
    await other.transaction(lambda conn: other.notify(conn, "easel_test"))
    await asyncio.wait_for(called.wait(), 5)
    listening.cancel()
    await asyncio.wait([listening])
    await other.close()


async def test_connections_lost_in_the_pool_are_replaced(
    database: Database, url: str, postgres: PostgresServer
) -> None:
    await asyncio.gather(*(database.read(said) for _ in range(5)))
    postgres.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", url.rpartition("/")[2])
    await database.transaction(say("a"))
    assert await database.read(said) == ["a"]


async def test_more_callers_than_connections_wait_their_turn(database: Database) -> None:
    await asyncio.gather(*(database.transaction(say(f"k{n:03}")) for n in range(100)))
    assert len(await database.read(said)) == 100


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
async def test_both_spellings_of_the_scheme_open(url: str, scheme: str) -> None:
    opened = await open_database(url.replace("postgresql://", f"{scheme}://") + "?sslmode=prefer")
    assert opened.dialect == "postgresql"
    await opened.close()


async def test_an_unreachable_server_is_told_without_the_password(postgres: PostgresServer) -> None:
    nobody = f"postgresql://easel:hunter22@127.0.0.1:1/{'x' * 5}"
    missing = f"postgresql://easel:hunter22@127.0.0.1:{postgres.port}/no_such_database"
    for url, said_why in ((nobody, "(?i)connect"), (missing, "does not exist")):
        for attempt in (migrate, pending):
            with pytest.raises(DatabaseUnavailable, match=said_why) as refused:
                attempt(url)
            assert "hunter22" not in str(refused.value)
        with pytest.raises(DatabaseUnavailable, match=said_why) as refused:
            await open_database(url)
        assert "hunter22" not in str(refused.value)
        assert "easel:***@127.0.0.1" in str(refused.value)
