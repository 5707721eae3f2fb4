"""Messages in groups that vanish by themselves: menus that were not confirmed, and errors. They outlive a restart."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.engine.dialogs import drafts
from bot.storage.clock import now
from bot.storage.database import Database
from bot.storage.tables import fleeting, jobs

SHOWN: Final = 120.0
"""Seconds for which such a message stands; a menu since the last tap on it."""
AGAIN: Final = 60.0
"""Seconds after which a process that claimed a message to delete it counts as gone."""


@dataclass(frozen=True, slots=True)
class Fleeting:
    """`receiver_id`: the only user who sees it, `message_id` being its ephemeral id; 0: every member sees it."""

    chat_id: int
    receiver_id: int
    message_id: int


class ExpiringMessages:
    """One transaction per call."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def note(self, message: Fleeting, draft_id: str = "") -> None:
        """It vanishes SHOWN from now, however often this was said; a menu only if its draft is still there then."""
        await self._db.transaction(lambda conn: note(conn, message, draft_id))

    async def claim(self, *, limit: int) -> list[Fleeting]:
        """Messages to be deleted now, oldest first; a draft of theirs can be confirmed no more. Each is to be forgotten
        once it is deleted; else it is claimed again, by any process."""
        if not await self._db.read(due):  # most looks find nothing, and write nothing
            return []
        return await self._db.transaction(lambda conn: claim(conn, limit=limit))

    async def forget(self, message: Fleeting) -> None:
        """It is gone. Idempotent."""
        await self._db.transaction(lambda conn: forget(conn, message))


def note(conn: Connection, message: Fleeting, draft_id: str = "") -> None:
    """It vanishes SHOWN from now, however often this was said; a menu only if its draft is still there then."""
    forget(conn, message)
    values = {"chat_id": message.chat_id, "receiver_id": message.receiver_id, "message_id": message.message_id}
    conn.execute(sa.insert(fleeting).values(**values, draft_id=draft_id, due_at=now(conn) + SHOWN))


def forget(conn: Connection, message: Fleeting) -> None:
    """It stays, or is gone already."""
    conn.execute(sa.delete(fleeting).where(_is(message)))


def due(conn: Connection) -> bool:
    """Whether there is anything to `claim`."""
    first = sa.select(fleeting.c.due_at).where(fleeting.c.due_at <= now(conn)).limit(1)
    return conn.execute(first).one_or_none() is not None


def claim(conn: Connection, *, limit: int) -> list[Fleeting]:
    """Messages to be deleted now, oldest first; their drafts are gone with this, so that nothing can be confirmed any
    more. Each is to be `forget`-ed once it is deleted; else a later claim returns it again."""
    moment = now(conn)
    past = sa.select(fleeting).where(fleeting.c.due_at <= moment).order_by(fleeting.c.due_at).limit(limit)
    if conn.dialect.name == "postgresql":
        past = past.with_for_update(skip_locked=True)
    claimed = []
    for row in conn.execute(past).mappings().all():
        message = Fleeting(row["chat_id"], row["receiver_id"], row["message_id"])
        undone = drafts.delete(
            conn, row["draft_id"]
        )  # first: it waits for the row lock of a Confirm under way, which has made a job of the draft then
        if not undone and not message.receiver_id and _placed(conn, row["draft_id"]):
            forget(conn, message)  # it is the job's message now
            continue
        conn.execute(sa.update(fleeting).where(_is(message)).values(draft_id="", due_at=moment + AGAIN))
        claimed.append(message)
    return claimed


def _placed(conn: Connection, draft_id: str) -> bool:
    """Whether the draft was confirmed; one that is gone without that was given up, or its day has passed."""
    return conn.execute(sa.select(jobs.c.id).where(jobs.c.id == draft_id)).one_or_none() is not None


def _is(message: Fleeting) -> sa.ColumnElement[bool]:
    return sa.and_(
        fleeting.c.chat_id == message.chat_id,
        fleeting.c.receiver_id == message.receiver_id,
        fleeting.c.message_id == message.message_id,
    )
