"""Proves what moved since the last seal, with the accounts and jobs that it touches, and moves the seal on.

A seal is a transfer's number up to which all was proved, with a digest of the transfers that it adds and with each
account's balance as of it. The next proof adds what moved since to those balances. That takes time by what moved, not
by all that ever did; what nothing touches is proved by the whole proof (verify.py).

On PostgreSQL transactions commit in another order than they draw numbers: one that is open may hold a number below
those that are seen. The seal moves only up to a number below which no open transaction can hold one (see `Mark`);
until the seal passes it a transfer is proved every time. SQLite has one writer: what is read is all there is.
"""

from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from bot.ledger.digests import digest, stretches
from bot.ledger.verify import LIVE_STATES, OF_JOBS, Problem, Rule, Scope, violations
from bot.storage.clock import now
from bot.storage.sql import Sql
from bot.storage.statements import queue_up
from bot.storage.tables import sealed_balances, seals

Moved = tuple[int, int, int, int]
"""An account, and what was added to in, out and held."""

_SEAL = Sql("SELECT coalesce(max(seq), 0) FROM seals")
_NEWEST = Sql("SELECT coalesce(max(seq), 0) FROM transfers")
_UNPROVED = Sql(
    "SELECT created_at FROM transfers WHERE seq > (SELECT coalesce(max(seq), 0) FROM seals) ORDER BY seq LIMIT 1"
)
_CLOCK = "SELECT extract(epoch FROM clock_timestamp())::double precision"
_OPEN_SINCE = """
SELECT extract(epoch FROM min(since))::double precision FROM (
  SELECT xact_start AS since FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
  UNION ALL SELECT prepared FROM pg_prepared_xacts WHERE database = current_database()
) open
"""
_CHANGES = """
  SELECT credit AS account, amount AS posted_in, 0 AS posted_out, 0 AS held FROM transfers
    WHERE BETWEEN_SEALS AND kind IN ('top_up','welcome','refund')
  UNION ALL SELECT debit, 0, amount, 0 FROM transfers WHERE BETWEEN_SEALS AND kind IN ('capture','debit')
  UNION ALL SELECT debit, 0, 0, amount FROM transfers WHERE BETWEEN_SEALS AND kind = 'hold'
  UNION ALL SELECT r.debit, 0, 0, -h.amount FROM (SELECT * FROM transfers WHERE BETWEEN_SEALS) r
    JOIN transfers h ON h.id = r.pending_id
"""
"""What each transfer adds to its account; a hold is given back by what resolves it."""
_MOVED = f"""
SELECT account, CAST(sum(posted_in) AS bigint) AS posted_in, CAST(sum(posted_out) AS bigint) AS posted_out,
  CAST(sum(held) AS bigint) AS held FROM ({_CHANGES}) moved GROUP BY account
"""  # noqa: S608 - constants of ours
_BALANCE = Rule(
    "balance",
    "stored in/out/held {}/{}/{}, the seal and what moved since say {}/{}/{}",
    f"""
SELECT a.id, a.credits_posted, a.debits_posted, a.debits_pending, coalesce(b.credits_posted, 0) + s.posted_in,
  coalesce(b.debits_posted, 0) + s.posted_out, coalesce(b.debits_pending, 0) + s.held
FROM ({_MOVED}) s JOIN accounts a ON a.id = s.account LEFT JOIN sealed_balances b ON b.account_id = a.id
WHERE a.credits_posted <> coalesce(b.credits_posted, 0) + s.posted_in
  OR a.debits_posted <> coalesce(b.debits_posted, 0) + s.posted_out
  OR a.debits_pending <> coalesce(b.debits_pending, 0) + s.held
  OR (a.kind = 'user' AND a.debits_posted + a.debits_pending > a.credits_posted)
""",  # noqa: S608
)
_HELD = Rule(
    "held",
    "{} is held, its unfinished jobs cost {}",
    f"""
SELECT a.id, a.debits_pending, CAST(coalesce(l.quotes, 0) AS bigint) FROM accounts a LEFT JOIN (
  SELECT account_id, sum(quote) AS quotes FROM jobs WHERE state IN {LIVE_STATES} GROUP BY account_id
) l ON l.account_id = a.id WHERE a.debits_pending <> coalesce(l.quotes, 0)
""",  # noqa: S608
)
"""Finds a job that ended, or went on, without its money: neither is a transfer."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The newest transfer that a proof saw, and a moment after that by the server's clock. A transaction that
    drew a lower number had begun before that moment."""

    seq: int
    moment: float


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found, and what `seal` writes when nothing was. `mark` is for the next proof."""

    problems: tuple[Problem, ...]
    since: int
    through: int
    mark: Mark
    digests: tuple[tuple[int, str], ...]
    moved: tuple[Moved, ...]


def unproved_since(conn: Connection) -> float | None:
    """When the oldest transfer was made that no seal covers; None: all of them are covered."""
    row = _UNPROVED.run(conn).one_or_none()
    return float(row[0]) if row is not None else None


def open_since(conn: Connection) -> float | None:
    """When the oldest transaction that is open on the server began; None: none is, or on SQLite. In a read of its own,
    before the proof's: what had ended by then is seen by the proof."""
    if conn.dialect.name == "sqlite":
        return None
    found = conn.exec_driver_sql(_OPEN_SINCE).scalar_one()
    return float(found) if found is not None else None


