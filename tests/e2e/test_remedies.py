"""What a failed order offers: never the same again where that cannot help, and what was wrong changed in one tap."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.jobs import Cause, JobState
from tests.drivers.app import World
from tests.e2e.media_kit import studio

SAID = {
    "en": ("Confirm", "✏️ Change the words", "Write it in other words"),
    "ru": ("Подтвердить", "✏️ Изменить описание", "Опишите это другими словами"),
}


@pytest.fixture
async def world(sqlite_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with studio(sqlite_url, tmp_path, ready_after_seconds=0) as started:
        yield started


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_refused_prompt_is_changed_not_repeated(world: World, language: str) -> None:
    confirm, change, asks = SAID[language]
    ann = await world.person("Ann", language=language)
    chat = ann.private()
    world.services.neuroapi.faults.add("content_policy")
    await chat.send("/dalle --ar 16:9 a naked king")
    await chat.click(confirm, on=await chat.wait(button=confirm))
    refused = await world.finished()
    assert refused.cause is Cause.REFUSED
    failed = await chat.wait(button=change)
    assert failed.buttons == [change]
    await chat.click(change, on=failed)
    asked = await chat.wait(asks)
    assert len(await world.jobs()) == 1
    await chat.send("a king in new clothes")
    card = await chat.wait("a king in new clothes", button=confirm)
    assert card.id == asked.id
    await chat.click(confirm, on=card)
    made = await world.finished()
    assert (made.state, made.prompt) == (JobState.DONE, "a king in new clothes")
    assert (made.model, made.options) == (refused.model, refused.options), "all but the words is as it was"


async def test_in_a_group_the_other_words_are_a_reply(world: World) -> None:
    ann = await world.person()
    group = await world.tg.group("Club", [ann])
    there = ann.in_(group)
    world.services.neuroapi.faults.add("content_policy")
    await there.send("/dalle a naked king")
    await there.click("Confirm", on=await there.wait(button="Confirm"))
    await world.finished()
    await there.click("Change the words", on=await there.wait(button="Change the words"))
    asked = await there.wait("Write it in other words")
    await there.reply(asked, "a king in new clothes")
    await there.click("Confirm", on=await there.wait("a king in new clothes", button="Confirm"))
    assert (await world.finished()).state is JobState.DONE


async def test_a_service_that_is_down_offers_the_nearest_other_before_itself(world: World) -> None:
    chat = (await world.person()).private()
    world.services.naive.faults.add("500")
    await chat.send("/naive_schnell a fox")
    await chat.click("Confirm", on=await chat.wait(button="Confirm"))
    failed = await chat.wait("You were not charged", button="Try again · 0.36", timeout=20)
    assert failed.buttons[-1] == "Try again · 0.36"
    assert all(label.startswith("Try ") for label in failed.buttons[:-1])
    assert len(failed.buttons) > 1
    await chat.send("/jobs")
    await chat.click("a fox", on=await chat.wait("Your orders"))
    assert (await chat.wait("State: failed")).button("Again · 0.36") is not None


async def test_what_cannot_help_is_not_in_the_list_of_orders_either(world: World) -> None:
    chat = (await world.person()).private()
    world.services.neuroapi.faults.add("content_policy")
    await chat.send("/dalle a naked king")
    await chat.click("Confirm", on=await chat.wait(button="Confirm"))
    await world.finished()
    await chat.send("/jobs")
    await chat.click("a naked king", on=await chat.wait("Your orders"))
    assert (await chat.wait("State: failed")).button("Again") is None
