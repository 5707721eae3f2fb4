"""The inbox: every update is on disk before Telegram is told that it arrived, and stays until its handler is through.

aiogram answers a webhook, and advances the polling offset, before the handler ran (aiogram#1397): without this table a
crash would lose commands. Rows stay two days after they were handled, so that a redelivery is recognised.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from json import dumps

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.engine.dialogs.inbox_turns import InHand, Rank, Step, Waiting, pick, urgency
from bot.storage.clock import now
from bot.storage.sql import Sql
from bot.storage.tables import inbox

KEPT = 2 * 24 * 3600.0
"""Telegram keeps undelivered updates for 24 hours (Bot API, getUpdates)."""

_OPEN = sa.text("handled_at IS NULL")
_UNCLAIMED = sa.text("handled_at IS NULL AND owner IS NULL")
_IN_HAND = sa.text("handled_at IS NULL AND owner IS NOT NULL")
# The words of the partial indexes in storage/tables, which SQLite takes to the letter.
AT_ONCE = 100
"""Rows in one statement at most."""
LOOKED_AT = 500
"""Unclaimed rows among which is chosen: as many as a process may have in hand."""
_LOOK = (
    "SELECT update_id, person, urgency, received_at FROM inbox i WHERE handled_at IS NULL AND owner IS NULL"
    " AND bot_id = ? AND urgency < ?"
    " AND (urgency % 3 <> 1 OR person NOT IN ({people}))"  # taps, see inbox_turns.Step
    " AND (urgency % 3 <> 2 OR person NOT IN ({people})){mine}"  # messages
    " ORDER BY urgency, received_at, update_id LIMIT ?"
)
_LOOK_SQLITE = Sql(_LOOK.format(people="SELECT value FROM json_each(?)", mine=""))
_ELSEWHERE = (
    " AND NOT EXISTS (SELECT 1 FROM inbox o WHERE o.handled_at IS NULL AND o.owner IS NOT NULL AND o.person = i.person"
    " AND o.person <> 0 AND o.bot_id = i.bot_id AND o.owner <> ?)"
)
"""Users whom another process serves at this moment: it goes on, so that the order of their updates holds."""
_LOOK_POSTGRESQL = Sql(_LOOK.format(people="SELECT jsonb_array_elements_text(?::jsonb)::bigint", mine=_ELSEWHERE))


@cache  # at most AT_ONCE of each
def _put(rows: int) -> Sql:
    into = "inbox (bot_id, update_id, payload, received_at, person, urgency, owner, attempts)"
    values = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?)"] * rows)
    return Sql(f"INSERT INTO {into} VALUES {values} ON CONFLICT DO NOTHING RETURNING update_id")  # noqa: S608  # question marks


@cache
def _handled(rows: int) -> Sql:
    change = "SET handled_at = ?, owner = NULL, payload = '', person = 0"
    return Sql(f"UPDATE inbox {change} {_among(rows)}")


@cache
def _begun(rows: int) -> Sql:
    mine = f"{_among(rows)} AND (owner = ? OR handled_at IS NOT NULL)"
    return Sql(
        f"UPDATE inbox SET attempts = attempts + 1 {mine}"  # noqa: S608
        " RETURNING update_id, attempts, handled_at"  # SQLite 3.40 answers `handled_at IS NOT NULL` wrongly here
    )


@cache
def _claim(rows: int, lock: str) -> Sql:
    free = f"SELECT update_id FROM inbox {_among(rows)} AND handled_at IS NULL AND owner IS NULL{lock}"  # noqa: S608
    return Sql(
        f"UPDATE inbox SET owner = ? WHERE bot_id = ? AND update_id IN ({free})"  # noqa: S608
        " RETURNING update_id, payload, attempts, person, urgency"
    )


def _among(rows: int) -> str:
    return f"WHERE bot_id = ? AND update_id IN ({', '.join('?' * rows)})"


@dataclass(frozen=True, slots=True)
class Ticket:
    """One update. Its handler's use case marks it handled, in the transaction of its effect where there is one.
    `pieces`: the updates with the rest of a long text, which are handled with it; the first alone says which it is."""

    bot_id: int
    update_id: int
    pieces: tuple[int, ...] = field(default=(), compare=False)


_under_way: ContextVar[Ticket | None] = ContextVar("update_under_way", default=None)


@contextmanager
def under_way(ticket: Ticket | None) -> Iterator[None]:
    """While inside, this task (and those that it starts) handles that update: use cases find it by `current`."""
    token = _under_way.set(ticket)
    try:
        yield
    finally:
        _under_way.reset(token)


def current() -> Ticket | None:
    """The update that this task handles; None where there is none: a command line, a web page, a test.

    To be asked for ahead of a transaction, not in it: databases run transactions in other tasks and threads.
    """
    return _under_way.get()


@dataclass(frozen=True, slots=True)
class Item:
    """A claimed update: raw JSON, how often its handling began, and whose it is and how urgent (inbox_turns.py)."""

    ticket: Ticket
    payload: str
    attempts: int
    person: int = 0
    urgency: int = 0


@dataclass(frozen=True, slots=True)
class New:
    """An update to be stored. With an `owner` it is claimed at once; `begun`: and its handling begins at once."""

    update_id: int
    payload: str
    person: int = 0
    urgency: int = 0
    owner: str | None = None
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Begun:
    """A counted attempt: how many that makes. `through`: the effect of an earlier one is committed already, and only
    its answer may be missing."""

    attempts: int
    through: bool = False


@dataclass(frozen=True, slots=True)
class Claimed:
    """`more`: unclaimed rows may be left."""

    items: Sequence[Item] = ()
    more: bool = True


def _is(ticket: Ticket) -> sa.ColumnElement[bool]:
    return sa.and_(inbox.c.bot_id == ticket.bot_id, inbox.c.update_id == ticket.update_id)


def put(conn: Connection, bot_id: int, update_id: int, payload: str) -> bool:
    """Stores a raw update (T0); False when it was known before."""
    return bool(put_all(conn, bot_id, [New(update_id, payload)]))


def put_all(conn: Connection, bot_id: int, updates: Sequence[New]) -> frozenset[int]:
    """Stores raw updates (T0); returns the ids of those that were not known before."""
    moment = now(conn)
    new: set[int] = set()
    for start in range(0, len(updates), AT_ONCE):
        rows = updates[start : start + AT_ONCE]
        values = [
            value
            for row in rows
            for value in (
                bot_id,
                row.update_id,
                row.payload,
                moment,
                row.person,
                row.urgency,
                row.owner,
                int(row.begun),
            )
        ]
        new.update(_put(len(rows)).run(conn, *values).scalars())
    return frozenset(new)


def claim(conn: Connection, owner: str, bot_id: int, held: InHand | None = None) -> Claimed:
    """Takes unhandled updates for this process, in turns (inbox_turns.py) and as many as may be in hand beside what is
    `held`. Counts no attempt: handling has not begun. Items come in the order in which they are to be handled."""
    held = held or InHand()
    least = held.least()
    if least is None:
        return Claimed()
    full = held.full(Step.TAP), held.full(Step.MESSAGE)
    waiting = _look(conn, owner, bot_id, least, *full)
    chosen = pick(waiting, held)
    lock = "" if conn.dialect.name == "sqlite" else " FOR UPDATE SKIP LOCKED"
    found: dict[int, Item] = {}
    for start in range(0, len(chosen), AT_ONCE):
        some = chosen[start : start + AT_ONCE]
        rows = _claim(len(some), lock).run(conn, owner, bot_id, bot_id, *some)
        found.update((row[0], Item(Ticket(bot_id, row[0]), *row[1:])) for row in rows)
    items = [found[number] for number in chosen if number in found]
    more = any(full) or len(items) < len(waiting) or len(waiting) == LOOKED_AT or least is not Rank.NEW
    return Claimed(items, more)


def _look(
    conn: Connection, owner: str, bot_id: int, least: Rank, tapping: list[int], writing: list[int]
) -> list[Waiting]:
    """The most urgent unclaimed rows, without taps and messages of people who have enough of them in hand."""
    below = urgency(Rank(least), Step.MESSAGE) + 1
    if conn.dialect.name == "sqlite":
        rows = _LOOK_SQLITE.run(conn, bot_id, below, dumps(tapping), dumps(writing), LOOKED_AT)
    else:
        rows = _LOOK_POSTGRESQL.run(conn, bot_id, below, dumps(tapping), dumps(writing), owner, LOOKED_AT)
    return [Waiting(*row) for row in rows]


def begin(conn: Connection, owner: str, *tickets: Ticket) -> dict[Ticket, Begun]:
    """Counts an attempt of each of these updates of one bot, before it is made. Those are missing that another process
    has by now, as after a freeze that outlasted this one's lease: they are not to be handled here as well."""
    counts: dict[Ticket, Begun] = {}
    for start in range(0, len(tickets), AT_ONCE):
        some = tickets[start : start + AT_ONCE]
        bot_id = some[0].bot_id
        rows = _begun(len(some)).run(conn, bot_id, *(ticket.update_id for ticket in some), owner)
        counts.update((Ticket(bot_id, row[0]), Begun(row[1], row[2] is not None)) for row in rows)
    return counts


