"""Proves the books: every rule about money is a query that finds its violations. Clean books give an empty list.

`verify` proves all of them. seal.py proves what moved since the last seal, by the same rules on fewer rows.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.domain.money import CENT
from bot.ledger.digests import broken_seals

WORST = 100
"""Problems told per rule at most."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A violation: which rule, of which account, transfer or job, and what was found."""

    rule: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Rule:
    """In a query JOBS are the jobs that are proved, LIVE_JOBS the unfinished ones, and MOVES the transfers. A job whose
    quote is 0 is free: it has no hold and no settlement."""

    name: str
    detail: str
    """Filled with the query's columns after the first, which is the subject."""
    query: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What the rules are proved on."""

    jobs: str
    live_jobs: str
    moves: str


LIVE_STATES = "('queued','submitting','running','delivering')"
EVERYTHING = Scope("jobs", "jobs", "transfers")

BALANCES = Rule(
    "balance",
    "stored in/out/held {}/{}/{}, transfers say {}/{}/{}",
    """
SELECT a.id, a.credits_posted, a.debits_posted, a.debits_pending,
  CAST(coalesce(s.posted_in, 0) AS bigint), CAST(coalesce(s.posted_out, 0) AS bigint),
  CAST(coalesce(s.held, 0) AS bigint)
FROM accounts a LEFT JOIN (
  SELECT account, sum(posted_in) AS posted_in, sum(posted_out) AS posted_out, sum(held) AS held FROM (
    SELECT credit AS account, amount AS posted_in, 0 AS posted_out, 0 AS held FROM transfers
      WHERE kind IN ('top_up','welcome','refund')
    UNION ALL SELECT debit, 0, amount, 0 FROM transfers WHERE kind IN ('capture','debit')
    UNION ALL SELECT h.debit, 0, 0, h.amount FROM transfers h LEFT JOIN transfers r ON r.pending_id = h.id
      WHERE h.kind = 'hold' AND r.id IS NULL
  ) moved GROUP BY account
) s ON s.account = a.id
WHERE a.credits_posted <> coalesce(s.posted_in, 0) OR a.debits_posted <> coalesce(s.posted_out, 0)
  OR a.debits_pending <> coalesce(s.held, 0)
""",
)
OVERDRAFT = Rule(
    "overdraft",
    "in {}, out {}, held {}",
    """
SELECT id, credits_posted, debits_posted, debits_pending FROM accounts
WHERE kind = 'user' AND debits_posted + debits_pending > credits_posted
""",
)
OF_JOBS = (
    Rule(
        "open_hold",
        "{} was held, but the job is {}",
        """
SELECT h.job_id, h.amount, coalesce(j.state, 'missing') FROM MOVES h
LEFT JOIN transfers r ON r.pending_id = h.id LEFT JOIN jobs j ON j.id = h.job_id
WHERE h.kind = 'hold' AND (j.id IS NULL OR (r.id IS NULL AND j.state NOT IN LIVE_STATES))
""",
    ),
    Rule(
        "live_hold",
        "{} with quote {} of account {}: its hold is {} of account {}, settled by {}",
        """
SELECT j.id, j.state, j.quote, j.account_id, h.amount, h.debit, r.kind FROM LIVE_JOBS j
LEFT JOIN transfers h ON h.id = 'hold:' || j.id LEFT JOIN transfers r ON r.pending_id = h.id
WHERE j.state IN LIVE_STATES AND CASE WHEN j.quote = 0 THEN h.id IS NOT NULL
  ELSE h.id IS NULL OR r.id IS NOT NULL OR h.amount <> j.quote OR h.debit <> j.account_id END
""",
    ),
    Rule(
        "settlement",
        "{} with quote {} of account {}: its hold is {} of account {}, settled by {}",
        """
SELECT j.id, j.state, j.quote, j.account_id, h.amount, h.debit, r.kind FROM JOBS j
LEFT JOIN transfers h ON h.id = 'hold:' || j.id LEFT JOIN transfers r ON r.pending_id = h.id
WHERE j.state NOT IN LIVE_STATES AND CASE WHEN j.quote = 0 THEN h.id IS NOT NULL
  ELSE h.id IS NULL OR r.id IS NULL OR h.amount <> j.quote OR h.debit <> j.account_id
  OR r.kind <> CASE j.state WHEN 'done' THEN 'capture' ELSE 'release' END END
""",
    ),
    Rule(
        "charged",
        "the job says {}, the ledger took {}",
        """
SELECT j.id, j.charged, c.amount FROM JOBS j LEFT JOIN transfers c ON c.id = 'capture:' || j.id
WHERE coalesce(j.charged, 0) <> coalesce(c.amount, 0) OR (c.id IS NOT NULL AND j.charged IS NULL)
""",
    ),
    Rule(
        "refunded",
        "the job says {}, the ledger gave back {}",
        """
SELECT j.id, CASE WHEN j.refunded THEN 'refunded' ELSE 'not refunded' END, f.amount FROM JOBS j
LEFT JOIN transfers f ON f.id = 'refund:' || j.id WHERE j.refunded <> (f.id IS NOT NULL)
""",
    ),
    Rule(
        "refund",
        "gave back {} of a capture of {}",
        """
SELECT f.job_id, f.amount, c.amount FROM MOVES f LEFT JOIN transfers c ON c.id = f.reverses_id
WHERE f.kind = 'refund' AND (c.id IS NULL OR c.kind <> 'capture' OR f.amount > c.amount)
""",
    ),
    Rule(
        "cents",
        "{} is no multiple of 0.01 credit",
        f"SELECT id, amount FROM MOVES m WHERE amount % {CENT} <> 0",  # noqa: S608 - a constant of ours
    ),
)


def verify(conn: Connection) -> list[Problem]:
    """All violations, at most WORST of each rule. Give it to `Database.read`: one moment for all rules, no lock.

    Also compares every sealed transfer with what it was when it was sealed, and so finds an old row edited by hand.
    """
    found = [problem for rule in (BALANCES, OVERDRAFT, *OF_JOBS) for problem in violations(conn, rule, EVERYTHING)]
    for first, last in broken_seals(conn, WORST):
        found.append(Problem("seal", f"transfers {first}–{last}", "not what they were when they were sealed"))
    return found


def violations(conn: Connection, rule: Rule, scope: Scope) -> list[Problem]:
    """At most WORST violations of one rule."""
    query = rule.query.replace("LIVE_JOBS", scope.live_jobs).replace("LIVE_STATES", LIVE_STATES)
    query = query.replace("FROM JOBS", f"FROM {scope.jobs}").replace("FROM MOVES", f"FROM {scope.moves}")
    problems = []
    for subject, *found in conn.exec_driver_sql(f"{query} LIMIT {WORST}"):
        told = ["nothing" if value is None else value for value in found]
        problems.append(Problem(rule.name, str(subject), rule.detail.format(*told)))
    return problems
