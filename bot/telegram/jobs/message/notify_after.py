"""When a finished order gets a "Ready" of its own: edits do not notify, so that whoever waits long is told."""

from collections.abc import Awaitable, Callable
from typing import Final

from sqlalchemy import Connection

from bot.domain.jobs import Job
from bot.engine.accounts import groups, preferences
from bot.engine.accounts.preferences import NEVER, OPERATORS
from bot.storage.database import Database

Due = Callable[[Job], Awaitable[float | None]]
"""Seconds that the order must have taken; None: its owner wants no "Ready"."""
CHOICES: Final = {"off": NEVER, "usual": OPERATORS, "0": 0, "60": 60, "300": 300}
"""Preferences.notify_after by what its buttons carry."""


def due_of(db: Database, usual: float) -> Due:
    """As each person chose, and never in a quiet group; `usual` is the operator's threshold."""

    async def due(job: Job) -> float | None:
        def wishes(conn: Connection) -> tuple[int, bool]:
            quiet = job.target.chat_id < 0 and groups.of(conn, job.target.chat_id).quiet
            return preferences.of(conn, job.user_id).notify_after, quiet

        chosen, quiet = await db.read(wishes)
        if chosen == NEVER or quiet:
            return None
        return usual if chosen < 0 else float(chosen)

    return due
