"""/jobs lists orders; answers have a list of their own behind a button, better wordings of prompts are in none."""

from bot.domain.jobs import JobState
from tests.drivers.app import easel

CHAT = ("ai_now", "neuroapi")


async def test_orders_and_answers_have_lists_of_their_own(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        chat = (await world.person(credits=100)).private()
        await chat.send("/jobs")
        assert "‹ Menu" in (none := await chat.wait("You have no orders yet")).buttons
        assert none.button("Show answers") is None
        await chat.send("/pika --style 4 a lake")
        card = await chat.wait("a lake", button="Improve my prompt")
        await chat.click("Improve my prompt", on=card)
        await chat.click("Confirm", on=await chat.wait("soft light", button="Use my original"))
        await chat.wait_for(lambda m: m.kind == "video")
        assert (await world.finished()).state is JobState.DONE
        await chat.send("/jobs")
        listed = await chat.wait("Your orders (1)")
        assert listed.button("Show answers") is None, "a better wording is no answer"
        await chat.send("/ask why is the sky blue")
        await chat.wait("Simulated answer")
        await world.finished()
        assert len(await world.jobs()) == 3
        await chat.send("/jobs")
        listed = await chat.wait("Your orders (1)", button="Show answers")
        assert "sky" not in listed.text
        await chat.click("Show answers", on=listed)
        answers = await chat.wait("Answers to your questions (1)", button="Show orders")
        assert answers.id == listed.id
        assert "why is the sky blue" in answers.text
        assert "lake" not in answers.text
        await chat.click("why is the sky blue", on=answers)
        await chat.click("‹ Back", on=await chat.wait("State: done", button="Back"))
        await chat.click("Show orders", on=await chat.wait("Answers to your questions (1)"))
        await chat.wait("Your orders (1)", button="Show answers")


async def test_answers_alone_are_found_from_an_empty_list_of_orders(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        chat = (await world.person("Anna", credits=100, language="ru")).private()
        await chat.send("/jobs")
        assert (await chat.wait("Заказов пока нет")).button("Показать ответы") is None
        await chat.send("/ask почему небо голубое")
        await chat.wait(button="Новая тема")
        await world.finished()
        await chat.send("/jobs")
        await chat.click("Показать ответы", on=await chat.wait("Заказов пока нет", button="Показать ответы"))
        answers = await chat.wait("Ответы на ваши вопросы (1)", button="Показать заказы")
        assert "почему небо голубое" in answers.text
        await chat.forge(answers.id, "m:answers:99")
        await chat.forge(answers.id, "m:answers:x")
        assert "Ответы на ваши вопросы (1)" in (await chat.refresh(answers)).text
