"""When to ask a service about an order it works on: seldom early, often where the end is likely, more seldom after.

The end is expected at the model's learned time. Looks begin to crowd before it, are `dense` seconds apart around it,
and thin out with the overrun, jittered so that orders of one moment do not stay together. What the
service says of its progress moves the expected end. Thousands of orders wait here: a wait keeps a few numbers and a
timer.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import SystemRandom
from typing import TypeVar

from bot.domain.catalog.models import Kind, Makes
from bot.providers.base import (
    Busy,
    ConnectionLost,
    NotPermitted,
    NotThere,
    OperatorFault,
    ProviderError,
    TimedOut,
    Unreachable,
    UpstreamDown,
)

LOOK_SECONDS = 15.0
"""For one look, before it counts as missed."""
LAST_LOOK = 15.0
"""Seconds for asking about an order that is picked up when its longest time has passed."""
AROUND = 0.1
"""How far before and after the expected end, in parts of it, looks are densest."""
EARLY = 0.04
"""The longest wait before the expected end, in parts of it, where that is more than the pace's."""
CROWDING = 20
"""The power with which looks become more before the expected end."""
SHARE = 1 / 3
OVERRUN = 0.05
"""The longest wait after the expected end: 3 seconds, this part of that end, or this part of what was waited."""
JITTER = 0.15
NEW = 60.0
"""Seconds after its submit for which an order that the service does not know is asked about: it may only not be listed
yet. As long is waited for the result of one that is said to be done."""
MISSED_FIRST, MISSED_LONGEST = 1.0, 30.0
"""Seconds to wait after a look that failed; doubled with each."""
STEADY = 0.95
"""More progress than this says nothing of what is left."""
HALVINGS = 14

T = TypeVar("T")


class Vanished(ConnectionLost):
    """The service does not know the order (any more): asking again will not help."""


class Early(UpstreamDown):
    """What one of several requests under an order said passes (Looks.passes): the look is repeated for it."""

    def __init__(self, of: ProviderError) -> None:
        super().__init__(of.detail)
        self.of = of


@dataclass(frozen=True, slots=True)
class Pace:
    """In seconds. `dense`: between looks around the expected end; `first` and `early`: before it, the longest first
    wait and any wait; `unknown`: the expected end of a model that nothing is known of. `thinning`: the power of the
    overrun with which looks become fewer after it."""

    dense: float
    first: float
    early: float
    unknown: float
    thinning: float


PICTURES = Pace(dense=0.65, first=10.0, early=10.0, unknown=8.0, thinning=2.0)
"""Half of all ends are known within half a second. The first look comes late: a picture is a matter of seconds."""
FILMS = Pace(dense=2.0, first=2.0, early=3.5, unknown=60.0, thinning=1.0)
"""Half of all ends are known within two seconds, also where the learned time is half the true one; an early look sees
what was refused at once."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Where time and chance come from. `clock` only moves on, `wall` is Unix time, `chance` is 0..1."""

    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = SystemRandom().random


TIMING = Timing()


def pace_of(kind: Kind) -> Pace:
    """How closely orders of this kind are followed."""
    return PICTURES if kind.makes is Makes.PICTURE else FILMS


def expected(learned: float, told: float | None = None) -> float:
    """The expected seconds: as learned, as the service told for this order, or between both. 0: nothing is known."""
    if told is None or told <= 0:
        return max(0.0, learned)
    return (learned * told) ** 0.5 if learned > 0 else told


def gap(at: float, end: float, pace: Pace) -> float:
    """How far looks lie apart `at` seconds after the submit, when the end is expected at `end`."""
    dense = _dense(end, pace)
    begin, over = end * (1 - AROUND), end * (1 + AROUND)
    if at < begin:
        return min(_early(end, pace), dense * (begin / max(at, 1e-3)) ** CROWDING)
    if at > over:
        return min(max(3.0, end * SHARE, at * OVERRUN), dense * math.pow(at / over, pace.thinning))
    return dense


def following(last: float, end: float, pace: Pace) -> float:
    """When to look after a look at `last` (0: the submit), in seconds since the submit."""
    if last >= end * (1 - AROUND):
        return last + gap(last, end, pace)
    longest = last + min(_early(end, pace), max(pace.first, last))
    least = min(longest, last + _dense(end, pace))
    low, high = last, min(longest, end * (1 + AROUND))
    for _ in range(HALVINGS):  # the first moment that lies as far from the last look as looks lie apart there
        middle = (low + high) / 2
        if middle - last >= gap(middle, end, pace):
            high = middle
        else:
            low = middle
    return max(high, least)


