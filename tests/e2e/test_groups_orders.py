"""Orders in groups: a menu that only the asker sees, then a message for all that says who pays."""

from collections.abc import AsyncIterator

import pytest

from bot.engine import fleeting
from bot.sandbox.client import ChatView, Group, Msg, Person
from tests.drivers.app import World, easel


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with easel(sqlite_url) as world:
        yield world


async def delivered(chat: ChatView, kind: str = "video") -> Msg:
    return await chat.wait_for(lambda m: m.kind == kind, timeout=20, what=kind)


def visible(messages: list[Msg]) -> list[str]:
    return [m.words for m in messages if m.from_bot]


async def vanish(world: World) -> None:
    """Lets the two minutes of every message pass."""

    def due(conn: object) -> None:
        conn.exec_driver_sql("UPDATE fleeting SET due_at = 0")  # type: ignore[attr-defined]

    await world.easel.db.transaction(due)


async def test_the_menu_is_the_askers_alone_and_the_job_is_for_all(world: World) -> None:
    ann, bob = await world.person("Ann", credits=100), await world.person("Bob")
    group = await world.tg.group("Friends", [ann, bob])
    hers, his = ann.in_(group), bob.in_(group)
    asked = await hers.send("/video@easel_bot a lake")
    menu = await hers.wait("Which model?")
    assert menu.ephemeral
    assert visible(await his.messages()) == []
    await hers.click("Luma")
    card = await hers.wait("Price:", button="Confirm")
    assert "Balance" not in card.text
    assert (await hers.click("Confirm")).text == "Ordered!"
    result = await delivered(hers)
    assert result.message["reply_to_message"]["message_id"] == asked.id
    assert "👤 Ann" in result.caption
    first = (await hers.history(result))[0]
    assert "👤 Ann orders and pays" in first["text"]
    assert [m for m in await hers.messages() if m.ephemeral] == []
    assert await world.balance(bob) == (0, 0)
    job = await world.finished()
    assert (job.user_id, job.target.chat_id, job.requester) == (ann.id, group.id, "Ann")
