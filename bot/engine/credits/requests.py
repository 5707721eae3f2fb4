"""A user asks for credits: at most once a day, and every operator is told, who may be several."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from bot import ledger
from bot.domain.errors import Refusal
from bot.domain.money import Credits
from bot.engine.accounts import users
from bot.engine.accounts.users import User
from bot.engine.dialogs.drafts import draft_id
from bot.storage.clock import now
from bot.storage.cooldowns import acquire_cooldown, clear
from bot.storage.database import Database

EVERY: Final = 24 * 3600.0
"""Seconds between two requests of one user."""


class AskedBefore(Refusal):
    """The user's last request is not a day old."""


@dataclass(frozen=True, slots=True)
class CreditRequest:
    """`id`: in the key of each top-up that answers it, so that it is answered once. `admins`: those of the operators
    whom the bot knows."""

    id: str
    available: Credits
    admins: tuple[User, ...]


class CreditRequests:
    """Notes requests; to tell the operators is the caller's."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def begin(self, user: User, admin_ids: Collection[int]) -> CreditRequest:
        """Takes the request of this day. Raises AskedBefore."""

        def take_request(conn: Connection) -> CreditRequest:
            if not acquire_cooldown(conn, _key(user), every=EVERY):
                raise AskedBefore
            admins = (users.find(conn, i) for i in sorted(admin_ids))
            return CreditRequest(
                draft_id("ask", user.id, now(conn)),
                ledger.balance(conn, user.account_id).available,
                tuple(found for found in admins if found is not None),
            )

        return await self._db.transaction(take_request)

    async def withdraw(self, user: User) -> None:
        """No operator could be told: the user may ask again at once."""
        await self._db.transaction(lambda conn: clear(conn, _key(user)))


def _key(user: User) -> str:
    return f"credits:{user.id}"
