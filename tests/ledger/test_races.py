"""Money under concurrency: many at once, on several connections, and exactly what the rules allow comes through."""

import asyncio
import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection

from bot import ledger
from bot.domain.errors import NotEnoughCredits, NotRefundable
from bot.storage.database import Database, open_database
from tests.ledger.books import account_with, done, expect_clean, figures, insert_job, place, worth
from tests.ledger.test_rules import transfer

ONE = worth(1)


async def race(databases: list[Database], fns: list[Callable[[Connection], Any]]) -> list[Any]:
    """Runs all at once, spread over the databases; errors are results."""
    started = (databases[n % len(databases)].transaction(fn) for n, fn in enumerate(fns))
    return await asyncio.gather(*started, return_exceptions=True)


def holding(job_id: str, account: int) -> Callable[[Connection], None]:
    return lambda conn: place(conn, job_id, account, ONE)


async def test_64_holds_with_credit_for_10_give_exactly_10(database: Database, database_url: str) -> None:
    account = await account_with(database, 10)
    databases = [database]
    if database.dialect == "postgresql":
        databases.append(await open_database(database_url))
    results = await race(databases, [holding(f"j{n}", account) for n in range(64)])
    assert results.count(None) == 10
    refused = [r for r in results if r is not None]
    assert [type(r) for r in refused] == [NotEnoughCredits] * 54
    assert await figures(database, account) == (0, 10)
    await expect_clean(database)
    for extra in databases[1:]:
        await extra.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_on_sqlite_the_rules_hold_for_raw_connections_too(database_url: str) -> None:
    database = await open_database(database_url)
    account = await account_with(database, 10)
    accepted: list[str] = []
    start = threading.Barrier(16)

    def hold_some(worker: int) -> None:
        with contextlib.closing(sqlite3.connect(database_url.removeprefix("sqlite:///"), timeout=30)) as conn:
            start.wait()
            for n in range(4):
                key = f"{worker}-{n}"
                with contextlib.suppress(sqlite3.IntegrityError), conn:
                    conn.execute(transfer(f"hold:{key}", "hold", account, -1, ONE, job=key))
                    accepted.append(key)

    workers = [threading.Thread(target=hold_some, args=(n,)) for n in range(16)]
    for thread in workers:
        thread.start()
    ours = await race([database], [holding(f"ours{n}", account) for n in range(16)])
    for thread in workers:
        await asyncio.to_thread(thread.join)
    assert len(accepted) + ours.count(None) == 10
    assert await figures(database, account) == (0, 10)

    def rows(conn: Connection) -> None:
        for key in accepted:
            insert_job(conn, key, account, ONE)

    await database.transaction(rows)
    await expect_clean(database)
    await database.close()


async def test_captures_and_releases_that_race_settle_once(database: Database) -> None:
    account = await account_with(database, 10)
    await database.transaction(holding("j", account))
    moves: list[Callable[[Connection], Any]] = [
        lambda conn: ("captured", ledger.capture(conn, job_id="j", amount=ONE)),
        lambda conn: ("released", ledger.release(conn, job_id="j")),
    ]
    results = await race([database], moves * 16)
    settled = [r for r in results if isinstance(r, tuple) and r[1]]
    assert len(settled) == 1
    kinds = {r[0] for r in results if isinstance(r, tuple)}
    assert kinds == {settled[0][0]}  # replays of the one that was first; the other kind is refused
    assert {type(r) for r in results if not isinstance(r, tuple)} == {ledger.BrokenRule}
    held = 9 if settled[0][0] == "captured" else 10
    assert await figures(database, account) == (held, 0)


async def test_refunds_that_race_give_back_once(database: Database) -> None:
    account = await account_with(database, 10)
    await database.transaction(holding("j", account))
    await database.transaction(lambda conn: done(conn, "j", ONE))
    results = await race([database], [lambda conn: ledger.refund(conn, job_id="j", actor=None)] * 32)
    assert results.count(ONE) == 1
    assert [type(r) for r in results if r != ONE] == [NotRefundable] * 31
    assert await figures(database, account) == (10, 0)


async def test_one_confirmation_pressed_32_times_tops_up_once(database: Database) -> None:
    account = await account_with(database, 0)
    results = await race(
        [database],
        [lambda conn: ledger.top_up(conn, key="k", account_id=account, amount=ONE, actor=None, note="gift")] * 32,
    )
    assert sorted(results) == [False] * 31 + [True]
    assert await figures(database, account) == (1, 0)
    await expect_clean(database)


async def test_welcomes_that_race_with_two_amounts_give_one(database: Database) -> None:
    account = await account_with(database, 0)
    moves: list[Callable[[Connection], Any]] = [
        lambda conn: ledger.welcome(conn, account_id=account, amount=worth(5)),
        lambda conn: ledger.welcome(conn, account_id=account, amount=worth(7)),
    ]
    results = await race([database], moves * 8)
    assert sorted(results) == [False] * 15 + [True]
    assert (await figures(database, account))[0] in {5, 7}


async def test_readers_are_not_kept_waiting_by_writers(database: Database) -> None:
    account = await account_with(database, 10)
    reached = threading.Event()

    def slow(conn: Connection) -> None:
        place(conn, "slow", account, ONE)
        reached.set()
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql("SELECT pg_sleep(0.3)")
        else:
            time.sleep(0.3)

    writing = asyncio.create_task(database.transaction(slow))
    while not reached.is_set():
        await asyncio.sleep(0.005)
    assert await figures(database, account) == (10, 0)
    assert not writing.done()
    await writing
    assert await figures(database, account) == (9, 1)
