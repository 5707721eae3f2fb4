"""A question that waits for the end of an answer: joined, asked once, moved with its group, gone with its person."""

import asyncio

import pytest

from bot.domain.errors import NotEnoughCredits, QuestionTooLong, StillAnswering
from bot.domain.jobs import JobState, Target
from bot.engine.accounts.users import User
from bot.engine.conversations import waiting
from bot.engine.conversations.memory import Ask
from bot.engine.conversations.waiting import WaitingQuestion
from bot.engine.jobs.submit import Wanted
from bot.engine.privacy import erasure
from bot.providers.base import Accepted
from bot.storage.database import Database
from tests.engine.chat_kit import answer, ask, chatting
from tests.engine.kit import Kit


async def wait_behind(kit: Kit, ann: User, text: str, message: int, *, name: str = "") -> bool:
    """Writes in the private chat; whether it waits."""
    wanted = Wanted(name or f"m{message}", "gpt", Target(ann.id, None, 0), "en", text)
    return await kit.asks.checkout(ann, wanted, Ask(question_id=message)) is None


async def test_messages_are_joined_and_asked_once(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann, gate = await kit.person(1, 10), asyncio.Event()
        toy.scripts["one"] = (Accepted(None), gate, *answer("about one")[1:])
        first = await ask(kit, ann, "one")
        await kit.state(first.placed.job.id, JobState.RUNNING)
        assert await wait_behind(kit, ann, "two", 11)
        assert await wait_behind(kit, ann, "three", 12)
        assert await wait_behind(kit, ann, "three", 12)  # handled again, after the answer to a commit was lost
        assert await kit.asks.ask_waiting(ann, 1) is None  # the answer is under way
        with pytest.raises(QuestionTooLong):
            await wait_behind(kit, ann, "x" * 8_000, 13)
        wanted = Wanted("again", "gpt", Target(1, None, 0), "en", "one")
        with pytest.raises(StillAnswering):
            await kit.asks.checkout(ann, wanted, Ask(replaces=first.placed.job.id))
        gate.set()
        await kit.finished(first.placed.job.id)
        asked = await asyncio.gather(*(kit.asks.ask_waiting(ann, 1) for _ in range(3)))
        assert [each is not None for each in asked].count(True) == 1
        job = await kit.finished("m11")
        assert job.prompt == "two\n\nthree"
        assert toy.said()[-1] == ("user", "two\n\nthree")
        assert await kit.asks.ask_waiting(ann, 1) is None


async def test_what_cannot_be_paid_waits_until_it_was_told(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann, gate = await kit.person(1, 2), asyncio.Event()
        toy.scripts["one"] = (Accepted(None), gate, *answer("about one", prompt_tokens="1", completion_tokens="99")[1:])
        first = await ask(kit, ann, "one")
        await kit.state(first.placed.job.id, JobState.RUNNING)
        assert await wait_behind(kit, ann, "two " * 60, 11)
        gate.set()
        await kit.finished(first.placed.job.id)
        with pytest.raises(NotEnoughCredits):
            await kit.asks.ask_waiting(ann, 1)
        found = await database.read(lambda conn: waiting.look(conn, 1, 1))
        assert found is not None
        assert await database.transaction(lambda conn: waiting.drop(conn, 1, 1))
        assert not await database.transaction(lambda conn: waiting.drop(conn, 1, 1))


async def test_words_that_waited_are_asked_with_the_next_ones(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 10)
        left = WaitingQuestion("left", Target(1, None, 5), "two", "gpt", {}, "en", "", (5,))
        await database.transaction(lambda conn: waiting.add(conn, 1, left))
        asked = await ask(kit, ann, "three")
        await kit.finished(asked.placed.job.id)
        assert toy.said() == [("user", "two\n\nthree")]
        assert await database.read(lambda conn: waiting.look(conn, 1, 1)) is None


async def test_it_moves_with_its_group_and_goes_with_its_person(database: Database) -> None:
    async with chatting(database) as (kit, _):
        ann = await kit.person(1, 10)

        def both(text: str, chat: int) -> WaitingQuestion:
            return WaitingQuestion(text, Target(chat, 3, 5), text, "gpt", {}, "en", "Ann", (5,))

        await database.transaction(lambda conn: waiting.add(conn, 1, both("old", -5)))
        await database.transaction(lambda conn: waiting.add(conn, 1, both("new", -100)))
        await database.transaction(lambda conn: waiting.move(conn, -5, -100))
        assert await database.read(lambda conn: waiting.look(conn, -5, 1)) is None
        found = await database.read(lambda conn: waiting.look(conn, -100, 1))
        assert found is not None
        assert found.text == "old\n\nnew"
        assert found.at == Target(-100, None, 0)
        await database.transaction(lambda conn: erasure._words(conn, ann.id))
        assert await database.read(lambda conn: waiting.look(conn, -100, 1)) is None
