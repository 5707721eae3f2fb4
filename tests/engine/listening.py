"""What other processes hear."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.storage.database import Database


@asynccontextmanager
async def told(database: Database, channel: str) -> AsyncIterator[None]:
    """Ends when what is done inside was told to those who listen to the channel; fails where it is not."""
    heard = asyncio.Event()
    listening = asyncio.create_task(database.listen(channel, heard.set))
    try:
        async with asyncio.timeout(10):
            await heard.wait()  # at the start
            heard.clear()
            yield
            await heard.wait()
    finally:
        listening.cancel()
