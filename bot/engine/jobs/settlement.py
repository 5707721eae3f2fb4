"""The ends of a job. Each is one transaction: the state, the money and the notice move together or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy import Connection

from bot import ledger
from bot.domain.catalog import pricing
from bot.domain.catalog.models import Kind, Terms
from bot.domain.errors import Forgotten, NotCancellable, TooManyCancels, UnknownJob
from bot.domain.jobs import CUT, Cause, Delivered, Job, JobState
from bot.domain.money import Credits
from bot.engine.catalog import circuit_breaker, pauses
from bot.engine.conversations import memory
from bot.engine.jobs import costly_ends, store
from bot.storage import job_rows
from bot.storage.clock import now
from bot.storage.statements import queue_up
from bot.storage.tables import jobs


@dataclass(frozen=True, slots=True)
class Settled:
    """A finished job, and the providers that its success as a probe put back on sale, if its result did not already."""

    job: Job
    back_on_sale: tuple[str, ...] = ()


def done(conn: Connection, job: Job, terms: Terms | None) -> Settled | None:
    """T5, delivered: the smaller of quote and actual price is captured. None: fenced off, nothing moved."""
    charged = charge(job, terms, delivered=job.shown)
    ended = store.change(
        conn,
        job,
        states=[JobState.DELIVERING],
        state=JobState.DONE.value,
        charged=charged,
        notice_due=True,
        finished_at=now(conn),
        tries=0,
    )
    # The fence comes before the money: a process that lost the job captures nothing.
    if ended is None:
        return None
    if job.quote:  # what is free holds nothing: there is nothing to capture
        ledger.capture(conn, job_id=job.id, amount=charged)
    if ended.kind is Kind.ASK:
        memory.remember(conn, ended)
    return Settled(ended, tuple(pauses.probe_ended(conn, job.id, succeeded=True)))


def charge(job: Job, terms: Terms | None, *, delivered: int) -> Credits:
    """What is captured when so many of the job's results stand."""
    actual: Credits | None = None
    if job.cost is not None and terms is not None:
        actual = pricing.price_of_units(Decimal(job.cost), terms)
    return pricing.capture_amount(job.quote, actual, delivered=delivered, ordered=job.ordered)


def _give_back(conn: Connection, job: Job) -> None:
    """Releases what the job holds; one whose quote is 0 never held anything."""
    if job.quote:
        ledger.release(conn, job_id=job.id)


def undelivered(
    conn: Connection, job: Job, cause: Cause, detail: str, terms: Terms | None, *, costly: bool = False
) -> Settled | None:
    """T5 of a job whose result, or whose rest, cannot be brought: done for what stands in the chat, failed where
    nothing does. None: fenced off, nothing moved."""
    current = store.get(conn, job.id)  # what stands was noted by writes of this process, whose answers may be lost
    if current is None or current.owner != job.owner or current.epoch != job.epoch:
        return None
    if not current.shown:
        ended = failed(conn, job, cause, detail, costly=costly)
        return Settled(ended) if ended is not None else None
    cut = _cut(conn, current, cause, detail)
    return done(conn, cut, terms) if cut is not None else None


def _cut(conn: Connection, job: Job, cause: Cause, detail: str) -> Job | None:
    """The job with what stands alone: what is not paid for is not to be had later either."""
    standing = [number for number, each in enumerate(job.delivered) if each.stands]
    assets, delivered, target = job.assets, tuple(job.delivered[i] for i in standing), job.target
    if job.kind is Kind.ASK:  # its messages are parts of one answer
        target = target if target.placed else replace(target, message_id=delivered[0].message_id)
        delivered = (Delivered("", "text"),)
    else:
        assets = tuple(job.assets[i] for i in standing if i < len(job.assets))
    return store.change(
        conn,
        job,
        states=[JobState.DELIVERING],
        assets=job_rows.assets_json(assets),
        delivered=job_rows.delivered_json(delivered),
        message_id=target.message_id,
        facts={**job.facts, CUT: cause.value},
        detail=detail[:1000],
    )


def failed(
    conn: Connection,
    job: Job,
    cause: Cause,
    detail: str = "",
    *,
    costly: bool = False,
    facts: Mapping[str, str] | None = None,
) -> Job | None:
    """T5, failed: the hold is released. `costly`: the operator paid upstream by the user's doing. `facts` are kept with
    the job. None: fenced off."""
    ended = store.change(
        conn,
        job,
        states=[s for s in JobState if not s.finished],
        state=JobState.FAILED.value,
        cause=cause.value,
        detail=detail[:1000],
        costly_end=costly,
        facts={**job.facts, **(facts or {})},
        notice_due=True,
        finished_at=now(conn),
        tries=0,
    )
    if ended is None:
        return None
    _give_back(conn, ended)
    pauses.probe_ended(conn, job.id, succeeded=False)
    circuit_breaker.record_failure(conn, job, cause)
    return ended


def cancelled(conn: Connection, job_id: str, *, account_id: int | None, per_hour: int, stopped: bool = False) -> Job:
    """Cancels for its owner (or for an admin: None, without limit): state, fence and release in one. `stopped`: by its
    person's Stop, which no limit holds up and which counts among their costly ends; an admin's cancel does not.

    Raises UnknownJob, NotCancellable, TooManyCancels; then nothing changed. A job cancelled before stays so: no error.
    """
    if account_id is not None:
        queue_up(conn, f"cancels:{account_id}")  # two at once would both be within the limit
    # Locked: whether it was paid upstream must still hold when it is cancelled below.
    job = store.get(conn, job_id, lock=True)
    if job is None or (account_id is not None and job.account_id != account_id):
        raise UnknownJob(job_id)
    if job.state is JobState.CANCELLED:
        return job
    costly = job.paid_upstream and (stopped or account_id is not None)
    if costly and account_id is not None and costly_ends.ends(conn, account_id) >= per_hour:
        raise TooManyCancels(per_hour)
    row = (
        conn.execute(
            sa.update(jobs)
            .where(jobs.c.id == job_id, store.CAN_BE_CANCELLED)
            .values(
                state=JobState.CANCELLED.value,
                # Takes the job from its process, too: that one's next write finds no row, and it stops.
                owner=None,
                epoch=jobs.c.epoch + 1,
                costly_end=costly,
                notice_due=True,
                next_at=now(conn),
                finished_at=now(conn),
                tries=0,
            )
            .returning(jobs)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotCancellable(job_id)
    _give_back(conn, job)
    pauses.probe_ended(conn, job_id, succeeded=False)
    return job_rows.job_of(row)


def refunded(conn: Connection, job_id: str, *, actor: int | None, note: str) -> tuple[Job, Credits]:
    """Gives back exactly what was captured, once; the job stays done. Raises UnknownJob, NotRefundable,
    Forgotten."""
    # Locked: an erasure at the same moment comes before or after, and a job without an owner is not refunded.
    job = store.get(conn, job_id, lock=True)
    if job is None:
        raise UnknownJob(job_id)
    if job.forgotten:
        raise Forgotten(job_id)
    amount = ledger.refund(conn, job_id=job_id, actor=actor, note=note)
    row = (
        conn.execute(sa.update(jobs).where(jobs.c.id == job_id).values(refunded=True).returning(jobs)).mappings().one()
    )
    return job_rows.job_of(row), amount
