"""Jobs in the database: what a worker writes. Every write is fenced by owner and epoch: 0 rows means that another
process owns the job now, and the caller must stop without a further word."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.catalog.models import Model
from bot.domain.jobs import (
    AWAITED,
    CANCELLABLE,
    FINISHED,
    SENT,
    SOURCE,
    WAITED_FOR,
    Asset,
    Cause,
    Delivered,
    Job,
    JobState,
    Order,
    Target,
)
from bot.storage import job_rows
from bot.storage.clock import now
from bot.storage.sql import Sql
from bot.storage.statements import insert_new, queue_up
from bot.storage.tables import jobs, reconciliations

WAKE = "easel_jobs"
"""The channel on which processes are told of work."""
FENCED = "easel_fenced"
"""The channel on which they are told that a job was taken from the process that carries it."""

FREE_QUEUED = sa.and_(sa.text("state = 'queued'"), jobs.c.owner.is_(None))
DUE = sa.text("owner IS NULL AND (notice_due OR state IN ('submitting','running','delivering'))")
FILE_AWAITED = sa.and_(sa.text("state = 'delivering'"), jobs.c.facts[AWAITED].as_string() == WAITED_FOR)
"""Job.awaited, of a row."""
CAN_BE_CANCELLED = sa.or_(jobs.c.state.in_([state.value for state in CANCELLABLE]), FILE_AWAITED)
"""Job.cancellable, of a row."""
# The words of the partial indexes in storage/tables: SQLite uses an index only for its own WHERE, to the letter.

_TURNS = Sql(
    "SELECT (SELECT min(turn) FROM jobs WHERE provider = ? AND state = 'queued'),"
    " (SELECT max(turn) FROM jobs WHERE account_id = ? AND provider = ?"
    " AND state IN ('queued','submitting','running','delivering'))"
)
_BUSY = Sql(
    "SELECT count(*) FROM jobs WHERE provider = ?"
    " AND (state IN ('submitting','running') OR (state = 'queued' AND owner IS NOT NULL))"
)
LONGEST_IN_QUEUE: Final = 300.0
LONGEST_BACKOFF: Final = 3600.0
"""Seconds for which a waiting order, and a job or a last word that is under way, is put off at most: Telegram may ask
for more, and is asked again. What lies further ahead was written by a clock that was set back since, and is due."""
_ON_ITS_WAY = (
    "SELECT 1 FROM jobs WHERE owner IS NULL AND (notice_due OR state IN ('submitting','running','delivering'))"
)
_ANY_DUE = Sql(f"{_ON_ITS_WAY} AND next_at <= ? UNION ALL {_ON_ITS_WAY} AND next_at > ? LIMIT 1")
_FREE = (
    "SELECT id FROM jobs WHERE provider = ? AND state = 'queued' AND owner IS NULL AND (next_at <= ? OR next_at > ?)"
    " ORDER BY turn, created_at LIMIT ?"
)
_FREE_QUEUED = Sql(_FREE)
_FREE_QUEUED_UNLOCKED = Sql(f"{_FREE} FOR UPDATE SKIP LOCKED")
_QUEUE = sa.insert(jobs).returning(jobs)
_GET = sa.select(jobs).where(jobs.c.id == sa.bindparam("job"))
_GET_LOCKED = _GET.with_for_update()
_TAKE = (
    sa.update(jobs)
    .where(jobs.c.id.in_(sa.bindparam("ids", expanding=True)), jobs.c.owner.is_(None))
    .values(owner=sa.bindparam("me"), epoch=jobs.c.epoch + 1)
    .returning(jobs)
)
# Made once: to put one of these together takes SQLAlchemy as long as SQLite takes to run it.
ONE_MORE: Final = object()
"""A value for `change`: what the column holds and one."""


def insert(conn: Connection, order: Order, model: Model) -> Job:
    """Queues an order (T1, with its hold) at its fair turn: behind the user's own jobs, not behind all users'."""
    moment = now(conn)
    values = {
        "id": order.id,
        "account_id": order.account_id,
        "user_id": order.user_id,
        "provider": model.provider,
        "model": model.slug,
        "kind": model.kind.value,
        "prompt": order.prompt,
        "options": dict(order.options),
        "quote": order.quote,
        "ordered": order.results,
        "inputs": job_rows.inputs_json(order.inputs),
        "locale": order.locale,
        "chat_id": order.target.chat_id,
        "thread_id": order.target.thread_id,
        "message_id": order.target.message_id,
        "inline_id": order.target.inline_id,
        "state": JobState.QUEUED.value,
        "turn": _turn(conn, order.account_id, model.provider),
        "next_at": moment + min(order.opening, LONGEST_IN_QUEUE),
        "created_at": moment,
        "requester": order.requester,
        "facts": {SOURCE: order.source} if order.source else {},
    }
    return job_rows.job_of(conn.execute(_QUEUE, values).mappings().one())


def _turn(conn: Connection, account_id: int, provider: str) -> int:
    """Start-time fair queueing: the later of the queue's present turn and the one after the user's last live job."""
    present, last = _TURNS.run(conn, provider, account_id, provider).one()
    return max(present if present is not None else 0, last + 1 if last is not None else 0)


def get(conn: Connection, job_id: str, *, lock: bool = False) -> Job | None:
    """The job as it stands; with `lock` no other transaction changes it until this one ends (SQLite: one writer)."""
    row = conn.execute(_GET_LOCKED if lock else _GET, {"job": job_id}).mappings().one_or_none()
    return job_rows.job_of(row) if row is not None else None


def claim_queued(conn: Connection, me: str, provider: str, *, concurrency: int, limit: int) -> list[Job]:
    """Takes waiting jobs in fair order, never more than the provider's concurrency allows over all processes."""
    queue_up(conn, f"claims:{provider}")  # two processes counting at once would both see the last free place
    busy = _BUSY.run(conn, provider).scalar_one()
    limit = min(limit, concurrency - busy)
    if limit <= 0:
        return []
    free = _FREE_QUEUED if conn.dialect.name == "sqlite" else _FREE_QUEUED_UNLOCKED
    moment = now(conn)
    return _take_these(conn, me, list(free.run(conn, provider, moment, moment + LONGEST_IN_QUEUE, limit).scalars()))


