"""Telegram's flood limits, kept on our side: how long a call must wait for its chat and for the bot as a whole.

The limits are unpublished; about 30 calls a second overall, one a second per chat after a small burst, 20 a minute per
group. Edits count, answers to presses, reads and chat actions do not.
"""

import asyncio
import time
from collections import OrderedDict, deque
from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol

from bot.telegram.outbox.in_flight import Chat, Flight, InFlight, cost_of

CHATS_KEPT: Final = 20_000
COUNTED: Final = ("send", "edit", "copy", "forward")
UNCOUNTED: Final = frozenset({"sendChatAction"})


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
    overall_window: float = 1.02
    """Seconds taken for that one: a little more, for clocks differ."""
    chat_interval: float = 1.02
    """Seconds per call of one chat, sustained."""
    chat_burst: int = 3
    group_calls: int = 20
    group_window: float = 60.3
    newcomers_overall: int = 25
    """Answers to people who were never served stay below this, so that others always find room."""
    progress_overall: int = 20
    """Progress stays below this, so that answers always find room."""
    progress_group_calls: int = 12
    progress_group_least: int = 4
    """Of these calls there are fewer the more messages wait for their last words, but so many at least."""
    progress_private: float = 3.0
    """Seconds between two progress edits of one message."""
    progress_group: float = 10.0
    scale: float = 1.0

    def progress_room(self, live: int) -> int:
        """Calls of a group's minute that progress may take while so many messages have their last words to come."""
        spare = self.group_calls - self.progress_group_least - live
        return max(self.progress_group_least, min(self.progress_group_calls, spare))


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
    flights: list[Flight] | None = None
    recent: deque[float] | None = None
    """When calls counted within the group's window; None for private chats."""
    blocked_until: float = 0.0


class FloodLimits:
    """Bookkeeping only: `wait` says how long, `book` notes a call that sets out, `land` that it was answered.

    Telegram counts a call somewhen between the two. Until it is answered it costs what it would if it counted now, and
    then it counts from there: so no delay on the way ever makes a call come too early. At most 20,000 chats are
    remembered.
    """

    def __init__(self, rates: Rates) -> None:
        self.rates = rates
        self._overall: deque[float] = deque()
        self._flying = InFlight()
        self._lanes: OrderedDict[Chat, _Lane] = OrderedDict()
        self._interval = rates.chat_interval / rates.scale
        self._group_window = rates.group_window / rates.scale
        calls = (rates.overall, rates.newcomers_overall, rates.progress_overall)
        self._room, self._newcomers, self._progress = (max(1, round(each * rates.scale)) for each in calls)
        self._late = self._room // 3

    def wait(
        self,
        chat: Chat | None,
        now: float,
        *,
        cost: int = 1,
        progress: bool = False,
        live: int = 0,
        newcomer: bool = False,
    ) -> float:
        """Seconds until such a call may go out, 0 for at once; then to be asked again. Progress leaves room for what
        matters more, in a group also for the ends of the `live` messages with progress there; so does the answer to a
        `newcomer`."""
        overall = self.overall_wait(now, cost=cost, progress=progress, newcomer=newcomer)
        if chat is None:
            return overall
        return max(overall, self.chat_wait(chat, now, cost=cost, progress=progress, live=live))

    def overall_wait(self, now: float, *, cost: int = 1, progress: bool = False, newcomer: bool = False) -> float:
        """The part of `wait` that no chat is to blame for."""
        flying = self._flying.cost(now, self._late)
        room = self._progress if progress else self._newcomers if newcomer else self._room
        return _window(self._overall, now, self.rates.overall_window, room, flying, cost)

    def chat_wait(self, chat: Chat, now: float, *, cost: int = 1, progress: bool = False, live: int = 0) -> float:
        """The part of `wait` that is the chat's own."""
        rates = self.rates
        lane = self._lane(chat, now)
        flying = cost_of(lane.flights, now, rates.chat_burst - 1) if lane.flights else 0
        # Progress leaves one call of the burst to an answer that may come next.
        needed = float(min(cost + progress, rates.chat_burst))
        wait = max(lane.blocked_until - now, (needed - lane.tokens + flying) * self._interval)
        if lane.recent is not None:
            calls = rates.progress_room(live) if progress else rates.group_calls
            under_way = sum(flight.cost for flight in lane.flights) if lane.flights else 0
            wait = max(wait, _window(lane.recent, now, self._group_window, calls, under_way, cost))
        return wait if wait > 1e-6 else 0.0

    def book(self, chat: Chat | None, now: float, *, cost: int = 1, upload: bool = False) -> Flight:
        """A call sets out now: `land` it. All `upload`s under way keep a third of the bot's own calls at most; that not
        too many set out together, each counts then already, and again when it lands."""
        flight = Flight(chat, cost, now, upload)
        self._flying.add(flight)
        # Uploads are long under way: without a count at the start all of them would set out in one second.
        if upload:
            self._overall += (now,) * cost
        if chat is not None:
            lane = self._lane(chat, now)
            if lane.flights is None:
                lane.flights = [flight]
            else:
                lane.flights.append(flight)
        return flight

    def land(self, flight: Flight, now: float) -> None:
        """It was answered, or given up."""
        self._flying.land(flight)
        # From now on: Telegram has counted it by its answer, whenever that was.
        self._overall += (now,) * flight.cost
        if flight.chat is None:
            return
        lane = self._lane(flight.chat, now)
        lane.tokens -= flight.cost
        if lane.recent is not None:
            lane.recent += (now,) * flight.cost
        if lane.flights is not None and flight in lane.flights:
            lane.flights.remove(flight)
            lane.flights = lane.flights or None

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
            lane = self._lanes[chat] = _Lane(burst, now, recent=deque() if is_group(chat) else None)
            # The chat longest unused goes: its burst is full again, so that a new lane says the same.
            while len(self._lanes) > CHATS_KEPT:
                self._lanes.popitem(last=False)
        self._lanes.move_to_end(chat)
        if now > lane.at:
            lane.tokens = min(burst, lane.tokens + (now - lane.at) / self._interval)
            lane.at = now
        return lane


def _window(stamps: deque[float], now: float, window: float, room: int, flying: int, cost: int) -> float:
    """Seconds until a sliding window has room for `cost` more, 0 for at once; where only calls under way fill it, no
    less than it takes once they have landed. A cost above the room waits for an empty window."""
    while stamps and stamps[0] <= now - window:
        stamps.popleft()
    excess = len(stamps) + flying + min(cost, room) - room
    if excess <= 0:
        return 0.0
    wait = stamps[excess - 1] + window - now if excess <= len(stamps) else window
    return wait if wait > 1e-6 else 0.0
