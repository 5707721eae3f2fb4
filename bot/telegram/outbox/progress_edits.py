"""Progress edits: coalesced per message (newest wins), paced, and never after its last word began.

One task serves all messages while anything waits, so that thousands of running jobs cost no timer each; and each is
painted only when its turn has come, so that they cost no text and no keyboard either.
"""

import asyncio
import heapq
import itertools
import math
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Protocol

import structlog
from aiogram.methods import EditMessageText, TelegramMethod
from aiogram.types import InlineKeyboardMarkup

from bot.domain.jobs import Target
from bot.telegram.api.slim_methods import EditBriefly
from bot.telegram.outbox.flood_limits import Clock, FloodLimits, is_group
from bot.telegram.outbox.in_flight import Chat, Flight

log = structlog.get_logger(__name__)

MESSAGES_KEPT: Final = 20_000
CLOSED_KEPT: Final = 2_000
STOOD_KEPT: Final = 2_000
AT_ONCE: Final = 8
"""Progress edits under way at the same time."""
TIMEOUT: Final = 10
"""Seconds for one progress edit; `stop_progress` waits for it at most this long and then cuts it off."""
BUSY: Final = 0.5
"""Seconds after which a message whose chat is busy is looked at again."""

Key = tuple[int, int, str]
"""Chat, message, and the name of an inline message, whose chat is 0."""
Look = tuple[str, InlineKeyboardMarkup | None]
Paint = Callable[[], Look]
"""Makes text and keyboard of a progress message, when it is about to be sent."""


class Reached(Enum):
    """What became of one call that shows progress."""

    SHOWN = "shown"
    UNKNOWN = "unknown"
    """Not shown, or Telegram's answer was not heard."""
    GONE = "gone"
    """The chat vanished, or the person blocked the bot or sent it away: nothing can be shown there."""


Told = Callable[[Reached], None]
"""Hears what became of one call. Never blocks, never raises."""
Send = Callable[[TelegramMethod[Any], int], Awaitable[Reached]]


class Spawn(Protocol):
    """Starts a task whose failure the supervisor sees (its spawn)."""

    def __call__(self, coro: Coroutine[Any, Any, Any], *, name: str) -> asyncio.Task[Any]: ...


@dataclass(slots=True)
class _Entry:
    paint: Paint | None = None
    """The newest that was not sent yet."""
    told: Told | None = None
    """Hears what becomes of it."""
    shown: int | None = None
    """The hash of what was sent last."""
    stands: int | None = None
    """The hash of what Telegram took last."""
    until: float | None = None
    """When it is too old to be sent."""
    left: bool = False
    """Whether this process has nothing more to show in the message."""
    queued: bool = False
    """Whether the heap holds a place for it."""
    sent_at: float | None = None
    flight: asyncio.Task[Any] | None = None


