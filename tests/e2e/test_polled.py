"""Orders at polled services, in chats: several requests under one order, restarts, cancels, failures of a part."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.domain.jobs import Cause, JobState
from bot.storage.tables import jobs
from tests.drivers.app import World
from tests.e2e.media_kit import album, confirmed, ordered, studio


@pytest.fixture
async def world(sqlite_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with studio(sqlite_url, tmp_path) as started:
        yield started


async def test_three_pictures_are_three_requests_of_one_order(world: World) -> None:
    chat = (await world.person()).private()
    job, _ = await ordered(world, chat, "/flux_schnell --n 3 --seed 7 a fox")
    assert job.state is JobState.DONE
    requests = world.services.neuroartist.requests
    assert job.upstream_ref == ",".join(str(request.ref) for request in requests)
    assert [request.body for request in requests] == [
        {"m": "fal-ai/flux/schnell", "i": {"prompt": "a fox", "seed": seed}} for seed in (7, 8, 9)
    ]
    assert len(await album(chat)) == 3


async def test_of_three_requests_one_fails_and_two_are_paid(world: World) -> None:
    chat = (await world.person()).private()
    world.services.neuroartist.faults.add("failed")
    job, message = await ordered(world, chat, "/flux_schnell --n 3 a fox")
    assert (job.state, len(job.assets)) == (JobState.DONE, 2)
    assert job.charged is not None
    assert job.charged * 3 <= job.quote * 2
    assert "2 of 3 arrived" in message.text


@pytest.mark.parametrize(("command", "name"), [("/flux_schnell --n 2", "neuroartist"), ("/naive_schnell", "naive")])
async def test_a_restart_goes_on_with_the_same_requests(world: World, command: str, name: str) -> None:
    service = getattr(world.services, name)
    service.state.scale = 0.3
    chat = (await world.person()).private()
    await chat.send(f"{command} a fox")
    card = await chat.wait(button="Confirm")
    await chat.click("Confirm", on=card)
    wanted = 2 if "--n 2" in command else 1
    before = await world.job(
        lambda job: job.state is JobState.RUNNING and (job.upstream_ref or "").count(",") == wanted - 1
    )
    await world.restart()
    job = await world.finished()
    assert (job.state, job.upstream_ref, len(job.assets)) == (JobState.DONE, before.upstream_ref, wanted)
    assert len(service.requests) == wanted


async def test_a_job_that_is_lost_there_costs_nothing(world: World) -> None:
    """It is asked about for a minute after the order: the next process comes later."""
    ann = await world.person()
    chat = ann.private()
    world.services.naive.faults.add("lost")
    await chat.send("/naive_schnell a fox")
    card = await chat.wait(button="Confirm")
    await chat.click("Confirm", on=card)
    await world.job(lambda job: job.state is JobState.RUNNING)
    long_ago = sa.update(jobs).values(submitted_at=jobs.c.submitted_at - 61)
    await world.easel.db.transaction(lambda conn: conn.execute(long_ago))
    await world.restart()
    job = await world.finished()
    assert (job.state, job.cause) == (JobState.FAILED, Cause.CONNECTION_LOST)
    assert await world.balance(ann) == (1000, 0)


@pytest.mark.parametrize(("fault", "times"), [("poll_404", 2), ("late_result", 1)])
async def test_what_is_not_there_yet_is_asked_for_again(world: World, fault: str, times: int) -> None:
    ann = await world.person()
    chat = ann.private()
    world.services.naive.faults.add(fault, times=times)
    await chat.send("/naive_schnell a fox")
    job, _ = await confirmed(world, chat)
    assert job.state is JobState.DONE
    assert len(world.services.naive.requests) == 1
