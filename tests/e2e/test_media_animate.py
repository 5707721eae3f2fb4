"""Where models are on sale that work on any picture: films and edits of photos, and pictures that were animated."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.jobs import JobState
from tests.drivers.app import World
from tests.e2e.media_kit import PHOTO, confirmed, ordered, studio

MORE = """
[[models]]
slug = "mover"
provider = "neuroartist"
upstream_id = "fal-ai/minimax-video/image-to-video"
kind = "video"
title = { en = "Mover", ru = "Mover" }
description = { en = "Moves a picture.", ru = "Оживляет картинку." }
units = 48
typical_seconds = 0.1
longest_seconds = 900
prompt_limit = 2000
inputs = { minimum = 1, maximum = 1, param = "image_url" }

[[models]]
slug = "changer"
provider = "neuroartist"
upstream_id = "fal-ai/flux/dev/image-to-image"
kind = "edit"
title = { en = "Changer", ru = "Changer" }
description = { en = "Changes a picture.", ru = "Меняет картинку." }
units = 2
typical_seconds = 0.1
longest_seconds = 900
prompt_limit = 2000
inputs = { minimum = 1, maximum = 1, param = "image_url" }
"""


@pytest.fixture
async def world(sqlite_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with studio(sqlite_url, tmp_path, change=lambda text: text + MORE) as started:
        yield started


async def test_a_photo_with_video_becomes_a_film(world: World) -> None:
    chat = (await world.person()).private()
    await chat.photo(PHOTO, "/video the cat blinks")
    job, result = await confirmed(world, chat)
    assert (job.model, job.prompt, job.state) == ("mover", "the cat blinks", JobState.DONE)
    assert result.kind in ("video", "animation")
    given = world.services.neuroartist.requests[-1].body
    assert "data:image/jpeg;base64" in str(given)


async def test_a_result_is_animated(world: World) -> None:
    chat = (await world.person()).private()
    made, result = await ordered(world, chat, "/naive_schnell a fox")
    await chat.click("More", on=result)
    await chat.click("Animate", on=await chat.wait(button="Animate"))
    await chat.wait_for(lambda m: m.id != result.id and m.button("Cancel") is not None)
    await chat.send("it runs")
    job, film = await confirmed(world, chat)
    assert (job.model, job.inputs[0].job_id) == ("mover", made.id)
    assert film.kind in ("video", "animation")
    assert film.buttons == ["Again · 57.6", "🎵 Set to music · 10", "More…"], "no other model animates"


async def test_a_photo_with_words_is_edited_with_them(world: World) -> None:
    chat = (await world.person()).private()
    await chat.photo(PHOTO, "make it night")
    job, _ = await confirmed(world, chat)
    assert (job.model, job.prompt) == ("changer", "make it night")


async def test_an_edit_of_a_result_begins_with_one_model_and_has_the_way_to_the_others(world: World) -> None:
    chat = (await world.person()).private()
    _, result = await ordered(world, chat, "/flash a fox")
    assert any(label.startswith("✏️ Edit · ") for label in result.buttons), "what the recommended of both costs"
    await chat.click("Edit", on=result)
    await chat.click("Back", on=await chat.wait("Nano Banana Edit", button="Back"))
    choice = await chat.wait("Which model")
    assert [label.split(" · ")[0] for label in choice.buttons[:2]] == ["⭐ Nano Banana Edit", "Changer"]


async def test_words_replying_to_a_photo_still_become_a_film_of_words_where_asked_so(world: World) -> None:
    chat = (await world.person()).private()
    sent = await chat.photo(PHOTO, "/upscale")
    await chat.wait(button="Confirm")
    await chat.reply(sent, "/pika --style 4 a lake")
    job, _ = await confirmed(world, chat)
    assert (job.model, job.prompt, job.inputs) == ("pika", "a lake", ())
