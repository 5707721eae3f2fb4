"""People in a group in which the bot is not, and a bot with a staging chat."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.sandbox.client import ChatView, Person
from tests.drivers.app import World, easel


async def friends(world: World) -> tuple[Person, Person, ChatView, ChatView]:
    """Ann with fifty credits, Bob with none yet known to the bot, and how each sees their group."""
    ann = await world.person("Ann", credits=50)
    bob = await world.tg.user("Bob", language="en")
    group = await world.tg.group("Friends", [ann, bob], bot="left")
    return ann, bob, ann.in_(group), bob.in_(group)


@asynccontextmanager
async def inline_world(database_url: str, **settings: Any) -> AsyncIterator[World]:
    """Guest mode is on, and the operator has a staging group, in which the bot is a member."""
    async with easel(database_url, **settings) as world:
        world.telegram.config.guest = True
        olga = await world.admin()
        group = await world.tg.group("Staging", [olga])
        await world.restart(staging_chat_id=group.id)
        await open_for_orders(world)
        yield world


async def open_for_orders(world: World) -> None:
    """The staging chat is looked at just after the start."""
    async with asyncio.timeout(10):
        while not world.easel.staging.works:
            await asyncio.sleep(0.01)
