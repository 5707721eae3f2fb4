"""What may happen only once in a while, such as a file that is sent again: all processes know, also after a restart."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Connection

from bot.storage import cooldowns
from bot.storage.database import Database


class Cooldowns:
    """Each key has its own; one transaction per call."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def acquire(self, key: str, *, every: float) -> bool:
        """True when `key` was not acquired within the last `every` seconds; from now on it is."""
        return await self._db.transaction(lambda conn: cooldowns.acquire_cooldown(conn, key, every=every))

    async def take_turn(self, name: str, turns: int, *, every: float) -> bool:
        """Whether one of so many turns under that name is left within `every` seconds; it is used with this."""

        def free(conn: Connection) -> bool:
            return any(cooldowns.acquire_cooldown(conn, f"{name}:{turn}", every=every) for turn in range(turns))

        return await self._db.transaction(free)

    async def clear(self, key: str) -> None:
        """Forgets the key: it can be acquired at once."""
        await self._db.transaction(lambda conn: cooldowns.clear(conn, key))

    @asynccontextmanager
    async def attempt(self, key: str, *, every: float) -> AsyncIterator[bool]:
        """Whether what is inside is to be done now. Where it fails, `key` can be acquired again at once: who asks a
        second time is not put off."""
        acquired = await self.acquire(key, every=every)
        try:
            yield acquired
        except Exception:
            if acquired:
                await self.clear(key)
            raise
