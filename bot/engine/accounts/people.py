"""Meeting people: who writes, and the welcome credits of their first private contact."""

from sqlalchemy import Connection

from bot.engine.accounts import users, welcome_credits
from bot.engine.accounts.users import User
from bot.engine.accounts.welcome_credits import NOTHING, Greeting, Welcome
from bot.storage.database import Database


class People:
    """Users by Telegram's id."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def find(self, user_id: int) -> User | None:
        """None: they were never met, or had everything about them erased."""
        return await self._db.read(lambda conn: users.find(conn, user_id))

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
