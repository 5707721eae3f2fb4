"""Between the inbox and the handlers: updates are handled in order per person, many people at once, and then marked.

An update leaves the inbox only when its handler is through; what a crash interrupts is handled again at the next start.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import orjson
import structlog
from aiogram import Dispatcher
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import TelegramMethod
from aiogram.types import Update
from pydantic import ValidationError

from bot.engine.dialogs import inbox
from bot.engine.dialogs.inbox import Ticket
from bot.engine.dialogs.inbox_turns import Rank, rank_of
from bot.engine.dialogs.process_inbox import Arrived, Inbox
from bot.engine.ports import Alerts, DatabaseLost
from bot.telegram.outbox.bot import EaselBot
from bot.telegram.outbox.progress_edits import Spawn
from bot.telegram.outbox.send_queue import newcomer
from bot.telegram.updates.batches import Rounds, Taken
from bot.telegram.updates.classify import person_of
from bot.telegram.updates.cut_texts import whole
from bot.telegram.updates.marks import Closed, Lost
from bot.telegram.updates.middlewares import ATTEMPTS, GaveUp, passing
from bot.telegram.updates.person_lanes import Lanes

log = structlog.get_logger(__name__)

LOOK_EVERY: Final = 2.0
"""Seconds between looks when nothing asks for one: rows of a process that died, or of another that took them in."""
LONGEST: Final = 180.0
"""Seconds for one update: a handler that hangs must not hold up its person for ever."""
PAUSE: Final = 1.0
"""Seconds before a second attempt, twice as many before the third."""
LONGEST_FLOOD: Final = 24 * 3600.0
"""Seconds for which an update waits at most because Telegram asks to: so long Telegram itself keeps what was not taken
(Bot API, getUpdates)."""


class Stopping(Exception):
    """The process stops: the update goes back to the inbox as it came."""


class InboxPump:
    """`run` until cancelled, then `stop`. `alerts` hear of updates that are given up."""

    def __init__(
        self,
        of: Inbox,
        dispatcher: Dispatcher,
        bot: EaselBot,
        *,
        spawn: Spawn,
        pause: float = PAUSE,
        alerts: Alerts | None = None,
    ) -> None:
        self._dispatcher = dispatcher
        self._bot = bot
        self._pause = pause
        self._alerts = alerts
        self._rounds = Rounds(of, spawn=spawn, hand_out=self._queue)
        self._lanes = Lanes(spawn, self._one)
        self._begun: set[Ticket] = set()
        """Being handled: an attempt of each is counted."""
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
        """Takes nothing more, lets what is being handled end within `timeout` seconds, hands the rest back: that costs
        none of them an attempt."""
        # First: a round that commits meanwhile comes to `_queue`, which from now on begins nothing.
        self._stopping.set()
        # Their claim counted an attempt that nothing made.
        cut = [one.item.ticket for one in self._lanes.clear() if one.begun]
        if self._lanes.tasks:
            _, late = await asyncio.wait(set(self._lanes.tasks), timeout=timeout)
            for task in late:
                task.cancel()
            if late:
                # What a cancelled handler still writes comes before its row is handed back: else another process would
                # handle the update beside it.
                await asyncio.wait(late, timeout=1.0)
        await self._rounds.stop(timeout, cut=[*cut, *self._begun])

    def _queue(self, taken: Sequence[Taken]) -> None:
        if self._stopping.is_set():  # taken meanwhile: handed back with the rest
            self._begun.update(one.item.ticket for one in taken if one.begun)
            return
        for one in taken:
            raw = one.raw if one.raw is not None else _read(one)
            person = one.item.person or person_of(raw)
            self._lanes.add(person, Taken(one.item, raw, one.begun))

    async def _one(self, taken: Taken) -> None:
        """Handles an update until it is through, or given up; then marks it, one way or the other."""
        ticket = taken.item.ticket
        self._begun.update(one.item.ticket for one in (taken, *taken.rest) if one.begun)
        later = newcomer.set(rank_of(taken.item.urgency) is Rank.NEW)
        try:
            well = await self._through(taken)
        except (Stopping, Closed):
            return  # handed back by `stop`
        except Lost:
            log.warning("update.lost", update=ticket.update_id)
            self._begun.discard(ticket)
            self._rounds.lost(ticket)
            if taken.rest:  # whose rest may still be ours: what it was handled with was marked with it
                await self._one(whole(taken.rest))
            return
        finally:
            newcomer.reset(later)
        # It is through: should a stop come before its mark is written, the attempt that it made still counts.
        for one in (taken, *taken.rest):
            self._begun.discard(one.item.ticket)
            self._rounds.marks.end(one.item.ticket, failed=not well)
        self.handled += well

    async def _through(self, taken: Taken) -> bool:
        """False: it is given up. Raises Stopping, Closed and Lost."""
        ticket = taken.item.ticket
        update = self._mounted(taken)
        if update is None:
            await self._alert("update-unreadable", ticket)
            return False
        attempt = taken.item.attempts if taken.begun else await self._begin(ticket)
        while attempt <= ATTEMPTS:
            try:
                await self._attempt(update, ticket, ticket=ticket, attempt=attempt)
            except GaveUp as error:
                if not error.told:
                    await self._apologise(update, ticket)
                await self._alert("update-given-up", ticket, attempts=str(attempt))
                return False
            except Stopping:
                raise
            except Exception as error:
                log.warning("update.attempt_failed", update=ticket.update_id, attempt=attempt, error=str(error)[:200])
                if attempt == ATTEMPTS:
                    break
                await self._wait(self._pause * attempt)
                # On disk before it is made: an update that ends the process comes again with this attempt used up.
                attempt = await self._begin(ticket, again=True)
            else:
                return True
        log.error("update.given_up", update=ticket.update_id, attempts=attempt)
        await self._apologise(update, ticket)
        await self._alert("update-given-up", ticket, attempts=str(attempt))
        return False

    async def _begin(self, ticket: Ticket, *, again: bool = False) -> int:
        """Counts an attempt; how many that makes. What is through before its first one here, another process handled.
        Raises Stopping, Closed and Lost."""
        if self._stopping.is_set():
            raise Stopping
        begun = await self._rounds.marks.begin(ticket)
        if begun.through and not again:
            raise Lost
        # The attempt is on disk: a stop from here on takes it back.
        self._begun.add(ticket)
        return begun.attempts

    async def _attempt(self, update: Update, of: Ticket, **data: Any) -> None:
        """One attempt, begun anew when Telegram asked to wait and while the database is away: those are times to wait
        for, and no failures."""
        waited = 0.0
        while True:
            try:
                async with asyncio.timeout(LONGEST):
                    await self.feed(update, **data)
            except TelegramRetryAfter as error:
                waited += error.retry_after
                if waited > LONGEST_FLOOD:
                    raise
                log.info("update.waits", update=update.update_id, seconds=error.retry_after)
                with self._rounds.set_aside(of):
                    await self._wait(error.retry_after)
            except DatabaseLost:
                log.warning("update.waits", update=update.update_id, why="the database is away")
                await self._wait(self._pause)
            else:
                return

    async def _apologise(self, update: Update, ticket: Ticket) -> None:
        """Tells the person that this was given up; tried as often as the update itself."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                await self._attempt(update, ticket, given_up=True)
            except Stopping:
                raise
            except Exception as error:
                log.warning("update.no_apology", update=update.update_id, error=str(error)[:200])
                if not passing(error) or attempt == ATTEMPTS:
                    return
                await self._wait(self._pause * attempt)
            else:
                return

    async def _alert(self, what: str, ticket: Ticket, **values: str) -> None:
        if self._alerts is None:
            return
        later = newcomer.set(False)  # the update's sender may be one: this goes to the operator
        try:
            await self._alerts.alert(what, f"alert-{what}", update=str(ticket.update_id), **values)
        finally:
            newcomer.reset(later)

    async def _wait(self, seconds: float) -> None:
        """Raises Stopping at once when the process stops meanwhile."""
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
        raise Stopping

    async def feed(self, update: Update, *, ticket: Ticket | None = None, **data: Any) -> None:
        """Runs the handlers of one update, and the call that a handler may return; `ticket` is its place in the inbox,
        which use cases find by `inbox.current`. `data` may hold its `attempt`; or why no handler is to run: `given_up`,
        or `left_out` with the seconds to wait (0: known)."""
        with inbox.under_way(ticket):
            answer = await self._dispatcher.feed_update(self._bot, update, **{"attempt": ATTEMPTS, **data})
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
