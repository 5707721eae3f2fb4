"""The worker of a process: keeps its lease, claims jobs fairly and within bounds, carries each in a task of its own."""

import asyncio
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import structlog
from sqlalchemy import Connection

from bot.domain.jobs import Cause, Job, JobState
from bot.engine import drafts, inbox, reports, settle, store
from bot.engine.carry import Carrier
from bot.engine.ports import Progress, Stage
from bot.engine.supervisor import Supervisor
from bot.engine.tools import Live, Tools, show
from bot.storage.clock import now

log = structlog.get_logger(__name__)

BATCH = 200
"""Jobs claimed in one transaction."""
IDLE = 1.0
"""Seconds between looks when nobody wakes us: jobs put off, other processes' news."""
SWEEP_EVERY = 30.0
DELIVERY_TRIES = 60
LAST_WORD_TRIES = 20
"""How often a fault of ours may come back before a delivery fails, and before a last word is given up."""
TICK = 1.0
TICK_BUDGET = 30
"""Messages refreshed per tick: Telegram takes about 30 calls a second, progress never needs more."""
WAITING_PAGE = 10
LEASE = 15.0
"""Seconds after which a silent process counts as dead, and others take over what it had."""


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """Bounds of one process."""

    concurrency: Mapping[str, int]
    """Jobs upstream per provider, over all processes."""
    queue_wait: float = 3600.0
    """Seconds after which an order that could not start fails and is released."""
    tasks: int = 20_000
    """Jobs this process works on at once."""
    lease: float = LEASE
    drain: float = 20.0
    """Seconds that streams get to end at a graceful stop."""


