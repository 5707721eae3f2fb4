"""Orders shown again where their owner asks for it: a running one's message moves there, by a request that a repeated
update goes on with."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection

from bot.domain.errors import UnknownJob
from bot.domain.jobs import Job, Target
from bot.engine.accounts.users import User
from bot.engine.dialogs import drafts
from bot.engine.dialogs.drafts import Draft
from bot.engine.jobs import queries, store
from bot.engine.jobs.run import message_moves
from bot.storage.clock import now
from bot.storage.database import Database

PURPOSE: Final = "show"
LATEST: Final = 50
"""Orders among which the latest of a chat is looked for."""


class Shows:
    """Requests by their id, which is made of what asked for them."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def job(self, person: User, job_id: str) -> Job:
        """The person's own order. Raises UnknownJob."""
        job = await self._db.read(lambda conn: store.get(conn, job_id))
        if job is None or job.user_id != person.id:
            raise UnknownJob
        return job

    async def latest(self, person: User, *, chat_id: int | None = None) -> Job:
        """The person's latest order, an unfinished one before others; with a `chat_id` of those there. Raises
        UnknownJob."""

        def look(conn: Connection) -> Job | None:
            latest = queries.of_account(conn, person.account_id, offset=0, limit=LATEST)
            return next((job for job in latest if chat_id is None or job.target.chat_id == chat_id), None)

        job = await self._db.read(look)
        if job is None or job.user_id != person.id:
            raise UnknownJob
        return job

    async def again(self, job: Job) -> Job:
        """The job as the database has it now; unchanged where it is gone."""
        return await self._db.read(lambda conn: store.get(conn, job.id)) or job

    async def position(self, job: Job) -> int:
        """Place in its provider's queue, 1 = next; 0 outside of it."""
        return await self._db.read(lambda conn: queries.position(conn, job))

    async def awaited_for(self, job: Job) -> float:
        """Seconds since the job was made, whose file is not here yet."""
        moment = await self._db.read(now)
        return max(0.0, moment - (job.delivering_at or moment))

    async def begin(self, person: User, job: Job, place: Target, request_id: str) -> Draft:
        """A request to move the job's message to the place; one of this id as it stands."""
        return await self._db.transaction(lambda conn: _request(conn, person, job, place, request_id))

    async def placed(self, request: Draft, message_id: int) -> None:
        """Notes the new message, ahead of `take`: a repeated update sends no second one."""
        request.message_id = message_id
        await self._db.transaction(lambda conn: drafts.save(conn, request))

    async def take(self, request: Draft, job: Job, target: Target, payer: str) -> Job | None:
        """The job's message is `target` from now on, where `payer` is named; the place it left is noted in the request,
        see `left`. None: the job is being delivered or ended meanwhile, and nothing changed. Idempotent."""

        def take(conn: Connection) -> Job | None:
            current = store.get(conn, job.id)
            if current is None or current.target == target:
                return current
            moved = message_moves.move(conn, current, target, payer)
            if moved is not None:
                request.data["old"] = place_data(current.target)
                drafts.save(conn, request)
                self._db.notify(conn, message_moves.MOVED)
            return moved

        return await self._db.transaction(take)

    async def end(self, request: Draft) -> None:
        """All that was to do is done."""
        await self._db.transaction(lambda conn: drafts.delete(conn, request.id))


def left(request: Draft) -> Target | None:
    """Where the job's message stood before `take` moved it."""
    old: Mapping[str, Any] | None = request.data.get("old")
    return Target(**old) if old is not None else None


def place_data(target: Target) -> dict[str, Any]:
    """A place as a draft keeps it."""
    return {
        "chat_id": target.chat_id,
        "thread_id": target.thread_id,
        "message_id": target.message_id,
        "inline_id": target.inline_id,
    }


def _request(conn: Connection, person: User, job: Job, place: Target, request_id: str) -> Draft:
    return drafts.create(
        conn,
        id=request_id,
        user_id=person.id,
        purpose=PURPOSE,
        chat_id=place.chat_id,
        thread_id=place.thread_id,
        data={"job": job.id},
    )[0]
