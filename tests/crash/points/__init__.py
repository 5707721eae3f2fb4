"""The table: where a process is killed, and how the order must end then.

One line per step of a scene with the ends for each moment of dying: before, inside and after a transaction; before and
after a call or an event. `made`: the result is shown and charged. `lost`: it is not, for nobody knows what upstream did
with the order. `any`: that depends on what else was under way. test_table.py compares it with what really happens.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tests.crash.points.briefly import BRIEFLY, MONEY, SQLITE_ONLY
from tests.crash.points.of_credits import CREDITS_AND_ANSWERS
from tests.crash.points.of_orders import ORDERS
from tests.crash.points.steps import ANY, LOST, MADE, Table

__all__ = ["ANY", "EARLIER", "LOST", "MADE", "TABLE", "THAWED", "Point", "points"]

TABLE: Final[Table] = {**ORDERS, **CREDITS_AND_ANSWERS}

EARLIER: Final[Mapping[str, str]] = {
    "interrupted": "tx:accept:after",
    "delivered twice": "call:editMessageMedia:after",
    "polled on": "tx:accept:after",
    "looked up again": "event:Succeeded:before",
}
"""Scenes that begin with a death: the line's own comes while the next process picks up the pieces."""

THAWED: Final[tuple[tuple[str, str, int, str], ...]] = (
    ("video", "call:editMessageText[progress]:before", 2, LOST),
    ("video", "call:editMessageMedia:before", 1, MADE),
    ("failing", "call:editMessageText[not charged]:before", 1, LOST),
    ("album", "call:sendMediaGroup:before", 1, MADE),
    ("album", "call:editMessageText[album]:before", 1, MADE),
    ("read in part by a group", "call:editMessageText[progress]:before", 2, LOST),
)
"""Scene, step, which time, and end: there a process freezes for longer than its lease, and another takes over."""

TWICE: Final = frozenset(
    {
        ("paid later", "call:sendMessage[card]:after"),
        ("paid later", "tx:note_shown:before"),
        ("paid later", "tx:note_shown:inside"),
    }
)
"""Where Telegram took the card of an order that came back, and no process noted it: there another card follows."""


@dataclass(frozen=True, slots=True)
class Point:
    """One line of the table at one moment."""

    scene: str
    what: str
    when: str
    hit: int
    end: str

    @property
    def at(self) -> str:
        return f"{self.what}:{self.when}"

    @property
    def cards(self) -> int:
        """How many cards of an order that waited for credits stand there then."""
        return (2 if (self.scene, self.at) in TWICE else 1) if self.scene == "paid later" else 0

    def __str__(self) -> str:
        return f"{self.scene} {self.at}" + (f" #{self.hit}" if self.hit > 1 else "")


def points(dialect: str, *, everything: bool = True) -> Iterator[Point]:
    """All of them, in the order of the table; or, where time is short, without the middles of transactions that move no
    money, and with what an earlier scene was died in already on one of the databases only, in turns."""
    found = _points(dialect, everything=everything)
    if everything:
        yield from found
        return
    met: set[str] = set()
    repeated = 0
    for point in found:
        if point.at in met:
            repeated += 1
            if repeated % 2 == (dialect == "sqlite"):
                continue
        met.add(point.at)
        yield point


def _points(dialect: str, *, everything: bool) -> Iterator[Point]:
    for scene, steps in TABLE.items():
        for what, ends, *hits in steps:
            moments = ("before", "inside", "after") if what.startswith("tx:") else ("before", "after")
            for when, end in zip(moments, ends, strict=False):
                brief = BRIEFLY.get(scene)
                short = f"{what}:{when}" in brief if brief is not None else when != "inside" or what in MONEY
                wanted = everything or short
                if end and wanted and (dialect == "sqlite" or what not in SQLITE_ONLY):
                    yield Point(scene, what, when, hits[0] if hits else 1, end)
