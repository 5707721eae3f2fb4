"""Between the inbox and the handlers: updates are handled in order per person, many people at once, and then marked.

An update leaves the inbox only when its handler is through; what a crash interrupts is handled again at the next start.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Any, Final

import orjson
import structlog
from aiogram import Dispatcher
from aiogram.methods import TelegramMethod
from aiogram.types import Update
from pydantic import ValidationError

from bot.engine.inbox import Ticket
from bot.storage.database import Database
from bot.storage.errors import DatabaseLost
from bot.telegram.bot import EaselBot
from bot.telegram.inbox_rounds import Arrived, Rounds, Taken
from bot.telegram.middlewares import ATTEMPTS, GaveUp
from bot.telegram.progress import Spawn

log = structlog.get_logger(__name__)

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
        self._dispatcher = dispatcher
        self._bot = bot
        self._spawn = spawn
        self._pause = pause
        self._rounds = Rounds(db, bot.id, owner=owner, spawn=spawn, hand_out=self._queue)
        self._lanes: dict[int, deque[Taken]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._stopping = asyncio.Event()
        self.handled = 0
        """Updates handled since the start, for the metrics."""

    async def accept(self, updates: Sequence[Arrived]) -> None:
        """Returns when they are on disk; they are handled soon after. Raises what the database raises."""
        await self._rounds.store(updates)

    async def run(self) -> None:
        """Has the inbox looked through now and then; begins with what an earlier process left."""
        while not self._stopping.is_set():
            self._rounds.look()
            try:
                async with asyncio.timeout(LOOK_EVERY):
                    await self._stopping.wait()
            except TimeoutError:
                pass

    async def stop(self, timeout: float = 5.0) -> None:
        """Takes nothing more, lets what is being handled end within `timeout` seconds, hands the rest back."""
        self._stopping.set()
        for lane in self._lanes.values():
            lane.clear()
        if self._tasks:
            _, late = await asyncio.wait(set(self._tasks), timeout=timeout)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=1.0)
        await self._rounds.stop(timeout)

    def _queue(self, taken: Sequence[Taken]) -> None:
        if self._stopping.is_set():  # taken meanwhile: handed back with the rest
            return
        for one in taken:
            raw = one.raw if one.raw is not None else _read(one)
            person = person_of(raw)
            lane = self._lanes.get(person)
            if lane is not None:
                lane.append(Taken(one.item, raw))
                continue
            self._lanes[person] = deque([Taken(one.item, raw)])
            task = self._spawn(self._drain(person), name="updates")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _drain(self, person: int) -> None:
        lane = self._lanes[person]
        try:
            while lane:
                await self._one(lane.popleft())
        finally:
            self._lanes.pop(person, None)

    async def _one(self, taken: Taken) -> None:
        """Handles an update, with another try for what may pass; then marks it, one way or the other."""
        ticket, attempts = taken.item.ticket, taken.item.attempts
        update = self._mounted(taken)
        if update is None or attempts > ATTEMPTS:
            log.error("update.given_up", update=ticket.update_id, attempts=attempts)
            self._rounds.mark(ticket, failed=True)
            return
        for attempt in range(attempts, ATTEMPTS + 1):
            try:
                await self._attempt(update, ticket=ticket, attempt=attempt)
            except GaveUp:
                break
            except Exception as error:
                log.warning("update.attempt_failed", update=ticket.update_id, attempt=attempt, error=str(error)[:200])
                if attempt < ATTEMPTS:
                    await asyncio.sleep(self._pause * attempt)
            else:
                self._rounds.mark(ticket, failed=False)
                self.handled += 1
                return
        self._rounds.mark(ticket, failed=True)

    async def _attempt(self, update: Update, **data: Any) -> None:
        """One attempt, begun anew while the database is away: that is a time to wait for, and no failure."""
        while True:
            try:
                async with asyncio.timeout(LONGEST):
                    await self.feed(update, **data)
            except DatabaseLost:
                log.warning("update.waits", update=update.update_id, why="the database is away")
                await asyncio.sleep(self._pause)
            else:
                return

    async def feed(self, update: Update, *, ticket: Ticket | None = None, attempt: int = ATTEMPTS) -> None:
        """Runs the handlers of one update, and the call that a handler may return."""
        answer = await self._dispatcher.feed_update(self._bot, update, ticket=ticket, attempt=attempt)
        if isinstance(answer, TelegramMethod):
            await self._bot(answer)

    def _mounted(self, taken: Taken) -> Update | None:
        try:
            return Update.model_validate(taken.raw, context={"bot": self._bot})
        except ValidationError as error:
            log.error("update.unreadable", update=taken.item.ticket.update_id, error=str(error)[:500])  # noqa: TRY400
            return None


def _read(taken: Taken) -> Any:
    try:
        return orjson.loads(taken.item.payload)
    except ValueError:
        return None


def person_of(update: Any) -> int:
    """Whose update it is, else which chat's: what must stay in order. 0 for what names neither."""
    parts = [part for part in update.values() if isinstance(part, dict)] if isinstance(update, dict) else []
    for name in ("from", "chat"):
        for part in parts:
            found = part.get(name)
            if isinstance(found, dict) and isinstance(found.get("id"), int):
                return int(found["id"])
    return 0
