"""200 jobs in private chats and groups at a Telegram with limits, in virtual time: paced, fair, nothing lost."""

import asyncio
import random
from collections import Counter, defaultdict
from typing import Any

from aiogram.exceptions import TelegramBadRequest, TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from aiogram.methods import TelegramMethod
from aiogram.types import MessageId

from benchmarks.lives import UPLOAD, Life, Rehearsal, Told, lives, share
from bot.engine.supervisor import Supervisor
from bot.telegram.outbox.outbox import Outbox
from sandbox.telegram.control.config import Limits
from sandbox.telegram.wire.limits import FloodControl
from tests.telegram.virtual import SOMETHING, VirtualClock, VirtualLoop

PEOPLE = range(1, 113)
GROUPS = range(-15, 0)


class Flooded:
    """A Telegram with limits at the end of a slow and uneven line; it may fail, by a seed, in every way it can."""

    def __init__(self, clock: VirtualClock, uploads: tuple[float, float], trouble: float) -> None:
        self.flood = FloodControl(Limits(), clock.time)
        self.shown: dict[tuple[int, int], str] = {}
        self.sent: dict[int, list[str]] = defaultdict(list)
        self.own_floods = 0
        self._rng = random.Random(20)
        self._uploads = uploads
        self._trouble = trouble
        self._count = 0

    async def __call__(self, method: TelegramMethod[Any], request_timeout: int | None = None) -> Any:
        rng = self._rng
        await asyncio.sleep(
            rng.uniform(*self._uploads) if request_timeout == UPLOAD else min(2.0, rng.lognormvariate(-3.0, 0.8))
        )
        spared = not self._trouble or str(getattr(method, "text", "open")).startswith("open")
        fate = 1.0 if spared else rng.random() / self._trouble
        if fate < 0.3:
            raise TelegramRetryAfter(SOMETHING, "flood", rng.choice([1, 3, 9, 40]))
        if fate < 0.5:
            raise TelegramServerError(SOMETHING, "Bad Gateway")
        if fate < 0.7:
            raise TelegramNetworkError(SOMETHING, "dropped before")
        chat, name = int(method.chat_id), method.__api_method__  # type: ignore[attr-defined]
        cost = len(getattr(method, "media", "1"))
        if wait := self.flood.check(chat, group=chat < 0, cost=cost):
            self.own_floods += 1
            raise TelegramRetryAfter(SOMETHING, "flood", wait)
        answer = self._apply(name, chat, method)
        await asyncio.sleep(min(2.0, rng.lognormvariate(-3.0, 0.8)))
        if fate < 1.0:
            raise TelegramNetworkError(SOMETHING, "answer dropped")
        return answer

    def _apply(self, name: str, chat: int, method: Any) -> Any:
        if name == "sendMessage":
            self._count += 1
            self.shown[chat, self._count] = method.text
            self.sent[chat].append(method.text)
            return MessageId(message_id=self._count)
        if name == "sendMediaGroup":
            self.sent[chat].append("album")
            return []
        if self.shown[chat, method.message_id] == method.text:
            raise TelegramBadRequest(SOMETHING, "Bad Request: message is not modified")
        self.shown[chat, method.message_id] = method.text
        return True


def rehearse(
    *, uploads: tuple[float, float] = (0.5, 4.0), albums: bool = True, trouble: float = 0.0
) -> tuple[list[Life], Told, Flooded]:
    cast = lives(PEOPLE, GROUPS, albums=albums)

    async def run() -> tuple[list[Life], Told, Flooded]:
        clock, supervisor = VirtualClock(), Supervisor()
        server = Flooded(clock, uploads, trouble)
        rehearsal = Rehearsal(server, clock)
        rehearsal.outbox = Outbox(rehearsal.carry, spawn=supervisor.spawn, clock=clock, jitter=lambda: 0.5)
        told = await rehearsal.play(cast)
        await asyncio.sleep(120)
        await supervisor.stop()
        return cast, told, server

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(run())


def ends_of(server: Flooded) -> Counter[str]:
    """The last states of messages that are ends of jobs."""
    return Counter(text for text in server.shown.values() if text.startswith("done"))


def test_two_hundred_jobs_meet_no_flood_and_their_results_come_when_they_may() -> None:
    cast, told, server = rehearse()
    assert len(cast) == 201
    assert (told.floods, server.own_floods) == (0, 0)
    assert ends_of(server) == Counter(f"done {life.number}" for life in cast)
    assert len(told.delays) == len(cast)
    assert share(told.delays, 0.99) <= 1.0
    often = [told.edits.get(life.number, 0) / life.takes for life in cast if life.chat > 0]
    assert share(often, 0.1) >= 0.5 * share(often, 0.9)
    for group in GROUPS:
        counts = [told.edits.get(life.number, 0) for life in cast if life.chat == group]
        assert 1 <= min(counts) <= max(counts) <= min(counts) + 1


def test_long_uploads_hold_up_nobody() -> None:
    cast, told, server = rehearse(uploads=(5.0, 40.0), albums=False)
    assert (told.floods, server.own_floods) == (0, 0)
    assert len(told.delays) == len(cast)
    assert share(told.delays, 0.99) <= 1.0


def test_with_a_telegram_that_refuses_and_drops_every_end_arrives_and_nobody_is_told_twice() -> None:
    cast, told, server = rehearse(trouble=0.2)
    assert told.floods > 50
    assert ends_of(server) == Counter(f"done {life.number}" for life in cast)
    notices = Counter(text for texts in server.sent.values() for text in texts if text.startswith("ready"))
    assert max(notices.values()) == 1
    assert sum(text.startswith("open") for texts in server.sent.values() for text in texts) == len(cast)
