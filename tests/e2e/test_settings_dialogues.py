"""/settings as chats: everything on it does what it says, and every dialogue goes on after a restart."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.jobs import Job, JobState
from tests.drivers.app import EVERYBODY, World, easel
from tests.e2e.media_kit import PHOTO, confirmed, studio


async def ended(world: World, prompt: str) -> Job:
    """The order with that prompt once its last word was said."""
    return await world.job(lambda job: job.prompt == prompt and job.state.finished and not job.notice_due)


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with easel(sqlite_url, welcome_credits=Decimal(90)) as started:
        yield started


async def test_a_usual_model_and_flags_are_chosen_once_for_all_orders(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/settings")
    page = await chat.wait("Usual models and options: none yet")
    await chat.click("Models and options", on=page)
    await chat.click("Video", on=await chat.wait("Options you type come first"))
    await chat.click("Pika", on=await chat.wait("Which model should I take", button="✓ Ask every time"))
    await chat.click("Set options", on=await chat.wait("Saved.", button="✓ Pika"))
    await chat.wait("send me the options")
    await world.restart()  # the settings wait for flags in the database
    await chat.send("--style nothing_like_it")
    await chat.expect("no model here has “nothing_like_it”")
    await chat.send("--style anime a lake")
    await chat.expect("Please send only options")
    await chat.send("a fox — red, at dawn")  # no options: something new
    await chat.wait("a fox — red, at dawn", button="Confirm")
    await chat.send("—style anime")
    await chat.expect("Video: Pika · --style anime")
    await chat.send("/video a lake")
    card = await chat.wait("Pika · Anime", button="Confirm · 10")
    await chat.click("Other model", on=card)
    await chat.click("Run", on=await chat.wait("Which model?"))
    await chat.wait("Run", button="Confirm")  # "anime" is a style of it, too
    await chat.send("/pika --style watercolor a sea")
    await chat.wait("Pika · Watercolor", button="Confirm")
    await chat.send("/settings")
    await chat.click("Models and options", on=await chat.wait("Usual models and options: 🎬 Video"))
    await chat.click("Video", on=await chat.wait("Options you type come first"))
    await chat.click("Remove options", on=await chat.wait("--style anime", button="✓ Pika"))
    await chat.click("Ask every time", on=await chat.wait("no options", button="✓ Pika"))
    await chat.wait("ask for the model", button="✓ Ask every time")
    await chat.send("/video a lake")
    await chat.wait("a lake", button="Confirm · 10")


async def test_ready_is_written_when_a_person_wants_it(world: World) -> None:
    chat = (await world.person()).private()
    for label, ready in (("Never", False), ("For every order", True)):
        await chat.send("/settings")
        await chat.click("“Ready” message", on=await chat.wait("“Ready” message"))
        await chat.click(label, on=await chat.wait("without a sound"))
        await chat.wait("Saved.", button=f"✓ {label}")
        await chat.send(f"/pika --style 4 {label}")
        await chat.click("Confirm", on=await chat.wait(label, button="Confirm"))
        assert (await ended(world, label)).state is JobState.DONE
        assert any("Ready!" in m.text for m in await chat.messages()) is ready


async def test_better_prompts_can_be_switched_off(sqlite_url: str) -> None:
    async with easel(sqlite_url, welcome_credits=Decimal(90), providers=EVERYBODY) as world:
        chat = (await world.person()).private()
        await chat.send("/pika --style 4 a lake")
        await chat.wait("Pika", button="Improve my prompt")
        await chat.send("/settings")
        await chat.click("Stop offering better prompts", on=await chat.wait("“Improve my prompt”: offered"))
        await chat.wait("“Improve my prompt”: not offered", button="Offer better prompts")
        await chat.send("/pika --style 4 a sea")
        assert (await chat.wait("a sea", button="Confirm")).button("Improve my prompt") is None


async def test_every_private_dialogue_goes_on_after_a_restart(sqlite_url: str, tmp_path: Path) -> None:
    """Those that wait for a word, a picture or a tap; the settings' flags are above, /forget is in test_personal."""
    async with studio(sqlite_url, tmp_path) as world:
        chat = (await world.person()).private()
        menu = await chat.last()
        await chat.click("Video", on=menu)  # a kind was tapped: the next text becomes one
        await chat.wait("/video")
        await world.restart()
        await chat.send("a lake")
        await chat.click("Other model", on=await chat.wait("a lake", button="Confirm"))
        await world.restart()  # with the list over the card
        await chat.click("Pika", on=await chat.wait("Which model?"))
        await world.restart()
        await chat.click("Watercolor", on=await chat.wait("Pika", button="Watercolor"))
        card = await chat.wait("Pika · Watercolor", button="Improve my prompt")
        await chat.click("Improve my prompt", on=card)
        await world.restart()  # while better words are looked for
        await chat.wait_for(lambda m: m.id == card.id and ("improved" in m.text or "interrupted" in m.text), 20)
        await chat.click("Confirm", on=await chat.refresh(card))
        assert (await world.job(lambda job: job.model == "pika" and job.state is JobState.DONE)).options == {
            "style": "4"
        }
        await world.finished()
        await chat.send("/flux_dev a fox")
        await chat.click("Options", on=await chat.wait("FLUX", button="Confirm"))
        await chat.click("Seed", on=await chat.wait("Choose what to change"))
        await chat.click("✏️ Type it", on=await chat.wait("Seed: random"))
        await world.restart()  # a value is awaited
        await chat.send("77")
        await chat.wait("Seed: 77")
        await chat.photo(PHOTO)
        await world.restart()  # with a picture, what to do with it is asked
        await chat.click("Upscale", on=await chat.wait("What should I do"))
        await chat.wait(button="Confirm")
        await world.restart()  # before the last tap
        job, _ = await confirmed(world, chat)
        assert job.state is JobState.DONE
        await chat.send("/flash a red fox")
        _, result = await confirmed(world, chat)
        await chat.click("✏️ Edit", on=result)
        await chat.wait("Write what to do with it")
        await world.restart()  # words for a picture are awaited
        await chat.send("make it night")
        await chat.wait("make it night", button="Confirm")
