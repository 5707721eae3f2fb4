"""The worker of a process: keeps its lease, claims jobs fairly and within bounds, carries each in a task of its own."""

import asyncio
import secrets
import time
from asyncio import FIRST_COMPLETED
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import structlog
from sqlalchemy import Connection

from bot.domain.jobs import Cause, Job, JobState
from bot.engine.catalog import circuit_breaker, pauses
from bot.engine.conversations import memory
from bot.engine.dialogs import drafts, inbox
from bot.engine.jobs import clock_setback, leases, settlement, store, upstream_cleanup
from bot.engine.jobs.run import crash_handling
from bot.engine.jobs.run.job_runner import JobRunner
from bot.engine.jobs.run.message_moves import MessageMoves
from bot.engine.jobs.run.own_lease import Lease
from bot.engine.jobs.run.progress_ticker import Ticker
from bot.engine.jobs.run.run_context import RunContext, RunningJob, unshow
from bot.engine.jobs.run.stop_requests import Stops
from bot.engine.media import blobs
from bot.engine.supervisor import Supervisor
from bot.storage import cooldowns
from bot.storage.clock import now
from bot.storage.errors import DatabaseLost
from bot.storage.outage import PATIENCE

log = structlog.get_logger(__name__)

BATCH = 200
"""Jobs claimed in one transaction."""
IDLE = 1.0
"""Seconds between looks when no notification wakes us: jobs put off, other processes' news."""
SWEEP_EVERY = 30.0
COMPARE_EVERY = 15.0
"""Seconds between two looks at whether what we carry is what is ours."""
LEASE = 15.0
"""Seconds after which a silent process counts as dead, and others take over what it had."""
LOOK = 1.0
"""Seconds between two looks, while draining, at what can be handed back by now."""
GOODBYE = 5.0
"""Seconds that cancelled tasks get to close what they hold."""
JOB_PATIENCE = 24 * 3600.0
"""Seconds for which a job waits for a lost database: as long as for its delivery."""


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
    drain: float = 600.0
    """Seconds that streams get to end at a graceful stop."""