def prove_new(conn: Connection, mark: Mark | None = None, oldest: float | None = None) -> Proof:
    """Proves what moved since the seal. `mark`: of this process's proof before; `oldest`: what `open_since` said since.
    Give it to `Database.read`: one moment for all of it."""
    since, newest = int(_SEAL.run(conn).scalar_one()), int(_NEWEST.run(conn).scalar_one())
    problems: list[Problem] = []
    scope = _scope(since)
    if newest > since:
        problems += violations(conn, replace(_BALANCE, query=_between(_BALANCE.query, since, newest)), scope)
    for rule in OF_JOBS:
        problems += violations(conn, rule, scope)
    problems += violations(conn, _HELD, scope)
    through = newest if conn.dialect.name == "sqlite" else _settled(mark, oldest, since)
    digests: tuple[tuple[int, str], ...] = ()
    moved: tuple[Moved, ...] = ()
    if not problems and through > since:
        digests = tuple((last, digest(conn, first, last)) for first, last in stretches(since, through))
        found = conn.exec_driver_sql(_between(_MOVED, since, through))
        moved = tuple((row[0], row[1], row[2], row[3]) for row in found)
    return Proof(tuple(problems), since, through, Mark(newest, _moment(conn)), digests, moved)


def seal(conn: Connection, proof: Proof) -> bool:
    """Moves the seal on to what was proved; False when there was nothing to, or another process was faster."""
    if proof.problems or proof.through <= proof.since:
        return False
    queue_up(conn, "ledger-seal")  # processes that proved the same at once: the first one seals it
    if int(_SEAL.run(conn).scalar_one()) != proof.since:
        return False
    moment = now(conn)
    rows = [{"seq": seq, "digest": found, "sealed_at": moment} for seq, found in proof.digests]
    conn.execute(sa.insert(seals), rows)
    if proof.moved:
        _add(conn, proof.moved)
    return True


def _add(conn: Connection, moved: tuple[Moved, ...]) -> None:
    """Adds what moved to the sealed balances, account by account."""
    make = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    insert = make(sealed_balances)
    names = ("credits_posted", "debits_posted", "debits_pending")
    adding = {name: sealed_balances.c[name] + insert.excluded[name] for name in names}
    upsert = insert.on_conflict_do_update(index_elements=[sealed_balances.c.account_id], set_=adding)
    conn.execute(upsert, [{"account_id": row[0], **dict(zip(names, row[1:], strict=True))} for row in moved])


def _settled(mark: Mark | None, oldest: float | None, since: int) -> int:
    """Up to where every transaction has ended that might hold a lower number."""
    return mark.seq if mark is not None and (oldest is None or oldest > mark.moment) else since


def _between(query: str, since: int, through: int) -> str:
    return query.replace("BETWEEN_SEALS", f"seq > {since:d} AND seq <= {through:d}")


def _scope(since: int) -> Scope:
    moves = f"(SELECT * FROM transfers WHERE seq > {since:d})"  # noqa: S608 - a number
    touched = f"(SELECT * FROM jobs WHERE id IN (SELECT job_id FROM transfers WHERE seq > {since:d}))"  # noqa: S608
    live = f"(SELECT * FROM jobs WHERE state IN {LIVE_STATES})"  # noqa: S608
    return Scope(jobs=touched, live_jobs=live, moves=moves)


def _moment(conn: Connection) -> float:
    """By the server's own clock, which its transactions are timed by; 0 on SQLite, which needs none."""
    return 0.0 if conn.dialect.name == "sqlite" else float(conn.exec_driver_sql(_CLOCK).scalar_one())
