"""Jobs in the database: what people read of them. Nothing here writes."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.catalog.models import Kind
from bot.domain.jobs import SOURCE, Job
from bot.engine.conversations.memory import Purpose
from bot.engine.jobs import store
from bot.engine.jobs.store import DUE, FILE_AWAITED
from bot.storage import job_rows
from bot.storage.job_rows import LIVE
from bot.storage.sql import Sql
from bot.storage.tables import asks, jobs, reconciliations

_BEFORE = Sql(
    "SELECT (SELECT count(*) FROM jobs o WHERE o.provider = m.provider AND o.state = 'queued' AND o.owner IS NULL"
    " AND (o.turn < m.turn OR (o.turn = m.turn AND o.created_at < m.created_at)))"
    " FROM jobs m WHERE m.id = ? AND m.state = 'queued' AND m.owner IS NULL"
)
_COUNT = Sql("SELECT count(*) FROM jobs WHERE account_id = ?")
_COUNT_LIVE = Sql(
    "SELECT count(*) FROM jobs WHERE account_id = ? AND state IN ('queued','submitting','running','delivering')"
)
_COUNT_WAITING = Sql("SELECT count(*) FROM jobs WHERE provider = ? AND state = 'queued' AND owner IS NULL")

IMPROVES = sa.exists().where(asks.c.job_id == jobs.c.id, asks.c.purpose != Purpose.CHAT.value)
"""A better wording of a prompt, the words of a voice message, a prompt for a picture: part of what is still being said,
and in no list."""

ALBUMS_NEAR = 50
"""Jobs whose messages stand before an album that are looked through for it."""
ANCESTORS = 8
LOOKED_AT = 20
"""Of the latest orders, for one without pictures."""


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One provider's jobs by where they are."""

    provider: str
    queued: int
    upstream: int
    delivering: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A submit whose answer stayed unknown."""

    job_id: str
    provider: str
    reason: str
    created_at: float


def position(conn: Connection, job: Job) -> int:
    """Place in the provider's queue, 1 = next; 0 when the job is not waiting there."""
    before = _BEFORE.run(conn, job.id).scalar_one_or_none()
    return 0 if before is None else int(before) + 1


def waiting(conn: Connection, provider: str, *, offset: int, limit: int) -> list[Job]:
    """Queued jobs in the order in which they will start."""
    statement = (
        sa.select(jobs)
        .where(jobs.c.provider == provider, sa.text("state = 'queued'"), jobs.c.owner.is_(None))
        .order_by(jobs.c.turn, jobs.c.created_at)
        .offset(offset)
        .limit(limit)
    )
    return [job_rows.job_of(row) for row in conn.execute(statement).mappings()]


def awaited(conn: Connection, *, offset: int, limit: int) -> list[Job]:
    """Jobs that no process carries until their file is asked for again, the longest made first."""
    mine = sa.and_(DUE, FILE_AWAITED)
    oldest = sa.select(jobs).where(mine).order_by(jobs.c.delivering_at, jobs.c.id).offset(offset).limit(limit)
    return [job_rows.job_of(row) for row in conn.execute(oldest).mappings()]


def of_account(conn: Connection, account_id: int, *, offset: int, limit: int, live_only: bool = False) -> list[Job]:
    """A user's jobs: unfinished first, then the newest."""
    statement = sa.select(jobs).where(jobs.c.account_id == account_id)
    if live_only:
        statement = statement.where(LIVE)
    first = sa.case((LIVE, 0), else_=1)
    statement = statement.order_by(first, jobs.c.created_at.desc(), jobs.c.id).offset(offset).limit(limit)
    return [job_rows.job_of(row) for row in conn.execute(statement).mappings()]


def listed(conn: Connection, account_id: int, *, answers: bool, offset: int, limit: int) -> list[Job]:
    """What stands in a user's list of answers, else in that of orders: unfinished first, then the newest."""
    first = sa.case((LIVE, 0), else_=1)
    found = sa.select(jobs).where(_listed(account_id, answers=answers))
    statement = found.order_by(first, jobs.c.created_at.desc(), jobs.c.id).offset(offset).limit(limit)
    return [job_rows.job_of(row) for row in conn.execute(statement).mappings()]


def count_listed(conn: Connection, account_id: int, *, answers: bool) -> int:
    found = sa.select(sa.func.count()).select_from(jobs).where(_listed(account_id, answers=answers))
    return int(conn.execute(found).scalar_one())


def _listed(account_id: int, *, answers: bool) -> sa.ColumnElement[bool]:
    mine = jobs.c.account_id == account_id
    if answers:
        return sa.and_(mine, jobs.c.kind == Kind.ASK.value, ~IMPROVES)
    return sa.and_(mine, jobs.c.kind != Kind.ASK.value)