def handled(conn: Connection, *tickets: Ticket) -> None:
    """The effect of these updates of one bot, with all their pieces, is committed with this. Idempotent."""
    moment = now(conn)
    ids = [update_id for ticket in tickets for update_id in (ticket.update_id, *ticket.pieces)]
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        _handled(len(some)).run(conn, moment, tickets[0].bot_id, *some)


def done(conn: Connection, ticket: Ticket | None) -> None:
    """Marks what `current` gave as handled, in the transaction of its effect."""
    if ticket is not None:
        handled(conn, ticket)


def failed(conn: Connection, ticket: Ticket) -> None:
    """Gives an update up after its last attempt; the payload stays for the operator."""
    given_up = {"handled_at": now(conn), "owner": None, "failed": True, "person": 0}
    conn.execute(sa.update(inbox).where(_is(ticket)).values(given_up))


def free(conn: Connection, owner: str, *, but: Collection[Ticket] = (), uncounted: Collection[Ticket] = ()) -> int:
    """Hands back everything a process claimed and did not finish, except what it still has in hand; how much. The last
    attempt of those `uncounted` is taken back: the process itself ended it, or it was never made."""
    mine = sa.select(inbox.c.bot_id, inbox.c.update_id).where(_IN_HAND, inbox.c.owner == owner)
    left = {Ticket(row.bot_id, row.update_id) for row in conn.execute(mine)}.difference(but)
    for ticket in left:
        back = sa.update(inbox).where(_is(ticket), _OPEN).values(owner=None)
        if ticket in uncounted:
            back = back.values(attempts=sa.case((inbox.c.attempts > 0, inbox.c.attempts - 1), else_=0))
        conn.execute(back)
    return len(left)


def waiting(conn: Connection) -> int:
    """How many updates are not handled yet."""
    count = sa.select(sa.func.count()).select_from(inbox)
    return sum(int(conn.execute(count.where(which)).scalar_one()) for which in (_UNCLAIMED, _IN_HAND))


def sweep(conn: Connection) -> int:
    """Drops rows handled more than two days ago; returns how many."""
    return conn.execute(sa.delete(inbox).where(inbox.c.handled_at < now(conn) - KEPT)).rowcount
