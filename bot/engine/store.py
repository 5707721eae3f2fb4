"""Jobs in the database: what a worker writes. Every write is fenced by owner and epoch: 0 rows means that somebody else
owns the job now, and the caller must stop without a further word."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.catalog import Model
from bot.domain.jobs import Asset, Cause, Delivered, Job, JobState, Order, Target
from bot.engine import rows
from bot.ledger.sql import Sql
from bot.storage.clock import now
from bot.storage.statements import insert_new, queue_up
from bot.storage.tables import jobs, reconciliations

WAKE = "easel_jobs"
"""The channel on which processes are told of work."""
FENCED = "easel_fenced"
"""The channel on which they are told that a job was taken from whoever carries it."""

FREE_QUEUED = sa.and_(sa.text("state = 'queued'"), jobs.c.owner.is_(None))
DUE = sa.text("owner IS NULL AND (notice_due OR state IN ('submitting','running','delivering'))")
LIVE = sa.text("state IN ('queued','submitting','running','delivering')")
# These are the words of the partial indexes in tables.py: SQLite uses an index only for its own WHERE, to the letter.

_TURNS = Sql(
    "SELECT (SELECT min(turn) FROM jobs WHERE provider = ? AND state = 'queued'),"
    " (SELECT max(turn) FROM jobs WHERE account_id = ? AND provider = ?"
    " AND state IN ('queued','submitting','running','delivering'))"
)
_BUSY = Sql(
    "SELECT count(*) FROM jobs WHERE provider = ?"
    " AND (state IN ('submitting','running') OR (state = 'queued' AND owner IS NOT NULL))"
)
_ANY_DUE = Sql(
    "SELECT 1 FROM jobs WHERE owner IS NULL"
    " AND (notice_due OR state IN ('submitting','running','delivering')) AND next_at <= ? LIMIT 1"
)


def insert(conn: Connection, order: Order, model: Model) -> Job:
    """Queues an order (T1, with its hold) at its fair turn: behind the user's own jobs, not behind everybody's."""
    moment = now(conn)
    queue = (
        sa.insert(jobs)
        .values(
            id=order.id,
            account_id=order.account_id,
            user_id=order.user_id,
            provider=model.provider,
            model=model.slug,
            kind=model.kind.value,
            prompt=order.prompt,
            options=dict(order.options),
            quote=order.quote,
            ordered=order.results,
            inputs=rows.inputs_json(order.inputs),
            locale=order.locale,
            chat_id=order.target.chat_id,
            thread_id=order.target.thread_id,
            message_id=order.target.message_id,
            state=JobState.QUEUED.value,
            turn=_turn(conn, order.account_id, model.provider),
            next_at=moment,
            created_at=moment,
        )
        .returning(jobs)
    )
    return rows.job_of(conn.execute(queue).mappings().one())


def _turn(conn: Connection, account_id: int, provider: str) -> int:
    """Start-time fair queueing: the later of the queue's present turn and the one after the user's last live job."""
    present, last = _TURNS.run(conn, provider, account_id, provider).one()
    return max(present if present is not None else 0, last + 1 if last is not None else 0)


def get(conn: Connection, job_id: str, *, lock: bool = False) -> Job | None:
    """The job as it stands; with `lock` nobody else changes it before the transaction ends (SQLite has one writer)."""
    statement = sa.select(jobs).where(jobs.c.id == job_id)
    row = conn.execute(statement.with_for_update() if lock else statement).mappings().one_or_none()
    return rows.job_of(row) if row is not None else None


def claim_queued(conn: Connection, me: str, provider: str, *, concurrency: int, limit: int) -> list[Job]:
    """Takes waiting jobs in fair order, never more than the provider's concurrency allows over all processes."""
    queue_up(conn, f"claims:{provider}")  # two processes counting at once would both see the last free place
    busy = _BUSY.run(conn, provider).scalar_one()
    limit = min(limit, concurrency - busy)
    if limit <= 0:
        return []
    free = (
        sa.select(jobs.c.id)
        .where(jobs.c.provider == provider, FREE_QUEUED, jobs.c.next_at <= now(conn))
        .order_by(jobs.c.turn, jobs.c.created_at)
        .limit(limit)
    )
    return _take(conn, me, free)


def claim_due(conn: Connection, me: str, *, limit: int) -> list[Job]:
    """Takes jobs that somebody left on the way, and finished ones whose last word is due."""
    moment = now(conn)
    if _ANY_DUE.run(conn, moment).one_or_none() is None:
        return []
    free = sa.select(jobs.c.id).where(DUE, jobs.c.next_at <= moment).order_by(jobs.c.next_at).limit(limit)
    return _take(conn, me, free)


