"""What the demo shows of the bot's database: its jobs and its books, read from SQLite beside the running bot."""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.pool import NullPool

from bot import ledger
from bot.domain.money import Credits, to_decimal
from bot.ledger.accounts import House

T = TypeVar("T")
JOBS: Final = 50
TRANSFERS: Final = 30
_JOBS = """
SELECT j.id, j.state, j.kind, j.provider, j.model, j.prompt, j.quote, j.charged, j.owner, j.attempt, j.cause,
  j.created_at, coalesce(j.finished_at, j.delivering_at, j.submitted_at, j.created_at) AS updated_at, u.name
FROM jobs j LEFT JOIN users u ON u.id = j.user_id ORDER BY j.created_at DESC, j.id DESC LIMIT ?
"""
_USERS = """
SELECT a.id, u.name, a.credits_posted - a.debits_posted AS total, a.debits_pending AS held
FROM accounts a LEFT JOIN users u ON u.account_id = a.id WHERE a.kind = 'user' ORDER BY a.id
"""
_TRANSFERS = """
SELECT t.id, t.kind, t.debit, t.credit, t.amount, t.created_at, n.note
FROM transfers t LEFT JOIN transfer_notes n ON n.transfer_id = t.id ORDER BY t.seq DESC LIMIT ?
"""


class Reader:
    """Opens the file anew for each look, with SQLite's mode=ro: what is shown cannot be changed from here."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._engine = sa.create_engine(
            "sqlite+pysqlite://", creator=self._opened, poolclass=NullPool, isolation_level="AUTOCOMMIT"
        )

    async def read(self, look: Callable[[Connection], T], otherwise: T) -> T:
        """`otherwise` while the bot has not made its database yet."""
        return await asyncio.to_thread(self._read, look, otherwise)

    def _read(self, look: Callable[[Connection], T], otherwise: T) -> T:
        if not self._path.exists():
            return otherwise
        with self._engine.connect() as conn:
            if not conn.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'transfer_notes'").first():
                return otherwise
            conn.exec_driver_sql("BEGIN")  # all of one moment
            try:
                return look(conn)
            finally:
                conn.exec_driver_sql("ROLLBACK")

    def _opened(self) -> sqlite3.Connection:
        return sqlite3.connect(f"{self._path.as_uri()}?mode=ro", uri=True, timeout=5)


class JobsPanel:
    """The newest JOBS jobs."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def show(self) -> dict[str, Any]:
        """`{"jobs": [...]}`, newest first; price and charged in credits as text, times as ISO 8601. `owner` is who
        ordered, `worker` the process that has the job now."""
        return await self._reader.read(lambda conn: {"jobs": _jobs(conn)}, {"jobs": []})

    async def do(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Raises ValueError: there is nothing to do here."""
        raise ValueError("Jobs are only shown.")


class LedgerPanel:
    """Every account, the newest TRANSFERS transfers, and the proof of the books at this moment."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def show(self) -> dict[str, Any]:
        """accounts (balance and held in credits as text), transfers (newest first), verify (problems in words, none
        when the books are clean; null before there are books) and checked, the time of the proof."""
        empty: dict[str, Any] = {"accounts": [], "transfers": [], "verify": None}
        return {**await self._reader.read(_ledger, empty), "checked": _iso(datetime.now(UTC).timestamp())}

    async def do(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Raises ValueError: there is nothing to do here."""
        raise ValueError("The books are only shown.")


def _jobs(conn: Connection) -> list[dict[str, Any]]:
    return [
        {
            **{name: row[name] for name in ("id", "state", "kind", "provider", "model", "prompt", "attempt", "cause")},
            "owner": row["name"] or "",
            "worker": row["owner"],
            "price": _credits(row["quote"]),
            "charged": None if row["charged"] is None else _credits(row["charged"]),
            "created": _iso(row["created_at"]),
            "updated": _iso(row["updated_at"]),
        }
        for row in conn.exec_driver_sql(_JOBS, (JOBS,)).mappings()
    ]


def _ledger(conn: Connection) -> dict[str, Any]:
    names = {house.value: house.name.lower() for house in House}
    accounts = []
    for row in conn.exec_driver_sql(_USERS).mappings():
        names[row["id"]] = row["name"] or f"account {row['id']}"
        balance, held = _credits(row["total"] - row["held"]), _credits(row["held"])
        accounts.append({"name": names[row["id"]], "kind": "user", "balance": balance, "held": held})
    for house in House:
        total = ledger.balance(conn, house).total
        accounts.append({"name": names[house], "kind": "house", "balance": _credits(total), "held": _credits(0)})
    transfers = [
        {
            "id": row["id"],
            "kind": row["kind"],
            "from": names[row["debit"]],
            "to": names[row["credit"]],
            "amount": _credits(row["amount"]),
            "at": _iso(row["created_at"]),
            "note": row["note"] or "",
        }
        for row in conn.exec_driver_sql(_TRANSFERS, (TRANSFERS,)).mappings()
    ]
    problems = [f"{found.rule}: {found.subject}: {found.detail}" for found in ledger.verify(conn)]
    return {"accounts": accounts, "transfers": transfers, "verify": problems}


def _credits(amount: int) -> str:
    return f"{to_decimal(Credits(amount)).normalize():f}"


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
