"""Shortcuts for tests of the ledger: accounts with credit, jobs with their rows, all through the public functions."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot import ledger
from bot.domain.money import CREDIT, Credits
from bot.storage.clock import now
from bot.storage.database import Database
from bot.storage.tables import jobs


def worth(amount: float) -> Credits:
    """So many whole credits."""
    return Credits(round(amount * CREDIT))


async def account_with(database: Database, amount: float) -> int:
    """A new account that was topped up."""

    def fn(conn: Connection) -> int:
        account = ledger.open_account(conn)
        if amount:
            ledger.top_up(conn, key=f"start{account}", account_id=account, amount=worth(amount), actor=None)
        return account

    return await database.transaction(fn)


def place(conn: Connection, job_id: str, account: int, amount: Credits) -> None:
    """A hold and its job, as an order makes them."""
    if ledger.hold(conn, job_id=job_id, account_id=account, amount=amount):
        insert_job(conn, job_id, account, amount)


def insert_job(conn: Connection, job_id: str, account: int, quote: Credits, **values: Any) -> None:
    moment = now(conn)
    facts = {
        "id": job_id,
        "account_id": account,
        "user_id": account,
        "provider": "p",
        "model": "m",
        "kind": "video",
        "prompt": "a lake",
        "options": {},
        "quote": quote,
        "locale": "en",
        "chat_id": 1,
        "state": "queued",
        "turn": 0,
        "next_at": moment,
        "created_at": moment,
    }
    conn.execute(sa.insert(jobs).values(**{**facts, **values}))


def set_job(conn: Connection, job_id: str, **values: Any) -> None:
    conn.execute(sa.update(jobs).where(jobs.c.id == job_id).values(**values))


def done(conn: Connection, job_id: str, amount: Credits) -> None:
    ledger.capture(conn, job_id=job_id, amount=amount)
    set_job(conn, job_id, state="done", charged=amount)


def failed(conn: Connection, job_id: str) -> None:
    ledger.release(conn, job_id=job_id)
    set_job(conn, job_id, state="failed")


def refunded(conn: Connection, job_id: str) -> Credits:
    amount = ledger.refund(conn, job_id=job_id, actor=None)
    set_job(conn, job_id, refunded=True)
    return amount


async def figures(database: Database, account: int) -> tuple[float, float]:
    """Available and held, in credits."""
    found = await database.read(lambda conn: ledger.balance(conn, account))
    assert found.total == found.available + found.held
    return found.available / CREDIT, found.held / CREDIT


async def expect_clean(database: Database) -> None:
    assert await database.read(ledger.verify) == []
