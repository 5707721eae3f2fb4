"""When a finished order gets a "Ready" of its own: edits do not notify, so that whoever waits long is told."""

from collections.abc import Awaitable, Callable
from typing import Final

from bot.domain.jobs import Job
from bot.engine import preferences
from bot.engine.preferences import NEVER, OPERATORS
from bot.storage.database import Database

Due = Callable[[Job], Awaitable[float | None]]
"""Seconds that the order must have taken; None: its owner wants no "Ready"."""
CHOICES: Final = {"off": NEVER, "usual": OPERATORS, "0": 0, "60": 60, "300": 300}
"""Preferences.notify_after by what its buttons carry."""


def due_of(db: Database, usual: float) -> Due:
    """As each person chose; `usual` is the operator's threshold."""

    async def due(job: Job) -> float | None:
        chosen = (await db.read(lambda conn: preferences.of(conn, job.user_id))).notify_after
        if chosen == NEVER:
            return None
        return usual if chosen < 0 else float(chosen)

    return due
