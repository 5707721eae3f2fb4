"""Whose updates are taken next: payments and admins, then people who were served before, then newcomers; within each of
them people in turns, and of one person taps before messages. Pure decisions; inbox.py has the rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final


class Rank(IntEnum):
    """The order in which rows are taken."""

    FIRST = 0
    """Payments, and what admins write."""
    SERVED = 1
    """People who topped up or ever had a result (regulars.py)."""
    NEW = 2


class Step(IntEnum):
    """Which of one person's updates goes before which."""

    PAYMENT = 0
    TAP = 1
    MESSAGE = 2


PER_PERSON: Final = 16
"""Messages of one person in hand of a process, and as many taps: more wait in the inbox. An album has ten."""
ROOM: Final = {Rank.FIRST: 600, Rank.SERVED: 500, Rank.NEW: 300}
"""Updates in hand of a process at most, for each rank with all above it: newcomers leave room for the others."""
REFILL: Final = 0.1
"""The share of its room that must be free before rows of a rank are looked for: not at every single end."""


RANKS: Final = tuple(Rank)
STEPS: Final = tuple(Step)


def urgency(rank: Rank, step: Step) -> int:
    """Both in one number, as a row keeps them: smaller goes first."""
    return rank * 3 + step


def rank_of(urgency: int) -> Rank:
    return RANKS[urgency // 3]


def step_of(urgency: int) -> Step:
    return STEPS[urgency % 3]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An unclaimed row."""

    update_id: int
    person: int
    urgency: int
    received_at: float


Own = tuple[int, Step]
"""Whose and of which kind: each kind has a bound of its own, so that one's messages do not keep out one's taps."""


@dataclass(frozen=True, slots=True)
class InHand:
    """What a process has taken and not finished: how much in all, and of each person and kind."""

    total: int = 0
    own: Mapping[Own, int] = field(default_factory=dict)

    def full(self, step: Step) -> list[int]:
        """People of whom no more of that kind is taken now."""
        return [person for (person, kind), count in self.own.items() if kind is step and count >= PER_PERSON]

    def least(self) -> Rank | None:
        """The last rank of whose rows enough may be taken to look for them; None: of none."""
        keep = {rank: 0.0 if rank is Rank.FIRST else REFILL for rank in ROOM}
        with_room = [rank for rank, room in ROOM.items() if self.total < room * (1 - keep[rank])]
        return max(with_room, default=None)


def fits(updates: Sequence[tuple[int, int]], held: InHand) -> bool:
    """Whether all of these, persons and urgencies, may be taken beside what is in hand."""
    more: dict[Own, int] = {}
    last = max((urgent for _, urgent in updates), default=0)
    if held.total + len(updates) > ROOM[rank_of(last)]:
        return False
    for person, urgent in updates:
        own = person, step_of(urgent)
        count = more[own] = more.get(own, 0) + 1
        if count + held.own.get(own, 0) > PER_PERSON and own[1] is not Step.PAYMENT:
            return False
    return True


def pick(waiting: Iterable[Waiting], held: InHand) -> list[int]:
    """Which of the rows are taken now, most urgent first. A person's rows are taken in their order, whatever the rank
    that each had when it came: who was served meanwhile has waited enough."""
    people: dict[int, list[Waiting]] = {}
    for row in waiting:
        people.setdefault(row.person, []).append(row)
    turns: list[tuple[Rank, int, float, int]] = []
    for person, rows in people.items():
        turns += _turns(rows, {step: held.own.get((person, step), 0) for step in Step})
    taken: list[int] = []
    for rank, _, _, update_id in sorted(turns):
        if held.total + len(taken) < ROOM[rank]:
            taken.append(update_id)
    return taken


def _turns(rows: list[Waiting], had: dict[Step, int]) -> Iterator[tuple[Rank, int, float, int]]:
    """When each of a person's rows has its turn, of whom so many of each kind are in hand already."""
    rows.sort(key=lambda row: (step_of(row.urgency), row.update_id))
    others = min((rank_of(row.urgency) for row in rows if step_of(row.urgency) is not Step.PAYMENT), default=Rank.FIRST)
    before = sum(had.values())
    for nth, row in enumerate(rows, before):
        step = step_of(row.urgency)
        had[step] += 1
        if step is Step.PAYMENT or had[step] <= PER_PERSON:
            yield Rank.FIRST if step is Step.PAYMENT else others, nth, row.received_at, row.update_id
