"""The inbox's writing, in rounds: one transaction stores what came in, the next what came while it was under way.

What comes in is claimed with the same statement and handled from memory. Only unclaimed rows are read again: what an
earlier process left, what came while enough was in hand, what is ours by a transaction whose answer was lost.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import structlog

from bot.engine.dialogs.inbox import Claimed, Item, New, Ticket
from bot.engine.dialogs.inbox_turns import InHand, Own, Step, step_of
from bot.engine.dialogs.process_inbox import Arrived, Inbox
from bot.engine.ports import DatabaseLost, StorageError
from bot.telegram.context.known_customers import Regulars
from bot.telegram.outbox.progress_edits import Spawn
from bot.telegram.updates.marks import Marks

log = structlog.get_logger(__name__)

WAITING: Final = 4000
"""Updates that wait to be stored, at most; more are refused, and Telegram sends them again."""
WAITING_CHARACTERS: Final = 16_000_000
"""Characters that they may have together: the largest updates have a few thousand each."""
ASIDE: Final = 2000
"""Updates in hand that may wait for Telegram's penalties beside the room for all others."""
AFTER_FAILURE: Final = 0.2
"""Seconds until the database is asked again."""


class Overloaded(StorageError):
    """More updates wait to be stored than there is room for."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An update that is ours to handle; `raw` as it came, None where it was read from the database; `begun`: its
    attempt is counted already; `rest`: the further pieces of a text whose words `raw` has all (cut_texts.py)."""

    item: Item
    raw: Any = None
    begun: bool = False
    rest: tuple["Taken", ...] = ()


@dataclass(frozen=True, slots=True)
class _Delivery:
    updates: Sequence[Arrived]
    stored: asyncio.Future[None]


