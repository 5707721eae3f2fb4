"""A part of a message that is quoted, in the same chat or from another one, is what the words are about."""

from typing import Any

from tests.drivers.app import World, easel

CHAT = ("ai_now", "neuroapi")
STORY = "A fox walks. A red fox in the snow at dawn. It sleeps."


def asked(world: World) -> str:
    body: Any = world.services.neuroapi.requests[-1].body
    return str(body["messages"][-1]["content"])


async def test_a_question_is_about_the_quoted_part(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        chat = (await world.person(credits=100)).private()
        story = await chat.send(STORY)
        await chat.send("/ask what is this?", reply_to=story, quote="A red fox in the snow at dawn.")
        await chat.wait("Simulated answer")
        await world.finished()
        assert asked(world) == "A red fox in the snow at dawn.\n\nwhat is this?"
        await chat.send("and why?", reply_to=story, quote="It sleeps.")  # one just writes on
        await chat.wait("Simulated answer: It sleeps.")
        await world.finished()
        assert asked(world) == "It sleeps.\n\nand why?"
        await chat.send("and this?", quote="A bear, from elsewhere", quoted_from="Bob")
        await chat.wait("Simulated answer: A bear")
        await world.finished()
        assert asked(world) == "A bear, from elsewhere\n\nand this?"
        await chat.send("/ask", quote="What do bears eat?", quoted_from="Bob")
        await chat.wait("Simulated answer: What do bears eat?")
        assert asked(world) == "What do bears eat?"


async def test_a_part_of_the_answer_is_what_is_asked_about(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        anna = await world.person("Анна", credits=100, language="ru")
        there = anna.in_(await world.tg.group("Друзья", [anna]))
        await there.send("/ask why is the sky blue?")
        answer = await there.wait("first this")
        await world.finished()
        await there.send("почему?", reply_to=answer, quote="first this")
        await world.job(lambda job: job.prompt == "first this\n\nпочему?")
        await world.finished()


async def test_an_order_is_of_the_quoted_part(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=100)
        group = await world.tg.group("Friends", [ann])
        for chat in (ann.private(), ann.in_(group)):
            story = await chat.send(STORY)
            await chat.send("/pika", reply_to=story, quote="A red fox in the snow at dawn.")
            card = await chat.wait("A red fox in the snow at dawn.", button="Watercolor")
            assert "It sleeps" not in card.text
            await chat.send("/pika slow zoom", reply_to=story, quote="It sleeps.")
            card = await chat.wait("slow zoom")
            assert "It sleeps.\nslow zoom" in card.text
            await chat.send("/pika", quote="A bear", quoted_from="Bob")
            await chat.wait("A bear")


async def test_a_quoted_part_of_what_the_bot_wrote_is_an_order_too(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        chat = (await world.person(credits=100, language="ru")).private()
        await chat.send("/ask расскажи о лисе")
        answer = await chat.wait(button="Новая тема")
        await world.finished()
        part = answer.text.split("\n")[0][:20].strip()
        await chat.send("/pika", reply_to=answer, quote=part)
        await chat.wait(part, button="Акварель")
        await chat.send("/new")
        await chat.wait("азговор забыт")
        await chat.send("в акварели", quote="Рыжая лиса", quoted_from="Боб")
        card = await chat.wait("Рыжая лиса")
        assert "в акварели" in card.text