def claim_due(conn: Connection, me: str, *, limit: int) -> list[Job]:
    """Takes jobs that another process left on the way, and finished ones whose last word is due."""
    moment = now(conn)
    # A look without locks first: nearly always nothing is due.
    if _ANY_DUE.run(conn, moment, moment + LONGEST_BACKOFF).one_or_none() is None:
        return []
    free = sa.select(jobs.c.id).where(DUE, _now(moment)).order_by(jobs.c.next_at).limit(limit)
    return _take(conn, me, free)


def claim_ended(conn: Connection, me: str, *, limit: int) -> list[Job]:
    """Takes finished jobs whose last word is due, and nothing else: what a process that ends may still begin."""
    ended = jobs.c.state.in_([state.value for state in FINISHED])
    free = sa.select(jobs.c.id).where(DUE, ended, _now(now(conn))).order_by(jobs.c.next_at).limit(limit)
    return _take(conn, me, free)


def _now(moment: float) -> sa.ColumnElement[bool]:
    # A time that far ahead was written before the clock was set back: it is due now.
    return sa.or_(jobs.c.next_at <= moment, jobs.c.next_at > moment + LONGEST_BACKOFF)


def _later(conn: Connection, job: Job, seconds: float) -> float:
    longest = LONGEST_IN_QUEUE if job.state in (JobState.QUEUED, JobState.SUBMITTING) else LONGEST_BACKOFF
    return now(conn) + min(seconds, longest)


def _take(conn: Connection, me: str, free: sa.Select[tuple[str]]) -> list[Job]:
    if conn.dialect.name == "postgresql":
        # Two processes take different rows instead of waiting for each other.
        free = free.with_for_update(skip_locked=True)
    return _take_these(conn, me, [row.id for row in conn.execute(free)])


