"""One job, carried from wherever it stands to its last word in the chat. The steps are those of a generation; after
every write that comes back empty the job belongs to somebody else and this carrier stops without touching the chat."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar, assert_never

import structlog
from sqlalchemy import Connection

from bot.domain.catalog import Model
from bot.domain.jobs import Cause, Job, JobState
from bot.domain.results import Fetched
from bot.engine import pauses, settle, store
from bot.engine.ports import Alerts, ChatView, Progress, Stage, TargetGone, TryLater
from bot.engine.shop import Shop
from bot.providers.base import (
    Accepted,
    BadKey,
    BadResult,
    ConnectionLost,
    OperatorFault,
    OutOfFunds,
    Provider,
    ProviderError,
    ProviderOrder,
    Resume,
    Running,
    Succeeded,
    TimedOut,
)
from bot.storage.database import Database

log = structlog.get_logger(__name__)
T = TypeVar("T")

DELIVERY_LIMIT = 24 * 3600.0
"""Seconds for which a result is tried to be delivered before the job fails and the hold goes back."""
FETCH_LIMIT = 600.0
"""Seconds for which a result's own address is tried again while it answers with faults that may pass."""
LAST_LOOK = 20.0
"""Seconds that a resumable job past its deadline gets for being asked once more."""
UNKNOWN = (Cause.CONNECTION_LOST, Cause.INTERRUPTED, Cause.TIMEOUT)
"""Ends after which upstream may have billed what the user did not pay."""
BACKOFF = (2.0, 5.0, 15.0, 60.0, 300.0)


class Fetcher(Protocol):
    """Brings a result to our disk; raises ProviderError."""

    async def fetch(self, url: str) -> Fetched: ...


@dataclass(slots=True)
class Live:
    """A job that this process is working on, for the ticker: what its message shows next."""

    job: Job
    stage: Stage = Stage.STARTING
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class Tools:
    """What carrying a job takes."""

    db: Database
    shop: Shop
    providers: dict[str, Provider]
    view: ChatView
    alerts: Alerts
    fetcher: Fetcher
    now: Callable[[], float]
    """Unix seconds, for what is shown only: the database's clock decides."""
    probe_after: float


