"""What users are to be told of credits that they got while no bot ran, or from another process: rows, so that a
restart forgets none."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from bot import ledger
from bot.domain.money import Credits
from bot.engine.accounts import users
from bot.engine.accounts.users import User
from bot.storage.clock import now
from bot.storage.database import Database
from bot.storage.tables import notices

KEPT: Final = 7 * 24 * 3600.0
"""Seconds for which it is tried: a user who never pressed Start cannot be written to before they do."""
AGAIN: Final = 60.0
"""Seconds after which a process that claimed a notice counts as gone."""
LATER: Final = 3600.0
"""Seconds until the next try after Telegram refused to write to the user."""


@dataclass(frozen=True, slots=True)
class Notice:
    """`id` is that of the top-up that it tells of."""

    id: str
    user_id: int
    amount: Credits


def leave(conn: Connection, id: str, *, user_id: int, amount: Credits) -> None:  # noqa: A002  # the field's name
    """In the transaction of the top-up."""
    moment = now(conn)
    conn.execute(sa.insert(notices).values(id=id, user_id=user_id, amount=amount, created_at=moment, due_at=moment))


def due(conn: Connection) -> bool:
    """Whether there is anything to `claim`."""
    return conn.execute(sa.select(notices.c.id).where(notices.c.due_at <= now(conn)).limit(1)).first() is not None


def claim(conn: Connection, *, limit: int) -> list[Notice]:
    """Notices to be told now, oldest first. Each is to be `forget`-ed once it is told; a process that dies between the
    two has it told twice, which is better than never. Those too old are dropped."""
    moment = now(conn)
    conn.execute(sa.delete(notices).where(notices.c.created_at < moment - KEPT))
    rows = sa.select(notices).where(notices.c.due_at <= moment).order_by(notices.c.due_at).limit(limit)
    if conn.dialect.name == "postgresql":
        rows = rows.with_for_update(skip_locked=True)
    found = [Notice(row["id"], row["user_id"], Credits(row["amount"])) for row in conn.execute(rows).mappings()]
    for notice in found:
        conn.execute(sa.update(notices).where(notices.c.id == notice.id).values(due_at=moment + AGAIN))
    return found


def forget(conn: Connection, notice: Notice) -> None:
    """It was told."""
    conn.execute(sa.delete(notices).where(notices.c.id == notice.id))


def put_off(conn: Connection, notice: Notice) -> None:
    """Telegram refuses to write to the user at present."""
    conn.execute(sa.update(notices).where(notices.c.id == notice.id).values(due_at=now(conn) + LATER))


def forget_all(conn: Connection, user_id: int) -> None:
    """The user had their data erased."""
    conn.execute(sa.delete(notices).where(notices.c.user_id == user_id))


class DueNotices:
    """Notices in the hands of what writes to users: `claim` some, and say of each how it went. A notice of which that
    is not said is due again in a minute."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def claim(self, limit: int) -> list[Notice]:
        """Notices to be told now; in most cases there are none, which takes no write."""
        if not await self._db.read(due):
            return []
        return await self._db.transaction(lambda conn: claim(conn, limit=limit))

    async def about(self, notice: Notice) -> tuple[User, Credits] | None:
        """The user and what they can spend now; None when they had their data erased meanwhile."""

        def look(conn: Connection) -> tuple[User, Credits] | None:
            user = users.find(conn, notice.user_id)
            return (user, ledger.balance(conn, user.account_id).available) if user is not None else None

        return await self._db.read(look)

    async def told(self, notice: Notice) -> None:
        await self._db.transaction(lambda conn: forget(conn, notice))

    async def refused(self, notice: Notice) -> None:
        """Telegram refuses to write to the user at present."""
        await self._db.transaction(lambda conn: put_off(conn, notice))
