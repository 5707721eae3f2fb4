"""What the first users stumbled over while orders were under way: each was seen in a chat first."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from bot.domain.jobs import JobState
from bot.telegram.ui.callbacks import JobAction
from sandbox.client import ChatView, Msg
from tests.drivers.app import World, easel


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with easel(sqlite_url, welcome_credits=Decimal(100), ai_now_concurrency=1) as started:
        yield started


async def order(chat: ChatView, command: str) -> Msg:
    await chat.send(command)
    card = await chat.wait(button="Confirm")
    await chat.click("Confirm", on=card)
    return card


async def test_a_cancel_in_the_list_shows_in_the_list(world: World) -> None:
    world.ai_now.faults.add("stall", times=2)
    chat = (await world.person()).private()
    await order(chat, "/pika --style 4 the first")
    await world.job(lambda job: job.state is JobState.RUNNING)
    await order(chat, "/pika --style 4 the second")
    await chat.send("/jobs")
    listed = await chat.wait("Your orders (2)")
    assert listed.buttons == ["⏳ Pika: the second", "Cancel", "⚙️ Pika: the first", "Cancel", "‹ Menu"]
    assert (await chat.click("Cancel", on=listed)).text == "Cancelled. You were not charged."
    shown = await chat.wait_for(lambda m: m.id == listed.id and "cancelled" in m.text)
    assert shown.buttons == ["⚙️ Pika: the first", "Cancel", "✖️ Pika: the second", "‹ Menu"]


async def test_a_cancel_in_a_jobs_card_shows_in_the_card(world: World) -> None:
    world.ai_now.faults.add("stall", times=2)
    chat = (await world.person()).private()
    await order(chat, "/pika --style 4 the first")
    await world.job(lambda job: job.state is JobState.RUNNING)
    await order(chat, "/pika --style 4 the second")
    await chat.send("/jobs")
    listed = await chat.wait("Your orders (2)")
    await chat.click("the second", on=listed)
    await chat.click("Cancel", on=await chat.wait("State: in the queue"))
    shown = await chat.wait("State: cancelled")
    assert shown.id == listed.id
    assert "You were not charged." in shown.text
    assert shown.buttons == ["Again · 10", "‹ Back"]


async def test_a_message_that_a_blocked_bot_could_not_end_is_ended_by_a_tap(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    world.ai_now.faults.add("stall")
    card = await order(chat, "/pika --style 4 a lake")
    await chat.wait("%", button="Cancel")
    job = await world.job(lambda job: job.state is JobState.RUNNING)
    await ann.block()
    await world.easel.orders.cancel(job.id, account_id=None)
    await world.finished()
    await ann.unblock()
    await chat.send("/language")  # the order keeps the one it was made in
    await chat.click("Русский", on=await chat.wait("language"))
    await chat.wait(button="✓ Русский")
    assert "%" in (await chat.refresh(card)).text
    assert (await chat.click("Cancel", on=await chat.refresh(card))).answered
    ended = await chat.wait("Cancelled. You were not charged.")
    assert ended.id == card.id
    assert ended.buttons == ["Try again · 10", "✏️ Change the words"]


async def test_keeping_an_order_that_is_over_does_not_say_that_it_goes_on(world: World) -> None:
    chat = (await world.person()).private()
    card = await order(chat, "/pika --style 4 a lake")
    job = await world.finished()
    answer = await chat.forge(card.id, JobAction(id=job.id, act="keep").pack())
    assert answer.text == "Too late: it is finished or being sent to you."


async def test_a_result_sent_as_a_new_message_needs_no_ready(sqlite_url: str) -> None:
    async with easel(sqlite_url, welcome_credits=Decimal(50), scale=0.01, ready_after_seconds=0) as world:
        chat = (await world.person()).private()
        card = await order(chat, "/pika --style 4 a lake")
        await chat.delete(card)
        job = await world.finished()
        assert job.target.message_id != card.id
        await asyncio.sleep(0.2)
        words = [m.words for m in await chat.messages() if m.from_bot]
        assert not any("Ready!" in said for said in words)
        await order(chat, "/pika --style 4 a lake")
        await world.finished()
        await chat.expect("Ready!")
