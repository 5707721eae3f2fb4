"""A bare /ask or a tap on Ask in the menu: the next text is the question."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from bot.domain.jobs import JobState
from tests.drivers.app import World, easel


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with easel(sqlite_url, welcome_credits=Decimal(100), providers=("ai_now", "neuroapi")) as started:
        yield started


@pytest.mark.parametrize(
    ("language", "asked", "words"),
    [("en", "What would you like to know?", "tell of foxes"), ("ru", "Что вы хотите узнать?", "лисы и зимний лес")],
)
async def test_the_question_of_a_bare_ask_is_the_next_text(world: World, language: str, asked: str, words: str) -> None:
    chat = (await world.person(language=language)).private()
    await chat.send("/ask")
    await chat.wait(asked)
    await chat.send(words)
    job = await world.finished()
    assert (job.kind.value, job.prompt, job.state) == ("ask", words, JobState.DONE)


async def test_ask_in_the_menu_takes_the_next_text_too(world: World) -> None:
    chat = (await world.person()).private()
    await chat.click("💬 Ask")
    await chat.wait("What would you like to know?")
    await chat.send("foxes in winter")
    assert (await world.finished()).kind.value == "ask"


async def test_a_command_in_between_is_not_the_question(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/ask")
    await chat.wait("What would you like to know?")
    await chat.send("/pika a lake")
    await chat.wait("a lake", button="Confirm")
    assert await world.jobs() == []


@pytest.mark.parametrize(("language", "asked"), [("en", "as a reply to this message"), ("ru", "ответом на это")])
@pytest.mark.parametrize("ephemeral", [True, False])
async def test_in_a_group_the_question_is_the_reply(world: World, language: str, asked: str, ephemeral: bool) -> None:
    world.telegram.config.ephemeral = ephemeral
    ann, bob = await world.person(language=language), await world.person("Bob")
    group = await world.tg.group("Friends", [ann, bob], kind="supergroup" if ephemeral else "group")
    hers, his = ann.in_(group), bob.in_(group)
    await hers.send("/ask")
    shown = await hers.wait(asked)
    assert shown.ephemeral is ephemeral
    await his.send("a red bus")
    await hers.send("not to you")
    if not ephemeral:
        await his.reply(shown, "his own words")  # the question is hers
    await hers.reply(shown, "foxes in winter")
    job = await world.finished()
    assert (job.kind.value, job.prompt, job.user_id) == ("ask", "foxes in winter", ann.id)
    assert len(await world.jobs()) == 1