def _take_these(conn: Connection, me: str, ids: Sequence[str]) -> list[Job]:
    if not ids:
        return []
    taken = conn.execute(_TAKE, {"ids": ids, "me": me}).mappings()
    # RETURNING keeps no order: the fair one is that of `ids`.
    found = {row["id"]: job_rows.job_of(row) for row in taken}
    return [found[i] for i in ids if i in found]


def change(conn: Connection, job: Job, *, states: Sequence[JobState], **values: Any) -> Job | None:
    """The fenced write: None when owner, epoch or state are no longer those the caller holds."""
    set_to = {f"to_{name}": value for name, value in values.items() if value is not ONE_MORE}
    counted = tuple(name for name, value in values.items() if value is ONE_MORE)
    owned = job.owner is not None
    statement = _change(tuple(name.removeprefix("to_") for name in set_to), counted, tuple(states), owned)
    fence = {"is_id": job.id, "is_epoch": job.epoch} | ({"is_owner": job.owner} if owned else {})
    row = conn.execute(statement, set_to | fence).mappings().one_or_none()
    return job_rows.changed(job, row) if row is not None else None


@cache  # one for each place in the code that changes jobs
def _change(columns: tuple[str, ...], counted: tuple[str, ...], states: tuple[JobState, ...], owned: bool) -> sa.Update:
    fence = sa.and_(
        jobs.c.id == sa.bindparam("is_id"),
        jobs.c.owner == sa.bindparam("is_owner") if owned else jobs.c.owner.is_(None),
        jobs.c.epoch == sa.bindparam("is_epoch"),
        sa.text("state IN ({})".format(", ".join(f"'{state.value}'" for state in states))),
    )
    values = {name: sa.bindparam(f"to_{name}", type_=jobs.c[name].type) for name in columns}
    more = {name: jobs.c[name] + 1 for name in counted}
    return sa.update(jobs).where(fence).values({**values, **more}).returning(*job_rows.CHANGING)


def record_opened(conn: Connection, job_id: str, target: Target) -> Job | None:
    """The message of a job whose Order said `opening` was sent: workers may take it. None: a worker was first, and the
    job has another message, or its group moved meanwhile, and it gets one there. The caller notifies WAKE."""
    unplaced = sa.and_(jobs.c.message_id == 0, jobs.c.owner.is_(None))
    waits = sa.and_(jobs.c.id == job_id, jobs.c.chat_id == target.chat_id, unplaced)
    place = {"thread_id": target.thread_id, "message_id": target.message_id}
    row = conn.execute(sa.update(jobs).where(waits).values(next_at=now(conn), **place).returning(jobs))
    found = row.mappings().one_or_none()
    return job_rows.job_of(found) if found is not None else None


def move_message(conn: Connection, job: Job, target: Target) -> Job | None:
    """The job's message stands elsewhere now: sent for the first time, or anew after the user deleted it."""
    return change(
        conn,
        job,
        states=list(JobState),
        chat_id=target.chat_id,
        thread_id=target.thread_id,
        message_id=target.message_id,
        inline_id=target.inline_id,
    )


def mark_submitting(conn: Connection, job: Job, *, longest_seconds: float) -> Job | None:
    """T2, the intent: committed before any byte leaves. The deadline runs from the first: a job that was turned away
    keeps it."""
    moment = now(conn)
    return change(
        conn,
        job,
        states=[JobState.QUEUED],
        state=JobState.SUBMITTING.value,
        attempt=ONE_MORE,
        submitted_at=moment,
        deadline=job.deadline if job.attempt and job.deadline is not None else moment + longest_seconds,
    )


def mark_turned_away(conn: Connection, job: Job, seconds: float) -> Job | None:
    """Takes the intent back: the provider said that it did not take the order. It is claimed again after `seconds`, at
    its old turn, and the next call has its own intent. A crash before this leaves the answer unknown, as any crash
    after T2 does."""
    return change(
        conn,
        job,
        states=[JobState.SUBMITTING],
        state=JobState.QUEUED.value,
        owner=None,
        next_at=_later(conn, job, seconds),
    )


def mark_running(conn: Connection, job: Job, ref: str | None) -> Job | None:
    """T3: the provider took it; again with a longer reference where one order is several requests."""
    states = [JobState.SUBMITTING, JobState.RUNNING]
    return change(conn, job, states=states, state=JobState.RUNNING.value, upstream_ref=ref)


