"""Between the inbox and the handlers: updates are handled in order per person, many people at once, and then marked.

An update leaves the inbox only when its handler is through; what a crash interrupts is handled again at the next start.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, Final

import orjson
import structlog
from aiogram import Dispatcher
from aiogram.methods import TelegramMethod
from aiogram.types import Update
from pydantic import ValidationError

from bot.engine import inbox
from bot.engine.inbox import Item, Ticket
from bot.storage.database import Database
from bot.telegram.bot import EaselBot
from bot.telegram.middlewares import ATTEMPTS, GaveUp
from bot.telegram.progress import Spawn

log = structlog.get_logger(__name__)

IN_HAND: Final = 500
"""Updates taken from the inbox at once; people wait only behind themselves, so it is also the most handled at once."""
LOOK_EVERY: Final = 2.0
"""Seconds between looks when nobody wakes us: rows of a process that died, or of another that took them in."""
LONGEST: Final = 180.0
"""Seconds for one update: a handler that hangs must not hold up its person for ever."""
PAUSE: Final = 1.0
"""Seconds before a second attempt, twice as many before the third."""


class InboxPump:
    """`run` until cancelled, then `stop`. `owner` is the id of the process's lease: a dead one's rows come free."""

    def __init__(
        self,
        db: Database,
        dispatcher: Dispatcher,
        bot: EaselBot,
        *,
        owner: str,
        spawn: Spawn,
        pause: float = PAUSE,
    ) -> None:
        self._db = db
        self._dispatcher = dispatcher
        self._bot = bot
        self._owner = owner
        self._spawn = spawn
        self._pause = pause
        self._wake = asyncio.Event()
        self._lanes: dict[int, deque[Item]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._in_hand: set[Ticket] = set()
        self._stopping = False
        self._unsure = False
        """Whether rows may be ours that are not in hand: a write failed, or its answer was lost."""
        self.handled = 0
        """Updates handled since the start, for the metrics."""

    def wake(self) -> None:
        """There is something new in the inbox."""
        self._wake.set()

    async def run(self) -> None:
        """Takes updates and hands them out; begins with those that an earlier process left."""
        while not self._stopping:
            self._wake.clear()
            room = IN_HAND - len(self._in_hand)
            taken = await self._take(room) if room > 0 else 0
            if room > 0 and taken == room:
                continue
            try:
                async with asyncio.timeout(LOOK_EVERY):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def stop(self, timeout: float = 5.0) -> None:
        """Takes nothing more, lets what is being handled end within `timeout` seconds, hands the rest back."""
        self._stopping = True
        self._wake.set()
        for lane in self._lanes.values():
            lane.clear()
        if self._tasks:
            _, late = await asyncio.wait(set(self._tasks), timeout=timeout)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=1.0)
        await self._db.transaction(lambda conn: inbox.free(conn, self._owner))

    async def _take(self, room: int) -> int:
        if self._unsure:
            await self._hand_back_lost()
        try:
            items = await self._db.transaction(lambda conn: inbox.claim(conn, self._owner, self._bot.id, room))
        except Exception:
            self._unsure = True
            raise
        if self._stopping:  # taken while `stop` was already handing back
            await self._db.transaction(lambda conn: inbox.free(conn, self._owner))
            return 0
        for item in items:
            if item.ticket in self._in_hand:  # handed back by mistake while we are at it
                continue
            self._in_hand.add(item.ticket)
            self._queue(item)
        return len(items)

    def _queue(self, item: Item) -> None:
        person = person_of(item.payload)
        lane = self._lanes.get(person)
        if lane is not None:
            lane.append(item)
            return
        self._lanes[person] = deque([item])
        task = self._spawn(self._drain(person), name=f"updates:{person}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, person: int) -> None:
        lane = self._lanes[person]
        try:
            while lane:
                item = lane.popleft()
                try:
                    await self._one(item)
                except Exception:  # the database failed: the row stays and is taken again
                    log.exception("update.not_marked", update=item.ticket.update_id)
                    await self._hand_back(item.ticket)
                finally:
                    self._in_hand.discard(item.ticket)
        finally:
            for item in lane:
                self._in_hand.discard(item.ticket)
            self._lanes.pop(person, None)
            self._wake.set()

    async def _one(self, item: Item) -> None:
        """Handles an update, with another try for what may pass; then marks it, one way or the other."""
        ticket = item.ticket
        update = self._read(item)
        if update is None or item.attempts > ATTEMPTS:
            log.error("update.given_up", update=ticket.update_id, attempts=item.attempts)
            await self._db.transaction(lambda conn: inbox.failed(conn, ticket))
            return
        for attempt in range(item.attempts, ATTEMPTS + 1):
            try:
                async with asyncio.timeout(LONGEST):
                    await self.feed(update, ticket=ticket, attempt=attempt)
            except GaveUp:
                break
            except Exception as error:
                log.warning("update.attempt_failed", update=ticket.update_id, attempt=attempt, error=str(error)[:200])
                if attempt < ATTEMPTS:
                    await asyncio.sleep(self._pause * attempt)
            else:
                await self._db.transaction(lambda conn: inbox.handled(conn, ticket))
                self.handled += 1
                return
        await self._db.transaction(lambda conn: inbox.failed(conn, ticket))

    async def feed(self, update: Update, *, ticket: Ticket | None = None, attempt: int = ATTEMPTS) -> None:
        """Runs the handlers of one update, and the call that a handler may return."""
        answer = await self._dispatcher.feed_update(self._bot, update, ticket=ticket, attempt=attempt)
        if isinstance(answer, TelegramMethod):
            await self._bot(answer)

    def _read(self, item: Item) -> Update | None:
        try:
            return Update.model_validate(orjson.loads(item.payload), context={"bot": self._bot})
        except (ValidationError, ValueError) as error:
            log.error("update.unreadable", update=item.ticket.update_id, error=str(error)[:500])  # noqa: TRY400
            return None

    async def _hand_back(self, ticket: Ticket) -> None:
        try:
            await self._db.transaction(lambda conn: inbox.retry(conn, ticket))
        except Exception:
            log.exception("update.not_handed_back", update=ticket.update_id)
            self._unsure = True

    async def _hand_back_lost(self) -> None:
        """Never while claiming: what is just claimed is not in hand yet."""
        in_hand = frozenset(self._in_hand)
        lost = await self._db.transaction(lambda conn: inbox.free(conn, self._owner, but=in_hand))
        self._unsure = False
        if lost:
            log.warning("update.claimed_anew", count=lost)


def person_of(payload: str) -> int:
    """Whose update it is, else which chat's: what must stay in order. 0 for what names neither."""
    try:
        update = orjson.loads(payload)
    except ValueError:
        return 0
    fields = update.values() if isinstance(update, dict) else ()
    parts: list[dict[str, Any]] = [part for part in fields if isinstance(part, dict)]
    pick: tuple[Callable[[dict[str, Any]], Any], ...] = (lambda p: p.get("from"), lambda p: p.get("chat"))
    for find in pick:
        for part in parts:
            found = find(part)
            if isinstance(found, dict) and isinstance(found.get("id"), int):
                return int(found["id"])
    return 0
