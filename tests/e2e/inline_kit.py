"""People in a group in which the bot is not, and a bot with a staging chat."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy as sa

from bot.storage.tables import drafts
from sandbox.client import ChatView, Person
from tests.drivers.app import World, easel

STAGING = -1_000_004_000_002
"""The first group of a local Telegram."""


async def friends(world: World) -> tuple[Person, Person, ChatView, ChatView]:
    """Ann with fifty credits, Bob with none yet known to the bot, and how each sees their group."""
    ann = await world.person("Ann", credits=50)
    bob = await world.tg.user("Bob", language="en")
    group = await world.tg.group("Friends", [ann, bob], bot="left")
    return ann, bob, ann.in_(group), bob.in_(group)


@asynccontextmanager
async def inline_world(database_url: str, **settings: Any) -> AsyncIterator[World]:
    """Guest mode is on, and the operator has a staging group, in which the bot is a member."""
    async with easel(database_url, staging_chat_id=STAGING, **settings) as world:
        world.telegram.config.guest = True
        group = await world.tg.group("Staging", [await world.admin()])
        assert group.id == STAGING
        await world.easel.staging.check()
        yield world


async def in_drafts(world: World, **values: float) -> None:
    """Time passes for every draft."""
    await world.easel.db.transaction(lambda conn: conn.execute(sa.update(drafts).values(**values)))
