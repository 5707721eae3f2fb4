"""Credits that move without an order: top-ups and debits by an operator, in a chat or on the command line."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from bot import ledger
from bot.domain.errors import NotEnoughCredits, Refusal
from bot.domain.money import Credits
from bot.engine.accounts import users
from bot.engine.accounts.users import User
from bot.engine.credits import notices
from bot.engine.dialogs import drafts
from bot.engine.dialogs.drafts import DraftGone
from bot.ledger import Entry, Same
from bot.storage.database import Database
from bot.storage.statements import queue_up
from bot.storage.tables import accounts

REPEATS: Final = 600.0
"""Seconds within which the same amount by the same actor for the same user counts as a repetition."""
LOOK_BACK: Final = 200
"""Lines of the statement in which an earlier adjustment of the same key is looked for."""


class AdjustmentKind(StrEnum):
    """Also the purpose of the draft that waits for its confirmation."""

    TOP_UP = "top_up"
    DEBIT = "debit"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What is to move. `key` is the idempotency key: the same again moves nothing."""

    kind: AdjustmentKind
    key: str
    user: User
    amount: Credits
    note: str

    def to_data(self) -> dict[str, Any]:
        """What a draft keeps of it: see `Adjustments.of_data`."""
        return {"key": self.key, "user": self.user.id, "amount": int(self.amount), "note": self.note}


class Repeated(Refusal):
    """The actor moved the same amount for the same user a moment ago, and did not say that this is meant."""

    def __init__(self, same: Same) -> None:
        super().__init__(same.id)
        self.same = same


@dataclass(frozen=True, slots=True)
class Adjusted:
    """`new` False: it had been made before under this key. `available`: the user's balance after it."""

    new: bool
    available: Credits


@dataclass(frozen=True, slots=True)
class MadeBefore:
    """What the books have under a key, and by whom; None where it was Easel itself or the actor is gone."""

    entry: Entry
    actor: User | None


class Adjustments:
    """Moves credits by hand and announces nothing: what a command line, a web page and a chat call."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def available_for(self, asked: Adjustment) -> Credits:
        """The balance that the adjustment would meet now. Raises NotEnoughCredits for a debit above it."""
        account_id = asked.user.account_id
        available = (await self._db.read(lambda conn: ledger.balance(conn, account_id))).available
        if asked.kind is AdjustmentKind.DEBIT and available < asked.amount:
            raise NotEnoughCredits(available=available, needed=asked.amount)
        return available

    async def make(
        self,
        asked: Adjustment,
        *,
        actor: User | None,
        draft_id: str | None = None,
        meant: str = "",
        notice: bool = False,
    ) -> Adjusted:
        """Moves the credits, once per key, and marks the draft that asked for it decided.

        `actor` None: Easel itself, by its command line. `meant`: the transfer (`Same.id`) that this repeats on purpose.
        `notice`: a running bot tells the user; else the caller does. Raises NotEnoughCredits, Repeated, KeyReused
        (another content under this key), DraftGone, also where the user had their data erased: then nothing moved.
        """
        by = actor.account_id if actor is not None else None

        def move_credits(conn: Connection) -> Adjusted:
            account_id = asked.user.account_id
            queue_up(conn, f"moves:{account_id}")  # of two equal adjustments at once the second must see the first
            # Locked: an erasure at the same moment comes before or after, and nobody could use what an account without
            # an owner is given.
            conn.execute(sa.select(accounts.c.id).where(accounts.c.id == account_id).with_for_update())
            if users.by_account(conn, account_id) is None:
                raise DraftGone
            if draft_id is not None:
                drafts.decide(conn, draft_id)
            about: dict[str, Any] = {"account_id": account_id, "amount": asked.amount, "actor": by, "key": asked.key}
            same = ledger.same_before(conn, kind=asked.kind.value, within=REPEATS, **about)
            if same is not None and same.id != meant:
                raise Repeated(same)
            moves = ledger.top_up if asked.kind is AdjustmentKind.TOP_UP else ledger.debit
            new = moves(conn, note=asked.note, **about)
            if new and notice:
                notices.leave(conn, asked.key, user_id=asked.user.id, amount=asked.amount)
            return Adjusted(new, ledger.balance(conn, account_id).available)

        return await self._db.transaction(move_credits)

    async def made_before(self, asked: Adjustment) -> MadeBefore | None:
        """What was made under this key, by whom and when; None when that is long ago."""

        def look(conn: Connection) -> MadeBefore | None:
            entries = ledger.statement(conn, asked.user.account_id, limit=LOOK_BACK)
            entry = next((e for e in entries if e.id.partition(":")[2] == asked.key), None)
            if entry is None:
                return None
            return MadeBefore(entry, users.by_account(conn, entry.actor) if entry.actor is not None else None)

        return await self._db.read(look)

    async def of_data(self, kind: AdjustmentKind, data: dict[str, Any]) -> Adjustment | None:
        """What `Adjustment.to_data` wrote; None when the user is gone."""
        user = await self._db.read(lambda conn: users.find(conn, data["user"]))
        return Adjustment(kind, data["key"], user, Credits(data["amount"]), data["note"]) if user is not None else None