class ProgressPump:
    """`busy` says whether something that matters more waits for a chat."""

    def __init__(
        self, limits: FloodLimits, clock: Clock, send: Send, busy: Callable[[Chat | None], bool], spawn: Spawn
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._send = send
        self._busy = busy
        self._spawn = spawn
        self._entries: OrderedDict[Key, _Entry] = OrderedDict()
        self._closed: OrderedDict[Key, None] = OrderedDict()
        self._stood: OrderedDict[Key, int] = OrderedDict()
        """What stands in messages that wait for another try: the next that shows the same there shows nothing."""
        self._due: list[tuple[float, float, int, Key]] = []
        """When, and among those of the same time who was shown longest ago."""
        self._live: Counter[int] = Counter()
        """Of each group: its messages with progress."""
        self._count = itertools.count()
        self._wake = asyncio.Event()
        self._flying = 0
        self._pump: asyncio.Task[Any] | None = None

    def offer(self, target: Target, paint: Paint, lasts: float | None = None, told: Told | None = None) -> None:
        """What was sent last is not sent again; a message with its last word takes no more."""
        key = _key(target)
        if not target.placed or key in self._closed:
            return
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = _Entry()
            entry.shown = entry.stands = self._stood.pop(key, None)
            self._note_live(key, 1)
            # The message longest without news goes: at worst its bar stands still.
            while len(self._entries) > MESSAGES_KEPT:
                self._note_live(self._entries.popitem(last=False)[0], -1)
        self._entries.move_to_end(key)
        entry.paint, entry.left, entry.told = paint, False, told
        entry.until = self._clock.time() + lasts if lasts is not None else None
        self._enqueue(key, entry, self._next_at(key, entry))

    def drop(self, target: Target) -> bool:
        entry = self._entries.get(key := _key(target))
        if entry is None:
            return False
        entry.paint, entry.left = None, True
        if entry.flight is None:
            self._leave(key)
        return entry.flight is not None

    async def stop_progress(self, target: Target) -> None:
        key = _key(target)
        # Closed before the wait below: what is offered meanwhile would be sent behind the last word.
        self._closed[key] = None
        while len(self._closed) > CLOSED_KEPT:
            self._closed.popitem(last=False)
        entry = self._entries.get(key)
        if entry is None:
            return
        self._leave(key)
        entry.paint = None
        if entry.flight is not None and not entry.flight.done():
            # The last word follows the edit under way: Telegram may carry out two requests in any
            # order, and the bar would stand last.
            _, late = await asyncio.wait({entry.flight}, timeout=TIMEOUT + 1)
            for task in late:
                task.cancel()

    def reopen(self, target: Target) -> None:
        self._closed.pop(_key(target), None)

    def _leave(self, key: Key) -> None:
        """Nothing more is to be shown for now: only what stands there is kept, unless an edit is under way."""
        entry = self._entries[key]
        self._forget(key)
        if entry.stands is not None and entry.flight is None:
            self._stood[key] = entry.stands
            while len(self._stood) > STOOD_KEPT:
                self._stood.popitem(last=False)

    def _forget(self, key: Key) -> None:
        del self._entries[key]
        self._note_live(key, -1)

    def _note_live(self, key: Key, more: int) -> None:
        chat = _chat(key)
        if chat is None or not is_group(chat):
            return
        self._live[chat] += more
        if not self._live[chat]:
            del self._live[chat]

    def _enqueue(self, key: Key, entry: _Entry, at: float) -> None:
        if entry.queued or entry.flight is not None:
            return
        entry.queued = True
        at = math.ceil(at * 1000) / 1000  # so that all who wait for the same call of a group wait for the same time
        heapq.heappush(self._due, (at, entry.sent_at or 0.0, next(self._count), key))
        # The pump ends with an empty heap, and no await lies between its last look and its end: nothing is
        # left behind in the heap.
        self._wake.set()
        if self._pump is None or self._pump.done():
            self._pump = self._spawn(self._run(), name="progress")

    def _next_at(self, key: Key, entry: _Entry) -> float:
        rates = self._limits.rates
        chat = _chat(key)
        private = chat is not None and not is_group(chat)  # an inline message may stand in any chat
        pace = (rates.progress_private if private else rates.progress_group) / rates.scale
        now = self._clock.time()
        return now if entry.sent_at is None else max(now, entry.sent_at + pace)

    async def _run(self) -> None:
        while self._due:
            # Cleared before the heap is read: what is offered from here on ends the wait below.
            self._wake.clear()
            now = self._clock.time()
            pause = self._due[0][0] - now
            if pause <= 0:
                overall = self._limits.overall_wait(now, progress=True)
                pause = max(overall, BUSY if self._flying >= AT_ONCE else 0.0)
            if pause > 0:
                await self._clock.wait(self._wake, pause)
                continue
            key = heapq.heappop(self._due)[-1]
            self._start(key, now)

    def _start(self, key: Key, now: float) -> None:
        entry = self._entries.get(key)
        if entry is None:
            return
        entry.queued = False
        if entry.paint is None:
            return
        chat = _chat(key)
        live = self._live.get(chat, 0) if chat is not None else 0
        wait = BUSY if self._busy(chat) else self._limits.wait(chat, now, progress=True, live=live)
        if wait > 0:
            self._enqueue(key, entry, now + wait)
            return
        told, look = entry.told, self._painted(key, entry)
        if look is None:
            return
        # No await since the limits were asked: the pump does not book one free call twice.
        flight = self._limits.book(chat, now)
        # Unknown until Telegram answers.
        entry.stands = None
        entry.sent_at = now
        self._flying += 1
        method = EditBriefly(**_place(key), text=look[0], reply_markup=look[1])
        entry.flight = self._spawn(self._fly(key, entry, method, flight, told), name="progress-edit")

    def _painted(self, key: Key, entry: _Entry) -> Look | None:
        """What is to be sent; None when that stands there already, is too old, or cannot be painted."""
        paint, entry.paint = entry.paint, None
        assert paint is not None
        if entry.until is not None and self._clock.time() > entry.until:
            return None
        try:
            text, markup = paint()
        except Exception:
            log.exception("telegram.progress_unpainted", chat=key[0])
            return None
        shown = hash((text, markup.model_dump_json() if markup is not None else None))
        if shown == entry.shown:
            return None
        # Noted before it is sent: an edit that fails is not repeated, newer progress takes its place.
        entry.shown = shown
        return text, markup

    async def _fly(self, key: Key, entry: _Entry, method: EditMessageText, flight: Flight, told: Told | None) -> None:
        try:
            reached = await self._send(method, TIMEOUT)
            entry.stands = entry.shown if reached is Reached.SHOWN else None
            if told is not None:
                told(reached)
        finally:
            self._limits.land(flight, self._clock.time())
            self._flying -= 1
            entry.flight = None
            self._wake.set()
            # It may have been stopped, or dropped and offered anew, during the edit: the new entry has its
            # own place in the heap.
            if self._entries.get(key) is entry:
                if entry.paint is not None:
                    self._enqueue(key, entry, self._next_at(key, entry))
                elif entry.left:
                    self._leave(key)


def _key(target: Target) -> Key:
    return target.chat_id, target.message_id, target.inline_id


def _chat(key: Key) -> int | None:
    """Whose limits hold; None: only the bot's own."""
    return key[0] or None


def _place(key: Key) -> dict[str, Any]:
    return {"inline_message_id": key[2]} if key[2] else {"chat_id": key[0], "message_id": key[1]}
