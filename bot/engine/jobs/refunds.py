"""Refunds by hand: what a job took goes back to its user, once."""

from dataclasses import dataclass

from sqlalchemy import Connection

from bot import ledger
from bot.domain.jobs import Job
from bot.domain.money import Credits
from bot.engine.accounts import users
from bot.engine.accounts.users import User
from bot.engine.dialogs import drafts
from bot.engine.jobs import settlement
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Refunded:
    """`available`: the user's balance after it."""

    job: Job
    user: User | None
    amount: Credits
    available: Credits


class Refunds:
    """Announces nothing."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def refund(self, job_id: str, *, actor: User, note: str, draft_id: str | None = None) -> Refunded:
        """Gives the capture back, once, and marks the draft that asked for it decided. It has no replay: a second
        refund is an operator's mistake that is to be told.

        Raises UnknownJob, NotRefundable, Forgotten, DraftGone: then nothing moved.
        """

        def refund_job(conn: Connection) -> Refunded:
            if draft_id is not None:
                drafts.decide(conn, draft_id)
            job, amount = settlement.refunded(conn, job_id, actor=actor.account_id, note=note)
            available = ledger.balance(conn, job.account_id).available
            return Refunded(job, users.find(conn, job.user_id), amount, available)

        return await self._db.transaction(refund_job)
