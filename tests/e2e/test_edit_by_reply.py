"""A result is changed with words: one tap and the words, or a reply with the words and no tap before the card."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.jobs import Job, JobState
from tests.drivers.app import World
from tests.e2e.media_kit import album, asks_above, confirmed, ordered, studio

CONFIRM = {"en": "Confirm", "ru": "Подтвердить"}
EDIT = {"en": "✏️ Edit", "ru": "✏️ Изменить"}
EXAMPLE = {"en": "For example:", "ru": "Например:"}


@pytest.fixture
async def world(sqlite_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with studio(sqlite_url, tmp_path, ready_after_seconds=0) as started:
        yield started


async def edits(world: World, source: Job) -> Job:
    """The edit that came of it."""
    job = await world.job(lambda job: job.id != source.id and job.state is JobState.DONE and not job.notice_due)
    assert (job.kind, [(i.job_id, i.index) for i in job.inputs]) == ("edit", [(source.id, 0)])
    return job


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_one_tap_the_words_and_a_confirm(world: World, language: str) -> None:
    chat = (await world.person(language=language)).private()
    await chat.send("/flash a fox")
    card = await chat.wait(button=CONFIRM[language])
    await chat.click(CONFIRM[language], on=card)
    first = await world.finished()
    await chat.click(EDIT[language], on=await chat.refresh(card))
    await chat.wait(EXAMPLE[language])
    await chat.send("ночь")
    await chat.click(CONFIRM[language], on=await chat.wait(button=CONFIRM[language]))
    assert (await edits(world, first)).prompt == "ночь"


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_reply_with_words_needs_no_tap_before_the_card(world: World, language: str) -> None:
    chat = (await world.person(language=language)).private()
    await chat.send("/flash a fox")
    card = await chat.wait(button=CONFIRM[language])
    await chat.click(CONFIRM[language], on=card)
    first = await world.finished()
    await chat.reply(await chat.refresh(card), "make it night")
    await chat.click(CONFIRM[language], on=await chat.wait_for(lambda m: m.id > card.id and bool(m.buttons)))
    assert (await edits(world, first)).prompt == "make it night"


async def test_below_ones_own_price_there_is_no_tap_at_all(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    first, result = await ordered(world, chat, "/flash a fox")
    await asks_above(world, ann, 100)
    await chat.reply(result, "make it night")
    by_reply = await edits(world, first)
    await chat.click("Edit", on=result)
    await chat.wait("For example:")
    await asyncio.sleep(2)  # seconds in which the same again would be a slip of the finger
    await chat.send("make it day")
    by_tap = await world.job(lambda job: job.prompt == "make it day" and job.state is JobState.DONE)
    assert by_reply.prompt == "make it night"
    assert (by_tap.model, by_tap.charged) == (by_reply.model, by_reply.charged)


async def test_of_several_results_the_one_replied_to_is_changed(world: World) -> None:
    chat = (await world.person()).private()
    four, message = await ordered(world, chat, "/flash --n 2 a fox")
    await chat.reply(message, "make it night")
    await chat.wait("There are several pictures here")
    await chat.reply((await album(chat))[1], "make it night")
    job, _ = await confirmed(world, chat)
    assert [(i.job_id, i.index) for i in job.inputs] == [(four.id, 1)]


async def test_where_no_model_can_do_it_that_is_said_and_nothing_is_asked(world: World) -> None:
    chat = (await world.person()).private()
    _, hen = await ordered(world, chat, "/naive_schnell a hen")
    await chat.reply(hen, "make it night")
    said = await chat.wait("Nano Banana")
    assert not said.button("Confirm")
    assert len(await world.jobs()) == 1


async def test_words_about_a_film_or_a_song_are_as_before(world: World) -> None:
    chat = (await world.person()).private()
    _, song = await ordered(world, chat, "/suno an ode")
    await chat.reply(song, "a red fox in the snow")
    card = await chat.wait_for(lambda m: m.id > song.id and bool(m.buttons))
    assert "a red fox in the snow" in card.text
    assert len(await world.jobs()) == 1


async def test_in_a_group_the_words_name_the_bot(world: World) -> None:
    ann, bob = await world.person(), await world.person("Bob")
    group = await world.tg.group("Club", [ann, bob])
    there, his = ann.in_(group), bob.in_(group)
    name = (await world.easel.bot.me()).username
    first, result = await ordered(world, there, "/flash a fox")
    await there.reply(result, "nice one!")
    await there.reply(result, f"@{name}")
    await there.reply(result, f"@{name}_other make it night")
    await there.reply(result, f"@{name}, make it night")
    card = await there.wait(button="Confirm")
    await there.click("Confirm", on=card)
    assert (await edits(world, first)).prompt == "make it night"
    assert len(await world.jobs()) == 2
    await his.reply(result, f"make it day @{name}")  # for him it is a photo in the chat, which this service cannot edit
    await his.wait("Nano Banana")
