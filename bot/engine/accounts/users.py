"""Users as Telegram shows them, and the account that pays for them. Names live here, never in the ledger."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping

from bot import ledger
from bot.storage.clock import now
from bot.storage.sql import Sql
from bot.storage.statements import queue_up
from bot.storage.tables import users

CHANGED = "easel_people"
"""The channel on which processes are told that what they remember of people no longer holds."""
SEEN_EVERY = 3600.0
"""Seconds between two writes of `seen_at` when nothing else changed."""

_KNOWN = Sql(
    "SELECT id, account_id, username, name, language, language_code, created_at, username_key, seen_at"
    " FROM users WHERE id = ?"
)


@dataclass(frozen=True, slots=True)
class User:
    """A person: `id` is Telegram's, `account_id` the ledger's, `language` the chosen one (None: follow the client)."""

    id: int
    account_id: int
    username: str | None
    name: str
    language: str | None
    language_code: str
    created_at: float


def _user(row: RowMapping) -> User:
    return User(
        id=row["id"],
        account_id=row["account_id"],
        username=row["username"],
        name=row["name"],
        language=row["language"],
        language_code=row["language_code"],
        created_at=row["created_at"],
    )


def seen(conn: Connection, *, user_id: int, username: str | None, name: str, language_code: str) -> tuple[User, bool]:
    """Notes who wrote; opens user and account at the first meeting (True). Idempotent.

    A username belongs to the user who was seen under it last: Telegram lets people pass them on.
    """
    moment = now(conn)
    key = username.lower() if username else None
    name, language_code = name[:128], language_code[:16]
    row = _KNOWN.run(conn, user_id).one_or_none()
    if row is None:
        queue_up(conn, f"user:{user_id}")  # two first updates at once must not open two accounts
        row = _KNOWN.run(conn, user_id).one_or_none()
    if row is not None:
        same = (row[2], row[3], row[5], row[7]) == (username, name, language_code, key)
        if same and moment - row[8] < SEEN_EVERY:
            return User(*row[:7]), False
    facts = {"username": username, "username_key": key, "name": name, "language_code": language_code}
    if key is not None:
        others = sa.and_(users.c.username_key == key, users.c.id != user_id)
        conn.execute(sa.update(users).where(others).values(username=None, username_key=None))
    if row is not None:
        conn.execute(sa.update(users).where(users.c.id == user_id).values(seen_at=moment, **facts))
    else:
        account_id = ledger.open_account(conn)
        conn.execute(
            sa.insert(users).values(id=user_id, account_id=account_id, created_at=moment, seen_at=moment, **facts)
        )
    fresh = conn.execute(sa.select(users).where(users.c.id == user_id)).mappings().one()
    return _user(fresh), row is None


def find(conn: Connection, user_id: int) -> User | None:
    row = conn.execute(sa.select(users).where(users.c.id == user_id)).mappings().one_or_none()
    return _user(row) if row is not None else None


def find_by_username(conn: Connection, username: str) -> User | None:
    """The user seen last under that name, with or without @, in any case."""
    key = username.removeprefix("@").lower()
    row = conn.execute(sa.select(users).where(users.c.username_key == key)).mappings().one_or_none()
    return _user(row) if row is not None else None


def by_account(conn: Connection, account_id: int) -> User | None:
    row = conn.execute(sa.select(users).where(users.c.account_id == account_id)).mappings().one_or_none()
    return _user(row) if row is not None else None


def set_language(conn: Connection, user_id: int, language: str | None) -> None:
    """The chosen language; None follows the client's again. The caller notifies CHANGED."""
    conn.execute(sa.update(users).where(users.c.id == user_id).values(language=language))


def page(conn: Connection, *, offset: int, limit: int) -> list[User]:
    """Users, newest first."""
    statement = sa.select(users).order_by(users.c.created_at.desc(), users.c.id).offset(offset).limit(limit)
    return [_user(row) for row in conn.execute(statement).mappings()]


def count(conn: Connection) -> int:
    return int(conn.execute(sa.select(sa.func.count()).select_from(users)).scalar_one())