def _take(conn: Connection, me: str, free: sa.Select[tuple[str]]) -> list[Job]:
    if conn.dialect.name == "postgresql":
        free = free.with_for_update(skip_locked=True)
    ids = conn.execute(free).scalars().all()
    if not ids:
        return []
    taken = (
        sa.update(jobs).where(jobs.c.id.in_(ids), jobs.c.owner.is_(None)).values(owner=me, epoch=jobs.c.epoch + 1)
    ).returning(jobs)
    found = {row["id"]: rows.job_of(row) for row in conn.execute(taken).mappings()}
    return [found[i] for i in ids if i in found]


def change(conn: Connection, job: Job, *, states: Sequence[JobState], **values: Any) -> Job | None:
    """The fenced write: None when owner, epoch or state are no longer those the caller holds."""
    fence = sa.and_(
        jobs.c.id == job.id,
        jobs.c.owner == job.owner,
        jobs.c.epoch == job.epoch,
        jobs.c.state.in_([s.value for s in states]),
    )
    statement = sa.update(jobs).where(fence).values(**values).returning(*rows.CHANGING)
    row = conn.execute(statement).mappings().one_or_none()
    return rows.changed(job, row) if row is not None else None


def moved(conn: Connection, job: Job, target: Target) -> Job | None:
    """The job's message stands elsewhere now: sent for the first time, or anew after the user deleted it."""
    return change(
        conn,
        job,
        states=list(JobState),
        chat_id=target.chat_id,
        thread_id=target.thread_id,
        message_id=target.message_id,
    )


def submitting(conn: Connection, job: Job, *, longest_seconds: float) -> Job | None:
    """T2, the intent: committed before any byte leaves."""
    moment = now(conn)
    return change(
        conn,
        job,
        states=[JobState.QUEUED],
        state=JobState.SUBMITTING.value,
        attempt=jobs.c.attempt + 1,
        submitted_at=moment,
        deadline=moment + longest_seconds,
    )


def running(conn: Connection, job: Job, ref: str | None) -> Job | None:
    """T3: the provider took it; again with a longer reference where one order is several requests."""
    states = [JobState.SUBMITTING, JobState.RUNNING]
    return change(conn, job, states=states, state=JobState.RUNNING.value, upstream_ref=ref)


def delivering(
    conn: Connection, job: Job, assets: Sequence[Asset], cost: str | None, facts: Mapping[str, str] | None = None
) -> Job | None:
    """T4: the result is known; from here the job is never submitted again."""
    return change(
        conn,
        job,
        states=[JobState.SUBMITTING, JobState.RUNNING],
        state=JobState.DELIVERING.value,
        assets=rows.assets_json(assets),
        cost=cost,
        facts=dict(facts or {}),
        delivering_at=now(conn),
        tries=0,
    )


def delivered(conn: Connection, job: Job, target: Target, files: Sequence[Delivered]) -> Job | None:
    """What Telegram keeps of the result: after a crash the file ids are used again."""
    return change(
        conn,
        job,
        states=[JobState.DELIVERING],
        delivered=rows.delivered_json(files),
        chat_id=target.chat_id,
        thread_id=target.thread_id,
        message_id=target.message_id,
    )


def ready_sent(conn: Connection, job: Job, *, sent: bool) -> Job | None:
    """Whether "Ready" counts as said: noted before it is sent, so that it is said at most once."""
    return change(conn, job, states=[JobState.DONE], ready_sent=sent)


def noticed(conn: Connection, job: Job) -> Job | None:
    """T6: the last word stands in the chat, or Telegram refused it for good."""
    return change(conn, job, states=[s for s in JobState if s.finished], notice_due=False, owner=None)


def postpone(conn: Connection, job: Job, seconds: float) -> Job | None:
    """Hands the job back, not to be claimed before `seconds` from now."""
    return change(conn, job, states=list(JobState), owner=None, next_at=now(conn) + seconds, tries=jobs.c.tries + 1)


def reconcile(conn: Connection, job: Job, reason: Cause) -> None:
    """Notes a submit whose answer stayed unknown: the provider may have billed it, the user did not pay. Once a job."""
    insert_new(conn, reconciliations, job_id=job.id, provider=job.provider, reason=reason.value, created_at=now(conn))


def let_go(conn: Connection, job: Job) -> None:
    """Hands a job back, whatever its state, to be claimed by anybody."""
    change(conn, job, states=list(JobState), owner=None)


def take_overdue(conn: Connection, me: str, *, waited: float, limit: int) -> list[Job]:
    """Takes queued jobs that nobody could start for longer than `waited` seconds."""
    free = sa.select(jobs.c.id).where(FREE_QUEUED, jobs.c.created_at < now(conn) - waited)
    return _take(conn, me, free.order_by(jobs.c.created_at).limit(limit))
