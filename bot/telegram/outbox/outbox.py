"""Owns every call to Telegram: keeps the flood limits, obeys 429 per chat, retries what may be retried.

Answers and results go first, in order per chat (send_queue.py); progress uses what room is left (progress_edits.py).
"""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar, cast

import structlog
from aiogram.exceptions import TelegramBadRequest, TelegramMigrateToChat, TelegramNetworkError, TelegramRetryAfter
from aiogram.methods import TelegramMethod
from aiogram.types import InlineKeyboardMarkup
from cachetools import LRUCache

from bot.domain.jobs import Target
from bot.telegram.api import retry
from bot.telegram.api.errors import chat_gone
from bot.telegram.api.lease_fence import Fence, fenced
from bot.telegram.api.session import NotSent
from bot.telegram.outbox.flood_limits import Clock, FloodLimits, Rates, RealClock
from bot.telegram.outbox.progress_edits import TIMEOUT, Paint, ProgressPump, Reached, Spawn, Told
from bot.telegram.outbox.send_queue import SendQueue, Turn, chat_of

log = structlog.get_logger(__name__)
T = TypeVar("T")

MIGRATIONS_KEPT: Final = 1_000
NAMES_A_MESSAGE: Final = ("message_id", "message_ids", "ephemeral_message_id")


class Transport(Protocol):
    """Carries one call to Telegram, once."""

    def __call__(self, method: TelegramMethod[T], request_timeout: int | None = None) -> Awaitable[T]: ...


Migrated = Callable[[int, int], Awaitable[None]]


@dataclass(slots=True)
class Stats:
    """Counters since the start, for the metrics."""

    calls: int = 0
    failures: int = 0
    floods: int = 0
    retries: int = 0


