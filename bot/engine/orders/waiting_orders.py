"""Orders that their people cannot pay yet: the latest of each person waits a day and comes back once it can be paid.

A row keeps what was ordered and its price, for the draft may vanish with its menu in a group. Whatever raises a balance
counts, so that nothing that moves credits needs to know of this: rows are looked at, as notices are. Nothing is held
for a waiting order and nothing is charged without a Confirm.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from bot import ledger
from bot.domain.chats import is_private
from bot.domain.money import Credits
from bot.engine.accounts import users
from bot.engine.accounts.users import User
from bot.engine.credits.notices import LATER
from bot.engine.dialogs import drafts
from bot.engine.dialogs.drafts import Draft
from bot.engine.jobs import store
from bot.storage import tables
from bot.storage.clock import now
from bot.storage.database import Database
from bot.storage.statements import insert_new
from bot.storage.tables import accounts, bans, notices, transfers, waiting_orders

KEPT: Final = 24 * 3600.0
"""Seconds for which an order waits."""
AGAIN: Final = 60.0
"""Seconds after which a process that claimed an order counts as gone."""
SETTLED: Final = 2.0
"""Seconds since credits came: who gave them says so first."""
GIVEN: Final = ("top_up", "welcome", "refund")


@dataclass(frozen=True, slots=True)
class WaitingOrder:
    """`quote` is the price that its person saw last."""

    user_id: int
    draft_id: str
    data: Mapping[str, Any]
    quote: Credits


@dataclass(frozen=True, slots=True)
class Returned:
    """An order that comes back: its draft without a message, in the private chat, and the message that it had there."""

    person: User
    draft: Draft
    earlier: Draft | None


class WaitingOrders:
    """Orders in the hands of what brings them back: `claim` some, `reopen` each and send its card, which ends the wait
    (`stands`). One of which nothing is said is due again in a minute."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def claim(self, limit: int) -> list[WaitingOrder]:
        """Orders that can be paid now; in most cases there are none, which takes no write."""
        if not await self._db.read(due):
            return []
        return await self._db.transaction(lambda conn: claim(conn, limit=limit))

    async def reopen(self, order: WaitingOrder) -> Returned | None:
        """None: it was confirmed, cancelled or replaced meanwhile, and waits no more."""
        return await self._db.transaction(lambda conn: reopen(conn, order))

    async def refused(self, order: WaitingOrder) -> None:
        """Telegram refuses to write to the person at present."""

        def put_off(conn: Connection) -> None:
            mine = waiting_orders.c.user_id == order.user_id
            conn.execute(sa.update(waiting_orders).where(mine).values(due_at=now(conn) + LATER))

        await self._db.transaction(put_off)


def priced(
    conn: Connection, draft: Draft, *, account_id: int, quote: Credits | None, available: Credits, data: dict[str, Any]
) -> None:
    """An order's confirmation was priced: it waits if its person cannot pay it, in place of an earlier one of theirs,
    and waits no more if they can. An order without a price stays as it was."""
    if quote is None or draft.is_unclaimed or not account_id:
        return
    mine = waiting_orders.c.user_id == draft.user_id
    same = sa.and_(mine, waiting_orders.c.draft_id == draft.id)
    if quote <= available:  # one on its way back waits until its card stands
        conn.execute(sa.delete(waiting_orders).where(same, waiting_orders.c.coming_back.is_(sa.false())))
        return
    moment = now(conn)
    seen = {"data": data, "quote": quote, "created_at": moment}
    if not conn.execute(sa.update(waiting_orders).where(same).values(**seen)).rowcount:
        new = {**seen, "draft_id": draft.id, "due_at": moment, "coming_back": False}
        if not insert_new(conn, waiting_orders, user_id=draft.user_id, **new):
            conn.execute(sa.update(waiting_orders).where(mine).values(**new))


def stands(conn: Connection, draft: Draft) -> None:
    """The card of an order that came back stands in the chat: it waits no more, unless today's price is above the
    balance again. Of any other order nothing changes."""
    mine = sa.and_(waiting_orders.c.user_id == draft.user_id, waiting_orders.c.draft_id == draft.id)
    row = conn.execute(sa.select(waiting_orders).where(mine, waiting_orders.c.coming_back)).mappings().one_or_none()
    user = users.find(conn, draft.user_id) if row is not None and draft.sent else None
    if row is None or user is None:
        return
    if ledger.balance(conn, user.account_id).available >= row["quote"]:
        conn.execute(sa.delete(waiting_orders).where(mine))
    else:
        conn.execute(sa.update(waiting_orders).where(mine).values(coming_back=False, due_at=now(conn)))


