"""One job, carried from wherever it stands to its last word in the chat. The steps are those of a generation; after
every write that comes back empty the job belongs to another process and this runner stops without touching the
chat."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from typing import assert_never

import structlog
from sqlalchemy import Connection

from bot.domain.catalog.models import Model
from bot.domain.jobs import CUT, Cause, Job, JobState
from bot.domain.results import Fetched
from bot.engine.accounts import groups
from bot.engine.catalog import circuit_breaker, operator_faults, pauses
from bot.engine.jobs import questions, settlement, store
from bot.engine.jobs.fetch_results import as_shown, bring
from bot.engine.jobs.run.provider_run import UNKNOWN, Interrupted, ProviderRun
from bot.engine.jobs.run.run_context import RunContext, RunningJob, show
from bot.engine.media.job_inputs import PicturesGone
from bot.engine.ports import NotAllowed, NotShown, NotWanted, Stage, TargetGone, TryLater
from bot.providers.base import BadResult, NotThere, ProviderError, Recovers, Resume
from bot.providers.kit.download import discard
from bot.storage.clock import now

log = structlog.get_logger(__name__)

DELIVERY_LIMIT = 24 * 3600.0
"""Seconds for which a result is tried to be delivered before the job fails and the hold goes back."""
LAST_WORD_LIMIT = 7 * 24 * 3600.0
"""Seconds after a job's end for which Telegram is asked to take its last word."""
FETCH_LIMIT = 600.0
"""Seconds for which a result's own address is tried again while it answers with faults that may pass, or as if nothing
were there; from then on what cannot be had is given up, and what can is delivered."""
FETCH_AGAIN = (2.0, 3.0, 5.0, 10.0, 20.0, 30.0)
"""Seconds from one such try to the next, the last for all that follow."""
BACKOFF = (2.0, 5.0, 15.0, 60.0, 300.0)


