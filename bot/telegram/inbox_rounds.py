"""The inbox's writing, in rounds: one transaction stores what came in, the next what came while it was under way.

What comes in is claimed with the same statement and handled from memory. Only what nobody claimed is read again: what
an earlier process left, what came while too much was in hand, what is ours by a transaction whose answer was lost.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog
from sqlalchemy import Connection

from bot.engine import inbox
from bot.engine.inbox import Item, Ticket
from bot.storage.database import Database
from bot.storage.errors import DatabaseLost, StorageError
from bot.telegram.progress import Spawn

log = structlog.get_logger(__name__)

IN_HAND: Final = 500
"""Updates in hand at once; people wait only behind themselves, so it is also the most handled at once."""
WAITING: Final = 4000
"""Updates that wait to be stored, at most; more are refused, and Telegram sends them again."""
AFTER_FAILURE: Final = 0.2
"""Seconds until the database is asked again."""


class Overloaded(StorageError):
    """More updates wait to be stored than there is room for."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """An update as it came: its id, its JSON as text and read."""

    update_id: int
    payload: str
    raw: Any


@dataclass(frozen=True, slots=True)
class Taken:
    """An update that is ours to handle; `raw` as it came, None where it was read from the database."""

    item: Item
    raw: Any = None


@dataclass(frozen=True, slots=True)
class _Delivery:
    updates: Sequence[Arrived]
    stored: asyncio.Future[None]


class Rounds:
    """Stores, claims and marks for one process; one transaction of each at a time. `owner` is the id of its lease."""

    def __init__(
        self, db: Database, bot_id: int, *, owner: str, spawn: Spawn, hand_out: Callable[[Sequence[Taken]], None]
    ) -> None:
        self._db = db
        self._bot_id = bot_id
        self._owner = owner
        self._spawn = spawn
        self._hand_out = hand_out
        self._deliveries: list[_Delivery] = []
        self._waiting = 0
        self._marks: list[tuple[Ticket, bool]] = []
        self._in_hand: set[Ticket] = set()
        self._look = False
        self._behind = True  # rows may wait that nobody claimed: until they are through, newer ones wait behind them
        self._unsure = False  # rows may be ours that are not in hand: the answer to a transaction was lost
        self._open = False  # until `look` is called for the first time, and after `stop`, updates are stored only
        self._storing: asyncio.Task[Any] | None = None
        self._marking: asyncio.Task[Any] | None = None

    async def store(self, updates: Sequence[Arrived]) -> None:
        """Returns when they are committed. Raises Overloaded and what the database raises: then they may not be."""
        if self._waiting >= WAITING:
            raise Overloaded("too many updates wait to be stored")
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._deliveries.append(_Delivery(updates, stored))
        self._waiting += len(updates)
        self._start_storing()
        await stored

    def look(self) -> None:
        """Looks for unclaimed rows, soon. From the first look on, what comes in is claimed as it comes."""
        self._look = self._open = True
        self._start_storing()

    def mark(self, ticket: Ticket, *, failed: bool) -> None:
        """Notes that an update is through, soon: a crash before has it handled again."""
        self._marks.append((ticket, failed))
        if self._marking is None:
            self._marking = self._spawn(self._mark_all(), name="inbox-marks")

    async def stop(self, timeout: float) -> None:
        """Claims nothing more, marks what is through, hands the rest back. What comes in later is stored only."""
        self._open = False
        under_way = {task for task in (self._storing, self._marking) if task is not None}
        if under_way:
            await asyncio.wait(under_way, timeout=timeout)
        try:
            await self._db.transaction(lambda conn: inbox.free(conn, self._owner))
        except DatabaseLost:  # they come free with our lease
            log.warning("inbox.not_freed")

    def _start_storing(self) -> None:
        if self._storing is None:
            self._storing = self._spawn(self._store_all(), name="inbox")

    async def _store_all(self) -> None:
        try:
            while self._deliveries or (self._look and self._open):
                await self._round()
        finally:
            self._storing = None

    async def _round(self) -> None:
        deliveries, self._deliveries = self._deliveries, []
        arrived = {update.update_id: update for delivery in deliveries for update in delivery.updates}
        self._waiting = 0
        try:
            taken = await self._committed(arrived)
        except BaseException as error:
            self._unsure = True
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
        self._in_hand.update(one.item.ticket for one in taken)
        self._hand_out(taken)

    async def _failed(self, error: Exception, *, heard: bool) -> None:
        if not heard:
            log.error("inbox.not_read", error=repr(error)[:300])
        if self._open:
            await asyncio.sleep(AFTER_FAILURE)
            self._look = True

    async def _committed(self, arrived: dict[int, Arrived]) -> list[Taken]:
        """One round's transaction: everything that arrived, and unless that is ours at once, what is unclaimed."""
        if self._unsure and self._open:
            await self._hand_back_lost()
        room = max(0, IN_HAND - len(self._in_hand)) if self._open else 0
        at_once = not (self._behind or self._look) and len(arrived) <= room
        self._behind, self._look = not at_once, False
        rows = [(update.update_id, update.payload) for _, update in sorted(arrived.items())]

        def claim(conn: Connection) -> list[Item]:
            return inbox.claim(conn, self._owner, self._bot_id, room) if room and not at_once else []

        def put_all(conn: Connection) -> tuple[frozenset[int], list[Item]]:  # T0
            return inbox.put_all(conn, self._bot_id, rows, self._owner if at_once else None), claim(conn)

        if not rows:
            new, claimed = frozenset[int](), await self._db.transaction(claim)
        else:
            new, claimed = await self._db.transaction(put_all)
        if at_once:
            return [self._ours(arrived[number]) for number, _ in rows if number in new]
        self._behind = room == len(claimed)
        return [Taken(item) for item in claimed if item.ticket not in self._in_hand]

    def _ours(self, update: Arrived) -> Taken:
        return Taken(Item(Ticket(self._bot_id, update.update_id), update.payload, 1), update.raw)

    async def _hand_back_lost(self) -> None:
        """Frees what is ours without anybody handling it: nobody else does, for our lease is kept."""
        in_hand = self._in_hand
        freed = await self._db.transaction(lambda conn: inbox.free(conn, self._owner, but=in_hand))
        self._unsure = False
        self._behind = True
        if freed:
            log.warning("inbox.found_again", updates=freed)

    async def _mark_all(self) -> None:
        """Tries until it is done: a row that is not marked would be handled again."""
        try:
            while self._marks:
                marks = self._marks[: inbox.AT_ONCE]

                def mark_all(conn: Connection, marks: list[tuple[Ticket, bool]] = marks) -> None:
                    inbox.handled(conn, *(ticket for ticket, failed in marks if not failed))
                    for ticket in (ticket for ticket, failed in marks if failed):
                        inbox.failed(conn, ticket)

                try:
                    await self._db.transaction(mark_all)
                except Exception as error:
                    log.warning("inbox.not_marked", updates=len(marks), error=repr(error)[:300])
                    if not self._open:
                        return
                    await asyncio.sleep(AFTER_FAILURE)
                else:
                    del self._marks[: len(marks)]
                    self._in_hand.difference_update(ticket for ticket, _ in marks)
        finally:
            self._marking = None
        if self._behind and self._open:
            self.look()
