"""GET /health of a running bot: well at once after an idle start, and ill when nothing can be written any more."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from bot.app import Wrap
from bot.storage.database import Database
from tests.drivers.app import World, easel


@dataclass
class Disk:
    """A database on a disk that fills up."""

    full: bool = False
    inner: list[Database] = field(default_factory=list)

    def wrap(self, db: Database) -> Database:
        disk, write = self, db.transaction

        async def transaction(fn: Any) -> Any:
            if disk.full:
                raise sa.exc.OperationalError("UPDATE workers", {}, Exception("database or disk is full"))
            return await write(fn)

        db.transaction = transaction  # type: ignore[method-assign]
        return db


async def health(world: World) -> tuple[int, dict[str, str]]:
    status, body = await world.http("/health")
    return status, json.loads(body)


async def test_an_idle_bot_is_well_as_soon_as_telegram_answered(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        async with asyncio.timeout(3.0):  # a poll is held for half a minute while nothing comes
            while (found := await health(world))[0] != 200:
                await asyncio.sleep(0.05)
        assert found[1] == dict.fromkeys(("status", "database", "writes", "disk", "updates"), "ok")


async def test_a_full_disk_shows(sqlite_url: str) -> None:
    disk = Disk()
    async with easel(sqlite_url, wrap=Wrap(database=disk.wrap), lease=1.0) as world:
        disk.full = True
        async with asyncio.timeout(10.0):
            while (found := await health(world))[0] != 503:
                await asyncio.sleep(0.1)
        assert (found[1]["writes"], found[1]["database"]) == ("failing", "ok"), "reading goes on"
        disk.full = False
        async with asyncio.timeout(10.0):
            while (await health(world))[1]["writes"] != "ok":
                await asyncio.sleep(0.1)
