"""What a person may ask about their jobs; whose a job is callers see by what is returned."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Job, Target
from bot.engine.accounts import groups, preferences
from bot.engine.jobs import queries, store
from bot.engine.jobs.store import CAN_BE_CANCELLED
from bot.engine.results import history
from bot.storage import job_rows
from bot.storage.database import Database
from bot.storage.job_rows import LIVE
from bot.storage.tables import jobs


@dataclass(frozen=True, slots=True)
class JobPage:
    """Some of so many; one past the end is the last."""

    number: int
    count: int
    jobs: Sequence[Job]
    others: int = 0
    """How many the other list has: of answers beside orders, of orders beside answers."""


class OwnJobs:
    """By account; each call is one read or transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, job_id: str) -> Job | None:
        """The job of any user; None: there is none of that id."""
        return await self._db.read(lambda conn: store.get(conn, job_id))

    async def page(self, account_id: int, wanted: int, size: int, *, answers: bool = False) -> JobPage:
        """Orders, or answers to questions: unfinished first, then the newest. Better wordings of prompts are in no
        list."""

        def read(conn: Connection) -> JobPage:
            count = queries.count_listed(conn, account_id, answers=answers)
            number = _number(wanted, count, size)
            found = queries.listed(conn, account_id, answers=answers, offset=number * size, limit=size)
            return JobPage(number, count, found, queries.count_listed(conn, account_id, answers=not answers))

        return await self._db.read(read)

    async def cancellable(self, account_id: int, wanted: int, size: int, *, chat_id: int | None = None) -> JobPage:
        """What can be cancelled or stopped; with a chat only what was ordered there."""

        def read(conn: Connection) -> JobPage:
            count, _ = _cancellable(conn, account_id, chat_id=chat_id, offset=0, limit=1)
            number = _number(wanted, count, size)
            count, found = _cancellable(conn, account_id, chat_id=chat_id, offset=number * size, limit=size)
            return JobPage(number, count, found)

        return await self._db.read(read)

    async def result_at(self, account_id: int, chat_id: int, message_id: int) -> tuple[Job, int] | None:
        """The job and the number of the result that stands in that message."""
        return await self._db.read(lambda conn: queries.result_at(conn, account_id, chat_id, message_id))

    async def last_of_kind(self, account_id: int, kind: Kind) -> Job | None:
        return await self._db.read(lambda conn: queries.last_of_kind(conn, account_id, kind))

    async def favourite(self, job_id: str, account_id: int, *, on: bool) -> Job | None:
        """Onto the shelf of favourites or off it. Idempotent; the job as it is then."""

        def mark(conn: Connection) -> Job | None:
            history.set_favourite(conn, job_id, account_id, on=on)
            return store.get(conn, job_id)

        return await self._db.transaction(mark)

    async def record_opened(self, job_id: str, target: Target) -> bool:
        """Lets the workers begin with an order whose message its own process sends: there it stands (or nowhere).
        False: they have begun, and have a message of their own."""

        def note_opened(conn: Connection) -> bool:
            known = store.record_opened(conn, job_id, target) is not None
            if known:
                self._db.notify(conn, store.WAKE)
            return known

        return await self._db.transaction(note_opened)

    async def notify_after(self, job: Job) -> int | None:
        """What the person chose in Preferences.notify_after; None: no notice, for the job's group is a quiet one."""

        def chosen(conn: Connection) -> int | None:
            if job.target.chat_id < 0 and groups.of(conn, job.target.chat_id).quiet:
                return None
            return preferences.of(conn, job.user_id).notify_after

        return await self._db.read(chosen)


def _number(wanted: int, count: int, size: int) -> int:
    return max(0, min(wanted, -(-count // size) - 1))


def _cancellable(
    conn: Connection, account_id: int, *, chat_id: int | None, offset: int, limit: int
) -> tuple[int, list[Job]]:
    """How many there are, and some of them, the newest first. `chat_id`: only those of that chat."""
    mine = sa.and_(jobs.c.account_id == account_id, LIVE, CAN_BE_CANCELLED, ~queries.IMPROVES)
    if chat_id is not None:
        mine = sa.and_(mine, jobs.c.chat_id == chat_id)
    count = conn.execute(sa.select(sa.func.count()).select_from(jobs).where(mine)).scalar_one()
    newest = sa.select(jobs).where(mine).order_by(jobs.c.created_at.desc(), jobs.c.id).offset(offset).limit(limit)
    return int(count), [job_rows.job_of(row) for row in conn.execute(newest).mappings()]
