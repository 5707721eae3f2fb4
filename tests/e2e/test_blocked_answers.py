"""Answers that are read while they are streamed, of a bot that is blocked or sent out of its group before they end."""

import asyncio
from decimal import Decimal

import pytest

from bot.domain.jobs import CUT, Cause, JobState
from bot.engine.jobs import costly_ends
from sandbox.client import ChatView
from tests.drivers.app import World, easel

CHAT = ("ai_now", "neuroapi")


async def reads(world: World, chat: ChatView) -> str:
    """What stands in the draft of a long answer after a while."""
    world.services.neuroapi.state.scale = 1.0
    await chat.send("/ask 900 words about foxes")
    await chat.wait_draft("Simulated answer", timeout=20)
    await asyncio.sleep(0.5)
    return str((await chat.wait_draft("Simulated answer"))["text"])


async def test_what_was_read_in_the_draft_is_charged_by_its_use(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        read = await reads(world, chat)
        await ann.block()
        job = await world.finished()
        assert (job.state, job.facts[CUT]) == (JobState.DONE, Cause.UNDELIVERABLE.value)
        assert 0 < (job.charged or 0) < job.quote
        kept = job.assets[0].text
        assert len(read) - 5 <= len(kept) < 900 * 4, "the service was not listened to for longer than the person read"
        left, held = await world.balance(ann)
        assert (Decimal(str(left)), held) == (10 - Decimal(job.charged or 0) / 1_000_000, 0)
        await ann.unblock()
        world.services.neuroapi.state.scale = 0.002
        await chat.send("/ask and hedgehogs?")
        await chat.wait("Simulated answer: and hedgehogs?")
        await world.finished()


async def test_a_group_reads_on_while_the_bot_is_sent_out(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        group = await world.tg.group("Friends", [ann])
        chat = ann.in_(group)
        world.services.neuroapi.state.scale = 1.0
        await chat.send("/ask 900 words about foxes")
        shown = await chat.wait("Simulated answer", timeout=20, button="Stop")
        await group.set_bot("kicked")
        job = await world.finished()
        assert (job.state, CUT in job.facts) == (JobState.DONE, True)
        assert 0 < (job.charged or 0) < job.quote
        assert "Simulated answer" in (await chat.refresh(shown)).text
        told = await ann.private().wait("in a group where I can no longer write")
        assert "you were charged" in told.text


async def test_orders_wait_after_several_lost_by_blocking_and_the_operator_hears(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(costly_ends, "OFTEN", 2)
    monkeypatch.setattr(costly_ends, "EVERY", 0.1)
    async with easel(sqlite_url, scale=0.02, providers=CHAT, running_cancels_per_hour=1) as world:
        ann, olga = await world.person(credits=50), await world.admin()
        chat = ann.private()
        for _ in range(2):
            await chat.send("/pika --style 4 a lake")
            await chat.click("Confirm", on=await chat.wait("a lake", button="Confirm"))
            await ann.block()
            job = await world.finished()
            assert (job.state, job.cause) == (JobState.FAILED, Cause.UNDELIVERABLE)
            await ann.unblock()
        assert await world.balance(ann) == (50, 0)
        await chat.send("/ask why?")
        refused = await chat.wait("You cancelled several orders")
        assert "Nothing was charged. You can order again in" in refused.text
        await chat.send("/pika --style 4 a pond")
        await chat.click("Confirm", on=await chat.wait("a pond", button="Confirm"))
        await chat.wait("You cancelled several orders")
        assert len(await world.jobs()) == 2
        told = await olga.private().wait("ended 2 orders within a day")
        assert str(ann.id) in told.text
        await olga.private().send("/status")
        status = await olga.private().wait("ended orders that you had paid for: 2")
        assert f"Ann ({ann.id})" in status.text
        assert f"/ban {ann.id}" in status.text