class JobRunner:
    """Carries one claimed job. `run` returns when nothing is left to do for this process."""

    def __init__(self, ctx: RunContext, live: RunningJob) -> None:
        self._ctx = ctx
        self._live = live

    async def run(self) -> None:
        job: Job | None = self._live.job
        while job is not None:
            self._live.job = job
            step = self._step(job)
            job = None  # thousands wait in a step for an hour: what they were is not kept beside what they are
            job = await step

    def _step(self, job: Job) -> Awaitable[Job | None]:
        match job.state:
            case JobState.QUEUED:
                return self._start(job)
            case JobState.SUBMITTING:
                return self._look_up(job, "restarted before upstream answered")
            case JobState.RUNNING:
                return self._pick_up(job)
            case JobState.DELIVERING:
                return self._deliver(job)
            case JobState.DONE | JobState.FAILED | JobState.CANCELLED:
                return self._last_word(job)
            case _:
                assert_never(job.state)

    async def _start(self, job: Job) -> Job | None:
        """From the queue to the provider: the message first, then the intent, then the call."""
        if not job.target.placed:
            # The message before the intent: after a crash in between a job without a message would be
            # paid for and shown nowhere.
            opened = await self._open(job)
            if opened is None or opened.state is not JobState.QUEUED:
                return opened
            job = opened
        model = self._model(job)
        if model is None:
            return await self._fail(job, Cause.UNAVAILABLE, "no longer in the catalogue or without a key")
        try:
            pictures = await self._ctx.pictures(job, model)
        except PicturesGone as gone:
            return await self._fail(job, Cause.INTERNAL, str(gone))
        started = await self._intend(job, model)
        if started is None or started.state is not JobState.SUBMITTING:
            return started
        self._live.job = started
        del job, started  # as in run
        return await ProviderRun(self._ctx, self._live, pictures).run(model, None)

    async def _intend(self, job: Job, model: Model) -> Job | None:
        """The intent, or the failure of what was paused meanwhile. Not a part of _start, which thousands wait in."""

        def intend(conn: Connection) -> Job | None:  # T2
            if job.attempt and job.deadline is not None and now(conn) >= job.deadline:
                # Before it may become a probe: the provider is not asked, so this says nothing of it.
                return settlement.failed(conn, job, Cause.WAITED_TOO_LONG, "turned away, and its deadline passed")
            # Asked within the intent's transaction: a circuit that opens between a look and the call
            # would let the order through.
            may = pauses.start(conn, model, job.id)
            if may is pauses.Start.WAIT:  # its circuit opened a moment ago: it goes on waiting
                store.postpone(conn, job, circuit_breaker.PUT_OFF)
                return None
            # The bot may have been sent away while the job waited: nothing is bought that cannot be delivered.
            if not groups.reachable(conn, job.target.chat_id):
                return settlement.failed(conn, job, Cause.UNDELIVERABLE, "the bot left the group while it waited")
            if may is pauses.Start.OFF or self._ctx.shop.switched_off(conn, model):
                return settlement.failed(conn, job, Cause.UNAVAILABLE, "off sale while it waited")
            self._live.probe = may is pauses.Start.PROBE
            return store.mark_submitting(conn, job, longest_seconds=model.longest_seconds)

        return await self._ctx.db.transaction(intend)

    async def _open(self, job: Job) -> Job | None:
        """The job's message. One that may have arrived is sent once more, not for ever."""
        try:
            try:
                target = await self._ctx.view.open(job)
            except TryLater as later:
                if not later.unknown:
                    raise
                await asyncio.sleep(min(later.seconds, BACKOFF[1]))
                target = await self._ctx.view.open(job)
        except TargetGone:
            return await self._fail(job, Cause.UNDELIVERABLE, "no message could be sent")
        except TryLater as later:
            if later.unknown:
                return await self._fail(job, Cause.UNDELIVERABLE, "nobody knows whether its message was sent")
            return await self._later(job, later.seconds)
        self._live.place = target
        return await self._ctx.db.transaction(lambda conn: store.move_message(conn, job, target))

    async def _pick_up(self, job: Job) -> Job | None:
        """A job that was upstream when its process ended: asked for again where the provider can be."""
        model = self._model(job)
        provider = self._ctx.providers.get(job.provider)
        if model is None or provider is None or not provider.resumable or job.upstream_ref is None:
            return await self._look_up(job, "restarted while upstream worked")
        self._live.stage = Stage.RESUMED
        show(self._ctx, self._live, job)
        resume = Resume(job.upstream_ref, job.submitted_at or job.created_at)
        del job  # as in run
        return await ProviderRun(self._ctx, self._live).run(model, resume)

    async def _look_up(self, job: Job, why: str) -> Job | None:
        """The provider's answer was lost: asks the provider for it where that is possible, else ends the job."""
        model = self._model(job)
        if model is None or not isinstance(self._ctx.providers.get(job.provider), Recovers):
            return await self._fail(job, Cause.INTERRUPTED, why)
        try:
            pictures = await self._ctx.pictures(job, model)
        except PicturesGone as gone:
            return await self._fail(job, Cause.INTERRUPTED, f"{why}; {gone}")
        return await ProviderRun(self._ctx, self._live, pictures).look_up(model, Interrupted(why))

    async def _deliver(self, job: Job) -> Job | None:
        """Fetches the result and turns the message into it; then the money moves."""
        self._live.stage = Stage.AWAITED if job.awaited else Stage.DELIVERING
        show(self._ctx, self._live, job)
        patient = await self._delivering_for(job) <= FETCH_LIMIT
        results: list[Fetched] = []
        try:
            async with self._ctx.deliveries:
                delivery = await bring(self._ctx, self._live, results, patient=patient)
        except ProviderError as error:
            if patient and (isinstance(error, NotThere) or not isinstance(error, BadResult)):
                return await self._await_file(job, error)
            return await self._undelivered(Cause.BAD_RESULT, error.detail)
        except TargetGone as gone:
            # a chat that is gone, or that lets no file in, is its user's doing
            theirs = isinstance(gone, NotAllowed) or not isinstance(gone, NotShown | NotWanted)
            cause = Cause.NOT_SHOWN if isinstance(gone, NotShown) else Cause.UNDELIVERABLE
            return await self._undelivered(cause, str(gone), costly=theirs)
        except TryLater as later:
            if await self._delivering_for(job) > DELIVERY_LIMIT:
                return await self._undelivered(Cause.UNDELIVERABLE, "Telegram did not take it within a day")
            return await self._later(job, max(later.seconds, self._backoff(job)))
        finally:
            for result in results:
                discard(result)
        stored: Job | None = None
        if delivery is not None:
            shown = delivery
            stored = await self._ctx.db.transaction(
                lambda conn: store.record_delivery(conn, job, shown.target, shown.delivered)
            )
        return await self._charge(stored) if stored is not None else None

    async def _await_file(self, job: Job, error: ProviderError) -> Job | None:
        """Hands the job back until its file is asked for again; meanwhile its message tells so and has Cancel."""
        log.info("job.file_awaited", job=job.id, tries=job.tries, detail=error.detail)
        wait = FETCH_AGAIN[min(job.tries, len(FETCH_AGAIN) - 1)]
        await self._ctx.db.transaction(lambda conn: store.awaits_file(conn, self._live.job, wait))
        return None

    async def _delivering_for(self, job: Job) -> float:
        """Seconds since the result was known."""
        return await self._ctx.db.read(now) - (job.delivering_at or job.created_at)

    async def _charge(self, job: Job) -> Job | None:
        terms = self._ctx.shop.catalog.terms.get(job.provider)

        def finish(conn: Connection) -> settlement.Settled | None:  # T5
            return settlement.done(conn, job, terms)

        return await self._settled(await self._ctx.db.transaction(finish))

    async def _undelivered(self, cause: Cause, detail: str, *, costly: bool = False) -> Job | None:
        """The end of what cannot be brought, or not all of it. `costly`: see settlement.failed."""
        job = self._live.job  # with what stands of it by now
        log.info("job.undelivered", job=job.id, cause=cause.value, detail=detail, stands=job.shown)
        terms = self._ctx.shop.catalog.terms.get(job.provider)
        model = self._ctx.shop.catalog.get(job.model)
        read = self._ctx.view.seen(job).text if costly else ""  # what a person who sent the bot away had of an answer

        def end_undelivered(conn: Connection) -> settlement.Settled | None:  # T5
            shown = questions.as_read(conn, job, model, read) if read else job
            if shown is None:
                return None
            return settlement.undelivered(conn, shown, cause, detail, terms, costly=costly)

        return await self._settled(await self._ctx.db.transaction(end_undelivered))

    async def _settled(self, settled: settlement.Settled | None) -> Job | None:
        if settled is None:
            return None
        job = settled.job
        self._ctx.ended(job.provider, "done" if job.state is JobState.DONE or job.cause is None else job.cause.value)
        await operator_faults.tell_back(self._ctx.alerts, self._ctx.shop.catalog, job, settled.back_on_sale)
        return job

    async def _last_word(self, job: Job) -> Job | None:
        """T6. "Ready" is noted before it is said: a crash in between costs the notice, never a second one."""
        if not job.notice_due:
            return None
        links_told = job.ready_sent or CUT in job.facts
        told = as_shown(self._ctx, job) if links_told else job
        if job.state is JobState.DONE and not job.ready_sent:
            noted = await self._ctx.db.transaction(lambda conn: store.ready_sent(conn, job, sent=True))
            if noted is None:
                return None
            job = noted
            told = replace(noted, ready_sent=False, assets=told.assets)
        try:
            target = await self._ctx.view.final(told)
        except TryLater as later:
            await self._unsaid(told, job, max(later.seconds, self._backoff(job)))
            return None

        def close_notice(conn: Connection) -> Job | None:  # T6
            if target is not None:
                store.move_message(conn, job, target)
            return store.close_notice(conn, job)

        await self._ctx.db.transaction(close_notice)
        return None

    async def _unsaid(self, told: Job, job: Job, seconds: float) -> None:
        """Puts the last word off, or gives it up after its week; a "Ready" that was not said may be said then."""

        def put_off(conn: Connection) -> None:
            if now(conn) - (job.finished_at or job.created_at) > LAST_WORD_LIMIT:
                store.close_notice(conn, job)
                return
            if job.state is JobState.DONE and not told.ready_sent:
                store.ready_sent(conn, job, sent=False)
            store.postpone(conn, job, seconds)

        await self._ctx.db.transaction(put_off)

    async def _fail(self, job: Job, cause: Cause, detail: str) -> Job | None:
        log.info("job.failed", job=job.id, cause=cause.value, detail=detail)

        def fail(conn: Connection) -> Job | None:  # T5
            ended = settlement.failed(conn, job, cause, detail)
            if ended is not None and cause in UNKNOWN:
                store.reconcile(conn, job, cause)
            return ended

        ended = await self._ctx.db.transaction(fail)
        if ended is not None:
            self._ctx.ended(job.provider, cause.value)
        return ended

    async def _later(self, job: Job, seconds: float) -> Job | None:
        """Hands the job back for a while: nothing is left to do here."""
        await self._ctx.db.transaction(lambda conn: store.postpone(conn, job, seconds))
        return None

    @staticmethod
    def _backoff(job: Job) -> float:
        return BACKOFF[min(job.tries, len(BACKOFF) - 1)]

    def _model(self, job: Job) -> Model | None:
        return self._ctx.shop.model(job.model) if job.provider in self._ctx.providers else None
