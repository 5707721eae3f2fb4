"""How many updates of one person are taken in a minute: counted in memory, per process, for so many people."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cachetools import LRUCache, TLRUCache

WINDOW: Final = 60.0
KEPT: Final = 10_000
"""People counted at once; who wrote longest ago is counted anew first."""


@dataclass(slots=True)
class _Count:
    began: float
    updates: int = 0
    told: bool = False
    album: str = ""
    """Of the last update that counted: its other messages share its fate."""


class Heard:
    """Who was told of a limit lately, until it passes; for at most KEPT people."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._until: TLRUCache[int, float] = TLRUCache(KEPT, lambda _, seconds, now: now + seconds, clock)

    def first(self, user_id: int, seconds: float) -> bool:
        """True when the person was not told before, and notes that they are now; it holds `seconds`."""
        if user_id in self._until:
            return False
        self._until[user_id] = seconds
        return True


class Throttle:
    """`per_minute` 0 lets everything through."""

    def __init__(self, per_minute: int = 0, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._counts: LRUCache[int, _Count] = LRUCache(KEPT)

    def take(self, user_id: int, album: str = "") -> float:
        """Counts an update; the messages of an album count as one. 0: it is taken; else the seconds until the next one
        will be."""
        if not self._per_minute:
            return 0.0
        now = self._clock()
        count = self._counts.get(user_id)
        if count is None or now - count.began >= WINDOW:
            count = self._counts[user_id] = _Count(now)
        if not album or album != count.album:
            count.updates += 1
        count.album = album
        return 0.0 if count.updates <= self._per_minute else count.began + WINDOW - now

    def give_back(self, user_id: int) -> None:
        """An update that was counted could not be stored: it comes again."""
        count = self._counts.get(user_id)
        if count is not None:
            count.updates = max(0, count.updates - 1)
            count.album = ""

    def tell(self, user_id: int) -> bool:
        """Whether the person is to be told now that it is too much: once in each window."""
        count = self._counts.get(user_id)
        if count is None or count.told:
            return False
        count.told = True
        return True
