"""Messages that Telegram refuses in every form: the order ends at once, and the next one is taken."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.session.middlewares.base import NextRequestMiddlewareType
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import Response, TelegramMethod

from bot.app import Wrap
from bot.domain.jobs import CUT, Cause, JobState
from bot.telegram.chat.markdown.blocks import Part
from bot.telegram.outbox.bot import EaselBot
from tests.drivers.app import easel

CHAT = ("ai_now", "neuroapi")


@dataclass
class Refusing:
    """Telegram, which refuses the messages that say one of these words."""

    words: tuple[str, ...]
    refused: int = 0

    @property
    def wrap(self) -> Wrap:
        return Wrap(bot=self._watch)

    def _watch(self, bot: EaselBot) -> EaselBot:
        async def call(
            make_request: NextRequestMiddlewareType[Any], bot: Bot, method: TelegramMethod[Any]
        ) -> Response[Any]:
            said = f"{getattr(method, 'text', '')} {getattr(method, 'caption', '')}"
            if method.__api_method__ != "sendMessageDraft" and any(word in said for word in self.words):
                self.refused += 1
                raise TelegramBadRequest(method=method, message="Bad Request: MESSAGE_REFUSED")
            return await make_request(bot, method)

        bot.session.middleware.register(call)
        return bot


def in_parts(*texts: str) -> Callable[..., tuple[Part, ...]]:
    return lambda _t, _job, first: tuple(Part(text, text) for text in texts)


async def test_an_answer_that_is_refused_ends_at_once_and_costs_nothing(sqlite_url: str) -> None:
    telegram = Refusing(("Simulated answer",))
    async with easel(sqlite_url, providers=CHAT, wrap=telegram.wrap) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        await chat.send("/ask why?")
        job = await world.finished()
        assert (job.state, job.cause, job.tries) == (JobState.FAILED, Cause.NOT_SHOWN, 0)
        assert telegram.refused == 2  # as HTML, and plain
        await chat.wait("could not be shown in this chat. You were not charged.")
        assert await world.balance(ann) == (10, 0)
        telegram.words = ()
        await chat.send("/ask and now?")
        await chat.wait("Simulated answer: and now?")
        await world.finished()


@pytest.mark.parametrize("group", [False, True])
async def test_of_an_answer_whose_second_message_is_refused_the_first_is_paid(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, group: bool
) -> None:
    monkeypatch.setattr("bot.telegram.chat.answer_view.answer_parts", in_parts("the first", "the second", "the third"))
    telegram = Refusing(("the second",))
    async with easel(sqlite_url, providers=CHAT, wrap=telegram.wrap) as world:
        ann = await world.person(credits=10)
        chat = ann.in_(await world.tg.group("Friends", [ann])) if group else ann.private()
        await chat.send("/ask why?")
        job = await world.finished()
        assert (job.state, job.facts[CUT]) == (JobState.DONE, Cause.NOT_SHOWN.value)
        told = await chat.wait("The rest of this answer could not be shown. What arrived was charged")
        first = next(m for m in await chat.messages() if m.text == "the first")
        assert told.message["reply_to_message"]["message_id"] == first.id == job.target.message_id
        assert not any("the third" in m.text for m in await chat.messages())


async def test_an_album_whose_words_are_refused_is_paid(sqlite_url: str) -> None:
    telegram = Refusing(())
    async with easel(sqlite_url, providers=("naive",), wrap=telegram.wrap) as world:
        ann = await world.person(credits=100)
        chat = ann.private()
        await chat.send("/naive_schnell --n 2 a lake")
        card = await chat.wait("a lake", button="Confirm")
        telegram.words = ("a lake\n\n",)  # how the words under the pictures begin
        await chat.click("Confirm", on=card)
        job = await world.finished()
        assert (job.state, job.shown, job.charged) == (JobState.DONE, 2, job.quote)
        assert telegram.refused
