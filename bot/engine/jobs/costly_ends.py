"""Ends by which the operator paid a service and the person nothing, all by the person's doing: an order cancelled while
it was made, a bot blocked, a chat gone or closed to files before anything stood there, an answer stopped before its
first word or asked for in a way that brings none.

A running cancel can be refused, and is; the others cannot be, so that after too many of them the next order waits.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy import Connection

from bot.domain.limits.admission import TooManyCostlyEnds
from bot.engine.ports import Alerts
from bot.storage.clock import now
from bot.storage.database import Database
from bot.storage.sql import Sql

log = structlog.get_logger(__name__)

HOUR: Final = 3600.0
DAY: Final = 24 * HOUR
OFTEN: Final = 5
"""Such ends of one person within a day of which the operator hears."""
TOLD: Final = 3
"""People that are named at once."""
EVERY: Final = 60.0
"""Seconds between two looks for the operator."""

# `costly_end` stands by itself: these are the words of the partial index in storage/tables.
_RECENT = Sql(
    "SELECT finished_at FROM jobs WHERE costly_end AND account_id = ? AND finished_at > ?"
    " AND finished_at <= ? ORDER BY finished_at DESC LIMIT ?"
)
_OFTEN = Sql(
    "SELECT j.user_id, coalesce(max(u.name), ''), count(*), max(j.finished_at)"
    " FROM jobs j LEFT JOIN users u ON u.id = j.user_id"
    " WHERE j.costly_end AND j.finished_at > ? AND j.finished_at <= ? AND j.user_id <> 0"
    " GROUP BY j.user_id HAVING count(*) >= ? ORDER BY count(*) DESC, j.user_id LIMIT ?"
)
COUNTED: Final = 1_001
"""The most ends that are read of one account: the operator's limit is at most a thousand."""


@dataclass(frozen=True, slots=True)
class Often:
    """A person with many such ends within a day. `last_at`: Unix seconds of the latest."""

    user_id: int
    name: str
    count: int
    last_at: float


def ends(conn: Connection, account_id: int) -> int:
    """How many of the account's orders ended so within the last hour."""
    moment = now(conn)
    return len(list(_RECENT.run(conn, account_id, moment - HOUR, moment, COUNTED)))


def admit(conn: Connection, account_id: int, per_hour: int) -> None:
    """Raises TooManyCostlyEnds while the account has more than `per_hour` of them within the hour. By cancels alone it
    comes to `per_hour` at most. Orders of one account must come one after the other."""
    moment = now(conn)
    found = list(_RECENT.run(conn, account_id, moment - HOUR, moment, COUNTED))
    if len(found) > per_hour:
        raise TooManyCostlyEnds(per_hour, found[per_hour][0] + HOUR - moment)


def often(conn: Connection) -> list[Often]:
    """The people with the most such ends within a day, from OFTEN on, at most TOLD."""
    moment = now(conn)
    return [Often(*row) for row in _OFTEN.run(conn, moment - DAY, moment, OFTEN, TOLD)]


class CostlyWatch:
    """Tells the operator of people who end orders so again and again: once an hour each, while it goes on. `serve` runs
    for ever."""

    def __init__(self, db: Database, alerts: Alerts) -> None:
        self._db = db
        self._alerts = alerts

    async def serve(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("costly.not_looked")
            await asyncio.sleep(EVERY)

    async def look(self) -> None:
        """Looks once. People whose latest such end is over an hour old were told of."""

        def read(conn: Connection) -> list[Often]:
            moment = now(conn)
            return [each for each in often(conn) if each.last_at > moment - HOUR]

        for each in await self._db.read(read):
            values = {"name": each.name, "id": str(each.user_id), "count": str(each.count)}
            await self._alerts.alert(f"costly:{each.user_id}", "alert-costly", **values)
