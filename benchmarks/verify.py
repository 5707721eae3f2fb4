"""How long the proof of the books takes: all of it, and what moved since the seal, on SQLite.

    python -m benchmarks.verify [--jobs 100000,1000000] [--runs 3] [--moved 600]

`--moved` jobs are ordered and done between two seals: one a second, for ten minutes. They are spread over all accounts.
"""

import argparse
import asyncio
import sqlite3
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import uvloop
from sqlalchemy import Connection

from benchmarks import report
from benchmarks.process import folder
from bot import ledger
from bot.ledger import Proof
from bot.storage.database import Database, open_database
from bot.storage.migrate import migrate

T = TypeVar("T")
PEOPLE = 2_000
PRICE = 10_000_000
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :last)"
MADE = (
    f"{NUMBERS} INSERT INTO jobs (id, account_id, user_id, provider, model, kind, prompt, options, quote, locale,"
    " chat_id, state, turn, next_at, created_at, finished_at, charged)"
    " SELECT 'job' || i, 1 + i % :people, 1 + i % :people, 'ai_now', 'pika', 'video', 'a serene lake', '{}', :price,"
    " 'en', 1, 'done', i, 0, 1.7e9 + i, 1.7e9 + i, :price FROM n",
    f"{NUMBERS} INSERT INTO transfers (id, kind, debit, credit, amount, job_id, created_at)"
    " SELECT 'hold:job' || i, 'hold', 1 + i % :people, -1, :price, 'job' || i, 1.7e9 + i FROM n",
    f"{NUMBERS} INSERT INTO transfers (id, kind, pending_id, debit, credit, amount, job_id, created_at)"
    " SELECT 'capture:job' || i, 'capture', 'hold:job' || i, 1 + i % :people, -1, :price, 'job' || i, 1.7e9 + i FROM n",
)


def prepare(path: Path, jobs: int) -> None:
    """Books with so many done jobs, written past the bot: it would take hours to order them."""
    migrate(f"sqlite:///{path}")
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("PRAGMA synchronous = off")
    conn.execute("BEGIN")
    for account in range(1, PEOPLE + 1):
        conn.execute("INSERT INTO accounts (id, kind) VALUES (?, 'user')", (account,))
        plenty = (f"topup:start{account}", account, 10**15)
        conn.execute(
            "INSERT INTO transfers (id, kind, debit, credit, amount, created_at) VALUES (?, 'top_up', -2, ?, ?, 0)",
            plenty,
        )
    order(conn, 0, jobs)
    conn.execute("COMMIT")
    conn.close()


def order(conn: sqlite3.Connection, first: int, last: int) -> None:
    """Jobs `first` up to `last`, held and captured."""
    for statement in MADE:
        conn.execute(statement, {"first": first, "last": last, "people": PEOPLE, "price": PRICE})


async def timed(db: Database, fn: Callable[[Connection], T]) -> tuple[T, float]:
    """What it returned, and its seconds in one read."""
    began = time.perf_counter()
    value = await db.read(fn)
    return value, time.perf_counter() - began


async def sealed(db: Database) -> tuple[Proof, float]:
    """One round of the running bot: the proof of what moved, and the seal."""
    began = time.perf_counter()
    proof = await db.read(ledger.prove_new)
    assert proof.problems == ()
    await db.transaction(partial(_seal, proof=proof))
    return proof, time.perf_counter() - began


def _seal(conn: Connection, proof: Proof) -> bool:
    return ledger.seal(conn, proof)


async def of_size(path: Path, jobs: int, runs: int, moved: int) -> None:
    await asyncio.to_thread(prepare, path, jobs)
    db = await open_database(f"sqlite:///{path}")
    _, first = await sealed(db)
    idle, some, whole = [], [], []
    for run in range(runs):
        idle.append(1000 * (await sealed(db))[1])
        await db.close()
        with sqlite3.connect(path) as conn:
            order(conn, jobs + run * moved, jobs + (run + 1) * moved)
        conn.close()
        db = await open_database(f"sqlite:///{path}")
        proof, took = await sealed(db)
        assert proof.through > proof.since
        some.append(1000 * took)
        problems, took = await timed(db, ledger.verify)
        assert problems == []
        whole.append(took)
    await db.close()
    report.show(
        f"The proof of the books, {jobs:,} jobs of {PEOPLE:,} people, SQLite",
        [
            report.line(f"what moved since the seal: {moved:,} jobs", some, "ms"),
            report.line("what moved since the seal: nothing", idle, "ms"),
            report.line("all of it, with every digest", whole, "s"),
            report.line("the first seal", [first], "s"),
        ],
    )


async def main(options: argparse.Namespace) -> None:
    for jobs in map(int, options.jobs.split(",")):
        with folder() as made:
            await of_size(made / "easel.db", jobs, options.runs, options.moved)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--jobs", default="100000,1000000")
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--moved", type=int, default=600)
    uvloop.run(main(asked.parse_args()))
