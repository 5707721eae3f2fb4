"""The inbox as one process writes it: what came in, whose turn it is, how it ended. One transaction per call."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection

from bot.engine.dialogs import inbox, regulars
from bot.engine.dialogs.inbox import Begun, Claimed, New, Ticket
from bot.engine.dialogs.inbox_turns import InHand, Rank, Step, fits, urgency
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Arrived:
    """An update as it came: its id, its JSON as text and read, whose it is, and whether an admin's or a payment."""

    update_id: int
    payload: str
    raw: Any
    person: int = 0
    step: Step = Step.MESSAGE
    first: bool = False


class Stored(NamedTuple):
    """What T0 did. `new`: the ids that were not known before; `claimed` None when all of it is ours at once."""

    new: frozenset[int]
    rows: Sequence[New]
    served: frozenset[int]
    claimed: Claimed | None


class Inbox:
    """`owner` is the id of the process's lease: a dead one's rows come free."""

    def __init__(self, db: Database, bot_id: int, *, owner: str) -> None:
        self._db = db
        self._owner = owner
        self.bot_id = bot_id

    async def claim(self, held: InHand, *, wanted: Callable[[], bool]) -> Claimed:
        """Takes unhandled updates in their turns beside what is `held`. `wanted` is asked inside the transaction: a
        process that began to stop while this waited for the database claims nothing."""

        def claim(conn: Connection) -> Claimed:
            return self._claim(conn, held, wanted)

        return await self._db.transaction(claim)

    async def store(
        self,
        updates: Sequence[Arrived],
        held: InHand,
        *,
        served: frozenset[int],
        unknown: frozenset[int],
        at_once: bool,
        wanted: Callable[[], bool],
    ) -> Stored:
        """Stores what came in (T0). `at_once`: and claims it with the same statement where there is room beside what
        is `held`; else `claim` follows in the same transaction. Of the `unknown` people it finds out which were
        `served` before."""

        def put_all(conn: Connection) -> Stored:  # T0
            known = served | regulars.among(conn, unknown)
            urgencies = _urgencies(updates, known)
            ours = at_once and fits([(u.person, urgent) for u, urgent in zip(updates, urgencies, strict=True)], held)
            rows = _owned(updates, urgencies, self._owner, held) if ours else _unclaimed(updates, urgencies)
            new = inbox.put_all(conn, self.bot_id, rows)
            return Stored(new, rows, known, None if ours else self._claim(conn, held, wanted))

        return await self._db.transaction(put_all)

    async def mark(
        self, *, handled: Sequence[Ticket], failed: Sequence[Ticket], begun: Sequence[Ticket]
    ) -> dict[Ticket, Begun]:
        """Notes what is through or given up, and counts an attempt of each that begins: those are missing that another
        process has by now."""

        def mark_all(conn: Connection) -> dict[Ticket, Begun]:
            inbox.handled(conn, *handled)
            for ticket in failed:
                inbox.failed(conn, ticket)
            return inbox.begin(conn, self._owner, *begun)

        return await self._db.transaction(mark_all)

    async def hand_back(self, *, but: Collection[Ticket] = (), uncounted: Collection[Ticket] = ()) -> int:
        """Frees everything that this process claimed and did not finish, except what it still has in hand; how much.
        The last attempt of those `uncounted` is taken back."""
        return await self._db.transaction(lambda conn: inbox.free(conn, self._owner, but=but, uncounted=uncounted))

    def _claim(self, conn: Connection, held: InHand, wanted: Callable[[], bool]) -> Claimed:
        return inbox.claim(conn, self._owner, self.bot_id, held) if wanted() else Claimed()


def _urgencies(updates: Sequence[Arrived], served: frozenset[int]) -> list[int]:
    """By the rank that each person has at this moment."""
    return [
        urgency(Rank.FIRST if update.first else Rank.SERVED if update.person in served else Rank.NEW, update.step)
        for update in updates
    ]


def _unclaimed(updates: Sequence[Arrived], urgencies: Sequence[int]) -> list[New]:
    """Others wait, or there is no room: these take their turns."""
    each = zip(updates, urgencies, strict=True)
    return [New(update.update_id, update.payload, update.person, urgent) for update, urgent in each]


def _owned(updates: Sequence[Arrived], urgencies: Sequence[int], owner: str, held: InHand) -> list[New]:
    """The usual way: no rows wait, all are claimed at once. A person who has nothing else in hand begins at once as
    well: the attempt is counted with it."""
    busy = {person for person, _ in held.own}
    begun: dict[int, int] = {}
    for update in sorted(updates, key=lambda update: (update.step, update.update_id)):
        if update.person not in busy:
            begun.setdefault(update.person, update.update_id)
    return [
        New(each.update_id, each.payload, each.person, urgent, owner, begun.get(each.person) == each.update_id)
        for each, urgent in zip(updates, urgencies, strict=True)
    ]
