"""Orders in groups and from strangers, redelivered commands, and drafts that ended."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from tests.drivers.app import World, easel
from tests.e2e.media_kit import more_of


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with easel(sqlite_url, welcome_credits=Decimal(50)) as started:
        yield started


async def test_strangers_presses_are_refused_politely(world: World) -> None:
    ann, bob = await world.person(), await world.person("Bob")
    group = await world.tg.group("Friends", [ann, bob])
    hers, his = ann.in_(group), bob.in_(group)
    world.telegram.config.ephemeral = False  # the menu is everybody's to see
    await hers.send("/pika --style 4 a lake")
    card = await hers.wait("Price: 10 credits", button="Confirm")
    assert "👤 Ann orders and pays" in card.text
    assert "alance" not in card.text
    assert "belongs to somebody else" in (await his.click("Confirm", on=card)).text
    assert "belongs to somebody else" in (await his.click("Cancel", on=card)).text
    await hers.click("Confirm", on=card)
    job = await world.finished()
    assert job.account_id != 0
    result = await hers.wait("a lake", button="More")
    assert "belongs to somebody else" in (await his.click("More", on=result)).text
    assert "alance" not in (await hers.click("Receipt", on=await more_of(hers, result))).text
    assert await world.balance(ann) == (40, 0)
    assert await world.balance(bob) == (50, 0)


async def test_groups_hear_only_commands_and_answers_stay_in_their_topic(world: World) -> None:
    ann = await world.person(credits=50)
    group = await world.tg.group("Forum", [ann], forum=True, bot="administrator")
    topic = await group.topic(ann, "Films")
    there = ann.in_(group, topic)
    await there.send("what a nice day")
    await there.silent()
    await there.send("/balance")
    assert "private" in (await there.wait()).text
    await there.send("/luma a lake")
    card = await there.wait("Price", button="Confirm")
    assert card.message["message_thread_id"] == topic
    await there.click("Confirm", on=card)
    job = await world.finished()
    assert job.target.thread_id == topic
    await there.click("Again")
    assert (await there.wait("Price", button="Confirm")).message["message_thread_id"] == topic


async def test_a_reply_makes_a_prompt_of_what_it_replies_to(world: World) -> None:
    ann, bob = await world.person(), await world.person("Bob")
    group = await world.tg.group("Friends", [ann, bob])
    said = await bob.in_(group).send("a castle in the clouds")
    await ann.in_(group).reply(said, "/luma")
    await ann.in_(group).wait("a castle in the clouds", button="Confirm")


async def test_an_expired_draft_is_told_and_loses_its_keyboard(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/luma a lake")
    card = await chat.wait("Price", button="Confirm")
    world.easel.db.shift_clock(25 * 3600)
    late = await chat.click("Confirm", on=card)
    assert late.text == "This order has expired. Nothing was charged. Please send it again."
    await asyncio.sleep(0.1)
    assert (await chat.refresh(card)).buttons == []


async def test_a_redelivered_command_opens_one_message(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/luma a lake")
    await chat.wait("Price", button="Confirm")
    before = [msg.seq for msg in await chat.messages()]
    await world.tg.redeliver(1)
    await asyncio.sleep(0.3)
    assert [msg.seq for msg in await chat.messages()] == before
