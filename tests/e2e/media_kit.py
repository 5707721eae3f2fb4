"""A world with all services whose models are as quick as the simulators really are."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.domain.jobs import Job
from bot.domain.money import CREDIT
from bot.engine.accounts import preferences
from sandbox.client import ChatView, Msg, Person
from sandbox.media import image
from tests.drivers.app import EVERYBODY, World, easel
from tests.drivers.catalog import quick_catalog

PHOTO = image("a cat on a chair", (320, 200), "jpeg")


@asynccontextmanager
async def studio(
    url: str, folder: Path, *, change: Callable[[str], str] = lambda text: text, **settings: Any
) -> AsyncIterator[World]:
    values: dict[str, Any] = {"welcome_credits": Decimal(1000), "providers": EVERYBODY, **settings}
    async with easel(url, catalog_file=quick_catalog(folder, change), **values) as world:
        yield world


async def asks_above(world: World, person: Person, credits: int) -> None:
    """The person's orders up to that price begin without a question, as the settings have it."""

    def chosen(own: preferences.Preferences) -> preferences.Preferences:
        return replace(own, confirm_above=credits * CREDIT)

    await world.easel.db.transaction(lambda conn: preferences.change(conn, person.id, chosen))


async def ordered(world: World, chat: ChatView, command: str) -> tuple[Job, Msg]:
    """Orders in words, confirms, and waits for the end: the job and its message."""
    await chat.send(command)
    return await confirmed(world, chat)


async def confirmed(world: World, chat: ChatView) -> tuple[Job, Msg]:
    """Confirms the open order and waits for the end."""
    card = await chat.wait(button="Confirm")
    await chat.click("Confirm", on=card)
    draft = card.button("Confirm")["callback_data"].split(":")[1]  # type: ignore[index]
    await world.job(lambda job: job.id == draft and job.target.placed)
    job = await world.finished()
    return job, next(m for m in await chat.messages() if m.id == job.target.message_id)


async def more_of(chat: ChatView, message: Msg) -> Msg:
    """The same message with what is behind More."""
    await chat.click("More", on=message)
    return await chat.wait_for(lambda m: m.id == message.id and m.button("Delete") is not None)


async def album(chat: ChatView) -> list[Msg]:
    """The messages of the newest album."""
    found = [m for m in await chat.messages() if m.message.get("media_group_id")]
    return [m for m in found if m.message["media_group_id"] == found[-1].message["media_group_id"]] if found else []
