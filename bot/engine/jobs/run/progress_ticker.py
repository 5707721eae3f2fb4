"""Keeps every wait moving: the bars of running jobs and the places of waiting ones, a bounded number a tick."""

import asyncio
from collections.abc import Collection, Mapping
from functools import partial

from sqlalchemy import Connection

from bot.domain.jobs import UPSTREAM, Job
from bot.engine.catalog import circuit_breaker
from bot.engine.jobs import leases, queries
from bot.engine.jobs.run.run_context import RunContext, RunningJob, show
from bot.engine.ports import Progress, Stage
from bot.storage.clock import now

TICK = 1.0
TICK_BUDGET = 30
"""Messages refreshed per tick: Telegram takes about 30 calls a second, progress never needs more."""
WAITING_EVERY = 5
"""Ticks between two looks at the queue."""
WAITING_PAGE = 10
TOLD_MOST = 1000
"""Messages that one restart sends at most."""
LASTS = 1.0
"""Seconds for which a place in the queue may wait to be shown where another process may take the job from it."""


class Ticker:
    """`live` are the jobs under way in this process, by id: it is read at every tick."""

    def __init__(self, ctx: RunContext, me: str, live: Mapping[str, RunningJob], providers: Collection[str]) -> None:
        self._ctx = ctx
        self._me = me
        # With several processes another one may claim the job before the edit is sent: an old place in the queue would
        # stand over that one's bar.
        self._lasts = None if ctx.db.dialect == "sqlite" else LASTS
        self._live = live
        self._providers = providers
        self._rotation: list[str] = []
        self._waiting_offset: dict[str, int] = {}
        self._restarting = False
        self._told: set[str] = set()
        """Jobs without a message whose person was told of the restart."""
        self._awaited_offset = 0

    async def serve(self) -> None:
        """Runs until cancelled."""
        beat = 0
        while True:
            await asyncio.sleep(TICK)
            if not self._rotation:
                # A copy: jobs begin and end during the pass. New ones come in the next, ended ones are passed over.
                self._rotation = list(self._live)
            batch, self._rotation = self._rotation[:TICK_BUDGET], self._rotation[TICK_BUDGET:]
            for job_id in batch:
                live = self._live.get(job_id)
                if live is not None and (live.job.state in UPSTREAM or live.stage is Stage.AWAITED):
                    show(self._ctx, live, live.job)
            beat += 1
            if self._restarting or beat % WAITING_EVERY == 0:
                await self._show_waiting()

    def restart(self) -> None:
        """From now on nothing begins in this process: where no other lives, those that wait are told so, soon."""
        self._restarting = True

    async def _show_waiting(self) -> None:
        """Waiting jobs have no owner yet: one process shows them all."""
        if not await self._ctx.db.read(lambda conn: leases.first(conn, self._me)):
            return
        await self._show_awaited()
        found = await self._ctx.shop.pauses()
        moment = await self._ctx.db.read(now) if found else 0.0
        restarting = self._restarting and await self.alone()
        for provider in self._providers:
            held = circuit_breaker.held_seconds(found, provider, moment)
            offset = self._waiting_offset.get(provider, 0)
            page = await self._ctx.db.read(
                partial(queries.waiting, provider=provider, offset=offset, limit=WAITING_PAGE)
            )
            for place, job in enumerate(page, start=offset + 1):
                if job.target.placed:
                    shown = Progress(Stage.QUEUED, position=place, held=held, lasts=self._lasts, restarting=restarting)
                    self._ctx.view.progress(job, shown)
                elif restarting and job.id not in self._told and len(self._told) < TOLD_MOST:
                    # Noted before it is sent: it is said at most once, also where sending fails.
                    self._told.add(job.id)
                    await self._ctx.restarting(job)
            # The queue moves between two pages: a job may be left out of one round and comes in the next.
            self._waiting_offset[provider] = offset + WAITING_PAGE if len(page) == WAITING_PAGE else 0

    async def alone(self) -> bool:
        """Whether no other process would carry on what this one leaves."""
        return await self._ctx.db.read(lambda conn: leases.alone(conn, self._me))

    def left(self, job: Job) -> None:
        """Shows that a job of this process goes on in the next one."""
        self._ctx.view.progress(job, Progress(Stage.RESUMED, lasts=self._lasts, restarting=True))

    async def _show_awaited(self) -> None:
        """Those whose file is asked for again in a while: how long it takes already, and Cancel."""

        def awaited(conn: Connection) -> tuple[float, list[Job]]:
            return now(conn), queries.awaited(conn, offset=self._awaited_offset, limit=WAITING_PAGE)

        moment, page = await self._ctx.db.read(awaited)
        for job in page:
            if job.target.placed:
                took = max(0.0, moment - (job.delivering_at or moment))
                self._ctx.view.progress(job, Progress(Stage.AWAITED, elapsed=took, lasts=self._lasts))
        self._awaited_offset = self._awaited_offset + WAITING_PAGE if len(page) == WAITING_PAGE else 0
