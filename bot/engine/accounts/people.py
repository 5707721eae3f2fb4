"""The users of the bot: who writes, the welcome credits of their first private contact, and who is listed."""

from dataclasses import dataclass

from sqlalchemy import Connection

from bot import ledger
from bot.domain.money import Credits
from bot.engine.accounts import bans, users, welcome_credits
from bot.engine.accounts.users import User
from bot.engine.accounts.welcome_credits import NOTHING, Greeting, Welcome
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Listed:
    """A user in the list."""

    user: User
    available: Credits
    banned: bool


class People:
    """Users by Telegram's id."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def find(self, user_id: int) -> User | None:
        """None: they were never met, or had everything about them erased."""
        return await self._db.read(lambda conn: users.find(conn, user_id))

    async def named(self, username: str) -> User | None:
        """Who was seen last under that name, with or without @, in any case."""
        return await self._db.read(lambda conn: users.find_by_username(conn, username))

    async def meet(
        self,
        user_id: int,
        *,
        username: str | None,
        name: str,
        language_code: str,
        welcome: Welcome | None,
        known_only: bool = False,
    ) -> tuple[User | None, Greeting]:
        """Notes who it is now, and gives the `welcome` where it is due; None: it is not the place for one. Idempotent.
        `known_only`: who is unknown stays so, and is returned as None."""
        if known_only and await self.find(user_id) is None:
            return None, NOTHING

        def meet(conn: Connection) -> tuple[User, Greeting]:
            person, _ = users.seen(conn, user_id=user_id, username=username, name=name, language_code=language_code)
            return person, welcome_credits.greet(conn, person, welcome) if welcome is not None else NOTHING

        return await self._db.transaction(meet)

    async def open(self, user_id: int) -> User:
        """The user of that Telegram id, with an account made now for one whom the bot has not met. Idempotent."""

        def open_account(conn: Connection) -> User:
            known = users.find(conn, user_id)
            if known is not None:
                return known
            return users.seen(conn, user_id=user_id, username=None, name="", language_code="")[0]

        return await self._db.transaction(open_account)

    async def page(self, number: int, size: int) -> tuple[int, list[Listed]]:
        """How many users there are, and `size` of them, newest first, from page `number` (from 0) or the last one."""

        def look(conn: Connection) -> tuple[int, list[Listed]]:
            total = users.count(conn)
            found = users.page(conn, offset=offset_of(number, size, total), limit=size)
            banned = bans.among(conn, [user.id for user in found])
            return total, [Listed(u, ledger.balance(conn, u.account_id).available, u.id in banned) for u in found]

        return await self._db.read(look)


def offset_of(number: int, size: int, total: int) -> int:
    """Of the first item on page `number` (from 0), or on the last page of a list that is shorter."""
    return size * min(number, max(0, -(-total // size) - 1))
