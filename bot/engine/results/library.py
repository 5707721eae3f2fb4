"""A person's finished results as they leaf through them: pages, favourites, searches that buttons name."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from bot.domain.errors import Refusal, UnknownJob
from bot.domain.jobs import Job, JobState
from bot.engine.accounts import preferences
from bot.engine.accounts.preferences import Preferences
from bot.engine.accounts.users import User
from bot.engine.dialogs import drafts
from bot.engine.jobs import queries, store
from bot.engine.results import history
from bot.engine.results.history import Page, Search, Shelf
from bot.engine.results.originals import DELETED
from bot.storage.database import Database

PURPOSE: Final = "history"


class ResultDeleted(Refusal):
    """Its owner deleted what the job made."""

    def __init__(self, job: Job) -> None:
        super().__init__(job.id)
        self.job = job


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page, the jobs whose results it was made of, and what its owner prefers."""

    page: Page
    ancestors: tuple[Job, ...]
    own: Preferences


class Library:
    """Each person sees their own results only."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def leaf(self, person: User, shelf: Shelf, words: tuple[str, ...], job_id: str) -> Leaf | None:
        """The page of that job, or the nearest to it; the newest for "". None: the shelf has nothing of these words."""

        def look(conn: Connection) -> Leaf | None:
            page = history.page(conn, Search(person.account_id, shelf, words), job_id)
            if page is None:
                return None
            return Leaf(page, queries.ancestry(conn, page.job), preferences.of(conn, person.id))

        return await self._db.read(look)

    async def result(self, person: User, job_id: str) -> Job:
        """The person's own job with a result. Raises UnknownJob; ResultDeleted when it is there no more."""
        job = await self._db.read(lambda conn: store.get(conn, job_id))
        if job is None or job.user_id != person.id or job.state is not JobState.DONE:
            raise UnknownJob
        if DELETED in job.facts:
            raise ResultDeleted(job)
        return job

    async def mark(self, person: User, job_id: str, *, favourite: bool) -> bool:
        """False: there is no such result of theirs (any more). Idempotent."""
        return await self._db.transaction(
            lambda conn: history.set_favourite(conn, job_id, person.account_id, on=favourite)
        )

    async def remember_search(self, person: User, search_id: str, words: tuple[str, ...]) -> None:
        """For a day. Idempotent."""

        def keep_search(conn: Connection) -> None:
            drafts.create(
                conn,
                id=search_id,
                user_id=person.id,
                purpose=PURPOSE,
                chat_id=person.id,
                thread_id=None,
                data={"words": list(words)},
            )

        await self._db.transaction(keep_search)

    async def searched(self, person: User, search_id: str) -> tuple[str, ...] | None:
        """The words of the person's own search; None: they are forgotten."""
        draft = await self._db.read(lambda conn: drafts.get(conn, search_id))
        if draft is None or draft.purpose != PURPOSE or draft.user_id != person.id:
            return None
        return tuple(draft.data["words"])
