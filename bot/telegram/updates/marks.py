"""What happens to updates in hand is written down: an attempt before it is made, and afterwards how they ended.

One transaction takes all that there is to write at the moment; it is tried until it is done.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

import structlog

from bot.engine.dialogs.inbox import AT_ONCE, Begun, Ticket
from bot.engine.dialogs.process_inbox import Inbox
from bot.telegram.outbox.progress_edits import Spawn

log = structlog.get_logger(__name__)

AFTER_FAILURE: Final = 0.2
"""Seconds until the database is asked again."""


class _What(Enum):
    BEGUN = "begun"
    HANDLED = "handled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class _Mark:
    ticket: Ticket
    what: _What
    counted: asyncio.Future[Begun] | None = None


class Lost(Exception):
    """Another process has the update by now: this one was without its lease for a while."""


class Closed(Exception):
    """The process stops: nothing begins any more."""


class Marks:
    """`through` hears which updates were marked as handled or failed. While
    `open`, what fails is tried again."""

    def __init__(self, inbox: Inbox, spawn: Spawn, through: Callable[[Sequence[Ticket]], None]) -> None:
        self._inbox = inbox
        self._spawn = spawn
        self._through = through
        self._marks: list[_Mark] = []
        self.open = False
        self.task: asyncio.Task[Any] | None = None

    def end(self, ticket: Ticket, *, failed: bool) -> None:
        """Notes that an update is through, soon: a crash before has it handled again."""
        self._note(_Mark(ticket, _What.FAILED if failed else _What.HANDLED))

    async def begin(self, ticket: Ticket) -> Begun:
        """Counts an attempt, on disk before it is made: an update that ends the process must not be tried for ever.
        Raises Lost and Closed."""
        counted: asyncio.Future[Begun] = asyncio.get_running_loop().create_future()
        self._note(_Mark(ticket, _What.BEGUN, counted))
        return await counted

    def _note(self, mark: _Mark) -> None:
        self._marks.append(mark)
        # One task writes for all: what is noted during its transaction goes together in the next.
        if self.task is None:
            self.task = self._spawn(self._mark_all(), name="inbox-marks")

    async def _mark_all(self) -> None:
        try:
            while self._marks:
                # Looked at, and taken away only once they are committed: a failed transaction leaves them for the next.
                marks = self._marks[:AT_ONCE]
                try:
                    counts = await self._inbox.mark(
                        handled=[mark.ticket for mark in marks if mark.what is _What.HANDLED],
                        failed=[mark.ticket for mark in marks if mark.what is _What.FAILED],
                        begun=[mark.ticket for mark in marks if mark.what is _What.BEGUN],
                    )
                except Exception as error:
                    log.warning("inbox.not_marked", updates=len(marks), error=repr(error)[:300])
                    if not self.open:
                        return
                    await asyncio.sleep(AFTER_FAILURE)
                else:
                    del self._marks[: len(marks)]
                    self._tell(marks, counts)
        finally:
            # No await lies between the last look at the list and this: a mark that is noted later
            # starts a task of its own.
            self.task = None
            if not self.open:
                self._give_up()

    def _tell(self, marks: Sequence[_Mark], counts: dict[Ticket, Begun]) -> None:
        for mark in marks:
            # Its waiter may have been cancelled by a stop meanwhile.
            if mark.counted is None or mark.counted.done():
                continue
            if mark.ticket in counts:
                mark.counted.set_result(counts[mark.ticket])
            else:
                mark.counted.set_exception(Lost())
        self._through([mark.ticket for mark in marks if mark.what is not _What.BEGUN])

    def _give_up(self) -> None:
        """Ends the waiting for what will not be written any more."""
        for mark in self._marks:
            if mark.counted is not None and not mark.counted.done():
                mark.counted.set_exception(Closed())