class Worker:
    """Claims and carries. `start`, then `stop` for a graceful end; the next start survives a kill at any point."""

    def __init__(self, tools: Tools, limits: WorkerLimits, supervisor: Supervisor) -> None:
        self.id = f"w-{secrets.token_hex(6)}"
        self._t = tools
        self._limits = limits
        self._supervisor = supervisor
        self._wake = asyncio.Event()
        self._live: dict[str, Live] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._services: list[asyncio.Task[None]] = []
        self._stopping = False
        self._rotation: list[str] = []
        self._waiting_offset: dict[str, int] = {}

    @property
    def live(self) -> int:
        """Jobs under way in this process."""
        return len(self._tasks)

    async def start(self) -> None:
        """Frees what earlier processes left (on SQLite everything is theirs), then begins to claim."""
        if self._t.db.dialect == "sqlite":
            freed = await self._t.db.transaction(lambda conn: store.free_all_but(conn, self.id))
            if freed:
                log.info("worker.recovered", jobs=freed)
        await self._beat()
        self._wake.set()
        serve = self._supervisor.serve
        self._services = [
            serve(lambda: self._t.db.listen(store.WAKE, self._wake.set), name="wake"),
            serve(self._claims, name="claims"),
            serve(self._beats, name="heartbeat"),
            serve(self._ticks, name="ticker"),
            serve(self._sweeps, name="sweeper"),
        ]

    async def stop(self) -> None:
        """No new claims; streams get their drain time, resumable jobs are handed back at once, the rest is left as the
        crash rules have it: the next process settles it."""
        self._stopping = True
        for service in self._services:
            service.cancel()
        for job_id, live in list(self._live.items()):
            provider = self._t.providers.get(live.job.provider)
            resumable = provider is not None and provider.resumable and live.job.upstream_ref is not None
            if live.job.state is JobState.RUNNING and resumable:
                self._tasks[job_id].cancel()
        tasks = list(self._tasks.values())
        if tasks:
            _, pending = await asyncio.wait(tasks, timeout=self._limits.drain)
            for task in pending:
                task.cancel()
            if pending:
                await asyncio.wait(pending, timeout=5.0)
        await self._t.db.transaction(lambda conn: store.free(conn, self.id))

    async def _claims(self) -> None:
        while not self._stopping:
            taken = await self._claim()
            if taken < BATCH:
                try:
                    async with asyncio.timeout(IDLE):
                        await self._wake.wait()
                except TimeoutError:
                    pass
            self._wake.clear()

    async def _claim(self) -> int:
        room = min(BATCH, self._limits.tasks - len(self._tasks))
        if room <= 0:
            return 0

        def claim_jobs(conn: Connection) -> tuple[list[Job], float]:
            clock = now(conn) - time.monotonic()
            jobs = store.claim_due(conn, self.id, limit=room)
            for provider, concurrency in self._limits.concurrency.items():
                left = room - len(jobs)
                if left > 0:
                    jobs += store.claim_queued(conn, self.id, provider, concurrency=concurrency, limit=left)
            return jobs, clock

        claimed, clock = await self._t.db.transaction(claim_jobs)
        for job in claimed:
            self._carry(job, clock)
        return len(claimed)

    def _carry(self, job: Job, clock: float) -> None:
        earlier = self._tasks.get(job.id)
        if earlier is not None:  # cancelled in the chat: the old task is fenced off, the new one has the last word
            earlier.cancel()
        live = Live(job, clock)
        self._live[job.id] = live
        task = self._supervisor.spawn(self._one(live), name=f"job:{job.id}")
        self._tasks[job.id] = task
        task.add_done_callback(lambda done: self._forget(job.id, done))

    def _forget(self, job_id: str, task: asyncio.Task[None]) -> None:
        if self._tasks.get(job_id) is task:
            del self._tasks[job_id]
            self._live.pop(job_id, None)
            self._wake.set()

    async def _one(self, live: Live) -> None:
        try:
            await Carrier(self._t, live).run()
        except Exception as error:
            log.exception("job.crashed", job=live.job.id)
            await self._crashed(live.job, error)

    async def _crashed(self, job: Job, error: Exception) -> None:
        """A fault of ours: before delivery the job fails and is released, later it is tried again for its day."""
        detail = f"{type(error).__name__}: {error}"[:300]
        await self._t.alerts.alert(f"job_fault:{type(error).__name__}", "alert-job-fault", job=job.id, detail=detail)

        def give_up(conn: Connection) -> None:
            if job.state.finished and job.tries >= LAST_WORD_TRIES:
                store.noticed(conn, job)
            elif job.state.finished or (job.state is JobState.DELIVERING and job.tries < DELIVERY_TRIES):
                store.postpone(conn, job, 60.0)
            elif settle.failed(conn, job, Cause.INTERNAL, detail) is not None and job.submitted_at is not None:
                store.reconcile(conn, job, Cause.INTERNAL)
            store.let_go(conn, self.id, job.id)
            self._t.db.notify(conn, store.WAKE)

        await self._t.db.transaction(give_up)

    async def _beat(self) -> None:
        freed = await self._t.db.transaction(lambda conn: store.heartbeat(conn, self.id, self._limits.lease))
        if freed:
            log.warning("worker.freed_dead", jobs=freed)
            self._wake.set()

    async def _beats(self) -> None:
        """Renews the lease; when that fails for too long, others may own our jobs by now: their tasks are cancelled."""
        renewed = time.monotonic()
        lost = False
        while True:
            await asyncio.sleep(self._limits.lease / 3)
            try:
                async with asyncio.timeout(self._limits.lease / 3):
                    await self._beat()
                if lost:  # the cancelled tasks' jobs are still ours on paper: hand them back to be claimed anew
                    await self._t.db.transaction(lambda conn: store.free(conn, self.id))
                    await self._beat()
                    lost = False
                    self._wake.set()
                renewed = time.monotonic()
            except Exception:
                log.exception("worker.no_heartbeat")
                if time.monotonic() - renewed > self._limits.lease * 2 / 3:
                    lost = True
                    for task in list(self._tasks.values()):
                        task.cancel()

    async def _ticks(self) -> None:
        """Keeps every wait moving: the bars of running jobs and the places of waiting ones, a bounded number a tick."""
        beat = 0
        while True:
            await asyncio.sleep(TICK)
            if not self._rotation:
                self._rotation = list(self._live)
            batch, self._rotation = self._rotation[:TICK_BUDGET], self._rotation[TICK_BUDGET:]
            for job_id in batch:
                live = self._live.get(job_id)
                if live is not None and live.job.state in (JobState.SUBMITTING, JobState.RUNNING):
                    show(self._t, live, live.job)
            beat += 1
            if beat % 5 == 0:
                await self._show_waiting()

    async def _show_waiting(self) -> None:
        for provider in self._limits.concurrency:
            offset = self._waiting_offset.get(provider, 0)
            page = await self._t.db.read(partial(reports.waiting, provider=provider, offset=offset, limit=WAITING_PAGE))
            for place, job in enumerate(page, start=offset + 1):
                if job.target.message_id:
                    self._t.view.progress(job, Progress(Stage.QUEUED, position=place))
            self._waiting_offset[provider] = offset + WAITING_PAGE if len(page) == WAITING_PAGE else 0

    async def _sweeps(self) -> None:
        while True:
            await self.sweep()
            await asyncio.sleep(SWEEP_EVERY)

    async def sweep(self) -> None:
        """Ends waits past their bound and drops what has served its time."""

        def sweep_up(conn: Connection) -> int:
            drafts.sweep(conn)
            inbox.sweep(conn)
            late = store.take_overdue(conn, self.id, waited=self._limits.queue_wait, limit=BATCH)
            for job in late:
                settle.failed(conn, job, Cause.WAITED_TOO_LONG)
                store.let_go(conn, self.id, job.id)
            return len(late)

        if await self._t.db.transaction(sweep_up):
            self._wake.set()
