"""Durable ledger transactions per second: Easel's group commit against plain sqlite3 commits of the same statements.

    python -m benchmarks.ledger [--jobs 6000] [--concurrent 200] [--postgresql]

A job is two transactions, each durable (synchronous=FULL) before it is answered: its hold and its capture.
"""

import argparse
import asyncio
import shutil
import sqlite3
import tempfile
import time
from functools import partial
from pathlib import Path

from benchmarks import report
from bot import ledger
from bot.domain.money import CREDIT, Credits
from bot.storage.database import Database, open_database
from bot.storage.migrate import migrate
from tests.drivers.postgres import server

USERS = 50
PRICE = Credits(5 * CREDIT)
PLENTY = Credits(10**9 * CREDIT)
ROOT = Path(__file__).parents[1]

MOVE = "INSERT INTO transfers (id, kind, debit, credit, amount, job_id, created_at) VALUES (?, 'hold', ?, -1, ?, ?, ?)"
RESOLVE = (
    "INSERT INTO transfers (id, kind, pending_id, debit, credit, amount, job_id, created_at)"
    " SELECT ?, 'capture', h.id, h.debit, h.credit, ?, h.job_id, ? FROM transfers h WHERE h.id = ?"
)


async def prepare(database: Database) -> list[int]:
    """Users with more credit than the run can spend."""

    accounts = [await database.transaction(ledger.open_account) for _ in range(USERS)]
    for account in accounts:
        gift = partial(ledger.top_up, key=f"start{account}", account_id=account, amount=PLENTY, actor=None)
        await database.transaction(gift)
    return accounts


async def through_easel(url: str, jobs: int, concurrent: int) -> float:
    """Transactions per second with so many callers at once, each waiting for its answer before it goes on."""
    migrate(url)
    database = await open_database(url)
    accounts = await prepare(database)
    numbers = iter(range(jobs))

    async def caller() -> None:
        for n in numbers:
            job, account = f"job{n}", accounts[n % USERS]
            await database.transaction(partial(ledger.hold, job_id=job, account_id=account, amount=PRICE))
            await database.transaction(partial(ledger.capture, job_id=job, amount=PRICE))

    started = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(concurrent)))
    took = time.perf_counter() - started
    captured = (await database.read(lambda conn: ledger.balance(conn, ledger.House.REVENUE))).total
    assert captured == jobs * PRICE
    await database.close()
    return 2 * jobs / took


def one_by_one(path: Path, jobs: int) -> float:
    """The same statements with the sqlite3 module, a COMMIT each."""
    migrate(f"sqlite:///{path}")
    conn = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = wal", "synchronous = full", "foreign_keys = on", "recursive_triggers = on"):
        conn.execute(f"PRAGMA {pragma}")
    for account in range(1, USERS + 1):
        conn.execute("INSERT INTO accounts (id, kind) VALUES (?, 'user')", (account,))
        conn.execute(
            "INSERT INTO transfers (id, kind, debit, credit, amount, created_at) VALUES (?, 'top_up', -2, ?, ?, 0.0)",
            (f"topup:start{account}", account, PLENTY),
        )
    started = time.perf_counter()
    for n in range(jobs):
        conn.execute("BEGIN IMMEDIATE")
        conn.execute(MOVE, (f"hold:job{n}", n % USERS + 1, PRICE, f"job{n}", time.time()))
        conn.execute("COMMIT")
        conn.execute("BEGIN IMMEDIATE")
        conn.execute(RESOLVE, (f"capture:job{n}", PRICE, time.time(), f"hold:job{n}"))
        conn.execute("COMMIT")
    took = time.perf_counter() - started
    conn.close()
    return 2 * jobs / took


def on_sqlite(folder: Path, jobs: int, concurrent: int) -> None:
    ours: list[float] = []
    plain: list[float] = []
    for n in range(3):  # in turns: what disturbs the machine disturbs both
        plain.append(one_by_one(folder / f"plain{n}.db", max(jobs // 6, 200)))
        ours.append(asyncio.run(through_easel(f"sqlite:///{folder / f'easel{n}.db'}", jobs, concurrent)))
    group = report.line(f"Easel, {concurrent} callers", ours, "tx/s", goal="≥ 5,000")
    single = report.line("plain sqlite3, a COMMIT each", plain, "tx/s")
    report.show("Ledger, SQLite, synchronous=FULL", [group, single], ratios=[report.ratio(group, single)])


def on_postgresql(jobs: int, concurrent: int) -> None:
    with server(durable=True) as started:
        runs = [asyncio.run(through_easel(started.create(f"run{n}"), jobs, concurrent)) for n in range(3)]
    report.show("Ledger, PostgreSQL, fsync on", [report.line(f"Easel, {concurrent} callers", runs, "tx/s")])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--jobs", type=int, default=6000)
    options.add_argument("--concurrent", type=int, default=200)
    options.add_argument("--postgresql", action="store_true", help="also measure PostgreSQL")
    chosen = options.parse_args()
    base = ROOT / ".venv" / "tmp"
    base.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=base))  # on the project's disk: /tmp may be memory
    try:
        on_sqlite(folder, chosen.jobs, chosen.concurrent)
    finally:
        shutil.rmtree(folder)
    if chosen.postgresql:
        on_postgresql(max(chosen.jobs // 10, 200), chosen.concurrent)


if __name__ == "__main__":
    main()
