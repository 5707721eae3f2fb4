"""Orders beyond what is allowed at once: active jobs, queues, cancels, and cards that are refused again."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from bot.domain.jobs import JobState
from tests.drivers.app import World, easel


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with easel(sqlite_url, welcome_credits=Decimal(50)) as started:
        yield started


async def slow(world: World) -> None:
    """Jobs that stay under way until the test is through with them."""
    for _ in range(3):
        world.ai_now.faults.add("stall", times=1)


async def test_too_little_balance_says_what_is_missing_and_asks_the_admins_once(world: World) -> None:
    olga = await world.admin()
    ann = await world.person()
    chat = ann.private()
    await chat.send("/pika --style 4 a lake")
    await chat.click("Confirm", on=await chat.wait("Price"))
    await world.finished()
    await chat.send("/luma a lake")
    await chat.click("Confirm", on=await chat.wait("Luma", button="Confirm"))
    await world.finished()
    await chat.send("/luma a lake")
    refused = await chat.wait("You have 10 credits, you need 20 credits more", button="Check again")
    assert "To get credits: @operator" in refused.text
    assert await world.balance(ann) == (10, 0)
    assert (await chat.click("Ask for credits")).text.startswith("Your request was sent")
    request = await olga.private().wait("Ann", button="+20")
    assert "Balance: 10 credits" in request.text
    assert (await chat.click("Ask for credits")).text.startswith("Your request was already sent")
    await olga.private().click("+20", on=request)
    await chat.wait("You were given 20 credits")
    assert await world.balance(ann) == (30, 0)
    await chat.click("Check again", on=refused)
    await chat.click("Confirm · 30", on=await chat.wait("Luma", button="Confirm"))
    assert (await world.finished()).state is JobState.DONE
    assert await world.balance(ann) == (0, 0)


async def test_the_limit_of_active_jobs_is_told_kindly(sqlite_url: str) -> None:
    async with easel(sqlite_url, welcome_credits=Decimal(50), active_jobs_per_user=1) as world:
        await slow(world)
        chat = (await world.person()).private()
        for _ in range(2):
            await chat.send("/pika --style 4 a lake")
            await chat.click("Confirm", on=await chat.wait("Price", button="Confirm"))
        await chat.wait("You already have 1 order under way")
        assert len(await world.jobs()) == 1


async def test_waiting_orders_tell_their_place_and_a_full_queue_is_told(sqlite_url: str) -> None:
    async with easel(sqlite_url, welcome_credits=Decimal(90), ai_now_concurrency=1, queue_length=2) as world:
        world.ai_now.faults.add("stall")
        ann = await world.person()
        chat = ann.private()
        cards = []
        for number in range(4):
            await chat.send(f"/pika --style 4 lake {number}")
            card = await chat.wait(f"lake {number}", button="Confirm")
            await chat.click("Confirm", on=card)
            cards.append(card)
            if number == 0:
                await world.job(lambda job: job.state is JobState.RUNNING)
        await chat.wait("There is a long queue", button="‹ Back")
        assert "You are next in the queue" in (await chat.refresh(cards[1])).text
        assert "place 2" in (await chat.refresh(cards[2])).text
        assert await world.balance(ann) == (60, 30)
        assert (await chat.click("Cancel", on=await chat.refresh(cards[2]))).text.startswith("Cancelled")
        await chat.click("‹ Back")
        await chat.click("Confirm", on=await chat.wait("lake 3", button="Confirm"))
        assert await world.balance(ann) == (60, 30)


async def test_running_cancels_are_limited(sqlite_url: str) -> None:
    async with easel(sqlite_url, welcome_credits=Decimal(50), running_cancels_per_hour=0) as world:
        world.ai_now.faults.add("stall")
        ann = await world.person()
        chat = ann.private()
        await chat.send("/pika --style 4 a lake")
        await chat.click("Confirm", on=await chat.wait("Price", button="Confirm"))
        await world.job(lambda job: job.state is JobState.RUNNING)
        answer = await chat.click("Cancel", on=await chat.wait("usually about", button="Cancel"))
        assert "cannot be cancelled" in answer.text, "no question whose yes would be refused"
        assert not any("Cancel it anyway?" in m.text for m in await chat.messages())
        assert await world.balance(ann) == (40, 10)


async def test_a_card_that_is_refused_again_is_not_drawn_again_in_the_same_words(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        chat = (await world.person(credits=10)).private()
        await chat.send("/pika --style 4 a lake")
        card = await chat.wait("a lake", button="Confirm")
        await chat.send("/pika --style 4 a sea")
        await chat.click("Confirm", on=await chat.wait("a sea", button="Confirm"))
        await world.finished()
        before = len([call for call in await world.tg.calls("editMessageText") if call["chat_id"] == chat.chat_id])
        await asyncio.gather(*(chat.click("Confirm", on=card) for _ in range(3)))
        refused = await chat.wait("Not enough credits")
        await asyncio.sleep(0.3)
        edits = [call for call in await world.tg.calls("editMessageText") if call["chat_id"] == chat.chat_id]
        assert len(edits) - before == 1
        assert refused.id == card.id
