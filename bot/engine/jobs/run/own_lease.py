"""What a process knows of its own lease: whether, at this very moment, what it carries is still its own.

A process can stand still for longer than its lease: stopped by a signal, suspended, short of memory. It wakes with all
its timers due, and the process that has its jobs by then may have said their last word.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Final

SURE: Final = 0.8
"""The part of the lease in which others surely do not have the jobs, counted from the begin of its last renewal."""
WAITS: Final = 2.0
"""Leases for which a write into a chat waits to be sure again before it is given up."""


def standing_still_counts() -> float:
    """Seconds of a clock that goes on while the machine is suspended, where there is one (Linux)."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Lease:
    """Of one process, `seconds` long; its worker renews it in the database and tells it here."""

    def __init__(self, seconds: float, clock: Callable[[], float] = standing_still_counts) -> None:
        self.seconds = seconds
        self.clock = clock
        self._until = clock()
        self._had = False
        self._renewed = asyncio.Event()

    @property
    def left(self) -> float:
        """Seconds for which it is sure, if nothing renews it; below 0 where it is not."""
        return self._until - self.clock()

    def sure(self) -> bool:
        return self.left > 0

    @property
    def held(self) -> bool:
        """Whether the last renewal is younger than the lease is long. Not as certain as `sure`: others may count from
        another moment."""
        return self._had and self.left > -self.seconds * (1 - SURE)

    @property
    def ran_out(self) -> bool:
        """Whether a lease that it had is over: others may have freed what was its own."""
        return self._had and not self.held

    def renewed(self, begun: float) -> None:
        """The database has it anew, by a transaction that was begun then, by this clock; and what was lost with the one
        before is not carried here any more."""
        # From the begin of the transaction: the database counts from a moment within it, so that this process never
        # counts on its lease for longer than the others do.
        self._until, self._had = begun + self.seconds * SURE, True
        # The next event is there before the old one is set: a write that comes now waits for the renewal after this.
        waiting, self._renewed = self._renewed, asyncio.Event()
        waiting.set()

    async def surely(self) -> None:
        """Returns in a moment in which it is sure, at once as a rule. Raises TimeoutError after WAITS leases."""
        if self.sure():
            return
        async with asyncio.timeout(WAITS * self.seconds):
            while not self.sure():
                # Looked at again behind it: the process may stand still between the renewal and this task's turn.
                await self._renewed.wait()
