"""One question, answered in every form that a compatible service may choose: people read the words and pay once."""

import pytest

from bot.domain.jobs import Job, JobState
from sandbox.neuroapi.forms import FRAMES, SHAPES
from tests.drivers.app import World, easel

CHAT = ("ai_now", "neuroapi")
BROKEN = {"thought_only", "refusal_field", "named_error", "choice_error"}
CALLS = [name for name in SHAPES if name.startswith("call_")]
ANSWERS = [name for name in (*SHAPES, *FRAMES) if name not in BROKEN and name not in CALLS]


async def ended(world: World, word: str) -> Job:
    """The newest job, once it is the one with that word and has ended."""
    return await world.job(lambda job: word in job.prompt and job.state.finished and not job.notice_due)


async def test_an_answer_in_any_form_stands_there_and_is_paid_once(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        await world.admin()
        chat = ann.private()
        sim = world.services.neuroapi
        for name in ANSWERS:
            before, asked = await world.balance(ann), len(sim.requests)
            sim.faults.add(name)
            await chat.send(f"/ask is {name} fine?")
            job = await ended(world, name)
            assert job.state is JobState.DONE, name
            said = [m.text for m in await chat.messages() if m.from_bot][-1]
            assert "Simulated answer" in said, name
            assert "simulated thought" not in said, name
            assert len(sim.requests) == asked + 1, name
            after = await world.balance(ann)
            assert 0 < before[0] - after[0] <= 0.05, name
            assert after[1] == 0
        olga = [m.text for m in await world.private(await world.admin()).messages() if m.from_bot]
        assert not any("more than" in text for text in olga)


@pytest.mark.parametrize("name", CALLS)
async def test_a_wish_in_any_form_becomes_an_order(sqlite_url: str, name: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=100)
        chat = ann.private()
        world.services.neuroapi.faults.add(name)
        await chat.send("/ask draw a fox")
        card = await chat.wait(button="Confirm", timeout=10)
        assert "a fox" in card.text


async def test_two_wishes_at_once_become_two_orders(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=100)
        chat = ann.private()
        world.services.neuroapi.faults.add("call_twice")
        await chat.send("/ask draw a fox")
        second = await chat.wait("something else (simulated)", button="Confirm", timeout=10)
        (first,) = [m for m in await chat.messages() if m.from_bot and "a fox" in m.text and m.button("Confirm")]
        assert first.id != second.id
        await chat.click("Confirm", on=first)
        assert (await ended(world, "a fox")).state is JobState.DONE
        await chat.click("Confirm", on=second)
        assert (await ended(world, "something else (simulated)")).state is JobState.DONE


async def test_an_answer_that_a_filter_cuts_says_so(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10, language="ru")
        world.services.neuroapi.faults.add("filtered")
        await ann.private().send("/ask почему?")
        await ann.private().wait("его правила не разрешают остального")
        job = await ended(world, "почему?")
        assert 0 < (job.charged or 0) < job.quote


async def test_what_is_no_answer_costs_nothing(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        for name in sorted(BROKEN):
            world.services.neuroapi.faults.add(name)
            await chat.send(f"/ask is {name} fine?")
            job = await ended(world, name)
            assert job.state is JobState.FAILED, name
            said = [m.text for m in await chat.messages() if m.from_bot][-1]
            assert "You were not charged" in said, name
        assert await world.balance(ann) == (10, 0)
