"""Every way credits move. One INSERT each: the database's triggers apply it or refuse it, under any concurrency.

All are idempotent by a key made of what was confirmed: the same again is a replay and returns False, the same key with
other content raises KeyReused. A refusal leaves the surrounding transaction usable on both databases.
"""

import contextlib
from dataclasses import dataclass
from typing import Any, NoReturn

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot.domain.errors import KeyReused, NotEnoughCredits, NotRefundable
from bot.domain.money import CENT, Credits
from bot.ledger.accounts import House, balance
from bot.storage.clock import now
from bot.storage.sql import Sql

MOST = Credits(10**16)
"""Ten thousand million credits: far above any amount, far below what a column holds."""

_MOVE = Sql(
    "INSERT INTO transfers (id, kind, debit, credit, amount, job_id, actor, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_RESOLVE = Sql(
    "INSERT INTO transfers (id, kind, pending_id, debit, credit, amount, job_id, created_at)"
    " SELECT CAST(? AS text), CAST(? AS text), h.id, h.debit, h.credit, CAST(? AS bigint), h.job_id,"
    " CAST(? AS double precision) FROM transfers h WHERE h.id = ? AND h.kind = 'hold'"
)
_REVERSE = Sql(
    "INSERT INTO transfers (id, kind, reverses_id, debit, credit, amount, job_id, actor, created_at)"
    " SELECT CAST(? AS text), 'refund', c.id, c.credit, c.debit, c.amount, c.job_id, CAST(? AS bigint),"
    " CAST(? AS double precision) FROM transfers c WHERE c.id = ? AND c.kind = 'capture'"
)
_FIND = Sql("SELECT kind, debit, credit, amount, job_id, actor FROM transfers WHERE id = ?")
_REFUNDABLE = Sql(
    "SELECT c.amount FROM transfers c WHERE c.id = ? AND c.amount > 0"
    " AND NOT EXISTS (SELECT 1 FROM transfers r WHERE r.reverses_id = c.id)"
)
_SAME = {
    "top_up": Sql(
        "SELECT id, created_at FROM transfers WHERE credit = ? AND kind IN ('top_up','welcome','refund')"
        " AND kind = 'top_up' AND amount = ? AND coalesce(actor, 0) = ? AND created_at > ? ORDER BY seq DESC LIMIT 1"
    ),
    "debit": Sql(
        "SELECT id, created_at FROM transfers WHERE debit = ? AND kind IN ('hold','debit')"
        " AND kind = 'debit' AND amount = ? AND coalesce(actor, 0) = ? AND created_at > ? ORDER BY seq DESC LIMIT 1"
    ),
}
"""The kinds are named twice: by the first list the statement's partial index is found."""
_NOTE = Sql("INSERT INTO transfer_notes (transfer_id, note) VALUES (?, ?)")


@dataclass(frozen=True, slots=True)
class Same:
    """An earlier movement of the same kind and amount, by the same actor for the same account."""

    id: str
    ago: float
    """Seconds since."""


class BrokenRule(Exception):
    """The database refused a movement that no correct caller asks for: a capture without a hold or above it, a second
    settlement, an unknown account. A bug; nothing moved."""


def hold(conn: Connection, *, job_id: str, account_id: int, amount: Credits) -> bool:
    """Reserves the quote of a job. Raises NotEnoughCredits, KeyReused."""
    key = f"hold:{job_id}"
    return _move(conn, key, kind="hold", debit=account_id, credit=House.REVENUE, amount=amount, job_id=job_id)


def capture(conn: Connection, *, job_id: str, amount: Credits) -> bool:
    """Takes `amount` of the job's hold, 0 up to all of it, and gives the rest back.

    Raises BrokenRule when there is no hold, it is smaller, or it was released; KeyReused after another capture.
    """
    if amount != 0:
        _check(amount)
    return _resolve(conn, "capture", job_id, amount)


def release(conn: Connection, *, job_id: str) -> bool:
    """Gives the whole hold of a job back. Raises BrokenRule when there is no hold or it was captured."""
    return _resolve(conn, "release", job_id, Credits(0))


def refund(conn: Connection, *, job_id: str, actor: int | None, note: str = "") -> Credits:
    """Gives back exactly what the job's capture took, once; returns how much.

    Raises NotRefundable when nothing was captured or it was refunded before: unlike the others it has no replay,
    because a second refund is a person's mistake that is to be told.
    """
    capture_id, key = f"capture:{job_id}", f"refund:{job_id}"
    row = _REFUNDABLE.run(conn, capture_id).one_or_none()
    if row is None:
        raise NotRefundable(job_id)
    try:
        with _refusable(conn):
            _REVERSE.run(conn, key, actor, now(conn), capture_id)
    except IntegrityError:  # another process was faster
        raise NotRefundable(job_id) from None
    _annotate(conn, key, note)
    return Credits(row[0])