class Worker:
    """Claims and carries. `start`, then `stop` for a graceful end; the next start survives a kill at any point."""

    def __init__(self, ctx: RunContext, limits: WorkerLimits, supervisor: Supervisor) -> None:
        self.id = f"w-{secrets.token_hex(6)}"
        self._ctx = ctx
        self._limits = limits
        self._supervisor = supervisor
        self._wake = asyncio.Event()
        self._live: dict[str, RunningJob] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._services: dict[str, asyncio.Task[None]] = {}
        self._ticker = Ticker(ctx, self.id, self._live, limits.concurrency)
        self._stops = Stops(ctx.db, self.id, self._live)
        self._moves = MessageMoves(ctx.db, self.id, self._live, ctx.left)
        self._draining = False
        self._stopping = False
        self._hurried = asyncio.Event()
        self.lease = Lease(limits.lease)
        self._clock = 0.0  # the database's clock less the monotonic one
        self._spare_until = 0.0  # monotonic: before, processes whose lease ran out get the time to renew it
        self._compare_at = 0.0

    @property
    def live(self) -> int:
        """Jobs under way in this process."""
        return len(self._tasks)

    @property
    def writes(self) -> bool:
        """Whether this process could write to the database lately: its lease is renewed every few seconds, and a disk
        that is full or a server that only reads refuses that first."""
        return self.lease.held

    async def start(self) -> None:
        """Frees what earlier processes left (on SQLite everything is theirs), then begins to claim."""
        if self._ctx.db.dialect == "sqlite":
            freed = await self._ctx.db.transaction(lambda conn: leases.free_all_but(conn, self.id))
            if freed:
                log.info("worker.recovered", jobs=freed)
        await self._renew()
        self._wake.set()
        services = {
            "wake": lambda: self._ctx.db.listen(store.WAKE, self._wake.set),
            "claims": self._claims,
            "heartbeat": self._beats,
            "ticker": self._ticker.serve,
            "sweeper": self._sweeps,
            "stop-words": self._stops.listen,
            "stops": self._stops.serve,
            "move-words": self._moves.listen,
            "moves": self._moves.serve,
        }
        if self._ctx.db.dialect != "sqlite":  # on SQLite this is the only process: the last word comes by `_carry`
            services["fenced"] = lambda: self._ctx.db.listen(store.FENCED, self._doubt)
        self._services = {name: self._supervisor.serve(service, name=name) for name, service in services.items()}

    async def drain(self) -> None:
        """Begins nothing any more; resumable jobs are handed back at once, streams get their drain time under a lease
        that is renewed on. Bars move meanwhile, what is cancelled gets its last word, and orders that come in wait for
        the next process and are told so. Ends early when `hurry` is called."""
        self._draining = True
        self._ticker.restart()
        self._wake.set()
        hurried = self._supervisor.spawn(self._hurried.wait(), name="hurried")
        until = time.monotonic() + self._limits.drain
        while True:
            await self._hand_back_resumable()  # also those that became so since
            left = until - time.monotonic()
            if not self._tasks or left <= 0 or self._hurried.is_set():
                break
            await asyncio.wait({*self._tasks.values(), hurried}, timeout=min(left, LOOK), return_when=FIRST_COMPLETED)
        hurried.cancel()

    def hurry(self) -> None:
        """Ends `drain`, now or when it begins: what still runs is left as the crash rules have it."""
        self._hurried.set()

    async def stop(self) -> None:
        """Ends what `drain` left over, after one of its own if there was none; the next process settles it."""
        if not self._draining:
            await self.drain()
        self._stopping = True
        self._wake.set()
        claims = self._services.get("claims")
        if claims is not None:  # a claim under way must not be left half heard
            await asyncio.wait({claims}, timeout=GOODBYE)
        # The heartbeat ends last: as long as a task of ours runs, a lease that ran out would let another
        # process carry its job.
        for name, service in self._services.items():
            if name != "heartbeat":
                service.cancel()
        await self._hand_back_resumable()
        await self._end(set(self._tasks.values()))
        if "heartbeat" in self._services:
            await self._end({self._services["heartbeat"]})
        try:
            await self._ctx.db.transaction(lambda conn: leases.free(conn, self.id))
        except DatabaseLost:  # our lease runs out instead
            log.warning("worker.not_freed")

    async def _hand_back_resumable(self) -> None:
        def resumable(live: RunningJob) -> bool:
            provider = self._ctx.providers.get(live.job.provider)
            known = live.job.state is JobState.RUNNING and live.job.upstream_ref is not None
            return known and provider is not None and provider.resumable

        handed = {job_id: live for job_id, live in self._live.items() if resumable(live)}
        if not handed:
            return
        # First the tasks, then the rows: another process may claim a row at once, and two would ask the
        # service about one order.
        await self._end({self._tasks[job_id] for job_id in handed})
        try:
            await self._hand_back(list(handed))
            alone = await self._ticker.alone()
        except DatabaseLost:  # they come free with our lease; the streams go on
            log.warning("worker.not_handed_back", jobs=len(handed))
            return
        if alone:
            for live in handed.values():
                self._ticker.left(live.job)

    async def _hand_back(self, ids: list[str]) -> None:
        def hand_back(conn: Connection) -> None:
            leases.hand_back(conn, self.id, ids)
            self._ctx.db.notify(conn, store.WAKE)

        await self._ctx.db.transaction(hand_back)

    @staticmethod
    async def _end(tasks: set[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=GOODBYE)

    async def _claims(self) -> None:
        while not self._stopping:
            if time.monotonic() >= self._compare_at:
                await self._compare()
            # A wake that comes while this claims stays set, and the wait below ends at once: it is
            # cleared only before the next claim.
            taken = await self._claim()
            if taken < BATCH and not self._stopping:
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

        def claim_jobs(conn: Connection) -> list[Job]:
            # Within the claim's own transaction: since the last beat another process may have taken us
            # for dead and freed what is ours.
            if not leases.may_claim(conn, self.id):
                return []
            if self._draining:
                return store.claim_ended(conn, self.id, limit=room)
            jobs = store.claim_due(conn, self.id, limit=room)
            found = pauses.everything(conn)
            moment = now(conn) if found else 0.0
            for provider, concurrency in self._limits.concurrency.items():
                left = circuit_breaker.room(found, provider, room - len(jobs), moment)
                if left > 0:
                    jobs += store.claim_queued(conn, self.id, provider, concurrency=concurrency, limit=left)
            return jobs

        claimed = await self._ctx.db.transaction(claim_jobs)
        late = [job.id for job in claimed if self._stopping or (self._draining and not job.state.finished)]
        if late:  # they were claimed while the drain began
            await self._hand_back(late)
            claimed = [job for job in claimed if job.id not in late]
        for job in claimed:
            self._carry(job)
        return len(claimed)

    def _carry(self, job: Job) -> None:
        earlier = self._tasks.get(job.id)
        if earlier is not None:  # cancelled in the chat: the old task is fenced off, the new one has the last word
            earlier.cancel()
        if job.tries == 0 and upstream_cleanup.to_call_off(self._ctx.providers, job):
            self._supervisor.spawn(upstream_cleanup.call_off(self._ctx.providers, job), name=f"call_off:{job.id}")
        live = RunningJob(job, self._clock)
        self._live[job.id] = live
        task = self._supervisor.spawn(self._one(live), name=f"job:{job.id}")
        self._tasks[job.id] = task
        task.add_done_callback(partial(self._forget, job.id))

    def _forget(self, job_id: str, task: asyncio.Task[None]) -> None:
        # A task that was replaced ends after its successor began: it must not take the successor's place away.
        if self._tasks.get(job_id) is not task:
            return
        del self._tasks[job_id]
        live = self._live.pop(job_id)
        others = self._ctx.db.dialect != "sqlite" and not self._stopping
        on_its_way = unshow(self._ctx, live) or live.writing
        # An edit of this task may land after the last word of the process that took the job: that word is
        # said once more.
        if on_its_way and others:
            self._supervisor.spawn(crash_handling.told_again(self._ctx, job_id), name=f"told_again:{job_id}")
        self._wake.set()

    def _doubt(self) -> None:
        """Something may be ours without a task, or a task without its job: looks soon."""
        self._compare_at = 0.0
        self._wake.set()

    async def _compare(self) -> None:
        """Ends tasks whose job was taken from us, and hands back jobs that are ours without a task: their last write
        failed, or the claim's answer was lost. Never while claiming: what is just claimed has no task yet."""
        self._compare_at = time.monotonic() + COMPARE_EVERY
        # Read before the rows are: a job that ends in between is cancelled in vain, and one that is claimed
        # in between is left alone.
        carried = {job_id: (self._tasks[job_id], live.job.epoch) for job_id, live in self._live.items()}
        ours = await self._ctx.db.read(lambda conn: leases.owned_jobs(conn, self.id))
        for job_id, (task, epoch) in carried.items():
            if ours.get(job_id) != epoch:
                task.cancel()
        left = [job_id for job_id in ours if job_id not in self._live]
        if left:
            log.warning("worker.left_alone", jobs=len(left))
            await self._hand_back(left)

    async def _one(self, live: RunningJob) -> None:
        # In this task alone. What runs upstream is paid for: its result is not thrown away.
        PATIENCE.set(JOB_PATIENCE)
        try:
            await JobRunner(self._ctx, live).run()
        except DatabaseLost as lost:  # no fault of the job: claimed again, it goes on from where it was last written
            log.warning("job.database_lost", job=live.job.id, error=str(lost))
            self._doubt()
        except Exception as error:
            log.exception("job.crashed", job=live.job.id)
            try:
                await crash_handling.crashed(self._ctx, live.job, error)
            except Exception:
                self._doubt()
                raise

    async def _beat(self) -> bool:
        """Renews the lease in the database. False: others had freed all that was ours."""
        begun, lease = time.monotonic(), self._limits.lease
        if self.lease.ran_out:  # if the database was away, the leases of others ran out with ours
            self._spare_until = begun + lease
        spare = begun < self._spare_until
        beat = await self._ctx.db.transaction(lambda conn: self._renewed(conn, spare=spare))
        self._clock = beat.moment - time.monotonic()
        if beat.freed:
            log.warning("worker.freed_dead", jobs=beat.freed)
            self._wake.set()
        return beat.kept

    def _renewed(self, conn: Connection, *, spare: bool) -> leases.Beat:
        lease = self._limits.lease
        if mended := clock_setback.mend(conn, lease=lease, probe_after=self._ctx.probe_after):
            log.warning("worker.clock_set_back", rows=mended)
        return leases.heartbeat(conn, self.id, lease, spare=spare)

    async def _renew(self) -> None:
        """Renews the lease. What others have by now is dropped before anything is written into a chat again: what waits
        for a sure lease is let go after that."""
        # Counted from before the beat: the database begins the lease later than that, so that we stop
        # trusting it first.
        begun = self.lease.clock()
        if not await self._beat():
            self._lose()
        self.lease.renewed(begun)

    async def _beats(self) -> None:
        """Renews the lease; a process that cannot do so in time ends its tasks, for others may own the jobs next. Not
        while the database is away: others cannot get at the jobs either, or every write of ours is fenced off later."""
        lease = self._limits.lease
        while True:
            await asyncio.sleep(lease / 3)
            # Read before the wait: the database may come back meanwhile, by another task's write.
            left, away = self.lease.left, self._ctx.db.lost
            try:
                async with asyncio.timeout(min(max(left, lease / 15), lease / 3) if left > 0 else lease / 3):
                    await self._renew()
            except Exception:
                if away or self._ctx.db.lost:
                    log.warning("worker.no_heartbeat", why="the database is away")
                    continue
                log.exception("worker.no_heartbeat")
                if self.lease.left < lease * 0.2:  # there is no time for another try
                    self._lose()

    def _lose(self) -> None:
        """All that was carried here may be others' now. What an edit is under way of is told again: see _forget."""
        if not self._tasks:
            return
        log.warning("worker.lost_its_lease", jobs=len(self._tasks))
        for job_id, task in list(self._tasks.items()):
            live = self._live[job_id]
            live.writing = unshow(self._ctx, live) or live.writing
            task.cancel()
        self._doubt()

    async def _sweeps(self) -> None:
        while True:
            await self.sweep()
            await asyncio.sleep(SWEEP_EVERY)

    async def sweep(self) -> None:
        """Ends waits past their bound and drops what has served its time."""

        def sweep_up(conn: Connection) -> int:
            drafts.sweep(conn)
            inbox.sweep(conn)
            blobs.sweep(conn)
            memory.sweep(conn)
            cooldowns.sweep(conn)
            freed = leases.free_orphans(conn)
            late = store.take_overdue(conn, self.id, waited=self._limits.queue_wait, limit=BATCH)
            for job in late:
                ended = settlement.failed(conn, job, Cause.WAITED_TOO_LONG)
                store.hand_back(conn, ended or job)
            return freed + len(late)

        if await self._ctx.db.transaction(sweep_up):
            self._wake.set()
