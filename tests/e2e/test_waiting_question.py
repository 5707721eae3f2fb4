"""What is written while an answer is under way waits, and is one next question."""

import asyncio

import pytest

from bot.domain.jobs import JobState
from sandbox.client import ChatView, ClientError
from sandbox.client_views import Msg
from sandbox.telegram.methods import METHODS
from sandbox.telegram.wire.errors import bad
from tests.drivers.app import World, easel
from tests.e2e.test_talk import CHAT, asked

LONG = "/ask a long essay about foxes"


async def speaking(world: World, chat: ChatView, question: str = LONG) -> None:
    """Asks, and returns when the answer has begun."""
    world.services.neuroapi.state.scale = 1.0
    await chat.send(question)
    await chat.wait_draft("Simulated answer", timeout=20)


async def seen(chat: ChatView, message: Msg) -> bool:
    """Whether the bot's sign stands on the message."""
    return any(reaction["emoji"] == "👀" for reaction in (await chat.refresh(message)).raw["reactions"])


async def waits(chat: ChatView, text: str) -> Msg:
    """Writes, and returns when the sign is there."""
    message = await chat.send(text)
    for _ in range(200):
        if await seen(chat, message):
            return message
        await asyncio.sleep(0.02)
    raise AssertionError(f"no sign on {text!r}\n{await chat.transcript()}")


async def refused(*_: object) -> None:
    """A chat without reactions."""
    raise bad("REACTIONS_DISABLED")


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_several_messages_are_one_next_question(sqlite_url: str, language: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(language=language, credits=10)
        chat = ann.private()
        await speaking(world, chat)
        await waits(chat, "and hens?")
        await waits(chat, "and geese?")
        world.services.neuroapi.state.scale = 0.002
        await chat.wait("Simulated answer: and hens?", timeout=30)
        await world.finished()
        first, second = await world.jobs()
        assert second.prompt == "and hens?\n\nand geese?"
        assert first.state is second.state is JobState.DONE
        assert [m["role"] for m in asked(world)] == ["user", "assistant", "user"]
        free, held = await world.balance(ann)
        assert held == 0
        assert free == pytest.approx(10 - ((first.charged or 0) + (second.charged or 0)) / 1_000_000)


async def test_stop_ends_the_answer_and_the_next_question_is_asked(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        await speaking(world, chat)
        await waits(chat, "and hens?")
        world.services.neuroapi.state.scale = 0.002
        await chat.stop()
        await chat.wait("Stopped.")
        await chat.wait("Simulated answer: and hens?")
        await world.finished()


async def test_new_drops_what_waits(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        await speaking(world, chat)
        await waits(chat, "and hens?")
        await chat.send("/new")
        await chat.wait("forgotten")
        await chat.wait_draft("Simulated answer", timeout=20)  # the message put the draft away until it grows
        await chat.stop()
        await chat.wait("Stopped.")
        await world.finished()
        await asyncio.sleep(0.5)
        assert len(await world.jobs()) == 1


async def test_a_restart_loses_no_waiting_question(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        await speaking(world, chat)
        await waits(chat, "and hens?")
        await world.restart()
        world.services.neuroapi.state.scale = 0.002
        await chat.wait("I had to restart", button="Try again")
        await chat.wait("Simulated answer: and hens?")
        await world.finished()
        assert [job.state for job in await world.jobs()] == [JobState.FAILED, JobState.DONE]


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_without_credits_for_it_the_next_question_is_refused_in_words(sqlite_url: str, language: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(language=language, credits=0.5)
        chat = ann.private()
        await speaking(world, chat)
        await waits(chat, "and hens?")
        await chat.stop()
        await chat.wait("Stopped" if language == "en" else "Остановлено")
        await chat.wait("Not enough credits" if language == "en" else "Недостаточно кредитов")
        assert len(await world.jobs()) == 1
        await world.give(ann, 10)
        world.services.neuroapi.state.scale = 0.002
        await chat.send("and ducks?")  # the refused one is not asked later
        await chat.wait("Simulated answer: and ducks?")
        await world.finished()
        assert asked(world)[-1]["content"] == "and ducks?"


async def test_too_much_to_wait_is_refused(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        await speaking(world, chat)
        limit = next(m for m in world.easel.shop.models if m.slug == "gpt").prompt_limit
        for _ in range(limit // 3_900):
            await waits(chat, "hen " * 975)
        await chat.send("hen " * 975)
        await chat.wait("too long")
        await chat.wait_draft("Simulated answer", timeout=20)
        await chat.stop()
        await world.finished()


async def test_in_a_group_each_members_words_wait_for_their_own_answer(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann, bob = await world.person(credits=10), await world.person("Bob", credits=10)
        group = await world.tg.group("Friends", [ann, bob])
        mine, theirs = ann.in_(group), bob.in_(group)
        world.services.neuroapi.state.scale = 1.0
        await mine.send(LONG)
        shown = await mine.wait("Simulated answer", timeout=20, button="Stop")
        await waits(mine, "/ask and hens?")
        await theirs.send("/ask and cows?")
        await theirs.wait("New conversation")
        world.services.neuroapi.state.scale = 0.002
        await mine.click("Stop", on=shown)
        await mine.wait("Simulated answer: and hens?", timeout=20)
        await world.finished()
        assert sorted(job.prompt for job in await world.jobs())[1:] == ["and cows?", "and hens?"]
        with pytest.raises(ClientError, match="no draft"):
            await mine.stop()


async def test_where_reactions_are_not_allowed_words_say_that_it_waits(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        await speaking(world, chat)
        allowed = METHODS["setmessagereaction"]
        METHODS["setmessagereaction"] = refused
        try:
            await chat.send("and hens?")
            await chat.wait("I will answer this next")
        finally:
            METHODS["setmessagereaction"] = allowed
        await chat.wait_draft("Simulated answer", timeout=20)
        await chat.stop()
        world.services.neuroapi.state.scale = 0.002
        await chat.wait("Simulated answer: and hens?", timeout=20)
        await world.finished()
