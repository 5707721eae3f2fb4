"""Users who were seen lately, with their names: most updates bring nothing that the database does not know."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cachetools import TTLCache

from bot.engine.accounts.users import User

KEPT: Final = 5_000
FOR: Final = 60.0
"""Seconds after which the database is asked again: other processes' changes are told at once, but may go unheard."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What an update says of its sender."""

    username: str | None
    name: str
    language_code: str


@dataclass(frozen=True, slots=True)
class _Entry:
    person: User
    facts: Facts
    greeted: bool


class UserCache:
    """At most 5,000 people, each for a minute. `forget` is called when a user changed in another way."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._entries: TTLCache[int, _Entry] = TTLCache(KEPT, FOR, clock)
        self._edition = 0

    @property
    def edition(self) -> int:
        """Taken before the database is asked, and given with what it said: what was forgotten meanwhile stays so."""
        return self._edition

    def find(self, user_id: int, facts: Facts, *, greeted: bool) -> User | None:
        """The person, when nothing differs and nothing is due; `greeted`: only one met in private before."""
        entry = self._entries.get(user_id)
        if entry is None or entry.facts != facts or (greeted and not entry.greeted):
            return None
        return entry.person

    def keep(self, person: User, facts: Facts, *, greeted: bool, edition: int) -> None:
        """Notes what the database said of a person, when asked in that edition."""
        if edition == self._edition:
            self._entries[person.id] = _Entry(person, facts, greeted)

    def forget(self) -> None:
        """Forgets all users: each is read again at their next update."""
        self._entries.clear()
        self._edition += 1
