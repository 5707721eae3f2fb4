"""Stop: what ends an answer with what is there, and what it costs; for whom, and in whatever process it runs."""

import asyncio

import pytest

from bot.domain.errors import (
    NotCancellable,
    UnknownJob,
)
from bot.domain.jobs import JobState
from bot.engine.conversations import prompt
from bot.engine.jobs import questions
from bot.providers.base import Accepted, Partial
from bot.storage.database import Database
from tests.engine.chat_kit import answer, answered, ask, chatting, speaking


async def test_stop_ends_an_answer_as_done_with_what_is_there(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 10)
        toy.scripts["tell"] = (Accepted(None), Partial("Once upon"), asyncio.Event())
        asked = await ask(kit, ann, "tell")
        job_id = asked.placed.job.id
        await speaking(kit, job_id)
        twice = (kit.asks.stop(job_id, account_id=ann.account_id) for _ in range(2))
        await asyncio.gather(*twice)
        job = await kit.finished(job_id)
        assert job.state is JobState.DONE
        assert [asset.text for asset in job.assets] == ["Once upon"]
        assert job.facts["stopped"] == "1"
        assert 0 < (job.charged or 0) < job.quote
        assert toy.closed == [job_id]
        await answered(kit, ann, "go on")
        assert toy.said()[:2] == [("user", "tell"), ("assistant", "Once upon")]
        with pytest.raises(NotCancellable):
            await kit.asks.stop(job_id, account_id=ann.account_id)


async def test_stop_before_a_word_is_free(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 10)
        toy.scripts["tell"] = (Accepted(None), asyncio.Event())
        asked = await ask(kit, ann, "tell")
        await kit.state(asked.placed.job.id, JobState.RUNNING)
        await kit.asks.stop(asked.placed.job.id, account_id=ann.account_id)
        job = await kit.finished(asked.placed.job.id)
        assert job.state is JobState.CANCELLED
        assert await kit.balance(ann) == (10, 0)


async def test_stop_is_the_askers_and_for_answers_only(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann, bob = await kit.person(1, 20), await kit.person(2, 10)
        toy.scripts["tell"] = (Accepted(None), Partial("Once"), asyncio.Event())
        toy.scripts["film"] = (Accepted(None), asyncio.Event())
        asked = await ask(kit, ann, "tell")
        await kit.state(asked.placed.job.id, JobState.RUNNING)
        with pytest.raises(UnknownJob):
            await kit.asks.stop(asked.placed.job.id, account_id=bob.account_id)
        film = await kit.order(ann, "film")
        await kit.state(film.job.id, JobState.RUNNING)
        with pytest.raises(NotCancellable):
            await kit.asks.stop(film.job.id, account_id=ann.account_id)
        await kit.asks.stop(asked.placed.job.id, account_id=ann.account_id)
        await kit.finished(asked.placed.job.id)
        await kit.orders.cancel(film.job.id, account_id=None)
        await kit.finished(film.job.id)


async def test_stop_of_a_waiting_question_cancels_it(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 20)
        people = [await kit.person(n, 10) for n in range(2, 6)]
        gate = asyncio.Event()
        toy.scripts["busy"] = (Accepted(None), gate, *answer("done")[1:])
        busy = [await ask(kit, one, "busy") for one in people]
        for one in busy:
            await kit.state(one.placed.job.id, JobState.RUNNING)
        waiting = await ask(kit, ann, "me too")
        stopped = await kit.asks.stop(waiting.placed.job.id, account_id=ann.account_id)
        assert stopped.state is JobState.CANCELLED
        assert await kit.balance(ann) == (20, 0)
        gate.set()
        for one in busy:
            await kit.finished(one.placed.job.id)


async def test_stop_reaches_an_answer_in_another_process(two: tuple[Database, Database]) -> None:
    here, there = two
    async with chatting(here) as (kit, toy):
        ann = await kit.person(1, 10)
        toy.scripts["tell"] = (Accepted(None), Partial("Once upon"), asyncio.Event())
        asked = await ask(kit, ann, "tell")
        await speaking(kit, asked.placed.job.id)
        elsewhere = questions.Asks(there, kit.shop, kit.orders, prompt.Chat())
        await elsewhere.stop(asked.placed.job.id, account_id=ann.account_id)
        assert (await kit.finished(asked.placed.job.id)).state is JobState.DONE


async def test_stop_before_a_visible_character_is_free(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 10)
        toy.scripts["hm?"] = (Accepted(None), Partial("\u200b"), asyncio.Event())
        asked = await ask(kit, ann, "hm?")
        await speaking(kit, asked.placed.job.id)
        await kit.asks.stop(asked.placed.job.id, account_id=ann.account_id)
        assert (await kit.finished(asked.placed.job.id)).state is JobState.CANCELLED
        assert await kit.balance(ann) == (10, 0)
