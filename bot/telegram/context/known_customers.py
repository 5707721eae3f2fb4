"""Who topped up or ever had a result, as remembered for a while: it is asked of every update that comes in."""

import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

KEPT: Final = 20_000
SERVED_FOR: Final = 600.0
"""Seconds for which a person who was served counts as such: only one who had everything erased ceases to."""
NEW_FOR: Final = 5.0
"""Seconds until a newcomer is asked for again: the first top-up or result makes a regular."""


@dataclass(frozen=True, slots=True)
class _Entry:
    served: bool
    until: float


class Regulars:
    """At most 20,000 people; the one heard of longest ago is asked for again first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._entries: OrderedDict[int, _Entry] = OrderedDict()

    def of(self, people: Collection[int]) -> tuple[frozenset[int], frozenset[int]]:
        """Those of these Telegram ids who were served before, and those of whom the database must be asked."""
        now = self._clock()
        known = {person: entry for person in people if (entry := self._entries.get(person)) and entry.until > now}
        served = frozenset(person for person, entry in known.items() if entry.served)
        return served, frozenset(person for person in people if person not in known)

    def note(self, asked: Collection[int], served: Collection[int]) -> None:
        """What the database said."""
        for person in asked:
            seconds = SERVED_FOR if person in served else NEW_FOR
            self._entries.pop(person, None)
            self._entries[person] = _Entry(person in served, self._clock() + seconds)
        while len(self._entries) > KEPT:
            self._entries.popitem(last=False)
