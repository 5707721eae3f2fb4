"""Stop for answers under way: hears of it from any process, and ends the stream where this process reads it."""

import asyncio
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.engine.jobs.questions import STOPS
from bot.engine.jobs.run.run_context import RunningJob
from bot.storage.database import Database
from bot.storage.tables import jobs

EVERY = 2.0
"""Seconds between looks while an answer is under way here: a notification may have been missed."""
_OWNED = sa.text("owner IS NOT NULL")  # the words of the partial index in storage/tables


class Stops:
    """`live` are the jobs under way in this process, by id. `listen` and `serve` run until cancelled."""

    def __init__(self, db: Database, me: str, live: Mapping[str, RunningJob]) -> None:
        self._db = db
        self._me = me
        self._live = live
        self._heard = asyncio.Event()

    async def listen(self) -> None:
        await self._db.listen(STOPS, self._heard.set)

    async def serve(self) -> None:
        """Ends what is to be stopped, at each word of it and once in a while."""
        while True:
            try:
                async with asyncio.timeout(EVERY):
                    await self._heard.wait()
            except TimeoutError:
                pass
            # Cleared before the rows are read: a Stop that comes during the read has its own round.
            self._heard.clear()
            if any(live.stopper is not None for live in self._live.values()):
                for job_id in await self._db.read(self._wanted):
                    live = self._live.get(job_id)
                    if live is not None:
                        live.stop()

    def _wanted(self, conn: Connection) -> list[str]:
        mine = sa.and_(_OWNED, jobs.c.owner == self._me, jobs.c.stopping.is_(sa.true()))
        return list(conn.execute(sa.select(jobs.c.id).where(mine)).scalars())
