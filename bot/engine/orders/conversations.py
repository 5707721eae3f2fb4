"""A person's conversation with a chat model in one chat: what its commands and buttons ask."""

from sqlalchemy import Connection

from bot.domain.jobs import Job
from bot.engine.accounts import preferences, users
from bot.engine.conversations import memory
from bot.engine.conversations.memory import Ask
from bot.engine.dialogs import chosen_kind
from bot.storage.database import Database


class Conversations:
    """By chat and person. Questions and Stop are `Asks`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def forget(self, chat_id: int, user_id: int) -> bool:
        """Begins anew; False: there was nothing to forget."""
        return await self._db.transaction(lambda conn: memory.forget(conn, chat_id, user_id))

    async def last(self, chat_id: int, user_id: int, account_id: int) -> Job | None:
        """The last question."""
        return await self._db.read(lambda conn: memory.last(conn, chat_id, user_id, account_id))

    async def under_way(self, user_id: int) -> Job | None:
        """The answer that the person is given in their private chat."""

        def look(conn: Connection) -> Job | None:
            person = users.find(conn, user_id)
            return memory.under_way(conn, user_id, person.account_id) if person is not None else None

        return await self._db.read(look)

    async def takes_text(self, user_id: int) -> bool:
        """Whether the person's plain text is a question: they chose that, and tapped nothing else just before."""

        def look(conn: Connection) -> bool:
            return preferences.of(conn, user_id).chat_mode and chosen_kind.look(conn, user_id) is None

        return await self._db.read(look)

    async def ask_of(self, job_id: str) -> Ask:
        """What an answer's job was asked for."""
        return await self._db.read(lambda conn: memory.ask_of(conn, job_id))
