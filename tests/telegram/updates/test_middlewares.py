"""Whatever happens in a handler, the person is answered: tries that may pass, faults of ours, forgotten presses."""

import asyncio

import pytest
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import GetMe
from aiogram.types import CallbackQuery, Message

from bot.storage.database import Database
from tests.telegram.line import KEYS, running


async def test_failures_that_may_pass_are_tried_three_times(database: Database) -> None:
    attempts: list[int] = []

    async def shaky(message: Message, attempt: int) -> None:
        attempts.append(attempt)
        if attempt < 3 or message.text == "never":
            raise TelegramNetworkError(GetMe(), "no answer in time")

    async with running(database, message=shaky) as line:
        ann = await line.world.tg.user("Ann")
        await ann.private().send("at last")
        assert await line.settled(1) == [(True, False)]
        assert attempts == [1, 2, 3]
        await ann.private().send("never")
        assert await line.settled(2) == [(True, False), (True, True)]
        await ann.private().expect("Something broke on my side")
    assert attempts == [1, 2, 3, 1, 2, 3]


@pytest.mark.parametrize(("language", "words"), [("en", "Nothing was charged"), ("ru", "Кредиты не списаны")])
async def test_a_fault_of_ours_is_told_once_and_not_repeated(database: Database, language: str, words: str) -> None:
    calls: list[int] = []

    async def broken(message: Message) -> None:
        calls.append(1)
        raise KeyError("a bug")

    async def broken_press(query: CallbackQuery) -> None:
        raise KeyError("a bug")

    async with running(database, message=broken, press=broken_press) as line:
        ann = await line.world.tg.user("Ann", language=language)
        await ann.private().send("hello")
        await ann.private().expect(words)
        assert await line.settled(1) == [(True, True)]
        await line.world.bot.send_message(ann.id, "menu", reply_markup=KEYS)
        answer = await ann.private().click("Press")
        assert (answer.answered, answer.show_alert, words in answer.text) == (True, True, True)
    assert calls == [1]


async def test_every_press_is_answered(database: Database) -> None:
    async def silent(query: CallbackQuery) -> object:
        return None if query.data == "x:y" else UNHANDLED

    async with running(database, press=silent) as line:
        ann, chat = await line.world.person()
        await line.world.bot.send_message(ann.id, "menu", reply_markup=KEYS)
        assert (await chat.click("Press")).answered
        stale = await chat.forge((await chat.last()).id, "no such thing")
        assert (stale.answered, stale.text) == (True, "This button no longer works.")


async def test_an_answered_press_is_not_answered_again(database: Database) -> None:
    async def spoken(query: CallbackQuery) -> None:
        await query.answer("Done")

    async with running(database, press=spoken) as line:
        ann, chat = await line.world.person()
        await line.world.bot.send_message(ann.id, "menu", reply_markup=KEYS)
        assert (await chat.click("Press")).text == "Done"
        assert await line.world.statuses("answerCallbackQuery") == [200]  # and not a second time


async def test_a_person_who_blocked_the_bot_is_no_failure(database: Database) -> None:
    heard, blocked = asyncio.Event(), asyncio.Event()

    async def answer(message: Message) -> None:
        heard.set()
        await blocked.wait()
        await message.answer("hello")

    async with running(database, message=answer) as line:
        ann = await line.world.tg.user("Ann")
        await ann.private().send("hello")
        async with asyncio.timeout(10):
            await heard.wait()  # so the bot has told which updates it takes: the block is none of them
        await ann.block()
        blocked.set()
        assert await line.settled(1) == [(True, False)]
