"""What passes by the inbox: queries that must be answered within seconds and mean nothing later, and the few words to
a person whose updates are left out because they were too many."""

import asyncio
from typing import Any, Final

import structlog
from aiogram.types import Update
from pydantic import ValidationError

from bot.telegram.outbox.bot import EaselBot
from bot.telegram.outbox.progress_edits import Spawn
from bot.telegram.outbox.send_queue import newcomer
from bot.telegram.updates.classify import Kind
from bot.telegram.updates.worker import InboxPump

log = structlog.get_logger(__name__)

HURRIED_AT_ONCE: Final = 100
HURRIED_OF_ONE: Final = 3
"""Queries of one person at once: every few letters typed are a query, and only the last of them matters."""
LEFT_OUT_AT_ONCE: Final = 20
"""People who are told at once that it was too much; each of them by one update at a time."""


class Passers:
    """Handles updates at once and never twice. What is too much is dropped, payments never."""

    def __init__(self, bot: EaselBot, pump: InboxPump, spawn: Spawn) -> None:
        self._bot = bot
        self._pump = pump
        self._spawn = spawn
        self._hurried: dict[asyncio.Task[Any], int] = {}
        self._left_out: set[int] = set()

    def hurry(self, raw: dict[str, Any], kind: Kind) -> None:
        """Handles a query now."""
        own = sum(person == kind.person for person in self._hurried.values())
        if not kind.first and (len(self._hurried) >= HURRIED_AT_ONCE or own >= HURRIED_OF_ONE):
            log.warning("update.dropped", update=raw["update_id"], why="too many at once")
            return
        update = self._mounted(raw)
        if update is not None:
            task = self._spawn(self._pump.feed(update), name=f"update:{update.update_id}")
            self._hurried[task] = kind.person
            task.add_done_callback(lambda done: self._hurried.pop(done, None))

    def free(self, person: int) -> bool:
        """Whether that person can be told now that it was too much."""
        return person not in self._left_out and len(self._left_out) < LEFT_OUT_AT_ONCE

    def leave_out(self, raw: dict[str, Any], kind: Kind, wait: float) -> None:
        """Ends a tap's waiting; with a `wait` in seconds the person is told of it."""
        update = self._mounted(raw)
        if update is None:
            return
        # Before the task begins: further updates of this person in the same request must not start one each.
        self._left_out.add(kind.person)
        task = self._spawn(self._tell(update, wait), name="left-out")
        task.add_done_callback(lambda _: self._left_out.discard(kind.person))

    async def _tell(self, update: Update, wait: float) -> None:
        newcomer.set(True)  # within this task: it lets every answer pass
        await self._pump.feed(update, left_out=wait)

    def _mounted(self, raw: dict[str, Any]) -> Update | None:
        try:
            return Update.model_validate(raw, context={"bot": self._bot})
        except ValidationError as error:
            log.error("update.unreadable", update=raw["update_id"], error=str(error)[:500])  # noqa: TRY400
            return None
