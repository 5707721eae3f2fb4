"""Describe under a picture: a chat model looks at it and writes a prompt, from which a picture is ordered."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Cause, Job, JobState
from bot.telegram.ui.callbacks import JobAction
from sandbox.client import ChatView, Msg
from tests.drivers.app import World
from tests.e2e.media_kit import more_of, ordered, studio

WORDS = {
    "en": ("More", "Describe · up to", "A red fox in the snow", "Make this picture", "Confirm"),
    "ru": ("Ещё", "Описать · до", "Рыжая лиса на снегу", "Сделать эту картинку", "Подтвердить"),
}


@pytest.fixture
async def world(sqlite_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with studio(sqlite_url, tmp_path) as started:
        yield started


async def described(world: World) -> Job:
    return await world.job(lambda job: job.kind == "ask" and job.state.finished and not job.notice_due)


async def pressed(chat: ChatView, result: Msg) -> None:
    await chat.click("Describe · up to", on=await more_of(chat, result))


def shown(world: World) -> Any:
    """What the service was last asked."""
    body: Any = world.services.neuroapi.requests[-1].body
    return body["messages"][-1]["content"]


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_picture_becomes_a_prompt_and_the_prompt_a_picture(world: World, language: str) -> None:
    more, describe, prompt, make, confirm = WORDS[language]
    chat = (await world.person(language=language)).private()
    await chat.send("/naive_schnell a fox")
    card = await chat.wait(button=confirm)
    await chat.click(confirm, on=card)
    await world.finished()
    await chat.click(more, on=await chat.refresh(card))
    await chat.click(describe, on=await chat.wait_for(lambda m: m.id == card.id and m.button(describe) is not None))
    said = await chat.wait(prompt, button=make)
    job = await described(world)
    assert (job.state, job.quote > (job.charged or 0) > 0) == (JobState.DONE, True)
    words, picture = shown(world)
    assert f"“{language}”" in words["text"]
    assert picture["image_url"]["url"].startswith("data:image/")
    await chat.click(make, on=said)
    order = await chat.wait_for(lambda m: m.id > said.id and bool(m.buttons))
    assert prompt in order.text
    await chat.send("/jobs")
    listed = await chat.wait_for(lambda m: m.id > order.id and bool(m.buttons))
    assert not any(prompt in label for label in listed.buttons)


async def test_one_of_several_in_a_group_is_described_for_its_owner(world: World) -> None:
    ann, bob = await world.person(), await world.person("Bob")
    group = await world.tg.group("Club", [ann, bob])
    there, his = ann.in_(group), bob.in_(group)
    job, result = await ordered(world, there, "/naive_schnell --n 2 a fox")
    await there.click("2", on=result)
    picked = await there.wait_for(lambda m: m.id == result.id and m.button("Describe") is not None)
    forged = JobAction(id=job.id, act="describe", arg="1").pack()
    assert "belongs to somebody else" in (await his.forge(result.id, forged)).text
    await there.click("Describe", on=picked)
    said = await there.wait("A red fox in the snow", button="Make this picture")
    asked = await described(world)
    assert [(i.job_id, i.index) for i in asked.inputs] == [(job.id, 1)]
    await his.click("Make this picture", on=said)
    await there.click("Make this picture", on=said)
    await there.wait_for(lambda m: m.button("Confirm") is not None or m.button("Cancel") is not None)


async def test_twice_is_once_and_nonsense_is_nothing(world: World) -> None:
    chat = (await world.person()).private()
    job, result = await ordered(world, chat, "/naive_schnell a fox")
    await pressed(chat, result)
    for arg in ("0", "7", "-1", "x", ""):
        await chat.forge(result.id, JobAction(id=job.id, act="describe", arg=arg).pack())
    await described(world)
    assert [each.kind for each in await world.jobs()].count(Kind.ASK) == 1


async def test_a_failure_is_told_and_costs_nothing(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    _, result = await ordered(world, chat, "/naive_schnell a fox")
    before = await world.balance(ann)
    world.services.neuroapi.faults.add("content_filter", times=1)
    await pressed(chat, result)
    said = await chat.wait("You were not charged")
    job = await described(world)
    assert (job.state, job.cause) == (JobState.FAILED, Cause.REFUSED)
    assert not (await chat.refresh(said)).buttons
    assert await world.balance(ann) == before


async def test_who_cannot_pay_is_told_and_may_try_again(sqlite_url: str, tmp_path: Path) -> None:
    async with studio(sqlite_url, tmp_path, welcome_credits=Decimal("0.4")) as world:
        chat = (await world.person()).private()
        job, result = await ordered(world, chat, "/naive_schnell a fox")
        act = JobAction(id=job.id, act="describe", arg="0").pack()
        for tries in (1, 2):
            await chat.forge(result.id, act)
            while len([m for m in await chat.messages() if "Missing: 0.54 credits" in m.text]) < tries:
                await asyncio.sleep(0.05)
        assert len(await world.jobs()) == 1


async def test_without_a_model_that_sees_it_is_not_offered(sqlite_url: str, tmp_path: Path) -> None:
    blind = 'inputs = { minimum = 0, maximum = 4, param = "image_url" }\n'
    async with studio(sqlite_url, tmp_path, change=lambda text: text.replace(blind, "")) as world:
        chat = (await world.person()).private()
        job, result = await ordered(world, chat, "/naive_schnell a fox")
        assert (await more_of(chat, result)).button("Describe") is None
        answer = await chat.forge(result.id, JobAction(id=job.id, act="describe", arg="0").pack())
        assert answer.show_alert
        assert len(await world.jobs()) == 1
