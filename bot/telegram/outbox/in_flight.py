"""Calls under way to Telegram: what they may cost yet, since it is unknown when Telegram counts them."""

from collections import deque
from dataclasses import dataclass
from typing import Final

Chat = int | str

FRESH: Final = 5.0
"""Seconds for which a call under way counts in full. One that takes longer is most likely an upload and holds up no
answers: a chat keeps a call free beside them, the bot two thirds of its own."""


@dataclass(slots=True, eq=False)
class Flight:
    """A call under way."""

    chat: Chat | None
    cost: int
    began: float
    late: bool = False
    """Whether it takes long, as uploads do: Telegram counts it at an unknown moment, and rarely several at once."""
    landed: bool = False


class InFlight:
    """All calls under way, in the order in which they set out."""

    __slots__ = ("_fresh", "fresh", "late")

    def __init__(self) -> None:
        self._fresh: deque[Flight] = deque()
        self.fresh = 0
        self.late = 0

    def add(self, flight: Flight) -> None:
        if flight.late:
            self.late += flight.cost
        else:
            self._fresh.append(flight)
            self.fresh += flight.cost

    def land(self, flight: Flight) -> None:
        flight.landed = True
        if flight.late:
            self.late -= flight.cost
        else:
            self.fresh -= flight.cost

    def cost(self, now: float, most_late: int) -> int:
        """What they may cost yet; those that take long `most_late` at most."""
        # In the order in which they set out: the first that is still fresh ends the look. Those that landed stay until
        # they come to the front, for a search in the middle would be paid at every answer.
        while self._fresh and ((first := self._fresh[0]).landed or first.began <= now - FRESH):
            self._fresh.popleft()
            if not first.landed:
                first.late = True
                self.fresh -= first.cost
                self.late += first.cost
        return self.fresh + min(self.late, most_late)


def cost_of(flights: list[Flight], now: float, most_late: int) -> int:
    """What the calls under way to one chat may cost yet; late ones together at most `most_late`."""
    late = sum(flight.cost for flight in flights if flight.began <= now - FRESH)
    return sum(flight.cost for flight in flights) - late + min(late, most_late)
