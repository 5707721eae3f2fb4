"""The inbox: every update is on disk before Telegram is told that it arrived, and stays until its handler is through.

aiogram answers a webhook, and advances the polling offset, before the handler ran (aiogram#1397): without this table a
crash would lose commands. Rows stay two days after they were handled, so that a redelivery is recognised.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.ledger.sql import Sql
from bot.storage.clock import now
from bot.storage.tables import inbox

KEPT = 2 * 24 * 3600.0
"""Telegram keeps undelivered updates for 24 hours (Bot API, getUpdates)."""

_OPEN = sa.text("handled_at IS NULL")
AT_ONCE = 100
"""Rows in one statement at most."""
_TAKE = (
    "UPDATE inbox SET owner = ?, attempts = attempts + 1 WHERE bot_id = ? AND update_id IN ("
    "SELECT update_id FROM inbox WHERE handled_at IS NULL AND owner IS NULL AND bot_id = ?"
    " ORDER BY received_at, update_id LIMIT ?{lock}) RETURNING update_id, payload, attempts"
)
_CLAIM = Sql(_TAKE.format(lock=""))
_CLAIM_UNLOCKED = Sql(_TAKE.format(lock=" FOR UPDATE SKIP LOCKED"))


@cache  # at most AT_ONCE of each
def _put(rows: int) -> Sql:
    into = "inbox (bot_id, update_id, payload, received_at, owner, attempts)"
    values = ", ".join(["(?, ?, ?, ?, ?, ?)"] * rows)
    return Sql(f"INSERT INTO {into} VALUES {values} ON CONFLICT DO NOTHING RETURNING update_id")  # noqa: S608  # question marks


@cache
def _handled(rows: int) -> Sql:
    ids = ", ".join("?" * rows)
    change = "SET handled_at = ?, owner = NULL, payload = ''"
    return Sql(f"UPDATE inbox {change} WHERE bot_id = ? AND update_id IN ({ids})")


@dataclass(frozen=True, slots=True)
class Ticket:
    """One update: whoever handles it marks it handled, in the transaction of its effect where there is one."""

    bot_id: int
    update_id: int


@dataclass(frozen=True, slots=True)
class Item:
    """A claimed update: raw JSON and how often it was claimed, this time included."""

    ticket: Ticket
    payload: str
    attempts: int


def _is(ticket: Ticket) -> sa.ColumnElement[bool]:
    return sa.and_(inbox.c.bot_id == ticket.bot_id, inbox.c.update_id == ticket.update_id)


def put(conn: Connection, bot_id: int, update_id: int, payload: str) -> bool:
    """Stores a raw update (T0); False when it was known before."""
    return bool(put_all(conn, bot_id, [(update_id, payload)]))


def put_all(
    conn: Connection, bot_id: int, updates: Sequence[tuple[int, str]], owner: str | None = None
) -> frozenset[int]:
    """Stores raw updates, ids and JSON (T0); returns the ids of those that were not known before. With an `owner` they
    are claimed for the first time with it."""
    moment, attempts = now(conn), 0 if owner is None else 1
    new: set[int] = set()
    for start in range(0, len(updates), AT_ONCE):
        rows = updates[start : start + AT_ONCE]
        values = [v for number, payload in rows for v in (bot_id, number, payload, moment, owner, attempts)]
        new.update(_put(len(rows)).run(conn, *values).scalars())
    return frozenset(new)


def claim(conn: Connection, owner: str, bot_id: int, limit: int) -> list[Item]:
    """Takes up to `limit` unhandled updates for this process, oldest first."""
    statement = _CLAIM if conn.dialect.name == "sqlite" else _CLAIM_UNLOCKED
    taken = sorted(statement.run(conn, owner, bot_id, bot_id, limit))
    return [Item(Ticket(bot_id, update_id), payload, attempts) for update_id, payload, attempts in taken]


def handled(conn: Connection, *tickets: Ticket) -> None:
    """The effect of these updates of one bot is committed with this. Idempotent."""
    moment = now(conn)
    for start in range(0, len(tickets), AT_ONCE):
        some = tickets[start : start + AT_ONCE]
        _handled(len(some)).run(conn, moment, some[0].bot_id, *(ticket.update_id for ticket in some))


def failed(conn: Connection, ticket: Ticket) -> None:
    """Gives an update up after its last attempt; the payload stays for the operator."""
    conn.execute(sa.update(inbox).where(_is(ticket)).values(handled_at=now(conn), owner=None, failed=True))


def retry(conn: Connection, ticket: Ticket) -> None:
    """Hands a claimed update back, to be claimed again."""
    conn.execute(sa.update(inbox).where(_is(ticket), inbox.c.handled_at.is_(None)).values(owner=None))


def free(conn: Connection, owner: str, *, but: Collection[Ticket] = ()) -> int:
    """Hands back everything a process claimed and did not finish, except what it still has in hand."""
    mine = sa.select(inbox.c.bot_id, inbox.c.update_id).where(_OPEN, inbox.c.owner == owner)
    left = {Ticket(row.bot_id, row.update_id) for row in conn.execute(mine)}.difference(but)
    for ticket in left:
        retry(conn, ticket)
    return len(left)


def waiting(conn: Connection) -> int:
    """How many updates are not handled yet."""
    return int(
        conn.execute(sa.select(sa.func.count()).select_from(inbox).where(sa.text("handled_at IS NULL"))).scalar_one()
    )


def sweep(conn: Connection) -> int:
    """Drops rows handled more than two days ago; returns how many."""
    return conn.execute(sa.delete(inbox).where(inbox.c.handled_at < now(conn) - KEPT)).rowcount
