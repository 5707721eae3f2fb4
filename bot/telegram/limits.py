"""Telegram's flood limits, kept on our side: how long a call must wait for its chat and for the bot as a whole.

The limits are unpublished; about 30 calls a second overall, one a second per chat after a small burst, 20 a minute per
group. Edits count, answers to presses, reads and chat actions do not.
"""

import asyncio
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Protocol

CHATS_KEPT: Final = 20_000
COUNTED: Final = ("send", "edit", "copy", "forward")
UNCOUNTED: Final = frozenset({"sendChatAction"})

Chat = int | str


class Clock(Protocol):
    """Time as the outbox sees it."""

    def time(self) -> float: ...

    async def sleep(self, seconds: float) -> None: ...

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """Returns when the event is set or the time has passed."""
        ...


class RealClock:
    """The event loop's own sleep and a monotonic clock."""

    def time(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            pass


@dataclass(frozen=True, slots=True)
class Rates:
    """What we allow ourselves; `scale` multiplies every rate (a local server for tests, a larger bot)."""

    overall: int = 30
    """Calls in any second."""
    overall_window: float = 1.1
    """Seconds taken for that one: calls set out further apart than they arrive."""
    chat_interval: float = 1.02
    """Seconds per call of one chat, sustained: a little over one, for clocks differ."""
    chat_burst: int = 3
    group_calls: int = 20
    group_window: float = 61.0
    progress_overall: int = 20
    """Progress stays below this, so that answers always find room."""
    progress_group_calls: int = 12
    progress_private: float = 3.0
    """Seconds between two progress edits of one message."""
    progress_group: float = 10.0
    scale: float = 1.0


def is_group(chat: Chat) -> bool:
    """Groups and channels: negative ids, or public names."""
    return isinstance(chat, str) or chat < 0


@cache
def is_counted(method: str) -> bool:
    """Whether a Bot API method counts against the limits."""
    return method.startswith(COUNTED) and method not in UNCOUNTED


@dataclass(slots=True)
class _Lane:
    tokens: float
    at: float
    recent: deque[float] = field(default_factory=deque)
    blocked_until: float = 0.0


class Limits:
    """Bookkeeping only: `wait` says how long, `book` counts a call. At most 20,000 chats are remembered."""

    def __init__(self, rates: Rates) -> None:
        self.rates = rates
        self._overall: deque[float] = deque()
        self._lanes: OrderedDict[Chat, _Lane] = OrderedDict()
        self._interval = rates.chat_interval / rates.scale
        self._group_window = rates.group_window / rates.scale
        self._room = {
            progress: max(1, round(calls * rates.scale))
            for progress, calls in ((False, rates.overall), (True, rates.progress_overall))
        }

    def wait(self, chat: Chat | None, now: float, *, cost: int = 1, progress: bool = False) -> float:
        """Seconds until such a call may go out, 0 for at once. Progress leaves room for what matters more."""
        rates = self.rates
        wait = _window(self._overall, now, rates.overall_window, self._room[progress], cost)
        if chat is None:
            return wait
        lane = self._lane(chat, now)
        needed = float(min(cost + progress, rates.chat_burst))
        wait = max(wait, lane.blocked_until - now, (needed - lane.tokens) * self._interval)
        if is_group(chat):
            calls = rates.progress_group_calls if progress else rates.group_calls
            wait = max(wait, _window(lane.recent, now, self._group_window, calls, cost))
        return wait if wait > 1e-6 else 0.0

    def overall_wait(self, now: float, *, progress: bool) -> float:
        """The part of `wait` that no chat is to blame for."""
        return self.wait(None, now, progress=progress)

    def book(self, chat: Chat | None, now: float, *, cost: int = 1) -> None:
        """Counts a call that goes out now."""
        self._overall.extend([now] * cost)
        if chat is not None:
            lane = self._lane(chat, now)
            lane.tokens -= cost
            if is_group(chat):
                lane.recent.extend([now] * cost)

    def block(self, chat: Chat, now: float, seconds: float) -> None:
        """Telegram said when this chat may be written to again; a later moment stands."""
        lane = self._lane(chat, now)
        lane.blocked_until = max(lane.blocked_until, now + seconds)

    def blocked(self, chat: Chat, now: float) -> float:
        """Seconds for which Telegram itself still refuses the chat."""
        lane = self._lanes.get(chat)
        return max(0.0, lane.blocked_until - now) if lane is not None else 0.0

    def _lane(self, chat: Chat, now: float) -> _Lane:
        lane = self._lanes.get(chat)
        burst = float(self.rates.chat_burst)
        if lane is None:
            lane = self._lanes[chat] = _Lane(burst, now)
            while len(self._lanes) > CHATS_KEPT:
                self._lanes.popitem(last=False)
        self._lanes.move_to_end(chat)
        if now > lane.at:
            lane.tokens = min(burst, lane.tokens + (now - lane.at) / self._interval)
            lane.at = now
        return lane


def _window(stamps: deque[float], now: float, window: float, room: int, cost: int) -> float:
    """Seconds until a sliding window has room for `cost` more; a cost above the room waits for an empty window."""
    while stamps and stamps[0] <= now - window:
        stamps.popleft()
    excess = len(stamps) + min(cost, room) - room
    return stamps[excess - 1] + window - now if excess > 0 else 0.0
