"""The database and its use cases for a command of its own process: opened, and closed again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.engine.use_cases import UseCases
from bot.settings import Settings
from bot.storage import migrate as schema
from bot.storage.database import Database, DatabaseBusy, open_database
from bot.storage.migrate import migrate

__all__ = ["DatabaseBusy", "reader_of", "use_cases_of"]


@asynccontextmanager
async def use_cases_of(settings: Settings) -> AsyncIterator[UseCases]:
    """Brings the schema up to date. Raises DatabaseBusy where another process writes to the same SQLite file."""
    await asyncio.to_thread(migrate, settings.database_url)
    db = await open_database(settings.database_url)
    try:
        yield UseCases.over(db)
    finally:
        await db.close()


@asynccontextmanager
async def reader_of(settings: Settings) -> AsyncIterator[Database]:
    """Reads only, also beside a running bot. Raises StorageError where the schema is of another version."""
    await asyncio.to_thread(schema.check, settings.database_url)
    db = await open_database(settings.database_url, writer=False)
    try:
        yield db
    finally:
        await db.close()
