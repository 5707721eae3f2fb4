"""What is going on, in figures."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from bot.engine.accounts import bans
from bot.engine.dialogs import inbox
from bot.engine.jobs import queries
from bot.engine.jobs.costly_ends import Often, often
from bot.engine.jobs.queries import QueueLine, Reconciliation
from bot.storage.clock import now
from bot.storage.database import Database

LATEST: Final = 3
"""Submits with an unknown answer that are told one by one."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Read at one `moment`."""

    moment: float
    queues: dict[str, QueueLine]
    """By provider."""
    open_ends: int
    """Submits with an unknown answer."""
    latest: list[Reconciliation]
    updates: int
    """Updates that are not handled yet."""
    bans: int
    costly: tuple[Often, ...] = ()
    """Users who broke off many orders that were paid for."""


class Overview:
    """For the status page."""

    def __init__(self, db: Database) -> None:
        self._db = db

    @property
    def database(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._db.dialect

    async def figures(self) -> Figures:
        def look(conn: Connection) -> Figures:
            return Figures(
                now(conn),
                {line.provider: line for line in queries.queue_overview(conn)},
                queries.count_reconciliations(conn),
                queries.reconciliations_page(conn, offset=0, limit=LATEST),
                inbox.waiting(conn),
                bans.count(conn),
                tuple(often(conn)),
            )

        return await self._db.read(look)
