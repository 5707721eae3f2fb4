"""A long text that a client cut into several messages is one question, one order and one refusal."""

import asyncio
from typing import Any

from bot.domain.jobs import JobState
from sandbox.client import ChatView
from tests.drivers.app import World, easel

CHAT = ("ai_now", "neuroapi")
LIMIT = 4096


def asked(world: World) -> list[dict[str, Any]]:
    body: Any = world.services.neuroapi.requests[-1].body
    return list(body["messages"])


async def pasted(chat: ChatView, text: str) -> None:
    """Sends a text as a client does: in pieces of the greatest length, one right after another."""
    for start in range(0, len(text), LIMIT):
        await chat.send(text[start : start + LIMIT])


async def test_a_long_question_is_one(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=100)
        chat = ann.private()
        long = "sum this up: " + " ".join(f"line {n}" for n in range(700))
        await pasted(chat, f"/ask {long}")
        await chat.wait("Simulated answer")
        assert (await world.finished()).state is JobState.DONE
        assert asked(world)[-1] == {"role": "user", "content": long}
        await pasted(chat, f"and this: {long}")  # one just writes on
        await chat.wait("Simulated answer: and this")
        await world.finished()
        assert [job.prompt for job in await world.jobs()] == [long, f"and this: {long}"]


async def test_a_long_question_in_a_group_is_one(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        anna = await world.person("Анна", credits=100, language="ru")
        group = await world.tg.group("Друзья", [anna])
        await group.set_bot("administrator")  # else Telegram shows it the piece with the command alone
        there = anna.in_(group)
        long = "о чём здесь речь: " + " ".join(f"строка {n}" for n in range(500))
        await pasted(there, f"/ask {long}")
        await world.finished()
        assert [job.prompt for job in await world.jobs()] == [long]


async def test_what_is_too_long_even_so_is_refused_once(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        chat = (await world.person(credits=100)).private()
        await pasted(chat, "/pika " + "a lake, " * 1200)
        await chat.wait("Your text has 9599 characters")
        await asyncio.sleep(0.5)
        assert len([msg for msg in await chat.messages() if msg.from_bot]) == 2, "the greeting, and one refusal"
        assert await world.jobs() == []
