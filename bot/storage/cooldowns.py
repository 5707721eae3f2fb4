"""Things that may be said only once in a while, remembered across restarts and shared by all processes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.storage.clock import now
from bot.storage.database import Database
from bot.storage.statements import insert_new
from bot.storage.tables import alerts

KEPT = 7 * 24 * 3600.0
"""Seconds for which it is remembered: longer than anything must stay unsaid."""


def acquire_cooldown(conn: Connection, key: str, *, every: float) -> bool:
    """True when `key` was not said within the last `every` seconds, and records that it is said now. What was said in
    the future was said before the clock was set back: it may be said again."""
    moment = now(conn)
    long_ago = sa.or_(alerts.c.last_at <= moment - every, alerts.c.last_at > moment)
    due = sa.update(alerts).where(alerts.c.key == key, long_ago).values(last_at=moment)
    if conn.execute(due).rowcount:
        return True
    return insert_new(conn, alerts, key=key, last_at=moment)


def said(conn: Connection, key: str) -> bool:
    """Whether `key` was said and is not forgotten yet; records nothing."""
    return conn.execute(sa.select(alerts.c.key).where(alerts.c.key == key)).first() is not None


@asynccontextmanager
async def unless_it_fails(db: Database, key: str) -> AsyncIterator[None]:
    """Around what is said once: when it fails `key` is forgotten, so that the next attempt is not put off."""
    try:
        yield
    except Exception:
        await db.transaction(lambda conn: clear(conn, key))
        raise


def sweep(conn: Connection) -> int:
    """Forgets what was said more than a week ago; returns how many."""
    return conn.execute(sa.delete(alerts).where(alerts.c.last_at < now(conn) - KEPT)).rowcount


def clear(conn: Connection, key: str) -> None:
    """Forgets that `key` was said: it may be said again at once."""
    conn.execute(sa.delete(alerts).where(alerts.c.key == key))


def soon(conn: Connection, key: str, *, every: float, seconds: float) -> None:
    """What is said at most once within `every` seconds may be said again in `seconds`: this time it failed."""
    conn.execute(sa.update(alerts).where(alerts.c.key == key).values(last_at=now(conn) - every + seconds))
