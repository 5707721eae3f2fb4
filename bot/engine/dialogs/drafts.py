"""Drafts: what waits for a person's confirmation. A draft's id becomes that of what it confirms: two taps make one."""

import hashlib
from base64 import b32encode
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping

from bot.domain.money import Credits
from bot.storage.clock import now
from bot.storage.sql import Sql
from bot.storage.statements import insert_new, queue_up
from bot.storage.tables import drafts

LIFETIME = 24 * 3600.0
DECIDED = "decided"
"""In the data of a draft that was carried out and not reported yet."""

_DELETE = Sql("DELETE FROM drafts WHERE id = ?")
_GET = sa.select(drafts).where(drafts.c.id == sa.bindparam("draft"))


class DraftGone(Exception):
    """Carried out, called off or expired since: nothing happened now."""


@dataclass(slots=True)
class Draft:
    """A row of drafts, read; change fields and `save` it. `message_id` and `ephemeral_id` 0: its message was not sent
    yet. A negative `user_id` is a chat's, as which it was asked for: it belongs to the user who confirms it."""

    id: str
    user_id: int
    purpose: str
    chat_id: int
    thread_id: int | None
    message_id: int
    data: dict[str, Any]
    quote: Credits | None
    quoted_at: float | None
    created_at: float
    expires_at: float
    ephemeral_id: int = 0
    """Of the message that only its owner sees; then `message_id` is 0."""
    reply_to: int = 0
    """The message that asked for it; 0: none."""
    inline_id: str = ""
    """The inline message that is its card; "" where it is another message, or not known yet."""

    @property
    def sent(self) -> bool:
        return bool(self.message_id or self.ephemeral_id)

    @property
    def is_unclaimed(self) -> bool:
        return self.user_id < 0


def draft_id(*parts: object) -> str:
    """A short id made from what the draft is about: a redelivered update meets the draft it made before."""
    digest = hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=8).digest()
    return b32encode(digest).decode().rstrip("=").lower()


def _draft(row: RowMapping) -> Draft:
    return Draft(
        id=row["id"],
        user_id=row["user_id"],
        purpose=row["purpose"],
        chat_id=row["chat_id"],
        thread_id=row["thread_id"],
        message_id=row["message_id"],
        data=dict(row["data"]),
        quote=Credits(row["quote"]) if row["quote"] is not None else None,
        quoted_at=row["quoted_at"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        inline_id=row["inline_id"],
        ephemeral_id=row["ephemeral_id"],
        reply_to=row["reply_to"],
    )


def create(
    conn: Connection,
    *,
    id: str,  # noqa: A002  # the field's name
    user_id: int,
    purpose: str,
    chat_id: int,
    thread_id: int | None,
    data: dict[str, Any],
    message_id: int = 0,
    reply_to: int = 0,
) -> tuple[Draft, bool]:
    """Stores a draft; False when one with this id existed, which is returned as it stands."""
    moment = now(conn)
    made = insert_new(
        conn,
        drafts,
        id=id,
        user_id=user_id,
        purpose=purpose,
        chat_id=chat_id,
        thread_id=thread_id,
        message_id=message_id,
        reply_to=reply_to,
        data=data,
        created_at=moment,
        expires_at=moment + LIFETIME,
    )
    row = conn.execute(sa.select(drafts).where(drafts.c.id == id)).mappings().one()
    return _draft(row), made


def get(conn: Connection, id: str) -> Draft | None:  # noqa: A002  # the field's name
    """The draft, None when it is gone or its day has passed."""
    row = conn.execute(_GET, {"draft": id}).mappings().one_or_none()
    return _draft(row) if row is not None and row["expires_at"] > now(conn) else None


def at(conn: Connection, purpose: str, chat_id: int, message_id: int) -> Draft | None:
    """The draft of that purpose whose message it is; None when there is none, or its day has passed."""
    here = sa.and_(drafts.c.purpose == purpose, drafts.c.chat_id == chat_id, drafts.c.message_id == message_id)
    row = conn.execute(sa.select(drafts).where(here).limit(1)).mappings().one_or_none()
    return _draft(row) if row is not None and row["expires_at"] > now(conn) else None


def save(conn: Connection, draft: Draft) -> None:
    """Writes what may change: data, message ids, quote and its time."""
    message = {"message_id": draft.message_id, "ephemeral_id": draft.ephemeral_id}
    values = {"data": draft.data, "quote": draft.quote, "quoted_at": draft.quoted_at, **message}
    conn.execute(sa.update(drafts).where(drafts.c.id == draft.id).values(**values))


def move(conn: Connection, draft: Draft, chat_id: int) -> Draft:
    """The draft in another chat, where messages have other numbers."""
    place: dict[str, Any] = {"chat_id": chat_id, "thread_id": None, "reply_to": 0}
    conn.execute(sa.update(drafts).where(drafts.c.id == draft.id).values(**place))
    return replace(draft, **place)


def delete(conn: Connection, id: str) -> bool:  # noqa: A002  # the field's name
    """True when it was there."""
    return bool(_DELETE.run(conn, id).rowcount)


def decide(conn: Connection, id: str) -> Draft:  # noqa: A002  # the field's name
    """Marks it decided in the transaction of its effect, so that it cannot be called off any more; it stays until the
    effect was told. Idempotent. Raises DraftGone."""
    queue_up(conn, f"draft:{id}")  # a Cancel at the same moment either comes before or finds it decided
    draft = get(conn, id)
    if draft is None:
        raise DraftGone
    draft.data[DECIDED] = True
    save(conn, draft)
    return draft


def call_off(conn: Connection, id: str) -> bool:  # noqa: A002  # the field's name
    """Deletes it unless it was decided; True when it was there."""
    queue_up(conn, f"draft:{id}")  # as in decide
    draft = get(conn, id)
    return draft is not None and not draft.data.get(DECIDED) and delete(conn, id)


def sweep(conn: Connection) -> int:
    """Drops expired drafts; returns how many."""
    return conn.execute(sa.delete(drafts).where(drafts.c.expires_at <= now(conn))).rowcount