def result_at(conn: Connection, account_id: int, chat_id: int, message_id: int) -> tuple[Job, int] | None:
    """The account's result that stands in that message: its job, and which of the results. An album stands a little
    after its job's message, so that only the latest jobs before the message can be meant."""
    before = sa.and_(jobs.c.account_id == account_id, jobs.c.chat_id == chat_id, jobs.c.message_id <= message_id)
    newest = sa.select(jobs).where(before, jobs.c.message_id > 0).order_by(jobs.c.message_id.desc()).limit(ALBUMS_NEAR)
    for row in conn.execute(newest).mappings():
        job = job_rows.job_of(row)
        if job.target.message_id == message_id:
            return job, 0
        for index, delivered in enumerate(job.delivered):
            if delivered.message_id == message_id:
                return job, index
    return None


def count_of_account(conn: Connection, account_id: int, *, live_only: bool = False) -> int:
    return int((_COUNT_LIVE if live_only else _COUNT).run(conn, account_id).scalar_one())


def count_waiting(conn: Connection, provider: str) -> int:
    """The length of a provider's queue."""
    return int(_COUNT_WAITING.run(conn, provider).scalar_one())


def everyone(conn: Connection, *, offset: int, limit: int) -> list[Job]:
    """All jobs, newest first."""
    statement = sa.select(jobs).order_by(jobs.c.created_at.desc(), jobs.c.id).offset(offset).limit(limit)
    return [job_rows.job_of(row) for row in conn.execute(statement).mappings()]


def count_all(conn: Connection) -> int:
    return int(conn.execute(sa.select(sa.func.count()).select_from(jobs)).scalar_one())


def last_of_kind(conn: Connection, account_id: int, kind: Kind) -> Job | None:
    """The user's latest job of a kind: its model and style come first in the next menu."""
    statement = (
        sa.select(jobs)
        .where(jobs.c.account_id == account_id, jobs.c.kind == kind.value)
        .order_by(jobs.c.created_at.desc())
        .limit(1)
    )
    row = conn.execute(statement).mappings().one_or_none()
    return job_rows.job_of(row) if row is not None else None


def last_kind(conn: Connection, account_id: int) -> Kind | None:
    """The kind of the user's latest order that began with words alone."""
    worded = [kind.value for kind in (Kind.IMAGE, Kind.VIDEO, Kind.MUSIC, Kind.AUDIO, Kind.SOLID)]
    statement = (
        sa.select(jobs.c.kind, jobs.c.inputs)
        .where(jobs.c.account_id == account_id, jobs.c.kind.in_(worded))
        .order_by(jobs.c.created_at.desc())
        .limit(LOOKED_AT)
    )
    return next((Kind(kind) for kind, inputs in conn.execute(statement) if not inputs), None)


def ancestry(conn: Connection, job: Job) -> tuple[Job, ...]:
    """The jobs whose results this one was made of, the nearest first, along the first picture of each, or else its
    words; at most ANCESTORS, and only those of the same account."""
    found: list[Job] = []
    seen = {job.id}
    while len(found) < ANCESTORS:
        last = found[-1] if found else job
        source = next((each.job_id for each in last.inputs if each.job_id), last.facts.get(SOURCE, ""))
        parent = store.get(conn, source) if source and source not in seen else None
        if parent is None or parent.account_id != job.account_id:
            break
        seen.add(parent.id)
        found.append(parent)
    return tuple(found)


def queue_overview(conn: Connection) -> list[QueueLine]:
    """Live jobs by provider."""
    statement = sa.select(jobs.c.provider, jobs.c.state, sa.func.count()).where(LIVE)
    counts: dict[str, dict[str, int]] = {}
    for provider, state, n in conn.execute(statement.group_by(jobs.c.provider, jobs.c.state)):
        counts.setdefault(provider, {})[state] = n
    return [
        QueueLine(p, c.get("queued", 0), c.get("submitting", 0) + c.get("running", 0), c.get("delivering", 0))
        for p, c in sorted(counts.items())
    ]


def live_by_state(conn: Connection) -> dict[str, int]:
    """How many unfinished jobs are in each state."""
    statement = sa.select(jobs.c.state, sa.func.count()).where(LIVE).group_by(jobs.c.state)
    return {state: int(n) for state, n in conn.execute(statement)}


def reconciliation_of(conn: Connection, job_id: str) -> Reconciliation | None:
    row = conn.execute(sa.select(reconciliations).where(reconciliations.c.job_id == job_id)).mappings().one_or_none()
    return Reconciliation(**row) if row is not None else None


def reconciliations_page(conn: Connection, *, offset: int, limit: int) -> list[Reconciliation]:
    """Submits with an unknown answer, newest first."""
    statement = sa.select(reconciliations).order_by(reconciliations.c.created_at.desc()).offset(offset).limit(limit)
    return [Reconciliation(**row) for row in conn.execute(statement).mappings()]


def count_reconciliations(conn: Connection, *, since: float = 0.0) -> int:
    """Those that were noted since then."""
    found = sa.select(sa.func.count()).select_from(reconciliations).where(reconciliations.c.created_at >= since)
    return int(conn.execute(found).scalar_one())
