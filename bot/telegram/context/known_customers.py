"""Who topped up or ever had a result, as remembered for a while: it is asked of every update that comes in."""

import time
from collections.abc import Callable, Collection
from typing import Final

from cachetools import TLRUCache

KEPT: Final = 20_000
SERVED_FOR: Final = 600.0
"""Seconds for which a person who was served counts as such: only one who had everything erased ceases to."""
NEW_FOR: Final = 5.0
"""Seconds until a newcomer is asked for again: the first top-up or result makes a regular."""


class Regulars:
    """At most 20,000 people; the one heard of longest ago is asked for again first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._served: TLRUCache[int, bool] = TLRUCache(KEPT, _until, clock)

    def of(self, people: Collection[int]) -> tuple[frozenset[int], frozenset[int]]:
        """Those of these Telegram ids who were served before, and those of whom the database must be asked."""
        known = {person: self._served.get(person) for person in people}
        served = frozenset(person for person, served in known.items() if served)
        return served, frozenset(person for person, served in known.items() if served is None)

    def note(self, asked: Collection[int], served: Collection[int]) -> None:
        """Notes what the database said."""
        for person in asked:
            self._served[person] = person in served


def _until(_person: int, served: bool, now: float) -> float:
    return now + (SERVED_FOR if served else NEW_FOR)
