"""Welcome credits: once per person, also after they were forgotten, and not for more people in an hour than allowed."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from bot import ledger
from bot.domain.money import Credits
from bot.engine.accounts.users import User
from bot.ledger.statement import topped_up
from bot.storage.clock import now
from bot.storage.sql import Sql
from bot.storage.statements import insert_new, queue_up
from bot.storage.tables import forgotten

HOUR: Final = 3600.0
NO_CREDITS: Final = Credits(0)

_GIVEN = Sql("SELECT 1 FROM transfers WHERE id = ?")
_NTH = Sql(
    "SELECT created_at FROM transfers WHERE kind = 'welcome' AND created_at > ? AND created_at <= ?"
    " ORDER BY created_at DESC LIMIT 1 OFFSET ?"
)


@dataclass(frozen=True, slots=True)
class Welcome:
    """What a new person gets. `per_hour`: how many people, 0: any number. `key`: see `person_hash`."""

    amount: Credits = NO_CREDITS
    per_hour: int = 0
    key: bytes = b""


@dataclass(frozen=True, slots=True)
class Greeting:
    """`given` now; else `wait` seconds above 0 when it would have been, but for the limit per hour."""

    given: bool = False
    wait: float = 0.0


NOTHING: Final = Greeting()


def person_hash(key: bytes, user_id: int) -> str:
    """A keyed hash of the person's id: without the key it cannot be traced back to the id."""
    return hmac.new(key, f"person:{user_id}".encode(), hashlib.sha256).hexdigest()


def derived_key(secret: str, bot_token: str) -> bytes:
    """The key of person_hash: from the operator's own secret, else from the bot's token."""
    return hashlib.sha256(f"easel-forgotten:{secret or bot_token}".encode()).digest()


def remember_forgotten(conn: Connection, key: bytes, user_id: int) -> None:
    """From now on this person gets no welcome credits. Idempotent."""
    insert_new(conn, forgotten, person=person_hash(key, user_id), since=now(conn))


def greet(conn: Connection, person: User, welcome: Welcome) -> Greeting:
    """Gives the welcome credits if they are due. Idempotent. Who ever topped up is not kept waiting."""
    if not welcome.amount or _GIVEN.run(conn, f"welcome:{person.account_id}").one_or_none() is not None:
        return NOTHING
    mine = forgotten.c.person == person_hash(welcome.key, person.id)
    if conn.execute(sa.select(forgotten.c.person).where(mine)).one_or_none() is not None:
        return NOTHING
    if welcome.per_hour and not topped_up(conn, person.account_id):
        queue_up(conn, "welcomes")  # two at once would both see the last free place
        moment = now(conn)
        last = _NTH.run(conn, moment - HOUR, moment, welcome.per_hour - 1).scalar_one_or_none()
        if last is not None:
            return Greeting(wait=last + HOUR - moment)
    return Greeting(given=ledger.welcome(conn, account_id=person.account_id, amount=welcome.amount))