def top_up(conn: Connection, *, key: str, account_id: int, amount: Credits, actor: int | None, note: str = "") -> bool:
    """Gives a user credits. `key` is the id of what was confirmed; `actor` the account of who did it, None: Easel."""
    key = f"topup:{key}"
    moved = _move(conn, key, kind="top_up", debit=House.ISSUED, credit=account_id, amount=amount, actor=actor)
    if moved:
        _annotate(conn, key, note)
    return moved


def debit(conn: Connection, *, key: str, account_id: int, amount: Credits, actor: int | None, note: str = "") -> bool:
    """Takes available credits from a user: held ones are not touched. Raises NotEnoughCredits, KeyReused."""
    key = f"debit:{key}"
    moved = _move(conn, key, kind="debit", debit=account_id, credit=House.ISSUED, amount=amount, actor=actor)
    if moved:
        _annotate(conn, key, note)
    return moved


def same_before(
    conn: Connection, *, kind: str, key: str, account_id: int, amount: Credits, actor: int | None, within: float
) -> Same | None:
    """The latest top_up or debit (`kind`) of that amount by `actor` for the account within so many seconds: what is
    likely to be sent twice by mistake. None also when `key` itself was used: a replay is no repetition."""
    prefix = kind.replace("_", "")
    if _FIND.run(conn, f"{prefix}:{key}").one_or_none() is not None:
        return None
    moment = now(conn)
    row = _SAME[kind].run(conn, account_id, amount, actor or 0, moment - within).one_or_none()
    return Same(str(row[0]), max(0.0, moment - float(row[1]))) if row is not None else None


def welcome(conn: Connection, *, account_id: int, amount: Credits) -> bool:
    """The credits that a new user begins with, once: later calls return False whatever the amount. 0 gives none."""
    key = f"welcome:{account_id}"
    if amount == 0 or _FIND.run(conn, key).one_or_none() is not None:
        return False
    try:
        return _move(conn, key, kind="welcome", debit=House.PROMOTIONS, credit=account_id, amount=amount)
    except KeyReused:  # at the same moment, with the amount of before a change of the setting
        return False


def _move(
    conn: Connection,
    key: str,
    *,
    kind: str,
    debit: int,
    credit: int,
    amount: Credits,
    job_id: str | None = None,
    actor: int | None = None,
) -> bool:
    _check(amount)
    debit, credit = int(debit), int(credit)
    try:
        with _refusable(conn):
            _MOVE.run(conn, key, kind, debit, credit, amount, job_id, actor, now(conn))
    except IntegrityError as error:
        return _explain(conn, error, key, (kind, debit, credit, amount, job_id, actor))
    return True


def _resolve(conn: Connection, kind: str, job_id: str, amount: Credits) -> bool:
    key, hold_id = f"{kind}:{job_id}", f"hold:{job_id}"
    try:
        with _refusable(conn):
            if _RESOLVE.run(conn, key, kind, amount, now(conn), hold_id).rowcount == 1:
                return True
    except IntegrityError as error:
        _, debit, credit, *_ = _FIND.run(conn, hold_id).one()
        return _explain(conn, error, key, (kind, debit, credit, amount, job_id, None))
    raise BrokenRule(f"{kind} without a hold: {job_id}")


def _explain(conn: Connection, error: IntegrityError, key: str, content: tuple[Any, ...]) -> bool:
    """False when the movement was made before; else the refusal as an exception of ours."""
    before = _FIND.run(conn, key).one_or_none()
    if before is not None:
        if tuple(before) != content:
            raise KeyReused(key) from None
        return False
    if "no_overdraft" in str(error.orig):
        _overdrawn(conn, content[1], content[3])
    raise BrokenRule(f"{key}: {error.orig}") from error


def _overdrawn(conn: Connection, account_id: int, needed: Credits) -> NoReturn:
    raise NotEnoughCredits(available=balance(conn, account_id).available, needed=needed) from None


def _refusable(conn: Connection) -> contextlib.AbstractContextManager[Any]:
    """SQLite undoes only the refused statement; PostgreSQL would refuse everything after it, so a savepoint is set."""
    return contextlib.nullcontext() if conn.dialect.name == "sqlite" else conn.begin_nested()


def _annotate(conn: Connection, key: str, note: str) -> None:
    if note:
        _NOTE.run(conn, key, note)


def _check(amount: Credits) -> None:
    """Amounts that are no multiple of 0.01 credit never enter the books. Raises ValueError: a caller's bug."""
    if not 0 < amount <= MOST or amount % CENT:
        raise ValueError(f"{amount} is no amount: above 0, a multiple of 0.01 credit")