class Outbox:
    """`migrated` is told when a group became a supergroup: (old chat id, new chat id)."""

    def __init__(
        self,
        transport: Transport,
        *,
        spawn: Spawn,
        rates: Rates | None = None,
        clock: Clock | None = None,
        jitter: Callable[[], float] = random.random,
        migrated: Migrated | None = None,
    ) -> None:
        self.stats = Stats()
        self.migrated = migrated
        self.fence: Fence | None = None
        """Asked right before each call that writes into a chat; None: where this is the only process."""
        self._transport = transport
        self._clock = clock or RealClock()
        self._jitter = jitter
        self._limits = FloodLimits(rates or Rates())
        self._turns = SendQueue(self._limits, self._clock)
        self._moved: LRUCache[int, int] = LRUCache(MIGRATIONS_KEPT)
        self._progress = ProgressPump(self._limits, self._clock, self._send_progress, self._turns.busy, spawn)

    async def call(self, method: TelegramMethod[T], request_timeout: int | None = None, *, notice: bool = False) -> T:
        """Carries a call within the limits. Raises what Telegram answered when trying again cannot help, NotSent when
        too much is waiting, TelegramRetryAfter when the chat is to be left alone for longer than a minute.

        New messages of a chat arrive in the order of the calls, and so do the edits of one message; an upload, which
        `request_timeout` marks, holds up no other call. A `notice` lets answers and results pass. "Not modified" is
        success: True for edits, whatever their declared result.
        """
        method = self._at_its_new_home(method)
        turn = self._turns.turn(method, upload=request_timeout is not None, notice=notice)
        try:
            return await self._call(method, request_timeout, turn)
        finally:
            # Also when it is cancelled: a key that is kept would hold up this message's edits for ever.
            if turn is not None:
                self._turns.leave(turn)

    def progress(self, target: Target, text: str, markup: InlineKeyboardMarkup | None) -> None:
        """Shows progress in a text message soon. Newer replaces older; none after `stop_progress`. Never raises."""
        self._progress.offer(target, lambda: (text, markup))

    def progress_of(
        self, target: Target, paint: Paint, *, lasts: float | None = None, told: Told | None = None
    ) -> None:
        """Shows progress that `paint` makes when it is sent: newer progress may replace it before. What is not sent
        for `lasts` seconds is not sent at all. `told` hears what became of it, if it is sent."""
        self._progress.offer(target, paint, lasts, told)

    async def hint(self, method: TelegramMethod[Any]) -> Reached:
        """One call that is not worth a second one, such as a draft: within the limits, its failure is only noted.

        Raises NotSent when too much is waiting, TelegramRetryAfter when the chat is to be left alone.
        """
        turn = self._turns.turn(method)
        if turn is None:
            return await self._send_progress(method, TIMEOUT)
        try:
            if not self._turns.at_once(turn):
                await self._turns.wait(turn)
            return await self._send_progress(method, TIMEOUT)
        finally:
            self._turns.land(turn)
            self._turns.leave(turn)

    def drop(self, target: Target) -> bool:
        """Drops the message's waiting progress: another writer has the message now. Whether an edit is under way, for
        10 seconds at most."""
        return self._progress.drop(target)

    async def stop_progress(self, target: Target) -> None:
        """Drops the message's waiting progress and waits for an edit under way: what is edited next stays.

        Later progress for the message is ignored until `reopen`.
        """
        await self._progress.stop_progress(target)

    def reopen(self, target: Target) -> None:
        """Lets progress through again: the final edit is put off."""
        self._progress.reopen(target)

    async def _call(self, method: TelegramMethod[T], request_timeout: int | None, turn: Turn | None) -> T:
        tries, waited, migrations = 0, 0.0, 0
        while True:
            if turn is not None and not self._turns.at_once(turn):
                await self._turns.wait(turn)
            tries += 1
            self.stats.calls += 1
            try:
                return await self._once(method, request_timeout, turn)
            except TelegramMigrateToChat as error:
                # Once: a group that moves on during the call would lead it in a circle.
                migrations += 1
                if migrations > 1:
                    raise
                method = await self._migrate(method, error.migrate_to_chat_id)
                if turn is not None:
                    self._turns.move(turn, method)
            except Exception as error:
                if retry.harmless(method, error):
                    return cast("T", True)
                self.stats.failures += 1
                upload = request_timeout is not None
                plan = retry.again(method, error, tries=tries, waited=waited, upload=upload, jitter=self._jitter)
                self._note_flood(method, error)
                if plan is None:
                    raise
                self.stats.retries += 1
                if plan.flood:
                    # A flood limit is no failure of the call: the time waited bounds it, not the number of tries.
                    waited += plan.seconds
                    tries -= 1
                # Telegram holds up the chat, which the limits know: the turn at the top waits, and so do the other
                # calls to it. Only what has no chat waits here.
                if not plan.flood or chat_of(method) is None:
                    await self._clock.sleep(plan.seconds)

    async def _once(self, method: TelegramMethod[T], request_timeout: int | None, turn: Turn | None) -> T:
        """The call, in a moment in which this process is sure of its lease: after a freeze its tasks learn first that
        others have their jobs, and end here."""
        try:
            if self.fence is not None and fenced(method):
                try:
                    await self.fence.surely()  # nothing is awaited from here to the transport
                except TimeoutError:
                    raise NotSent(method=method, message="this process is not sure of its lease") from None
            return await self._transport(method, request_timeout)
        finally:
            if turn is not None:
                self._turns.land(turn)

    def _note_flood(self, method: TelegramMethod[Any], error: Exception) -> None:
        chat = chat_of(method)
        if isinstance(error, TelegramRetryAfter):
            self.stats.floods += 1
            log.warning("telegram.flood", chat=chat, method=method.__api_method__, retry_after=error.retry_after)
            if chat is not None:
                # A little later than Telegram said, and not all processes at the same moment.
                self._limits.block(chat, self._clock.time(), error.retry_after + 0.2 * self._jitter())

    async def _send_progress(self, method: TelegramMethod[Any], request_timeout: int) -> Reached:
        """Once: progress that fails is not worth a second call. The pump has booked it. A process that is not sure of
        its lease shows nothing: the message may have its last word by now."""
        if self.fence is not None and not self.fence.sure():
            return Reached.UNKNOWN
        self.stats.calls += 1
        try:
            await self._transport(method, request_timeout)
        except (TelegramRetryAfter, TelegramNetworkError) as error:
            self._note_flood(method, error)
        except Exception as error:
            if not retry.harmless(method, error):
                self.stats.failures += 1
                log.info("telegram.progress_refused", chat=chat_of(method), error=str(error)[:200])
                return Reached.GONE if chat_gone(error) else Reached.UNKNOWN
        else:
            return Reached.SHOWN
        return Reached.UNKNOWN

    async def _migrate(self, method: TelegramMethod[T], new: int) -> TelegramMethod[T]:
        old = chat_of(method)
        if isinstance(old, int):
            log.info("telegram.migrated", chat=old, to=new)
            # Noted before the await below: calls to this chat that come meanwhile go to the new one.
            self._moved[old] = new
            if self.migrated is not None:
                await self.migrated(old, new)
        return _at_home(method, new)

    def _at_its_new_home(self, method: TelegramMethod[T]) -> TelegramMethod[T]:
        new = self._moved.get(chat) if isinstance(chat := chat_of(method), int) else None
        return method if new is None else _at_home(method, new)


def _at_home(method: TelegramMethod[T], chat: int) -> TelegramMethod[T]:
    """The same call in the supergroup. Messages have other ids there: one that names a message would hit another, and
    what was an answer answers nothing."""
    if any(getattr(method, name, None) is not None for name in NAMES_A_MESSAGE):
        raise TelegramBadRequest(method=method, message="message to edit not found: its group became a supergroup")
    answers = {"reply_parameters": None} if getattr(method, "reply_parameters", None) is not None else {}
    return method.model_copy(update={"chat_id": chat, **answers})
