"""When a finished order gets a "Ready" of its own: edits do not notify, and a user who waited long is to hear of it."""

from collections.abc import Awaitable, Callable
from typing import Final

from bot.domain.jobs import Job
from bot.engine.accounts.preferences import NEVER, OPERATORS
from bot.engine.orders.own_jobs import OwnJobs

Due = Callable[[Job], Awaitable[float | None]]
"""Seconds that the order must have taken; None: its owner wants no "Ready"."""
CHOICES: Final = {"off": NEVER, "usual": OPERATORS, "0": 0, "60": 60, "300": 300}
"""Preferences.notify_after by what its buttons carry."""


def due_of(jobs: OwnJobs, usual: float) -> Due:
    """The user's own choice, and never in a quiet group; `usual` is the operator's threshold."""

    async def due(job: Job) -> float | None:
        chosen = await jobs.notify_after(job)
        if chosen is None or chosen == NEVER:
            return None
        return usual if chosen < 0 else float(chosen)

    return due
