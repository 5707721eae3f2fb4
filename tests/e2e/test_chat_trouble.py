"""Answers when Telegram makes trouble: refused HTML, flood limits, a failure between the parts, a blocked bot."""

import asyncio
from typing import Any

import pytest

from bot.domain.jobs import Cause, JobState, Target
from bot.engine.jobs import store
from bot.engine.ports import TryLater
from bot.telegram.chat.answer_view import ChatAnswers
from bot.telegram.chat.markdown.blocks import Part
from bot.telegram.outbox.flood_limits import Rates
from tests.drivers.app import easel

CHAT = ("ai_now", "neuroapi")


async def test_html_that_telegram_refuses_stands_as_plain_text(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = (Part("<b>broken", "plain *words* & <all>"), Part("<i>second", "second part"))
    monkeypatch.setattr("bot.telegram.chat.answer_view.answer_parts", lambda t, job, first: parts)
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        await chat.send("/ask why?")
        await chat.wait("plain *words* & <all>")
        await chat.wait("second part")
        group = await world.tg.group("Friends", [ann])
        await ann.in_(group).send("/ask why?")
        await ann.in_(group).wait("plain *words* & <all>")
        await world.finished()


async def test_under_real_limits_an_answer_streams_without_a_flood(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT, limits=True, rates=Rates()) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        world.services.neuroapi.state.scale = 1.0
        await chat.send("/ask 150 words about foxes")
        await chat.wait_draft("Simulated answer", timeout=20)
        await chat.wait("Simulated answer: 150 words", timeout=30)
        job = await world.finished()
        assert job.state is JobState.DONE
        calls = world.telegram.core.calls
        assert 429 not in calls.by_status
        assert calls.by_method["sendMessageDraft"] >= 3


async def test_a_failure_between_the_parts_sends_none_of_them_twice(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sends, real = 0, ChatAnswers._put

    async def flaky(self: ChatAnswers, *args: Any, plain: str = "") -> Target:
        nonlocal sends
        sends += bool(plain)
        if sends == 2:
            raise TryLater(0.1)
        return await real(self, *args, plain=plain)

    monkeypatch.setattr(ChatAnswers, "_put", flaky)
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        await chat.send("/ask 1500 words about foxes")
        job = await world.finished(timeout=40)
        assert job.state is JobState.DONE
        said = [m.text for m in await chat.messages() if m.from_bot]
        assert sends >= 3
        assert len(said) == len(set(said)) == sends + 1  # and the greeting, the price, less the one that failed


async def test_a_first_draft_whose_answer_is_lost_is_no_trouble(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        await world.tg.faults("502", method="sendMessageDraft", times=1)
        await chat.send("/ask why?")
        await chat.wait("Simulated answer: why?", timeout=20)
        assert (await world.finished()).state is JobState.DONE


async def test_a_blocked_bot_costs_nothing(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        world.services.neuroapi.state.scale = 1.0
        await chat.send("/ask why?")
        await chat.wait_draft()
        await ann.block()
        job = await world.finished()
        assert (job.state, job.cause) == (JobState.FAILED, Cause.UNDELIVERABLE)
        assert await world.balance(ann) == (10, 0)


async def test_the_list_of_cancel_says_that_an_answer_is_paid_as_far_as_it_went(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=("ai_now", "neuroapi"), running_cancels_per_hour=0) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        world.services.neuroapi.state.scale = 1.0
        await chat.send("/ask why?")
        await chat.wait_draft("Simulated answer", timeout=20)
        job = await world.job()
        world.services.neuroapi.state.scale = 10.0
        await chat.send("/cancel")
        asked = await chat.wait("GPT-5 mini is writing an answer", button="GPT-5 mini")
        assert "What is written so far stays and is charged" in asked.text
        assert "not be charged" not in asked.text
        world.ai_now.faults.add("stall")
        await world.give(ann, 100)
        await chat.send("/pika --style 4 a lake")
        await chat.click("Confirm", on=await chat.wait("a lake", button="Confirm"))
        await chat.send("/cancel")
        which = await chat.wait("Which order", button="a lake")
        assert "An answer is charged up to where it stops" in which.text
        await chat.click("GPT-5 mini", on=which)  # asks once more, also where no running order may be cancelled
        sure = await chat.wait("What is written so far stays", button="GPT-5 mini")
        assert "Stopped" in (await chat.click("GPT-5 mini", on=sure)).text
        world.services.neuroapi.state.scale = 0.002
        ended = await world.easel.db.read(lambda conn: store.get(conn, job.id))
        while ended is None or ended.charged is None:
            await asyncio.sleep(0.02)
            ended = await world.easel.db.read(lambda conn: store.get(conn, job.id))
        assert ended.charged > 0