class Carrier:
    """Carries one claimed job. `run` returns when nothing is left to do for this process."""

    def __init__(self, tools: Tools, live: Live) -> None:
        self._t = tools
        self._live = live

    async def run(self) -> None:
        job: Job | None = self._live.job
        while job is not None:
            self._live.job = job
            job = await self._step(job)

    async def _step(self, job: Job) -> Job | None:
        match job.state:
            case JobState.QUEUED:
                return await self._start(job)
            case JobState.SUBMITTING:
                return await self._fail(job, Cause.INTERRUPTED, "restarted before upstream answered")
            case JobState.RUNNING:
                return await self._pick_up(job)
            case JobState.DELIVERING:
                return await self._deliver(job)
            case JobState.DONE | JobState.FAILED | JobState.CANCELLED:
                return await self._last_word(job)
            case _:
                assert_never(job.state)

    async def _start(self, job: Job) -> Job | None:
        """From the queue to the provider: the message first, then the intent, then the call."""
        if job.target.message_id == 0:
            opened = await self._open(job)
            if opened is None or opened.state is not JobState.QUEUED:
                return opened
            job = opened
        model = self._model(job)
        if model is None:
            return await self._fail(job, Cause.UNAVAILABLE, "no longer in the catalogue or without a key")
        seconds = model.longest_seconds

        def intend(conn: Connection) -> tuple[Job | None, bool]:  # T2
            if self._off_sale(conn, job, model):
                return settle.failed(conn, job, Cause.UNAVAILABLE, "paused while it waited"), False
            return store.submitting(conn, job, longest_seconds=seconds), True

        started, call = await self._t.db.transaction(intend)
        if started is None or not call:
            return started
        return await self._upstream(started, model, None)

    async def _open(self, job: Job) -> Job | None:
        try:
            target = await self._t.view.open(job)
        except TargetGone:
            return await self._fail(job, Cause.UNDELIVERABLE, "no message could be sent")
        except TryLater as later:
            return await self._later(job, later.seconds)
        return await self._t.db.transaction(lambda conn: store.moved(conn, job, target))

    def _off_sale(self, conn: Connection, job: Job, model: Model) -> bool:
        """Paused since it was ordered. A probe under way is let through its own pause."""
        mine = any(p.probe_job == job.id for p in pauses.everything(conn))
        return not mine and self._t.shop.paused(conn, model)

    async def _pick_up(self, job: Job) -> Job | None:
        """A job that was upstream when its process ended: asked for again where the provider can be."""
        model = self._model(job)
        provider = self._t.providers.get(job.provider)
        if model is None or provider is None or not provider.resumable or job.upstream_ref is None:
            return await self._fail(job, Cause.INTERRUPTED, "restarted while upstream worked")
        self._live.stage = Stage.RESUMED
        self._show(job)
        return await self._upstream(job, model, Resume(job.upstream_ref, job.submitted_at or job.created_at))

    async def _upstream(self, job: Job, model: Model, resume: Resume | None) -> Job | None:
        """Runs the provider to its end within the deadline; a resumable job past it is asked for once more."""
        self._live.job = job
        if resume is None:
            self._live.stage = Stage.STARTING
            self._show(job)
        try:
            try:
                async with asyncio.timeout(max(0.0, await self._remaining(job))):
                    return await self._listen(model, resume)
            except TimeoutError:
                job = self._live.job
                if job.upstream_ref is None or not self._t.providers[job.provider].resumable:
                    raise TimedOut("the model's longest time passed") from None
            try:
                async with asyncio.timeout(LAST_LOOK):
                    return await self._listen(model, Resume(job.upstream_ref, job.submitted_at or job.created_at))
            except TimeoutError:
                raise TimedOut("the model's longest time passed, also when asked once more") from None
        except ProviderError as error:
            return await self._provider_failed(self._live.job, model, error)

    async def _remaining(self, job: Job) -> float:
        """Seconds to the deadline by the database's clock, which set it."""
        if job.deadline is None:
            return 0.0
        moment = await self._t.db.now()
        return job.deadline - moment

    async def _listen(self, model: Model, resume: Resume | None) -> Job | None:
        """Follows one run: T3 when the provider takes the order, T4 when it is through. None: fenced off."""
        job = self._live.job
        order = ProviderOrder(model.upstream_id, job.prompt, job.options, model.longest_seconds)
        run = self._t.providers[job.provider].run(order, job_id=job.id, resume=resume)
        async with aclosing(run) as events:  # type: ignore[type-var]  # every run is an async generator
            async for event in events:
                match event:
                    case Accepted(ref):
                        if job.state is JobState.SUBMITTING:
                            accepted = await self._accepted(job, ref)
                            if accepted is None:
                                return None
                            job = self._live.job = accepted
                        self._live.stage = Stage.RUNNING
                    case Running(progress):
                        self._live.stage = Stage.RUNNING
                        self._live.fraction = progress
                        self._show(job)
                    case Succeeded():
                        return await self._succeeded(job, event)
                    case _:
                        assert_never(event)
        raise ConnectionLost("the run ended without a result")

    async def _accepted(self, job: Job, ref: str | None) -> Job | None:
        def accept(conn: Connection) -> Job | None:  # T3
            return store.running(conn, job, ref)

        return await self._t.db.transaction(accept)

    async def _succeeded(self, job: Job, event: Succeeded) -> Job | None:
        cost = str(event.cost) if event.cost is not None else None

        def keep_result(conn: Connection) -> Job | None:  # T4
            return store.delivering(conn, job, event.assets, cost)

        return await self._t.db.transaction(keep_result)

    async def _provider_failed(self, job: Job, model: Model, error: ProviderError) -> Job | None:
        """Fails the job and, for an operator fault, takes the models concerned off sale in the same transaction."""
        log.warning("job.upstream_failed", job=job.id, cause=error.cause.value, detail=error.detail)

        def fail_upstream(conn: Connection) -> Job | None:  # T5
            ended = settle.failed(conn, job, error.cause, error.detail)
            if isinstance(error, BadKey):
                pauses.bad_key(conn, job.provider)
            elif isinstance(error, OutOfFunds):
                pauses.out_of_funds(conn, model, probe_after=self._t.probe_after)
            if ended is not None and error.cause in UNKNOWN:
                store.reconcile(conn, job, error.cause)
            return ended

        ended = await self._t.db.transaction(fail_upstream)
        if isinstance(error, OperatorFault):
            await self._alert_operator(job, error)
        return ended

    async def _alert_operator(self, job: Job, error: OperatorFault) -> None:
        provider = self._t.shop.catalog.terms[job.provider].title
        if isinstance(error, OutOfFunds):
            await self._t.alerts.alert(
                f"out_of_funds:{job.provider}", "alert-out-of-funds", provider=provider, model=job.model
            )
        else:
            await self._t.alerts.alert(f"bad_key:{job.provider}", "alert-bad-key", provider=provider)

    async def _deliver(self, job: Job) -> Job | None:
        """Fetches the result and turns the message into it; then the money moves."""
        self._live.stage = Stage.DELIVERING
        self._show(job)
        waited = await self._t.db.now() - (job.delivering_at or job.created_at)
        try:
            results = () if job.delivered else await self._fetch(job)
            delivery = await self._t.view.deliver(job, results)
        except ProviderError as error:
            if isinstance(error, BadResult) or waited > FETCH_LIMIT:
                return await self._fail(job, Cause.BAD_RESULT, error.detail)
            return await self._later(job, self._backoff(job))
        except TargetGone:
            return await self._fail(job, Cause.UNDELIVERABLE, "the chat is gone or the bot is blocked", costly=True)
        except TryLater as later:
            if waited > DELIVERY_LIMIT:
                return await self._fail(job, Cause.UNDELIVERABLE, "Telegram did not take it within a day")
            return await self._later(job, max(later.seconds, self._backoff(job)))
        stored = await self._t.db.transaction(
            lambda conn: store.delivered(conn, job, delivery.target, delivery.delivered)
        )
        return await self._charge(stored) if stored is not None else None

    async def _fetch(self, job: Job) -> tuple[Fetched, ...]:
        if not job.assets:
            raise BadResult("no result was stored")
        return tuple([await self._t.fetcher.fetch(asset.url) for asset in job.assets])

    async def _charge(self, job: Job) -> Job | None:
        terms = self._t.shop.catalog.terms.get(job.provider)

        def finish(conn: Connection) -> settle.Settled | None:  # T5
            return settle.done(conn, job, terms)

        settled = await self._t.db.transaction(finish)
        if settled is None:
            return None
        for provider in settled.back_on_sale:
            title = self._t.shop.catalog.terms[provider].title
            await self._t.alerts.alert(f"back_on_sale:{provider}:{job.id}", "alert-back-on-sale", provider=title)
        return settled.job

    async def _last_word(self, job: Job) -> Job | None:
        """T6. "Ready" is noted before it is said: a crash in between costs the notice, never a second one."""
        if not job.notice_due:
            return None
        told = job
        if job.state is JobState.DONE and not job.ready_sent:
            noted = await self._t.db.transaction(lambda conn: store.ready_sent(conn, job, sent=True))
            if noted is None:
                return None
            job = noted
            told = replace(noted, ready_sent=False)
        try:
            target = await self._t.view.final(told)
        except TryLater as later:
            unsaid = not told.ready_sent
            if unsaid:
                await self._t.db.transaction(lambda conn: store.ready_sent(conn, job, sent=False))
            return await self._later(job, max(later.seconds, self._backoff(job)))

        def close_notice(conn: Connection) -> Job | None:  # T6
            if target is not None:
                store.moved(conn, job, target)
            return store.noticed(conn, job)

        await self._t.db.transaction(close_notice)
        return None

    async def _fail(self, job: Job, cause: Cause, detail: str, *, costly: bool = False) -> Job | None:
        log.info("job.failed", job=job.id, cause=cause.value, detail=detail)

        def fail(conn: Connection) -> Job | None:  # T5
            ended = settle.failed(conn, job, cause, detail, costly=costly)
            if ended is not None and cause in UNKNOWN:
                store.reconcile(conn, job, cause)
            return ended

        return await self._t.db.transaction(fail)

    async def _later(self, job: Job, seconds: float) -> None:
        await self._t.db.transaction(lambda conn: store.postpone(conn, job, seconds))

    @staticmethod
    def _backoff(job: Job) -> float:
        return BACKOFF[min(job.tries, len(BACKOFF) - 1)]

    def _model(self, job: Job) -> Model | None:
        return self._t.shop.model(job.model) if job.provider in self._t.providers else None

    def _show(self, job: Job) -> None:
        show(self._t, self._live, job)


def show(tools: Tools, live: Live, job: Job) -> None:
    """Shows where a job of this process stands."""
    model = tools.shop.catalog.get(job.model)
    elapsed = tools.now() - job.submitted_at if job.submitted_at is not None else 0.0
    typical = tools.shop.typical(model) if model is not None else 0.0
    tools.view.progress(
        job, Progress(live.stage, fraction=live.fraction, elapsed=max(0.0, elapsed), typical=typical)
    )
