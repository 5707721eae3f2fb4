"""Calls under way to Telegram: what they may cost yet, since nobody knows when Telegram counts them."""

from dataclasses import dataclass
from typing import Final

Chat = int | str

FRESH: Final = 5.0
"""Seconds for which a call under way counts in full; afterwards uploads hold up no answers: a chat keeps a call free
beside them, the bot two thirds of its own."""


@dataclass(slots=True, eq=False)
class Flight:
    """A call under way."""

    chat: Chat | None
    cost: int
    began: float


class Flying:
    """What the calls under way cost. One that takes long is most likely an upload: nobody knows when it will count."""

    __slots__ = ("_fresh", "_late", "fresh", "late")

    def __init__(self) -> None:
        self._fresh: dict[Flight, None] = {}
        self._late: dict[Flight, None] = {}
        self.fresh = 0
        self.late = 0

    def add(self, flight: Flight) -> None:
        self._fresh[flight] = None
        self.fresh += flight.cost

    def remove(self, flight: Flight) -> None:
        if flight in self._fresh:
            del self._fresh[flight]
            self.fresh -= flight.cost
        elif flight in self._late:
            del self._late[flight]
            self.late -= flight.cost

    def cost(self, now: float, most_late: int) -> int:
        """What they may cost yet; those that take long `most_late` at most."""
        while self._fresh:
            flight = next(iter(self._fresh))
            if flight.began > now - FRESH:
                break
            self.remove(flight)
            self._late[flight] = None
            self.late += flight.cost
        return self.fresh + min(self.late, most_late)
