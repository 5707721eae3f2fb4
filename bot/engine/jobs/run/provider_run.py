"""One run of a provider for one job: from the intent to the stored result, or to a failure with its release."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from typing import assert_never

import structlog
from sqlalchemy import Connection

from bot.domain.catalog import options
from bot.domain.catalog.models import Kind, Model
from bot.domain.errors import Refusal
from bot.domain.jobs import REFUSED_OPTION, Asset, Cause, Job, JobState
from bot.domain.visible import visible
from bot.engine.catalog import operator_faults, pauses
from bot.engine.conversations import prompt
from bot.engine.jobs import settlement, store, upstream_cleanup
from bot.engine.jobs.run import unknown_outcome
from bot.engine.jobs.run.run_context import RunContext, RunningJob, show
from bot.engine.media import blobs, ownership
from bot.engine.ports import Stage
from bot.providers.base import (
    Accepted,
    ConnectionLost,
    Event,
    GenerationFailed,
    NotTaken,
    NoWords,
    OperatorFault,
    OptionRefused,
    OutOfFunds,
    Partial,
    Picture,
    Provider,
    ProviderError,
    ProviderOrder,
    Recovers,
    Resume,
    Running,
    Succeeded,
    TimedOut,
    UnknownModel,
)
from bot.providers.kit.json_api import FUNDS

log = structlog.get_logger(__name__)

LAST_LOOK = 20.0
"""Seconds that a resumable job past its deadline gets for being asked once more."""
TURNED_AWAY = (2.0, 4.0)
"""Seconds after which an order is sent anew that the provider did not take (503), by its attempts so far: three are
made at most, and none beyond the deadline."""
UNKNOWN = (Cause.CONNECTION_LOST, Cause.INTERRUPTED, Cause.TIMEOUT)
"""Ends after which upstream may have billed what the user did not pay."""


class Interrupted(ProviderError):
    """We stopped before the answer came."""

    cause = Cause.INTERRUPTED


class Left(ProviderError):
    """The chat was gone before its person had read a word of the answer: the operator pays, and that is their doing."""

    cause = Cause.UNDELIVERABLE


def provider_order(job: Job, model: Model, typical: float, pictures: tuple[Picture, ...] = ()) -> ProviderOrder:
    """The job as its provider gets it."""
    return ProviderOrder(
        model=model.upstream_id,
        prompt=job.prompt,
        parameters=options.parameters(model, job.options),
        longest_seconds=model.longest_seconds,
        kind=model.kind,
        results=job.ordered,
        pictures=pictures,
        picture_param=model.inputs.param,
        typical_seconds=typical,
        hears=model.hears,
    )


def _meaning(job: Job, model: Model, error: ProviderError) -> tuple[Cause, dict[str, str]]:
    """The cause that the user is told, and what is noted with it. A refused parameter that no option of the order sends
    is nothing that the user could leave out."""
    if not isinstance(error, OptionRefused):
        return error.cause, {}
    option = options.of_param(model, job.options, error.param)
    return (error.cause, {REFUSED_OPTION: option.name}) if option is not None else (Cause.GENERATION_FAILED, {})


def _costly(job: Job, error: ProviderError) -> bool:
    """Whether the operator paid by the person's doing: they were gone before a word, or what they asked, or the stop
    word that they set, brought no word about. What is free is limited by itself."""
    return isinstance(error, Left) or (isinstance(error, NoWords) and job.quote > 0)


class ProviderRun:
    """Runs the provider for one job of this process."""

    def __init__(self, ctx: RunContext, live: RunningJob, pictures: tuple[Picture, ...] = ()) -> None:
        self._ctx = ctx
        self._live = live
        self._pictures = pictures
        self._answering = prompt.PLAIN

    async def run(self, model: Model, resume: Resume | None) -> Job | None:
        """Follows the live job's provider to its end within the deadline. None: another process has the job now."""
        if resume is None:
            show(self._ctx, self._live, self._live.job)
        if model.kind is Kind.ASK:
            self._answering = await self._conversation(model)
        try:
            result = await self._within_deadline(model, resume)
        except ProviderError as error:
            if isinstance(error, ConnectionLost) and isinstance(self._provider, Recovers):
                return await self.look_up(model, error)
            if isinstance(error, NotTaken) and (wait := self._wait_for_another(error)) is not None:
                await self._turned_away(self._live.job, error, wait)
                return None
            return await self._failed(self._live.job, model, error)
        return await self._kept(model, result) if result is not None else None

    async def look_up(self, model: Model, why: ProviderError) -> Job | None:
        """Asks the provider what became of the live job, whose answer never came; never submits. `why` it is to fail
        when nothing certain is known by the deadline."""
        assert isinstance(self._provider, Recovers)
        job = self._live.job
        self._live.stage = Stage.RESUMED
        show(self._ctx, self._live, job)
        order = provider_order(job, model, self._ctx.shop.typical(model), self._pictures)
        left = min(model.longest_seconds, max(0.0, (job.deadline or 0.0) - self._live.now())) + LAST_LOOK
        try:
            async with asyncio.timeout(left):
                result = await unknown_outcome.find(self._ctx, self._provider, job, model, order)
        except OperatorFault as error:
            return await self._failed(job, model, error)
        except (ProviderError, TimeoutError) as error:
            why.detail = f"{why.detail}; {str(error) or 'no answer in time'}"
            return await self._failed(job, model, why)
        return await self._kept(model, result, certain=lambda conn: self._alone(conn, job, model))

    def _wait_for_another(self, error: NotTaken) -> float | None:
        """Seconds until the order may be sent anew; None: it is not to be."""
        job = self._live.job
        if job.state is not JobState.SUBMITTING or not 0 < job.attempt <= len(TURNED_AWAY):
            return None
        wait = max(error.seconds, TURNED_AWAY[job.attempt - 1])
        return wait if self._live.now() + wait < (job.deadline or 0.0) else None

    async def _turned_away(self, job: Job, error: NotTaken, wait: float) -> None:
        """Back to the queue, where it can be cancelled and is shown; its turn comes again after `wait` seconds."""
        log.info("job.turned_away", job=job.id, attempt=job.attempt, detail=error.detail, again=wait)

        def turn_away(conn: Connection) -> None:
            if store.mark_turned_away(conn, job, wait) is not None:
                pauses.probe_put_off(conn, job.id, wait)

        await self._ctx.db.transaction(turn_away)

    def _alone(self, conn: Connection, job: Job, model: Model) -> bool:
        """Whether what was found is surely this job's: the same may have been ordered while it was looked for."""
        slugs = unknown_outcome.same_models(self._ctx, model)
        return unknown_outcome.count_rivals(conn, job, slugs, model.longest_seconds) == 0

    @property
    def _provider(self) -> Provider:
        return self._ctx.providers[self._live.job.provider]

    async def _kept(
        self, model: Model, result: Succeeded, certain: Callable[[Connection], bool] = lambda _: True
    ) -> Job | None:
        if isinstance(result.fault, OutOfFunds) and self._believed(result.fault) is not result.fault:
            result = replace(result, fault=None)
        kept, off_sale = await self._keep(self._live.job, model, result, certain)
        if kept is not None:
            terms = self._ctx.shop.catalog.terms[model.provider]
            await operator_faults.compare_cost(self._ctx.alerts, terms, model, kept)
            await operator_faults.tell_warning(self._ctx.alerts, terms, model, kept)
        if result.fault is not None and (off_sale or not isinstance(result.fault, UnknownModel)):
            await self._tell(model, result.fault)
        return kept

    async def _keep(
        self, job: Job, model: Model, result: Succeeded, certain: Callable[[Connection], bool]
    ) -> tuple[Job | None, bool]:
        """The job, None where another process has it now, and whether a fault beside the result took models off
        sale."""
        result = prompt.counted(model, self._answering, result)
        spent = prompt.cost(model, self._answering.ask, result)
        cost = str(spent) if spent is not None else None

        def keep_result(conn: Connection) -> tuple[Job | None, bool]:  # T4
            off = result.fault is not None and self._take_off_sale(conn, model, result.fault)
            if not certain(conn):
                store.reconcile(conn, job, Cause.INTERRUPTED)
                return settlement.failed(conn, job, Cause.INTERRUPTED, "others ordered the same meanwhile"), off
            if not ownership.take(conn, job, result.assets):
                return settlement.failed(conn, job, Cause.BAD_RESULT, "upstream named a result of another job"), off
            kept = store.mark_delivering(conn, job, blobs.put_aside(conn, job.id, result.assets), cost, result.facts)
            return kept, off

        return await self._ctx.db.transaction(keep_result)

    async def _within_deadline(self, model: Model, resume: Resume | None) -> Succeeded | None:
        """A job past its deadline is asked for once more where the provider can be asked."""
        left = model.longest_seconds
        if self._live.job.deadline is not None and (resume is not None or self._live.job.attempt > 1):
            left = min(left, self._live.job.deadline - self._live.now())  # a clock set back would give it days
        try:
            async with asyncio.timeout(max(0.0, left)):
                return await self._heard(model, resume)
        except (TimeoutError, TimedOut):
            job = self._live.job
            if model.kind is Kind.ASK and visible(self._live.text):  # it spoke to the end of its time: no fault of it
                return Succeeded(
                    (Asset(text=self._live.text),), facts=prompt.outlasted(self._answering, self._live.text)
                )
            if job.upstream_ref is None or not self._ctx.providers[job.provider].resumable:
                raise TimedOut("the model's longest time passed") from None
        try:
            async with asyncio.timeout(LAST_LOOK):
                return await self._listen(model, Resume(job.upstream_ref, job.submitted_at or job.created_at))
        except TimeoutError:
            raise TimedOut("the model's longest time passed, also when asked once more") from None

    def _heard(self, model: Model, resume: Resume | None) -> Awaitable[Succeeded | None]:
        return self._until_stopped(model, resume) if model.kind is Kind.ASK else self._listen(model, resume)

    async def _until_stopped(self, model: Model, resume: Resume | None) -> Succeeded | None:
        """Listens to an answer, which Stop ends with what is there; without a word yet it is cancelled. A chat that
        is gone ends it with what its person read there: the rest would be made for an empty room. Raises Left."""
        stopper = asyncio.timeout(None)
        try:
            async with stopper:
                self._live.stopper = stopper
                return await self._listen(model, resume)
        except TimeoutError:
            if not stopper.expired():
                raise
        finally:
            self._live.stopper = None
        seen = self._ctx.view.seen(self._live.job)
        text = seen.text if seen.gone else self._live.text
        if visible(text):
            return Succeeded((Asset(text=text),), facts=prompt.stopped(self._answering, text))
        if seen.gone:
            raise Left("the chat was gone before a word was read")
        await self._ctx.db.transaction(self._stopped_before_a_word)
        return None

    def _stopped_before_a_word(self, conn: Connection) -> None:
        try:
            settlement.cancelled(conn, self._live.job.id, account_id=None, per_hour=0, stopped=True)
        except Refusal as refusal:  # another transaction ended it
            log.info("job.not_stopped", job=self._live.job.id, why=str(refusal))
        self._ctx.db.notify(conn, store.WAKE)

    async def _conversation(self, model: Model) -> prompt.Answering:
        """What is said to the model, as the memory is now; tools for what is on sale now."""
        job = self._live.job
        sold = tuple(offer.model for offer in await self._ctx.shop.offers() if offer.available)

        def read(conn: Connection) -> prompt.Answering:
            return prompt.answering(conn, self._ctx.chat, model, job, sold)

        return await self._ctx.db.read(read)

    async def _listen(self, model: Model, resume: Resume | None) -> Succeeded | None:
        """Follows one run; T3 when the provider takes the order."""
        async with aclosing(self._run(self._live.job, model, resume)) as events:
            async for event in events:
                match event:
                    case Accepted(ref, seconds):
                        self._live.expected = seconds or self._live.expected
                        if not await self._accepted(self._live.job, ref):
                            await self._taken_too_late(ref)
                            return None
                        self._live.stage = Stage.RUNNING
                    case Running(progress):
                        self._live.stage = Stage.RUNNING
                        self._live.fraction = progress
                    case Partial(text):
                        self._live.stage = Stage.RUNNING
                        self._live.text = text
                    case Succeeded(assets, facts=facts):
                        if model.kind is Kind.ASK and "call" not in facts and not any(visible(a.text) for a in assets):
                            raise NoWords("an answer without a character that can be seen")
                        return event
                    case _:
                        assert_never(event)
                show(self._ctx, self._live, self._live.job)
                if self._ctx.view.seen(self._live.job).gone:
                    self._live.stop()
        raise ConnectionLost("the run ended without a result")

    def _run(self, job: Job, model: Model, resume: Resume | None) -> AsyncGenerator[Event, None]:
        order = provider_order(job, model, self._ctx.shop.typical(model), self._pictures)
        if model.kind is Kind.ASK:
            order = replace(order, turns=self._answering.turns, tools=self._answering.tools)
        return self._ctx.providers[job.provider].run(order, job_id=job.id, resume=resume)

    async def _accepted(self, job: Job, ref: str | None) -> bool:
        """False: fenced off. The present job is kept in one place, for thousands wait here."""
        if job.state is JobState.RUNNING and job.upstream_ref == ref:
            return True

        def accept(conn: Connection) -> Job | None:  # T3
            return store.mark_running(conn, job, ref)

        accepted = await self._ctx.db.transaction(accept)
        if accepted is not None:
            self._live.job = accepted
        return accepted is not None

    async def _taken_too_late(self, ref: str | None) -> None:
        """Taken upstream a moment after its user had cancelled it: only this process knows the reference."""
        job = await self._ctx.db.read(lambda conn: store.get(conn, self._live.job.id))
        if job is not None and job.state is JobState.CANCELLED:
            await upstream_cleanup.call_off(self._ctx.providers, replace(job, upstream_ref=ref))

    async def _failed(self, job: Job, model: Model, error: ProviderError) -> Job | None:
        """Fails the job and, for an operator fault, takes the models concerned off sale in the same transaction."""
        error = self._believed(error)
        cause, told = _meaning(job, model, error)
        log.warning("job.upstream_failed", job=job.id, cause=cause.value, detail=error.detail)

        def fail_upstream(conn: Connection) -> tuple[Job | None, bool]:  # T5
            ended = settlement.failed(conn, job, cause, error.detail, costly=_costly(job, error), facts=told)
            off = self._take_off_sale(conn, model, error)
            if ended is not None and error.cause in UNKNOWN:
                store.reconcile(conn, job, error.cause)
            return ended, off

        ended, off_sale = await self._ctx.db.transaction(fail_upstream)
        if ended is not None:
            self._ctx.ended(job.provider, cause.value)
        if isinstance(error, OperatorFault) and (off_sale or not isinstance(error, UnknownModel)):
            await self._tell(model, error)
        return ended

    def _believed(self, error: ProviderError) -> ProviderError:
        """The error that is believed. Spent money is read in a service's words, and services repeat what they were
        sent: where the order has such words itself, all that is known is that it failed."""
        if not isinstance(error, OutOfFunds):
            return error
        job = self._live.job
        sent = (job.prompt, *job.options.values(), *(turn.content for turn in self._answering.turns))
        return GenerationFailed(error.detail) if any(FUNDS.search(words) for words in sent) else error

    def _take_off_sale(self, conn: Connection, model: Model, error: ProviderError) -> bool:
        return operator_faults.take_off_sale(conn, model, error, probe_after=self._ctx.probe_after)

    async def _tell(self, model: Model, error: OperatorFault) -> None:
        await operator_faults.alert(self._ctx.alerts, self._ctx.shop.catalog.terms[model.provider], model, error)
