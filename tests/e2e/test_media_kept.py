"""Days later: what an order worked on is made anew of the result that it was, or must be sent again."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.domain.jobs import JobState
from bot.engine.media import blobs
from bot.storage.tables import blobs as table
from tests.drivers.app import World
from tests.e2e.media_kit import PHOTO, confirmed, ordered, studio


@pytest.fixture
async def world(sqlite_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with studio(sqlite_url, tmp_path) as started:
        yield started


async def test_a_photo_of_days_ago_must_be_sent_again(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    await chat.photo(PHOTO, "/upscale")
    _, result = await confirmed(world, chat)
    before = await world.balance(ann)
    world.easel.db.shift_clock(blobs.LIFETIME + 60)
    answer = await chat.click("Again", on=result)
    assert (answer.show_alert, "Please send it again" in answer.text) == (True, True)
    assert await world.balance(ann) == before
    await chat.photo(PHOTO, "/upscale")  # the same bytes, and nobody swept the old ones yet
    assert (await confirmed(world, chat))[0].state is JobState.DONE


async def test_a_result_of_days_ago_is_fetched_again(world: World) -> None:
    chat = (await world.person()).private()
    made, result = await ordered(world, chat, "/naive_schnell a fox")
    await chat.click("Upscale", on=result)
    first, large = await confirmed(world, chat)
    world.easel.db.shift_clock(blobs.LIFETIME + 60)
    await chat.click("Again", on=large)
    second, _ = await confirmed(world, chat)
    assert second.inputs == first.inputs
    assert (second.inputs[0].job_id, second.state) == (made.id, JobState.DONE)


async def test_a_picture_that_went_between_the_card_and_confirm_is_told_and_nothing_held(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    before = await world.balance(ann)
    await chat.photo(PHOTO, "/upscale")
    card = await chat.wait(button="Confirm")
    await world.easel.db.transaction(lambda conn: conn.execute(sa.delete(table)))
    await chat.click("Confirm", on=card)
    told = await chat.wait_for(lambda m: m.id == card.id and m.button("Confirm") is None)
    assert "send" in told.text.lower()
    assert await world.balance(ann) == before
    assert await world.jobs() == []
