"""Revision 0001: the ledger's rules as SQLite triggers. An INSERT into transfers is the whole movement of money.

Errors begin with `ledger:`. SQLite keeps balances honest by `last_seq`: a transfer's own trigger sets it to the
transfer's number, and any other UPDATE of a balance finds no transfer that was not applied yet.
Frozen: a released revision never changes.
"""


def _refuse(name: str, moment: str, when: str, message: str) -> str:
    """A trigger that refuses what `when` describes, or everything when it is empty."""
    condition = f"WHEN {when} " if when else ""
    return f"CREATE TRIGGER {name} {moment} {condition}BEGIN SELECT RAISE(ABORT, 'ledger: {message}'); END"


def _apply(kind: str, *updates: str) -> str:
    """A trigger that carries out a transfer of `kind`."""
    body = " ".join(f"UPDATE accounts SET {update};" for update in updates)  # noqa: S608 - our own constants
    return f"CREATE TRIGGER ledger_{kind} AFTER INSERT ON transfers WHEN new.kind = '{kind}' BEGIN {body} END"


HOLD_AMOUNT = "(SELECT h.amount FROM transfers h WHERE h.id = new.pending_id)"
RESOLVED = (
    f"debits_pending = debits_pending - {HOLD_AMOUNT}, debits_posted = debits_posted + new.amount,"
    " last_seq = new.seq WHERE id = new.debit"
)
GIVEN = "credits_posted = credits_posted + new.amount, last_seq = new.seq WHERE id = new.credit"

CREATE = (
    # INSERT OR REPLACE would delete a row without asking its DELETE trigger.
    _refuse(
        "transfers_key",
        "BEFORE INSERT ON transfers",
        "EXISTS (SELECT 1 FROM transfers t WHERE t.id = new.id)"
        " OR EXISTS (SELECT 1 FROM transfers t WHERE t.seq = new.seq)",
        "this key was used",
    ),
    _refuse(
        "transfers_resolved_once",
        "BEFORE INSERT ON transfers",
        "new.pending_id IS NOT NULL AND EXISTS (SELECT 1 FROM transfers t WHERE t.pending_id = new.pending_id)",
        "the hold was resolved before",
    ),
    _refuse(
        "transfers_integers",
        "BEFORE INSERT ON transfers",
        "typeof(new.amount) <> 'integer' OR typeof(new.debit) <> 'integer' OR typeof(new.credit) <> 'integer'",
        "amounts and accounts are whole numbers",
    ),
    _refuse(
        "transfers_of_hold",
        "BEFORE INSERT ON transfers",
        "new.kind IN ('capture','release') AND NOT EXISTS (SELECT 1 FROM transfers h WHERE h.id = new.pending_id"
        " AND h.kind = 'hold' AND h.debit = new.debit AND h.credit = new.credit AND h.job_id = new.job_id"
        " AND new.amount <= h.amount)",
        "no such hold, or more than it holds",
    ),
    _refuse(
        "transfers_of_capture",
        "BEFORE INSERT ON transfers",
        "new.kind = 'refund' AND NOT EXISTS (SELECT 1 FROM transfers c WHERE c.id = new.reverses_id"
        " AND c.kind = 'capture' AND c.debit = new.credit AND c.credit = new.debit AND c.job_id = new.job_id"
        " AND new.amount = c.amount)",
        "no such capture, or not its amount",
    ),
    _apply("hold", "debits_pending = debits_pending + new.amount, last_seq = new.seq WHERE id = new.debit"),
    _apply("capture", RESOLVED),
    _apply("release", RESOLVED),
    _apply("debit", "debits_posted = debits_posted + new.amount, last_seq = new.seq WHERE id = new.debit"),
    _apply("top_up", GIVEN),
    _apply("welcome", GIVEN),
    _apply("refund", GIVEN),
    _refuse("transfers_no_update", "BEFORE UPDATE ON transfers", "", "transfers never change"),
    _refuse("transfers_no_delete", "BEFORE DELETE ON transfers", "", "transfers are never deleted"),
    # new.id is -1 where SQLite is going to choose it.
    _refuse(
        "accounts_new",
        "BEFORE INSERT ON accounts",
        "new.credits_posted <> 0 OR new.debits_posted <> 0 OR new.debits_pending <> 0 OR new.last_seq <> 0"
        " OR EXISTS (SELECT 1 FROM accounts a WHERE a.id = new.id AND a.id > 0)",
        "an account begins empty, once",
    ),
    _refuse(
        "accounts_moved",
        "BEFORE UPDATE ON accounts",
        "new.last_seq <= old.last_seq OR NOT EXISTS (SELECT 1 FROM transfers t WHERE t.seq = new.last_seq"
        " AND old.id IN (t.debit, t.credit))",
        "an account changes by transfers only",
    ),
    _refuse("accounts_no_delete", "BEFORE DELETE ON accounts", "", "accounts are never deleted"),
)

DROP = (
    *(f"DROP TRIGGER ledger_{kind}" for kind in ("hold", "capture", "release", "debit", "top_up", "welcome", "refund")),
    *(
        f"DROP TRIGGER {table}_{name}"
        for table, names in (
            ("transfers", ("key", "resolved_once", "integers", "of_hold", "of_capture")),
            ("transfers", ("no_update", "no_delete")),
            ("accounts", ("new", "moved", "no_delete")),
        )
        for name in names
    ),
)
