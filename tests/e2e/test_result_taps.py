"""How many taps lead from a result to the next one: one below the price that a person confirms by themselves, else
two."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.jobs import Job, JobState
from sandbox.client import ChatView, Msg
from tests.drivers.app import World
from tests.e2e.media_kit import asks_above, ordered, studio

LABELS = {
    "en": ("Again · 0.36", "🔍 Upscale · 1.08", "✂️ 0.6", "🎲 0.36"),
    "ru": ("Ещё раз · 0,36", "🔍 Увеличить · 1,08", "✂️ 0,6", "🎲 0,36"),
}
"""Nothing on sale edits here, so Upscale has the place of Edit."""
CONFIRM = {"en": "Confirm", "ru": "Подтвердить"}


@pytest.fixture
async def world(sqlite_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with studio(sqlite_url, tmp_path, ready_after_seconds=0) as started:
        yield started


async def a_fox(world: World, chat: ChatView, language: str) -> tuple[Job, Msg]:
    await chat.send("/naive_schnell a fox")
    card = await chat.wait(button=CONFIRM[language])
    await chat.click(CONFIRM[language], on=card)
    job = await world.finished()
    return job, await chat.refresh(card)


async def follows(world: World, before: Job) -> Job:
    """The job that came of a press."""
    return await world.job(lambda job: job.id != before.id and job.state is JobState.DONE and not job.notice_due)


async def press(chat: ChatView, message: Msg, label: str) -> str:
    """One tap on what stands under the result itself; returns the price that its label says."""
    shown = await chat.refresh(message)
    assert label in shown.buttons
    await chat.click(label, on=shown)
    return label.rsplit(maxsplit=1)[-1]


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_two_taps_where_each_order_is_confirmed(world: World, language: str) -> None:
    ann = await world.person("Ann", language=language)
    chat = ann.private()
    _, result = await a_fox(world, chat, language)
    for label in LABELS[language]:
        price = await press(chat, result, label)
        card = await chat.wait(button=f"{CONFIRM[language]} · {price}")
        await chat.click(CONFIRM[language], on=card)
        assert (await world.finished()).state is JobState.DONE
    assert len(await world.jobs()) == 5


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_one_tap_below_ones_own_price(world: World, language: str) -> None:
    ann = await world.person("Ann", language=language)
    chat = ann.private()
    first, result = await a_fox(world, chat, language)
    await asks_above(world, ann, 5)
    made = {first.id}
    for label in LABELS[language]:
        await press(chat, result, label)
        job = await world.job(lambda j: j.id not in made and j.state is JobState.DONE and not j.notice_due)
        made.add(job.id)
        await asyncio.sleep(2)  # seconds in which the same again would be a slip of the finger
    assert len(await world.jobs()) == 5


async def test_what_costs_more_than_ones_own_price_is_asked_about(world: World) -> None:
    ann = await world.person()
    await asks_above(world, ann, 1)
    chat = ann.private()
    await chat.send("/naive_schnell a fox")
    await world.finished()
    result = await chat.wait("a fox", button="More")
    await chat.click("Upscale · 1.08", on=result)
    await chat.wait(button="Confirm · 1.08")
    assert len(await world.jobs()) == 1


async def test_in_a_group_each_order_is_confirmed(world: World) -> None:
    ann = await world.person()
    await asks_above(world, ann, 100)
    group = await world.tg.group("Club", [ann])
    there = ann.in_(group)
    _, result = await ordered(world, there, "/naive_schnell a fox")
    await there.click("Again", on=result)
    await there.wait(button="Confirm · 0.36")
    await there.click("Upscale", on=result)
    await there.wait(button="Confirm · 1.08")
    assert len(await world.jobs()) == 1


async def test_a_second_tap_at_once_is_asked_about(world: World) -> None:
    ann = await world.person()
    await asks_above(world, ann, 5)
    chat = ann.private()
    await chat.send("/naive_schnell a fox")
    first = await world.finished()
    result = await chat.wait("a fox", button="More")
    await chat.click("Upscale", on=result)
    await chat.click("Upscale", on=result)
    await chat.wait(button="Confirm · 1.08")
    await follows(world, first)
    assert len(await world.jobs()) == 2


async def test_four_pictures_are_ordered_again_as_four(world: World) -> None:
    chat = (await world.person()).private()
    first, message = await ordered(world, chat, "/naive_schnell --n 4 --ar 16:9 a fox")
    await chat.click("Again ×4 · 1.44", on=message)
    await chat.click("Confirm · 1.44", on=await chat.wait(button="Confirm · 1.44"))
    again = await follows(world, first)
    assert (again.ordered, again.options) == (4, first.options)


async def test_what_is_not_on_sale_leaves_its_place_to_the_next(world: World) -> None:
    chat = (await world.person()).private()
    _, picture = await ordered(world, chat, "/flash a fox")
    assert [label.split(" · ")[0] for label in picture.buttons] == ["Again", "✏️ Edit", "🔍 1.08", "✂️ 0.6", "More…"]
    _, other = await ordered(world, chat, "/naive_schnell a fox")  # which no model on sale edits
    assert [label.split(" · ")[0] for label in other.buttons] == ["Again", "🔍 Upscale", "✂️ 0.6", "🎲 0.36", "More…"]
    _, song = await ordered(world, chat, "/suno a song")
    assert [label.split(" · ")[0] for label in song.buttons] == ["Again", "More…"]