def mark_delivering(
    conn: Connection, job: Job, assets: Sequence[Asset], cost: str | None, facts: Mapping[str, str] | None = None
) -> Job | None:
    """T4: the result is known; from here the job is never submitted again."""
    return change(
        conn,
        job,
        states=[JobState.SUBMITTING, JobState.RUNNING],
        state=JobState.DELIVERING.value,
        assets=job_rows.assets_json(assets),
        cost=cost,
        facts={**{name: told for name, told in job.facts.items() if name == SOURCE}, **(facts or {})},
        delivering_at=now(conn),
        tries=0,
    )


def record_delivery(conn: Connection, job: Job, target: Target, files: Sequence[Delivered]) -> Job | None:
    """What Telegram keeps of the result: after a crash the file ids are used again."""
    return change(
        conn,
        job,
        states=[JobState.DELIVERING],
        delivered=job_rows.delivered_json(files),
        chat_id=target.chat_id,
        thread_id=target.thread_id,
        message_id=target.message_id,
        inline_id=target.inline_id,
    )


def awaits_file(conn: Connection, job: Job, seconds: float) -> Job | None:
    """Hands the job back, to ask for its file after `seconds`; it can be cancelled from now on. Not one that was on its
    way to the chat before: of that something may stand there."""
    mark = {} if AWAITED in job.facts or job.delivered else {"facts": {**job.facts, AWAITED: WAITED_FOR}}
    later = {"owner": None, "next_at": _later(conn, job, seconds), "tries": ONE_MORE}
    return change(conn, job, states=[JobState.DELIVERING], **later, **mark)


def file_came(conn: Connection, job: Job) -> Job | None:
    """The file that was waited for is here and goes to the chat: from now on the job cannot be cancelled."""
    return change(conn, job, states=[JobState.DELIVERING], facts={**job.facts, AWAITED: SENT})


def ready_sent(conn: Connection, job: Job, *, sent: bool) -> Job | None:
    """Whether "Ready" counts as said: noted before it is sent, so that it is said at most once."""
    return change(conn, job, states=[JobState.DONE], ready_sent=sent)


def repeat_notice(conn: Connection, job: Job) -> None:
    """The last word of a job is due once more, also while a process is saying it. Idempotent."""
    # Without a fence: it is due whichever process has the job, and the epoch ends that one's attempt.
    again = {"notice_due": True, "owner": None, "epoch": jobs.c.epoch + 1, "next_at": now(conn), "tries": 0}
    conn.execute(sa.update(jobs).where(jobs.c.id == job.id).values(**again))


def close_notice(conn: Connection, job: Job) -> Job | None:
    """T6: the last word stands in the chat, or Telegram refused it for good."""
    return change(conn, job, states=[s for s in JobState if s.finished], notice_due=False, owner=None)


def postpone(conn: Connection, job: Job, seconds: float) -> Job | None:
    """Hands the job back, not to be claimed before `seconds` from now, see LONGEST_BACKOFF."""
    return change(conn, job, states=list(JobState), owner=None, next_at=_later(conn, job, seconds), tries=ONE_MORE)


def reconcile(conn: Connection, job: Job, reason: Cause) -> None:
    """Notes a submit whose answer stayed unknown: the provider may have billed it, the user did not pay. Once a job."""
    insert_new(conn, reconciliations, job_id=job.id, provider=job.provider, reason=reason.value, created_at=now(conn))


def hand_back(conn: Connection, job: Job) -> None:
    """Hands a job back, whatever its state, to be claimed by any process."""
    change(conn, job, states=list(JobState), owner=None)


def take_overdue(conn: Connection, me: str, *, waited: float, limit: int) -> list[Job]:
    """Takes queued jobs that no process could start for longer than `waited` seconds."""
    free = sa.select(jobs.c.id).where(FREE_QUEUED, jobs.c.created_at < now(conn) - waited)
    return _take(conn, me, free.order_by(jobs.c.created_at).limit(limit))