class Rounds:
    """Stores, claims and marks for one process; one transaction of each at a time."""

    def __init__(self, inbox: Inbox, *, spawn: Spawn, hand_out: Callable[[Sequence[Taken]], None]) -> None:
        self._inbox = inbox
        self._bot_id = inbox.bot_id
        self._spawn = spawn
        self._hand_out = hand_out
        self._regulars = Regulars()
        self._deliveries: list[_Delivery] = []
        self._waiting = self._characters = 0
        self._in_hand: dict[Ticket, Own] = {}
        self._own: Counter[Own] = Counter()
        self._aside: Counter[int] = Counter()  # people whose updates wait because Telegram asks to: how many of each
        self._uncounted: set[Ticket] = set()
        """Whose last counted attempt was not one: never made, or ended by our own stop."""
        self._look = False
        self._behind = True  # unclaimed rows may wait: until they are through, newer ones wait behind them
        self._unsure = False  # rows may be ours that are not in hand: the answer to a transaction was lost
        self._open = False  # until `look` is called for the first time, and after `stop`, updates are stored only
        self._storing: asyncio.Task[Any] | None = None
        self.marks = Marks(inbox, spawn, self._marked)

    async def store(self, updates: Sequence[Arrived]) -> None:
        """Returns when they are committed. Raises Overloaded and what the database raises: then they may not be."""
        if self._waiting >= WAITING or self._characters >= WAITING_CHARACTERS:
            raise Overloaded("too many updates wait to be stored")
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._deliveries.append(_Delivery(updates, stored))
        self._waiting += len(updates)
        self._characters += sum(len(update.payload) for update in updates)
        self._start_storing()
        await stored

    def look(self) -> None:
        """Looks for unclaimed rows, soon. From the first look on, what comes in is claimed as it comes."""
        self._look = self._open = self.marks.open = True
        self._start_storing()

    async def stop(self, timeout: float, *, cut: Sequence[Ticket] = ()) -> None:
        """Claims nothing more, marks what is through, hands the rest back: the attempt of what was `cut` off by the
        stop does not count. What comes in later is stored only."""
        self._open = self.marks.open = False
        under_way = {task for task in (self._storing, self.marks.task) if task is not None}
        if under_way:
            await asyncio.wait(under_way, timeout=timeout)
        # After the wait: a round that was under way may still have brought updates, which go back with the others.
        uncounted = self._uncounted.union(cut)
        try:
            await self._inbox.hand_back(uncounted=uncounted)
        except DatabaseLost:  # they come free with our lease
            log.warning("inbox.not_freed")

    def _start_storing(self) -> None:
        if self._storing is None:
            self._storing = self._spawn(self._store_all(), name="inbox")

    async def _store_all(self) -> None:
        try:
            # The last look and the end of the task have no await between them: what is delivered later
            # starts a new task.
            while self._deliveries or (self._look and self._open):
                await self._round()
        finally:
            self._storing = None

    async def _round(self) -> None:
        # Taken out before the first await: what arrives while this round commits belongs to the next one.
        deliveries, self._deliveries = self._deliveries, []
        arrived = {update.update_id: update for delivery in deliveries for update in delivery.updates}
        self._waiting = self._characters = 0
        try:
            taken = await self._committed(arrived)
        except BaseException as error:
            # The COMMIT may have happened unheard: rows may be ours that are not in hand, and newer
            # ones must not pass them.
            self._unsure = self._behind = True
            self._uncounted |= {Ticket(self._bot_id, update_id) for update_id in arrived}  # perhaps ours, never begun
            for delivery in deliveries:
                if not delivery.stored.done():
                    delivery.stored.set_exception(error if isinstance(error, Exception) else StorageError("cancelled"))
            if not isinstance(error, Exception):
                raise
            await self._failed(error, heard=bool(deliveries))
            return
        for delivery in deliveries:
            if not delivery.stored.done():
                delivery.stored.set_result(None)
        for one in taken:
            own = one.item.person, step_of(one.item.urgency)
            self._in_hand[one.item.ticket] = own
            self._own[own] += 1
        self._hand_out(taken)

    async def _failed(self, error: Exception, *, heard: bool) -> None:
        if not heard:
            log.error("inbox.not_read", error=repr(error)[:300])
        if self._open:
            await asyncio.sleep(AFTER_FAILURE)
            self._look = True

    async def _committed(self, arrived: dict[int, Arrived]) -> list[Taken]:
        """One round's transaction: everything that arrived, and unless that is ours at once, what is unclaimed."""
        # Before anything is claimed: rows of ours that nothing holds would wait for the end of our lease.
        if self._unsure and self._open:
            await self._hand_back_lost()
        held = self._held()
        at_once = self._open and not (self._behind or self._look)
        self._look = False
        if not arrived:
            return self._claimed(await self._inbox.claim(held, wanted=self._claims))
        updates = [arrived[update_id] for update_id in sorted(arrived)]
        people = {update.person for update in updates if not update.first and update.person > 0}
        known, unknown = self._regulars.of(people)
        stored = await self._inbox.store(
            updates, held, served=known, unknown=unknown, at_once=at_once, wanted=self._claims
        )
        self._regulars.note(unknown, stored.served)
        if stored.claimed is not None:
            return self._claimed(stored.claimed)
        return [self._ours(row, arrived[row.update_id]) for row in stored.rows if row.update_id in stored.new]

    def _claims(self) -> bool:
        return self._open

    def _claimed(self, claimed: Claimed) -> list[Taken]:
        self._behind = claimed.more
        self._look &= claimed.more  # what was asked for meanwhile is answered
        return [Taken(item) for item in claimed.items if item.ticket not in self._in_hand]

    def _ours(self, row: New, update: Arrived) -> Taken:
        item = Item(Ticket(self._bot_id, row.update_id), row.payload, int(row.begun), row.person, row.urgency)
        return Taken(item, update.raw, row.begun)

    async def _hand_back_lost(self) -> None:
        """Frees what is ours but not in hand: no other process does, for our lease is kept."""
        in_hand, uncounted = dict(self._in_hand), frozenset(self._uncounted)
        freed = await self._inbox.hand_back(but=in_hand, uncounted=uncounted)
        self._uncounted.clear()
        self._unsure = False
        self._behind = True
        if freed:
            log.warning("inbox.found_again", updates=freed)

    def lost(self, ticket: Ticket) -> None:
        """Forgets an update that another process has: this one writes nothing of it."""
        self._marked([ticket])

    def _marked(self, tickets: Sequence[Ticket]) -> None:
        """Forgets updates that are marked: they have no place in hand any more."""
        for ticket in tickets:
            own = self._in_hand.pop(ticket, None)
            if own is not None:
                self._own[own] -= 1
                if not self._own[own]:
                    del self._own[own]
        self._look_if_room()

    @contextmanager
    def set_aside(self, ticket: Ticket) -> Iterator[None]:
        """While this update waits because Telegram asks to: what its person has in hand takes no room from others. One
        busy group under an hour's penalty would fill it."""
        person, _ = self._in_hand[ticket]
        self._aside[person] += 1
        self._look_if_room()
        try:
            yield
        finally:
            self._aside[person] -= 1
            if not self._aside[person]:
                del self._aside[person]

    def _held(self) -> InHand:
        waiting = sum(self._own[person, step] for person in self._aside for step in Step)
        return InHand(len(self._in_hand) - min(waiting, ASIDE), dict(self._own))

    def _look_if_room(self) -> None:
        if self._behind and self._open and self._held().least() is not None:
            self.look()
