"""Asking for erasure, agreeing to what it forfeits, and having it done."""

import asyncio
from typing import Final

import structlog
from sqlalchemy import Connection

from bot import ledger
from bot.domain.jobs import Job
from bot.domain.limits.admission import BalanceMoved, StillWorking
from bot.domain.money import Credits
from bot.engine.accounts import users
from bot.engine.accounts.users import User
from bot.engine.dialogs import drafts, inbox
from bot.engine.privacy import erasure
from bot.engine.results.originals import Originals, ResultUnavailable
from bot.storage.database import Database

log = structlog.get_logger(__name__)

PURPOSE: Final = "forget"
UPSTREAM_SECONDS: Final = 30.0
"""For deleting a person's results at their providers."""


class ErasureRequests:
    """A request names the balance that the person agrees to forfeit; it is open for a day."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def ask(self, person: User, request_id: str) -> Credits:
        """Opens a request, in place of one of that id; returns what the person would forfeit. Raises StillWorking."""

        def open_request(conn: Connection) -> Credits:
            waiting = erasure.unfinished(conn, person.account_id)
            if waiting:
                raise StillWorking(waiting)
            balance = ledger.balance(conn, person.account_id).available
            _note(conn, request_id, person, balance)
            return balance

        return await self._db.transaction(open_request)

    async def pending(self, person: User, request_id: str) -> Credits | None:
        """What the person agrees to forfeit; None: the request is not theirs, was decided, or its day has passed."""
        draft = await self._db.read(lambda conn: drafts.get(conn, request_id))
        if draft is None or draft.purpose != PURPOSE or draft.user_id != person.id:
            return None
        return Credits(int(draft.data["balance"]))

    async def withdraw(self, request_id: str) -> None:
        """Nothing is erased. Idempotent."""
        await self._db.transaction(lambda conn: drafts.delete(conn, request_id))

    async def carry_out(
        self, person: User, request_id: str, *, agreed: Credits, originals: Originals, key: bytes
    ) -> None:
        """Erases everything about the person and forfeits `agreed`, after their results were deleted where providers
        keep them and let us. `key`: see welcome_credits.person_hash. Raises StillWorking; and BalanceMoved, whose
        balance the request names from now on. Then nothing was erased here."""
        await self._delete_upstream(person, agreed, originals)
        ticket = inbox.current()

        def erase(conn: Connection) -> None:
            erasure.forget(conn, person, key=key, agreed=agreed)
            self._db.notify(conn, users.CHANGED)
            inbox.done(conn, ticket)

        try:
            await self._db.transaction(erase)
        except BalanceMoved as refusal:
            balance = refusal.balance
            await self._db.transaction(lambda conn: _note(conn, request_id, person, balance))
            raise

    async def _delete_upstream(self, person: User, agreed: Credits, originals: Originals) -> None:
        """As far as providers let us in short time; what stays there is given to no other person."""

        def look(conn: Connection) -> list[Job]:
            balance = ledger.balance(conn, person.account_id).available
            if balance != agreed or erasure.unfinished(conn, person.account_id):
                return []  # the question will be asked again
            return erasure.kept_upstream(conn, person.account_id)

        try:
            async with asyncio.timeout(UPSTREAM_SECONDS):
                for job in await self._db.read(look):
                    try:
                        await originals.delete(job)
                    except ResultUnavailable as error:
                        log.warning("forget.left_upstream", job=job.id, error=error.detail[:200])
        except TimeoutError:
            log.warning("forget.left_upstream", account=person.account_id, error="took too long")


def _note(conn: Connection, request_id: str, person: User, balance: Credits) -> None:
    drafts.delete(conn, request_id)
    drafts.create(
        conn,
        id=request_id,
        user_id=person.id,
        purpose=PURPOSE,
        chat_id=person.id,
        thread_id=None,
        data={"balance": int(balance)},
    )
