"""What is going on, in figures."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from bot import ledger
from bot.domain.money import Credits
from bot.engine.accounts import bans
from bot.engine.dialogs import inbox
from bot.engine.jobs import queries
from bot.engine.jobs.costly_ends import Often, often
from bot.engine.jobs.queries import QueueLine, Reconciliation
from bot.storage.clock import now
from bot.storage.database import Database

LATEST: Final = 3
"""Submits with an unknown answer that are told one by one."""
NEW: Final = 3 * 24 * 3600.0
"""Seconds for which such a submit counts as new: an operator compares it with the provider's bill meanwhile."""
PROVED_WITHIN: Final = 1800.0
"""Seconds within which what moved is proved, three rounds of the audit: what is older and unproved is broken or was
never looked at."""


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
    new_ends: int = 0
    """Of the open ends those that are new."""
    unproved_since: float | None = None
    """When the oldest transfer was made that should have been proved and is not; None: the books are in order."""


@dataclass(frozen=True, slots=True)
class Money:
    """What all users have together. `held` is set aside for orders under way."""

    available: Credits
    held: Credits


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
            moment, unproved = now(conn), ledger.unproved_since(conn)
            return Figures(
                moment,
                {line.provider: line for line in queries.queue_overview(conn)},
                queries.count_reconciliations(conn),
                queries.reconciliations_page(conn, offset=0, limit=LATEST),
                inbox.waiting(conn),
                bans.count(conn),
                tuple(often(conn)),
                queries.count_reconciliations(conn, since=moment - NEW),
                unproved if unproved is not None and unproved < moment - PROVED_WITHIN else None,
            )

        return await self._db.read(look)

    async def money(self) -> Money:
        """Sums over all users."""
        found = await self._db.read(ledger.all_users)
        return Money(found.available, found.held)
