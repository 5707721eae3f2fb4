"""What stands in the chat is charged, whatever the person does a moment later: they block the bot, or send it out of
their group, as soon as some of a result is there. What does not stand costs nothing."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.session.middlewares.base import NextRequestMiddlewareType
from aiogram.methods import Response, TelegramMethod

from bot.app import Wrap
from bot.domain.jobs import CUT, JobState
from bot.telegram.chat.markdown.blocks import Part
from bot.telegram.outbox.bot import EaselBot
from tests.drivers.app import easel

PICTURES = ("naive",)
CHAT = ("ai_now", "neuroapi")


@dataclass
class AfterACall:
    """Does something once Telegram has answered the `number`-th call of a method."""

    method: str
    number: int = 1
    act: Callable[[], Awaitable[Any]] | None = None
    _seen: int = field(default=0)

    @property
    def wrap(self) -> Wrap:
        return Wrap(bot=self._watch)

    def _watch(self, bot: EaselBot) -> EaselBot:
        async def call(
            make_request: NextRequestMiddlewareType[Any], bot: Bot, method: TelegramMethod[Any]
        ) -> Response[Any]:
            answer = await make_request(bot, method)
            if self.act is not None and method.__api_method__ == self.method:
                self._seen += 1
                if self._seen == self.number:
                    await self.act()
            return answer

        bot.session.middleware.register(call)
        return bot


async def test_a_bot_blocked_when_the_album_stands_is_paid(sqlite_url: str) -> None:
    after = AfterACall("sendMediaGroup")
    async with easel(sqlite_url, providers=PICTURES, wrap=after.wrap) as world:
        ann = await world.person(credits=100)
        chat = ann.private()
        after.act = ann.block
        await chat.send("/naive_schnell --n 4 a lake")
        await chat.click("Confirm", on=await chat.wait("a lake", button="Confirm"))
        job = await world.finished()
        assert (job.state, job.shown, job.charged) == (JobState.DONE, 4, job.quote)
        assert await world.balance(ann) == (100 - job.quote / 1_000_000, 0)
        await ann.unblock()
        await chat.send("/jobs")
        await chat.wait("a lake")


async def test_of_pictures_that_come_one_by_one_those_are_paid_that_came(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.jobs.message.albums.TOGETHER", {})  # every picture is a message of its own
    after = AfterACall("sendPhoto", number=3)
    async with easel(sqlite_url, providers=PICTURES, wrap=after.wrap) as world:
        ann = await world.person(credits=100)
        chat = ann.private()
        after.act = ann.block
        await chat.send("/naive_schnell --n 4 a lake")
        await chat.click("Confirm", on=await chat.wait("a lake", button="Confirm"))
        job = await world.finished()
        assert (job.state, job.shown, job.charged) == (JobState.DONE, 3, job.quote * 3 // 4 // 10_000 * 10_000)
        assert (len(job.assets), len(job.delivered)) == (3, 3)  # the fourth is not to be had later for nothing


async def test_an_orderer_who_sends_the_bot_out_pays_and_hears_of_it_in_private(sqlite_url: str) -> None:
    after = AfterACall("sendMediaGroup")
    async with easel(sqlite_url, providers=PICTURES, wrap=after.wrap) as world:
        ann = await world.person(credits=100)
        group = await world.tg.group("Friends", [ann])
        chat = ann.in_(group)

        async def out() -> None:
            await group.set_bot("kicked")

        after.act = out
        await chat.send("/naive_schnell --n 2 a lake")
        await chat.click("Confirm", on=await chat.wait("a lake", button="Confirm"))
        job = await world.finished()
        assert (job.state, job.shown, job.charged) == (JobState.DONE, 2, job.quote)
        told = await ann.private().wait("in a group where I can no longer write")
        assert "you were charged" in told.text
        assert "Receipt: /jobs" in told.text


async def test_the_first_message_of_a_long_answer_is_paid(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = (Part("first", "first"), Part("second", "second"), Part("third", "third"))
    monkeypatch.setattr("bot.telegram.chat.answer_view.answer_parts", lambda t, job, first: parts)
    after = AfterACall("sendMessage")
    async with easel(sqlite_url, providers=CHAT, wrap=after.wrap) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        await chat.send("/ask why?")
        job = await world.finished()
        assert job.state is JobState.DONE
        usual = job.charged
        after.act, after._seen = ann.block, 0
        await chat.send("/ask why?")
        await world.job(lambda found: found.id != job.id)
        cut = await world.finished()
        assert (cut.state, cut.charged, CUT in cut.facts) == (JobState.DONE, usual, True)
        assert [m.text for m in await chat.messages()].count("second") == 1
