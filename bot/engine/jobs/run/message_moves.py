"""A job's message that comes to stand in another chat while the job is under way, and the process that carries it.

One write moves the place, fenced by the job's state and by the place it had. The process that carries the job reads the
new place with its next own write, and shows progress there as soon as it hears. Neither owner nor epoch change: an
answer that is being read goes on.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.jobs import CANCELLABLE, Job, Target
from bot.engine.jobs import store
from bot.engine.jobs.run.run_context import RunningJob
from bot.storage.database import Database
from bot.storage.tables import jobs

MOVED: Final = "easel_moved"
"""The channel on which processes are told that a job's message moved."""
SETTLES: Final = 2.0
"""Seconds until another look: a write that was on its way may have brought the old place back to memory."""
_OWNED = sa.text("owner IS NOT NULL")  # the words of the partial index in storage/tables


def move(conn: Connection, job: Job, target: Target, requester: str = "") -> Job | None:
    """The job's message is `target` from now on, where `requester` names who pays if others read it.

    None: the job is being delivered or ended meanwhile, its message moved before, or there is none yet; then nothing
    changed. The caller notifies MOVED.
    """
    if not job.target.placed:
        return None
    there = sa.and_(
        jobs.c.id == job.id,
        jobs.c.state.in_([state.value for state in CANCELLABLE]),
        jobs.c.chat_id == job.target.chat_id,
        jobs.c.message_id == job.target.message_id,
        jobs.c.inline_id == job.target.inline_id,
    )
    values = {
        "chat_id": target.chat_id,
        "thread_id": target.thread_id,
        "message_id": target.message_id,
        "inline_id": target.inline_id,
        "requester": requester,
    }
    if not conn.execute(sa.update(jobs).where(there).values(values)).rowcount:
        return None
    return store.get(conn, job.id)


class MessageMoves:
    """`live` are the jobs under way in this process, by id; `left` is told what moved, and from where, once nothing of
    it is shown there any more by what this process does next. `listen` and `serve` run until cancelled."""

    def __init__(
        self, db: Database, me: str, live: Mapping[str, RunningJob], left: Callable[[Job, Target], Awaitable[None]]
    ) -> None:
        self._db = db
        self._me = me
        self._live = live
        self._left = left
        self._heard = asyncio.Event()

    async def listen(self) -> None:
        await self._db.listen(MOVED, self._heard.set)

    async def serve(self) -> None:
        while True:
            await self._heard.wait()
            self._heard.clear()
            await self.look()
            try:
                async with asyncio.timeout(SETTLES):
                    await self._heard.wait()
            except TimeoutError:
                await self.look()

    async def look(self) -> None:
        """Takes over where the messages of this process's jobs stand now."""
        if not self._live:
            return
        for job_id, (target, requester) in (await self._db.read(self._places)).items():
            live = self._live.get(job_id)
            if live is None or live.place == live.job.target == target:
                continue
            if live.job.state not in CANCELLABLE:  # a delivery decides where it stands
                continue
            old, live.place = live.place, target
            live.job = replace(live.job, target=target, requester=requester)
            if old.placed and target.placed and old != target:
                await self._left(live.job, old)

    def _places(self, conn: Connection) -> dict[str, tuple[Target, str]]:
        place = (jobs.c.chat_id, jobs.c.thread_id, jobs.c.message_id, jobs.c.inline_id)
        mine = sa.select(jobs.c.id, *place, jobs.c.requester).where(_OWNED, jobs.c.owner == self._me)
        return {
            row.id: (Target(row.chat_id, row.thread_id, row.message_id, row.inline_id), row.requester)
            for row in conn.execute(mine)
        }
