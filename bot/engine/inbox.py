"""The inbox: every update is on disk before Telegram is told that it arrived, and stays until its handler is through.

aiogram answers a webhook, and advances the polling offset, before the handler ran (aiogram#1397): without this table a
crash would lose commands. Rows stay two days after they were handled, so that a redelivery is recognised.
"""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.ledger.sql import Sql
from bot.storage.clock import now
from bot.storage.tables import inbox

KEPT = 2 * 24 * 3600.0
"""Telegram keeps undelivered updates for 24 hours (Bot API, getUpdates)."""

_OPEN = sa.text("handled_at IS NULL")
_PUT = Sql("INSERT INTO inbox (bot_id, update_id, payload, received_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")
_TAKE = (
    "UPDATE inbox SET owner = ?, attempts = attempts + 1 WHERE bot_id = ? AND update_id IN ("
    "SELECT update_id FROM inbox WHERE handled_at IS NULL AND owner IS NULL AND bot_id = ?"
    " ORDER BY received_at, update_id LIMIT ?{lock}) RETURNING update_id, payload, attempts"
)
_CLAIM = Sql(_TAKE.format(lock=""))
_CLAIM_UNLOCKED = Sql(_TAKE.format(lock=" FOR UPDATE SKIP LOCKED"))
_HANDLED = Sql("UPDATE inbox SET handled_at = ?, owner = NULL, payload = '' WHERE bot_id = ? AND update_id = ?")


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
    return bool(_PUT.run(conn, bot_id, update_id, payload, now(conn)).rowcount)


def claim(conn: Connection, owner: str, bot_id: int, limit: int) -> list[Item]:
    """Takes up to `limit` unhandled updates for this process, oldest first."""
    statement = _CLAIM if conn.dialect.name == "sqlite" else _CLAIM_UNLOCKED
    taken = sorted(statement.run(conn, owner, bot_id, bot_id, limit))
    return [Item(Ticket(bot_id, update_id), payload, attempts) for update_id, payload, attempts in taken]


def handled(conn: Connection, ticket: Ticket) -> None:
    """The update's effect is committed with this. Idempotent."""
    _HANDLED.run(conn, now(conn), ticket.bot_id, ticket.update_id)


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
