"""What must hold once everything settled, whatever died before: nobody was cheated, everybody was told the truth."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from bot import ledger
from bot.domain.catalog.models import Makes
from bot.domain.jobs import CUT, Job, JobState
from bot.domain.money import CREDIT
from bot.engine.accounts import users
from bot.engine.dialogs import inbox
from bot.engine.jobs import queries
from bot.storage.database import Database
from sandbox.client import Msg
from sandbox.kit.state import Record

NOT_CHARGED = "You were not charged"
READY = "Ready!"
ANSWER = "Simulated answer:"
MEDIA = {"video", "audio", "animation", "photo", "document"}
JOBS = 10_000


@dataclass(frozen=True, slots=True)
class Books:
    """One moment of the database."""

    jobs: tuple[Job, ...]
    waiting: int
    problems: tuple[ledger.Problem, ...]
    moves: Counter[tuple[str, str]]
    """How many transfers a job has of a kind."""

    @property
    def settled(self) -> bool:
        """Nothing is left to do."""
        return not self.waiting and all(j.state.finished and not j.notice_due and j.owner is None for j in self.jobs)


async def books(db: Database) -> Books:
    """Reads everything that the audit compares."""

    def read(conn: Connection) -> Books:
        counts = conn.exec_driver_sql("SELECT job_id, kind, count(*) FROM transfers GROUP BY job_id, kind")
        return Books(
            tuple(queries.everyone(conn, offset=0, limit=JOBS)),
            inbox.waiting(conn),
            tuple(ledger.verify(conn)),
            Counter({(str(job), str(kind)): int(n) for job, kind, n in counts}),
        )

    return await db.read(read)


async def standing(db: Database) -> tuple[int, int]:
    """Jobs and whether all is settled (0: yes), cheaply, for waiting."""

    def read(conn: Connection) -> tuple[int, int]:
        undone = "state NOT IN ('done','failed','cancelled') OR notice_due OR owner IS NOT NULL"
        left = conn.exec_driver_sql(f"SELECT count(*) FROM jobs WHERE {undone}").scalar_one()
        return queries.count_all(conn), int(left) + inbox.waiting(conn)

    return await db.read(read)


def money(found: Books) -> Iterable[str]:
    """Complaints about the ledger: at most one charge, and each hold settled exactly once."""
    yield from (f"verify: {problem}" for problem in found.problems)
    for job in found.jobs:
        moves = {kind: found.moves[job.id, kind] for kind in ("hold", "capture", "release")}
        charged = job.state is JobState.DONE
        held = int(job.quote > 0)  # what is free holds nothing
        expected = {"hold": held, "capture": held * charged, "release": held * (not charged)}
        if moves != expected:
            yield f"job {job.id} is {job.state}, its transfers are {moves}"
        cheaper = job.cost is not None and 0 < (job.charged or 0) <= job.quote
        if charged and job.charged != job.quote and not cheaper:
            yield f"job {job.id} cost {job.charged}, quoted {job.quote}"


def by_hand(found: Books, *, top_ups: int, debits: int) -> Iterable[str]:
    """Complaints about what an operator moved: once what was asked for, and nothing twice."""
    for kind, due in (("top_up", top_ups), ("debit", debits)):
        made = sum(count for (_, of), count in found.moves.items() if of == kind)
        if made != due:
            yield f"{made} times {kind}, {due} is due"


def shows(message: Msg, job: Job) -> bool:
    """Whether this message is the job's result."""
    if job.kind.makes is Makes.TEXT:
        return message.from_bot and f"{ANSWER} {job.prompt}" in message.words
    if job.ordered > 1:  # beside its pictures
        told = message.from_bot and message.kind == "text" and message.text.startswith(job.prompt)
        return told and message.button("More") is not None
    return message.kind in MEDIA and job.prompt in message.caption


def album(job: Job, messages: Sequence[Msg]) -> Iterable[str]:
    """Complaints about several results: each stands there, at most the album in flight at a death comes twice."""
    pictures = {m.id for m in messages if m.message.get("media_group_id")}
    if job.state is JobState.DONE and not {d.message_id for d in job.delivered} <= pictures:
        yield f"job {job.id} is done, of {job.delivered} there are {sorted(pictures)}"
    if len(pictures) not in ((len(job.delivered), 2 * len(job.delivered)) if job.state is JobState.DONE else (0,)):
        yield f"job {job.id} is {job.state}, and {len(pictures)} pictures stand there"


def truth(found: Books, chat_id: int, messages: Sequence[Msg]) -> Iterable[str]:
    """Complaints about what the chat shows: a result where it was charged, "not charged" where it was not."""
    by_id = {message.id: message for message in messages}
    for job in found.jobs:
        if job.target.chat_id not in (chat_id, 0):
            continue
        message = by_id.get(job.target.message_id)
        if job.target.inline_id:  # the only one that the bot wrote there
            message = next((m for m in messages if m.from_bot), None)
        if message is None:
            yield f"job {job.id} ({job.state}) has no message"
            continue
        if CUT in job.facts:  # the person blocked the bot when a part stood: no further word can come
            yield from album(job, messages)
            continue
        shown = shows(message, job)
        if shown != (job.state is JobState.DONE):
            yield f"job {job.id} is {job.state}, its message is {message.kind}: {message.words!r}"
        if (NOT_CHARGED in message.words) != (job.state is not JobState.DONE):
            yield f"job {job.id} is {job.state}, its message says {message.words!r}"
        results = [m.id for m in messages if shows(m, job)]
        if results and job.state is not JobState.DONE:
            yield f"job {job.id} is {job.state}, yet {results} show a result"
        if job.ordered > 1:
            yield from album(job, messages)
        told = [
            m for m in messages if m.from_bot and m.text.startswith(("✅", f"{job.requester}: ✅")) and READY in m.text
        ]
        replies = sum(m.message.get("reply_to_message", {}).get("message_id") == message.id for m in told)
        if replies > int(job.state is JobState.DONE):
            yield f'job {job.id} is {job.state} and {replies} times "Ready"'


def submits(found: Books, requests: Sequence[Record]) -> Iterable[str]:
    """Complaints about the provider's log: nothing was submitted twice, and nothing that was not ordered. What the
    provider turned away (503) was not taken; an order is turned away three times at most, in all its processes."""
    away = [record for record in requests if record.outcome == "refused" and record.status == 503]
    for prompt, times in Counter(record.prompt for record in away).items():
        if times > 3:
            yield f"{prompt} was turned away {times} times"
    sent = Counter(record.prompt for record in requests if record not in away)
    for job in found.jobs:
        count = sent.pop(job.prompt, 0)
        if count > 1 or (job.state is JobState.DONE and count != 1):
            yield f"job {job.id} ({job.state}) was submitted {count} times"
    if sent:
        yield f"submitted without a job: {sent}"


async def balance(db: Database, found: Books, user_id: int, *, welcome: int) -> Iterable[str]:
    """Complaints about what a person has left: the welcome once, less what was charged."""

    def read(conn: Connection) -> ledger.Balance:
        user = users.find(conn, user_id)
        assert user is not None
        return ledger.balance(conn, user.account_id)

    left = await db.read(read)
    spent = sum(job.charged or 0 for job in found.jobs if job.user_id == user_id and not job.refunded)
    expected = welcome * CREDIT - spent
    return [] if (left.available, left.held) == (expected, 0) else [f"{user_id} has {left}, {expected} is due"]
