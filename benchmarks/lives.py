"""Two hundred jobs in private chats and groups, as the outbox sees them: openings, progress, results, notices, answers.

Times are Telegram's seconds; a `scale` makes both sides so many times as fast.
"""

import asyncio
import math
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from aiogram.methods import EditMessageText, SendMediaGroup, SendMessage, TelegramMethod
from aiogram.types import InputMediaPhoto

from bot.domain.jobs import Target
from bot.telegram.api.retry import maybe_arrived
from bot.telegram.api.session import NotSent
from bot.telegram.outbox.flood_limits import Clock
from bot.telegram.outbox.outbox import Outbox

BURST: Final = 3
GROUP_CALLS: Final = 20
READY_AFTER: Final = 30.0
UPLOAD: Final = 60
"""Seconds that an upload is given."""
FAILED: Final = (TelegramNetworkError, TelegramServerError, TelegramRetryAfter)
PUT_OFF: Final = 5.0
"""Seconds after which the engine delivers again what Telegram did not take."""

Transport = Callable[[TelegramMethod[Any], int | None], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Life:
    """A job: ordered in `chat` at `begins`, its result there after `takes` seconds; `upload`: as a file."""

    number: int
    chat: int
    begins: float
    takes: float
    upload: bool
    pictures: int = 1
    """More than one come as an album of new messages."""


def lives(
    people: Sequence[int], groups: Sequence[int], *, each: int = 5, albums: bool = False, seed: int = 4
) -> list[Life]:
    """A job for each of the people, a second one for every eighth, and `each` in every group."""
    rng = random.Random(seed)
    chats = [*people, *people[::8], *(group for group in groups for _ in range(each))]
    return [
        Life(
            number,
            chat,
            rng.uniform(0, 10),
            rng.uniform(20, 70),
            rng.random() < 0.5,
            4 if albums and number % 10 == 0 else 1,
        )
        for number, chat in enumerate(chats)
    ]


@dataclass(slots=True)
class Told:
    """What became of it all. Delays are seconds beyond the later of ready and permitted by the chat's limit."""

    delays: list[float] = field(default_factory=list)
    edits: dict[int, int] = field(default_factory=dict)
    """Of each job: the edits of its progress."""
    floods: int = 0
    calls: int = 0


class Rehearsal:
    """Plays lives on an outbox whose transport is `self.carry`."""

    def __init__(self, wire: Transport, clock: Clock, *, scale: float = 1.0) -> None:
        self.told = Told()
        self.outbox: Outbox
        self._wire = wire
        self._clock = clock
        self._scale = scale
        self._sent: dict[int, list[float]] = defaultdict(list)
        """When the calls of each chat were answered that matter more than progress and notices, and all calls."""
        self._less: dict[int, list[float]] = defaultdict(list)
        self._left: dict[int, float] = {}
        """When each result set out the last time."""

    async def carry(self, method: TelegramMethod[Any], request_timeout: int | None = None) -> Any:
        self.told.calls += 1
        words = str(getattr(method, "text", ""))
        what, _, number = words.partition(" ")
        if what == "done":
            self._left[int(number)] = self._clock.time()
        try:
            answer = await self._wire(method, request_timeout)
        except TelegramRetryAfter:
            self.told.floods += 1
            raise
        if what == "progress":
            job = int(number.partition(" ")[0])
            self.told.edits[job] = self.told.edits.get(job, 0) + 1
        less = self._less if what in ("progress", "ready") else self._sent
        cost = len(getattr(method, "media", "1"))
        less[int(getattr(method, "chat_id", 0))] += [self._clock.time()] * cost
        return answer

    async def play(self, cast: Sequence[Life], *, answers: float = 2.0) -> Told:
        """Until all have ended; meanwhile so many `answers` a second go to people."""
        chatter = asyncio.ensure_future(self._chatter([life.chat for life in cast if life.chat > 0], answers))
        try:
            await asyncio.gather(*map(self._live, cast))
        finally:
            chatter.cancel()
        return self.told

    async def _chatter(self, chats: Sequence[int], rate: float) -> None:
        rng = random.Random(9)
        answers: set[asyncio.Future[Any]] = set()
        try:
            while True:
                await self._sleep(1 / rate)
                send = self.outbox.call(SendMessage(chat_id=rng.choice(chats), text="answer"))
                answers.add(asyncio.ensure_future(send))
                done = {each for each in answers if each.done()}
                answers -= done
                for each in done:
                    if (error := each.exception()) is not None and not isinstance(error, FAILED):
                        raise error
        finally:
            for each in answers:
                each.cancel()
            await asyncio.gather(*answers, return_exceptions=True)

    async def _live(self, life: Life) -> None:
        await self._sleep(life.begins)
        opened = await self._surely(SendMessage(chat_id=life.chat, text=f"open {life.number}"))
        target = Target(life.chat, None, opened.message_id)
        began = self._clock.time()
        while (passed := (self._clock.time() - began) * self._scale) < life.takes:
            self.outbox.progress(target, f"progress {life.number} at {passed:.0f}", None)
            await self._sleep(min(1.0, life.takes - passed))
        if life.pictures > 1:
            await self.outbox.stop_progress(target)
            album: Any = [InputMediaPhoto(media=f"picture {n}") for n in range(life.pictures)]
            await self._surely(SendMediaGroup(chat_id=life.chat, media=album), UPLOAD)
        ready = self._clock.time()
        await self._end(
            life, target, EditMessageText(chat_id=life.chat, message_id=target.message_id, text=f"done {life.number}")
        )
        arrived = self._left[life.number] if life.upload else self._clock.time()  # upload time apart
        self.told.delays.append(self._beyond(life.chat, ready, arrived))
        if life.takes > READY_AFTER:
            await self._notify(SendMessage(chat_id=life.chat, text=f"ready {life.number}"))

    async def _end(self, life: Life, target: Target, edit: EditMessageText) -> None:
        while True:
            await self.outbox.stop_progress(target)
            try:
                await self.outbox.call(edit, UPLOAD if life.upload else None)
            except FAILED:
                self.outbox.reopen(target)
                await self._sleep(PUT_OFF)
            else:
                return

    async def _surely(self, send: TelegramMethod[Any], seconds: int | None = None) -> Any:
        while True:
            try:
                return await self.outbox.call(send, seconds)
            except (NotSent, TelegramRetryAfter):
                await self._sleep(PUT_OFF)

    async def _notify(self, send: SendMessage) -> None:
        """At most once, as the chat does it."""
        while True:
            try:
                await self.outbox.call(send, notice=True)
            except FAILED as error:
                if maybe_arrived(error):
                    return
                await self._sleep(PUT_OFF)
            else:
                return

    async def _sleep(self, seconds: float) -> None:
        await self._clock.sleep(max(seconds, 0.001) / self._scale)

    def _beyond(self, chat: int, ready: float, arrived: float) -> float:
        """Seconds (Telegram's) from the later of ready and permitted until it arrived. Progress and notices that
        went out after the result was ready are no excuse."""
        before = [at for at in self._less[chat] if at <= ready]
        past = sorted([*before, *(at for at in self._sent[chat] if at < arrived)])
        start = min(ready, *past) if past else ready
        at = permitted([(each - start) * self._scale for each in past], (ready - start) * self._scale, group=chat < 0)
        return (arrived - start) * self._scale - at


def permitted(past: Sequence[float], ready: float, *, group: bool) -> float:
    """The first moment from `ready` on when a chat that was called at these times may be called again."""
    tokens, last = float(BURST), 0.0
    for at in past:
        tokens = min(float(BURST), tokens + at - last) - 1
        last = at
    moment = max(ready, last + 1 - tokens)
    if group and len(past) >= GROUP_CALLS:
        moment = max(moment, past[-GROUP_CALLS] + 60)
    return moment


def share(values: Sequence[float], part: float) -> float:
    """The value below which that part of them lies."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)]