def _dense(end: float, pace: Pace) -> float:
    return min(pace.dense, max(0.1, end / 2))


def _early(end: float, pace: Pace) -> float:
    return min(max(pace.early, end * EARLY), max(2 * pace.dense, end / 1.5))


class Looks:
    """The looks at one order: `next` waits for the right moment and looks. Bounded by `longest` seconds.

    `since`: seconds that have passed since the submit; then the first look comes at once, and one comes in any case.
    """

    __slots__ = (
        "_done_at",
        "_doubted",
        "_end",
        "_last",
        "_longest",
        "_missed",
        "_pace",
        "_progress",
        "_start",
        "_timing",
    )

    def __init__(
        self, end: float, longest: float, *, kind: Kind, timing: Timing = TIMING, since: float | None = None
    ) -> None:
        self._pace = pace_of(kind)
        self._end = min(end, longest) if end > 0 else min(self._pace.unknown, longest)
        self._timing = timing
        self._start = timing.clock() - max(0.0, since or 0.0)
        self._longest = longest if since is None else max(longest, since + LAST_LOOK)
        self._last: float | None = 0.0 if since is None else None
        self._progress = 0.0
        self._missed = 0
        self._doubted = False
        self._done_at: float | None = None

    @property
    def waited(self) -> float:
        """Seconds since the submit."""
        return self._timing.clock() - self._start

    async def next(self, look: Callable[[], Awaitable[T]]) -> T:
        """What `look` returns, at the next right moment.

        A look that the way, a 5xx, a 429 or its own time made fail is repeated with growing waits; so is, for a while,
        one that says what may pass. One that the operator must mend (401, 402, 403) is repeated once: what is lost here
        is paid for. Raises every other ProviderError of `look`, and TimedOut when the time is over.
        """
        said: ProviderError | None = None
        while True:
            await self._sleep(said)
            try:
                found = await look()
            except (Unreachable, ConnectionLost, UpstreamDown, Busy, TimedOut, NotThere) as error:
                if not self.passes(error):
                    raise
                said = error.with_traceback(None)
            except OperatorFault as error:
                if self._doubted and not self.passes(error):
                    raise
                self._doubted = True
                said = error.with_traceback(None)
            else:
                self._missed, self._doubted = 0, False
                return found
            self._missed += 1

    def passes(self, error: ProviderError) -> bool:
        """Whether what a look said may be otherwise in a moment. For a minute after its submit an order may be unknown
        or forbidden (403), and for a minute after it is said to be done its result may be missing."""
        if isinstance(error, NotThere):
            self._done_at = self.waited if self._done_at is None else self._done_at
            return self.waited - self._done_at < NEW
        if isinstance(error, OperatorFault):
            return isinstance(error, NotPermitted) and self.waited < NEW
        return not isinstance(error, Vanished) or self.waited < NEW

    def heard(self, progress: float | None) -> None:
        """Takes in what the service said of its progress, 0..1. Progress that does not move says nothing."""
        if progress is None or not self._progress < progress <= STEADY:
            return
        self._progress = progress
        waited, left = self.waited, 1 - progress
        # Of two guesses of the total, waited / progress and what was expected, the first counts the more the later.
        self._end = min(self._longest, waited + left * (waited + left * self._end))

    async def _sleep(self, missed: ProviderError | None) -> None:
        waited = self.waited
        if waited >= self._longest:
            told = missed.of if isinstance(missed, Early) else missed
            if isinstance(told, Vanished | NotThere | NotPermitted):
                raise told  # it says more than that time is over
            raise TimedOut(
                f"the total time passed; the last look: {missed.detail}" if missed else "the total time passed"
            )
        pause = self._pause(waited)
        if isinstance(missed, Busy):
            pause = max(pause, missed.seconds)
        self._last = waited + pause
        if pause > 0:
            await self._timing.sleep(min(pause, self._longest - waited))

    def _pause(self, waited: float) -> float:
        if self._last is None:
            return 0.0
        pause = max(0.0, following(self._last, self._end, self._pace) - waited)
        if self._missed:
            pause = max(pause, min(MISSED_LONGEST, MISSED_FIRST * 2.0 ** min(self._missed - 1, 10)))
        if self._missed or waited > self._end * (1 + AROUND):
            pause *= 1 + JITTER * (2 * self._timing.chance() - 1)
        return pause
