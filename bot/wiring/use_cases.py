"""The use cases for a command of its own process: the database is brought to its schema, opened and closed again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.engine.use_cases import UseCases
from bot.settings import Settings
from bot.storage.database import DatabaseBusy, open_database
from bot.storage.migrate import migrate

__all__ = ["DatabaseBusy", "use_cases_of"]


@asynccontextmanager
async def use_cases_of(settings: Settings) -> AsyncIterator[UseCases]:
    """Raises DatabaseBusy where another process writes to the same SQLite file."""
    await asyncio.to_thread(migrate, settings.database_url)
    db = await open_database(settings.database_url)
    try:
        yield UseCases.over(db)
    finally:
        await db.close()
