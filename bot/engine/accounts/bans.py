"""Who may not use the bot. Kept by Telegram id; every process remembers the ids and hears of changes."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.storage.clock import now
from bot.storage.database import Database
from bot.storage.sql import Sql
from bot.storage.statements import insert_new
from bot.storage.tables import bans

CHANGED: Final = "easel_bans"
"""The channel on which processes are told of a ban or its end."""
REMEMBERED: Final = 100_000
"""Ids that a process keeps; who is beyond them is still refused where orders are taken."""
FOR: Final = 60.0
"""Seconds after which the database is asked again: a notification may go unheard."""

_BANNED = Sql("SELECT 1 FROM bans WHERE user_id = ?")


@dataclass(frozen=True, slots=True)
class Ban:
    """`actor` is the account of the admin."""

    user_id: int
    reason: str
    actor: int
    created_at: float


def ban(conn: Connection, user_id: int, *, reason: str, actor: int) -> bool:
    """False when the person was banned before: that ban stands as it is. The caller notifies CHANGED."""
    return insert_new(conn, bans, user_id=user_id, reason=reason, actor=actor, created_at=now(conn))


def unban(conn: Connection, user_id: int) -> bool:
    """False when the person was not banned. The caller notifies CHANGED."""
    return bool(conn.execute(sa.delete(bans).where(bans.c.user_id == user_id)).rowcount)


def get(conn: Connection, user_id: int) -> Ban | None:
    row = conn.execute(sa.select(bans).where(bans.c.user_id == user_id)).one_or_none()
    return Ban(row.user_id, row.reason, row.actor, row.created_at) if row is not None else None


def banned(conn: Connection, user_id: int) -> bool:
    return _BANNED.run(conn, user_id).one_or_none() is not None


def among(conn: Connection, user_ids: Collection[int]) -> frozenset[int]:
    """Which of these people are banned."""
    return frozenset(conn.execute(sa.select(bans.c.user_id).where(bans.c.user_id.in_(user_ids))).scalars())


def count(conn: Connection) -> int:
    return int(conn.execute(sa.select(sa.func.count()).select_from(bans)).scalar_one())


class Bans:
    """The banned ids of this moment, asked for once a minute and after every change."""

    def __init__(self, db: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._db = db
        self._clock = clock
        self._ids: frozenset[int] | None = None
        self._until = 0.0
        self._edition = 0

    async def has(self, user_id: int) -> bool:
        ids = self._ids
        if ids is None or self._clock() >= self._until:
            ids = await self._load()
        return user_id in ids

    def forget(self) -> None:
        """Something changed: the database is asked anew."""
        self._ids = None
        self._edition += 1

    async def _load(self) -> frozenset[int]:
        edition = self._edition
        newest = sa.select(bans.c.user_id).order_by(bans.c.created_at.desc()).limit(REMEMBERED)
        ids = await self._db.read(lambda conn: frozenset(conn.execute(newest).scalars()))
        if edition == self._edition:
            self._ids, self._until = ids, self._clock() + FOR
        return ids
