"""Presets as chats: saved, used like flags in any order, told when they no longer fit, deleted after a question."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from bot.domain.jobs import JobState
from bot.engine.accounts import preferences
from tests.drivers.app import ADMIN_ID, World, easel


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with easel(sqlite_url, welcome_credits=Decimal(90)) as started:
        yield started


async def test_a_preset_is_typed_like_a_flag_and_typed_flags_win(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/preset save anime = --model pika --style anime")
    await chat.expect("Saved: --anime = --model pika --style anime")
    await chat.send("/video a lake --anime")
    await chat.click("Confirm", on=await chat.wait("Pika · Anime", button="Confirm"))
    job = await world.finished()
    assert (job.state, job.model, job.options, job.prompt) == (JobState.DONE, "pika", {"style": "1"}, "a lake")
    await chat.send("/preset save soft = --Anime --n 2")
    await chat.expect("cannot be part of another preset")
    await chat.send("/video —anime --style watercolor a sea")
    await chat.wait("Pika · Watercolor", button="Confirm")
    await world.restart()
    await chat.send("/preset save\nanime --model run")
    assert "Before: --model pika --style anime" in (await chat.wait("Saved: --anime = --model run")).text
    await chat.send("/price --anime")
    await chat.expect("Run")


async def test_what_cannot_be_a_preset_is_told_and_nothing_is_saved(world: World) -> None:
    chat = (await world.person()).private()
    for words, said in {
        "save style = --model run": "--style is already an option",
        "save model = --style anime": "--model is already an option",
        "save 2x = --model run": "cannot be a preset's name",
        f"save {'a' * 21} = --model run": "cannot be a preset's name",
        "save mine = a lake": "A preset contains only options",
        "save mine = --colour red": "I do not know --colour",
        "save mine = --model gone": "There is no model “gone”",
        "save mine = --model luma --style anime": "Luma has no “Style”",
        "save mine": "/preset save mine =",
        "nonsense": "/preset save mine =",
        "delete mine": "You have no preset “mine”",
    }.items():
        await chat.send(f"/preset {words}")
        refused = (await chat.expect(said)).text
        assert refused.endswith("Nothing was saved.") == (words not in ("save mine", "nonsense", "delete mine"))
    await chat.send("/preset list")
    await chat.expect("You have no presets yet")
    for number in range(preferences.PRESETS + 1):
        await chat.send(f"/preset save p{chr(97 + number)} = --model run")
        await chat.wait("Saved" if number < preferences.PRESETS else "the maximum")
    await chat.send("/preset")
    listed = await chat.wait("Your presets", button="1/3")
    await chat.click("‹", on=listed)
    await chat.wait("--pt", button="3/3")


async def test_a_preset_that_no_longer_fits_is_told_politely_and_can_be_deleted(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/preset save mine = --model luma")
    await chat.wait("Saved")
    await chat.send("/pika --mine a lake")
    await chat.wait("Pika")  # the model of the command counts first
    olga = (await world.tg.user("Olga", id=ADMIN_ID)).private()
    await olga.send("/models off luma")
    await olga.wait("Luma")
    await chat.send("/video --mine a lake")
    refused = await chat.wait("Your preset --mine does not fit here. There is no model “luma”.")
    assert "Nothing was charged" in refused.text
    await chat.send("/preset list")
    listed = await chat.wait("⚠️ --mine = --model luma")
    await chat.click("Delete mine", on=listed)
    await chat.click("No, keep it", on=await chat.wait("Delete the preset --mine"))
    await chat.click("Delete mine", on=await chat.wait("Your presets"))
    await chat.click("Yes, delete it", on=await chat.wait("Delete the preset --mine"))
    await chat.wait("Deleted: --mine.")
    await chat.send("/video --mine a lake")
    await chat.wait("I do not know --mine")
