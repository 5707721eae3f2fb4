"""What happened to an account, told so that the lines add up to the balance a person sees."""

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.domain.money import Credits
from bot.storage.sql import Sql

_LATEST = 2**62

_PAGE = Sql("""
SELECT t.seq, coalesce(r.id, t.id), coalesce(r.kind, t.kind),
  CASE WHEN t.kind IN ('top_up','welcome','refund') THEN t.amount
       WHEN r.id IS NOT NULL THEN -r.amount ELSE -t.amount END,
  t.job_id, t.actor, coalesce(n.note, ''), t.created_at
FROM (
  SELECT * FROM (
    SELECT seq, id, kind, amount, job_id, actor, created_at FROM transfers
    WHERE debit = ? AND kind IN ('hold','debit') AND seq < ? ORDER BY seq DESC LIMIT ?) spent
  UNION ALL
  SELECT * FROM (
    SELECT seq, id, kind, amount, job_id, actor, created_at FROM transfers
    WHERE credit = ? AND kind IN ('top_up','welcome','refund') AND seq < ? ORDER BY seq DESC LIMIT ?) given
) t
LEFT JOIN transfers r ON r.pending_id = t.id
LEFT JOIN transfer_notes n ON n.transfer_id = t.id
ORDER BY t.seq DESC LIMIT ?
""")

_OF_JOB = Sql("""
SELECT t.seq, t.id, t.kind, t.amount, t.job_id, t.actor, coalesce(n.note, ''), t.created_at
FROM transfers t LEFT JOIN transfer_notes n ON n.transfer_id = t.id
WHERE t.job_id = ? ORDER BY t.seq LIMIT 10
""")
"""A job has three at most: hold, capture or release, refund."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `amount` is its effect on the available balance: the amounts of all lines add up to it, always.

    A job is one line, at the place and time of its order: kind `hold` and minus the quote while it is open, then
    `capture` and minus what was taken, or `release` and 0. A refund is a line of its own. The other kinds are top_up,
    welcome (plus) and debit (minus).
    """

    seq: int
    id: str
    kind: str
    amount: Credits
    job_id: str | None
    actor: int | None
    note: str
    created_at: float


def statement(conn: Connection, account_id: int, *, before: int | None = None, limit: int) -> list[Entry]:
    """Lines of a user's account, newest first; `before` is the seq of the last line already shown."""
    last = _LATEST if before is None else before
    return [Entry(*row) for row in _PAGE.run(conn, account_id, last, limit, account_id, last, limit, limit)]


def of_job(conn: Connection, job_id: str) -> list[Entry]:
    """The transfers of a job as they were made, oldest first; `amount` is what each moved, without a sign."""
    return [Entry(*row) for row in _OF_JOB.run(conn, job_id)]


_PAID = Sql(
    "SELECT 1 FROM transfers WHERE credit = ? AND kind IN ('top_up','welcome','refund') AND kind = 'top_up' LIMIT 1"
)
"""With the words of the partial index, which SQLite takes to the letter."""


def topped_up(conn: Connection, account_id: int) -> bool:
    """Whether the account ever got credits beside gifts."""
    return _PAID.run(conn, account_id).one_or_none() is not None
