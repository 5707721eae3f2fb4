"""Jobs as operators look them up: a list of all, and all that the tables know of one."""

from dataclasses import dataclass

from sqlalchemy import Connection

from bot import ledger
from bot.domain.jobs import Job
from bot.engine.accounts import users
from bot.engine.accounts.people import offset_of
from bot.engine.accounts.users import User
from bot.engine.credits.books import Entry, actors_of
from bot.engine.jobs import queries, store
from bot.engine.jobs.queries import Reconciliation
from bot.storage.clock import now
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A job and what the other tables know of it, read at one `moment`. `actors`: by account, see `Books`."""

    job: Job
    user: User | None
    position: int
    transfers: list[Entry]
    actors: dict[int, User]
    reconciliation: Reconciliation | None
    moment: float
    ancestors: tuple[Job, ...] = ()


@dataclass(frozen=True, slots=True)
class JobPage:
    """Some of all jobs. `users` by Telegram id; who had their data erased is missing."""

    moment: float
    count: int
    jobs: list[Job]
    users: dict[int, User]


class JobRecords:
    """Reads only."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def job(self, job_id: str) -> tuple[Job, User | None] | None:
        """The job and its user, whose data may be erased; None when there is no such job."""

        def look(conn: Connection) -> tuple[Job, User | None] | None:
            job = store.get(conn, job_id)
            return (job, users.find(conn, job.user_id)) if job is not None else None

        return await self._db.read(look)

    async def of(self, job_id: str) -> JobRecord | None:
        """Everything about a job; None when there is no such job."""

        def look(conn: Connection) -> JobRecord | None:
            job = store.get(conn, job_id)
            if job is None:
                return None
            transfers = ledger.of_job(conn, job_id)
            return JobRecord(
                job,
                users.find(conn, job.user_id),
                queries.position(conn, job),
                transfers,
                actors_of(conn, transfers),
                queries.reconciliation_of(conn, job_id),
                now(conn),
                queries.ancestry(conn, job),
            )

        return await self._db.read(look)

    async def page(self, number: int, size: int) -> JobPage:
        """`size` jobs, newest first, from page `number` (from 0) or the last one."""

        def look(conn: Connection) -> JobPage:
            count = queries.count_all(conn)
            found = queries.everyone(conn, offset=offset_of(number, size, count), limit=size)
            known = {i: user for i in {job.user_id for job in found} if (user := users.find(conn, i)) is not None}
            return JobPage(now(conn), count, found, known)

        return await self._db.read(look)