def due(conn: Connection) -> bool:
    """Whether there is anything to `claim`, or to forget."""
    moment = now(conn)
    any_of = sa.or_(_past(moment), _due(moment))
    return conn.execute(sa.select(waiting_orders.c.user_id).where(any_of).limit(1)).first() is not None


def claim(conn: Connection, *, limit: int) -> list[WaitingOrder]:
    """Orders that come back now, the first that came first. Those whose day has passed are forgotten."""
    moment = now(conn)
    conn.execute(sa.delete(waiting_orders).where(_past(moment)))
    rows = sa.select(waiting_orders).where(_due(moment)).order_by(waiting_orders.c.created_at).limit(limit)
    if conn.dialect.name == "postgresql":
        rows = rows.with_for_update(skip_locked=True)
    found = [
        WaitingOrder(row["user_id"], row["draft_id"], row["data"], Credits(row["quote"]))
        for row in conn.execute(rows).mappings()
    ]
    for order in found:
        mine = waiting_orders.c.user_id == order.user_id
        conn.execute(sa.update(waiting_orders).where(mine).values(coming_back=True, due_at=moment + AGAIN))
    return found


def reopen(conn: Connection, order: WaitingOrder) -> Returned | None:
    """The order's draft in the private chat, for another day. One of a private chat is the same as before, so that two
    cards of it are one order; one of a group ends there. Repeated by the next process where one died meanwhile."""
    conn.execute(sa.select(tables.drafts.c.id).where(tables.drafts.c.id == order.draft_id).with_for_update())
    mine = sa.and_(waiting_orders.c.user_id == order.user_id, waiting_orders.c.draft_id == order.draft_id)
    waits = conn.execute(sa.select(waiting_orders.c.user_id).where(mine, waiting_orders.c.coming_back)).first()
    person = users.find(conn, order.user_id)
    if waits is None or person is None:  # Cancel, or another order in its place: that one waits on
        return None
    if store.get(conn, order.draft_id) is not None:
        conn.execute(sa.delete(waiting_orders).where(mine))
        return None
    draft = drafts.get(conn, order.draft_id)
    if draft is not None and is_private(draft.chat_id):
        again = {"message_id": 0, "expires_at": now(conn) + drafts.LIFETIME}
        conn.execute(sa.update(tables.drafts).where(tables.drafts.c.id == draft.id).values(**again))
        return Returned(person, replace(draft, message_id=0), draft if draft.sent else None)
    home = _at_home(conn, order, draft)
    conn.execute(sa.update(waiting_orders).where(mine).values(draft_id=home.id))
    return Returned(person, home, None)


def _at_home(conn: Connection, order: WaitingOrder, draft: Draft | None) -> Draft:
    if draft is not None:
        drafts.delete(conn, draft.id)  # its menu in the group says so, and vanishes
    new = drafts.draft_id("returned", order.draft_id)
    data = dict(draft.data if draft is not None else order.data)
    place: dict[str, Any] = {"chat_id": order.user_id, "thread_id": None}
    return drafts.create(conn, id=new, user_id=order.user_id, purpose="order", data=data, **place)[0]


def given_up(conn: Connection, draft_id: str) -> None:
    """Its person cancelled it."""
    conn.execute(sa.delete(waiting_orders).where(waiting_orders.c.draft_id == draft_id))


def _past(moment: float) -> sa.ColumnElement[bool]:
    return waiting_orders.c.created_at <= moment - KEPT


def _due(moment: float) -> sa.ColumnElement[bool]:
    """Those that can be paid, also by what another order gave back; not before their person heard of the credits."""
    of = waiting_orders.c.user_id
    available = accounts.c.credits_posted - accounts.c.debits_posted - accounts.c.debits_pending
    just_given = sa.exists().where(
        transfers.c.credit == accounts.c.id,
        transfers.c.kind.in_(GIVEN),
        transfers.c.created_at.between(moment - SETTLED, moment),
    )
    mine = sa.and_(tables.users.c.id == of, accounts.c.id == tables.users.c.account_id)
    can_pay = sa.exists().where(mine, available >= waiting_orders.c.quote, ~just_given)
    return sa.and_(
        waiting_orders.c.due_at <= moment,
        sa.not_(_past(moment)),
        sa.or_(waiting_orders.c.coming_back, can_pay),
        ~sa.exists().where(notices.c.user_id == of),
        ~sa.exists().where(bans.c.user_id == of),
    )
