"""The database itself refuses what would break the books, whoever asks: raw SQL, no function of ours in between."""

import contextlib
import sqlite3

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot import ledger
from bot.storage.database import Database
from tests.ledger.books import account_with, done, expect_clean, failed, figures, place, refunded, worth

TEN = int(worth(10))


def transfer(
    id_: str,
    kind: str,
    debit: int,
    credit: int,
    amount: int,
    *,
    pending: str | None = None,
    reverses: str | None = None,
    job: str | None = None,
    verb: str = "INSERT INTO",
) -> str:
    def text(value: str | None) -> str:
        return "NULL" if value is None else f"'{value}'"

    return (
        f"{verb} transfers (id, kind, pending_id, reverses_id, debit, credit, amount, job_id, created_at) VALUES"
        f" ('{id_}', '{kind}', {text(pending)}, {text(reverses)}, {debit}, {credit}, {amount}, {text(job)}, 1.0)"
    )


FORBIDDEN = {
    "a second capture": transfer("capture:done", "capture", 1, -1, TEN, pending="hold:done", job="done"),
    "a second capture by another name": transfer("capture:x", "capture", 1, -1, TEN, pending="hold:done", job="x"),
    "a capture above the hold": transfer("capture:live", "capture", 1, -1, TEN + 1, pending="hold:live", job="live"),
    "a capture after the release": transfer("capture:gone", "capture", 1, -1, 1, pending="hold:gone", job="gone"),
    "a release after the capture": transfer("release:done", "release", 1, -1, 0, pending="hold:done", job="done"),
    "a capture at another's cost": transfer("capture:live", "capture", 2, -1, TEN, pending="hold:live", job="live"),
    "a capture for another account": transfer("capture:live", "capture", 1, -2, TEN, pending="hold:live", job="live"),
    "a capture of a top-up": transfer("capture:live", "capture", 1, -1, 1, pending="topup:start1", job="live"),
    "a capture of no hold": transfer("capture:none", "capture", 1, -1, 1, pending="hold:none", job="none"),
    "a capture without its hold": transfer("capture:live", "capture", 1, -1, TEN, job="live"),
    "a release that takes": transfer("release:live", "release", 1, -1, 1, pending="hold:live", job="live"),
    "a second refund": transfer("refund:back", "refund", -1, 1, TEN, reverses="capture:back", job="back"),
    "a second refund by another name": transfer("refund:x", "refund", -1, 1, TEN, reverses="capture:back", job="x"),
    "a refund above the capture": transfer(
        "refund:done", "refund", -1, 1, TEN + 1, reverses="capture:done", job="done"
    ),
    "a refund below the capture": transfer(
        "refund:done", "refund", -1, 1, TEN - 1, reverses="capture:done", job="done"
    ),
    "a refund to another": transfer("refund:done", "refund", -1, 2, TEN, reverses="capture:done", job="done"),
    "a refund of a hold": transfer("refund:live", "refund", -1, 1, TEN, reverses="hold:live", job="live"),
    "a refund of nothing": transfer("refund:live", "refund", -1, 1, TEN, job="live"),
    "a second hold of a job": transfer("hold:other", "hold", 1, -1, TEN, job="live"),
    "a hold of nothing": transfer("hold:zero", "hold", 1, -1, 0, job="zero"),
    "a hold below nothing": transfer("hold:minus", "hold", 1, -1, -TEN, job="minus"),
    "a hold without a job": transfer("hold:nobody", "hold", 1, -1, TEN),
    "a hold on the house": transfer("hold:house", "hold", -2, -1, TEN, job="house"),
    "a hold above the balance": transfer("hold:rich", "hold", 1, -1, 10**12, job="rich"),
    "a debit above the balance": transfer("debit:rich", "debit", 1, -2, 10**12),
    "a top-up from a user": transfer("topup:steal", "top_up", 2, 1, TEN),
    "a top-up from revenue": transfer("topup:skim", "top_up", -1, 1, TEN),
    "a welcome from issued": transfer("welcome:1", "welcome", -2, 1, TEN),
    "a movement of a kind of its own": transfer("gift:1", "gift", -2, 1, TEN),
    "a movement to itself": transfer("topup:self", "top_up", -2, -2, TEN),
    "a movement to nobody": transfer("topup:nobody", "top_up", -2, 99, TEN),
    "a used key": transfer("topup:start1", "top_up", -2, 1, TEN),
    "a changed amount": "UPDATE transfers SET amount = 1 WHERE id = 'topup:start1'",
    "a changed actor": "UPDATE transfers SET actor = 5",
    "a deleted transfer": "DELETE FROM transfers WHERE id = 'hold:live'",
    "all transfers deleted": "DELETE FROM transfers",
    "credit from nowhere": "UPDATE accounts SET credits_posted = credits_posted + 1000000 WHERE id = 1",
    "a debt forgiven": "UPDATE accounts SET debits_posted = 0 WHERE id = 1",
    "a hold forgotten": "UPDATE accounts SET debits_pending = 0 WHERE id = 1",
    "credit with a number of its own": "UPDATE accounts SET credits_posted = credits_posted + 10, last_seq = 999999",
    "credit in the last mover's name": (
        "UPDATE accounts SET credits_posted = credits_posted + 10,"
        " last_seq = (SELECT max(seq) FROM transfers) WHERE id = 1"
    ),
    "another id": "UPDATE accounts SET id = 50 WHERE id = 2",
    "another kind": "UPDATE accounts SET kind = 'house' WHERE id = 2",
    "a deleted account": "DELETE FROM accounts WHERE id = 3",
    "an account born rich": "INSERT INTO accounts (id, kind, credits_posted) VALUES (77, 'user', 1000000)",
    "a house account among users": "INSERT INTO accounts (id, kind) VALUES (78, 'house')",
    "a user account among the house": "INSERT INTO accounts (id, kind) VALUES (-9, 'user')",
}
ON_SQLITE = {
    "a replaced transfer": transfer("topup:start1", "top_up", -2, 1, TEN, verb="INSERT OR REPLACE INTO"),
    "a replaced settlement": transfer(
        "release:done", "release", 1, -1, 0, pending="hold:done", job="done", verb="INSERT OR REPLACE INTO"
    ),
    "a replaced refund": transfer(
        "refund:back", "refund", -1, 1, TEN, reverses="capture:back", job="back", verb="INSERT OR REPLACE INTO"
    ),
    "a replaced number": (
        "INSERT OR REPLACE INTO transfers (seq, id, kind, debit, credit, amount, created_at)"
        " VALUES (1, 'topup:new', 'top_up', -2, 1, 10000, 1.0)"
    ),
    "a replaced account": "INSERT OR REPLACE INTO accounts (id, kind) VALUES (1, 'user')",
    "half a credit's cent": transfer("topup:half", "top_up", -2, 1, TEN).replace(str(TEN), "0.5"),
    "an update that replaces": "UPDATE OR REPLACE transfers SET id = 'hold:live' WHERE id = 'hold:gone'",
    "an update that ignores": "UPDATE OR FAIL accounts SET credits_posted = 10000000000 WHERE id = 1",
}
ON_POSTGRESQL = {
    "emptied transfers": "TRUNCATE transfers CASCADE",
    "emptied accounts": "TRUNCATE accounts CASCADE",
}
CASES = [
    *(("sqlite", case) for case in FORBIDDEN | ON_SQLITE),
    *(("postgresql", case) for case in FORBIDDEN | ON_POSTGRESQL),
]


@pytest.fixture
async def books(database: Database) -> Database:
    """Account 1 with a job in each state; 2 with credit; 3 empty."""
    for amount in (100, 100, 0):
        await account_with(database, amount)

    def fn(conn: Connection) -> None:
        for job_id in ("live", "done", "gone", "back"):
            place(conn, job_id, 1, worth(10))
        done(conn, "done", worth(10))
        failed(conn, "gone")
        done(conn, "back", worth(10))
        refunded(conn, "back")

    await database.transaction(fn)
    return database


@pytest.mark.parametrize(("database_url", "case"), CASES, indirect=["database_url"], ids=str)
async def test_refused(books: Database, case: str) -> None:
    statement = (FORBIDDEN | ON_SQLITE | ON_POSTGRESQL)[case]
    before = await books.read(lambda conn: conn.exec_driver_sql("SELECT * FROM transfers ORDER BY seq").all())
    with pytest.raises(DBAPIError, match=r"(?i)ledger: |constraint"):
        await books.transaction(lambda conn: conn.exec_driver_sql(statement))
    after = await books.read(lambda conn: conn.exec_driver_sql("SELECT * FROM transfers ORDER BY seq").all())
    assert before == after
    assert await figures(books, 1) == (80, 10)
    assert await figures(books, 2) == (100, 0)
    await expect_clean(books)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("case", ON_SQLITE)
async def test_refused_to_a_foreign_connection_too(books: Database, database_url: str, case: str) -> None:
    """One without our settings: there REPLACE deletes rows without asking the DELETE trigger."""
    with (
        contextlib.closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as conn,
        pytest.raises(sqlite3.IntegrityError, match="ledger: "),
    ):
        conn.execute(ON_SQLITE[case])
    assert await figures(books, 1) == (80, 10)
    await expect_clean(books)


async def test_what_is_allowed_is_allowed_in_raw_sql_too(books: Database) -> None:
    """The counterpart: the cases above are refused for their content, not for their form."""

    def fn(conn: Connection) -> None:
        for statement in (
            transfer("capture:live", "capture", 1, -1, TEN - 1, pending="hold:live", job="live"),
            transfer("refund:done", "refund", -1, 1, TEN, reverses="capture:done", job="done"),
            transfer("hold:new", "hold", 2, -1, TEN, job="new"),
            transfer("release:new", "release", 2, -1, 0, pending="hold:new", job="new"),
            transfer("topup:new", "top_up", -2, 3, TEN),
            transfer("debit:new", "debit", 3, -2, TEN),
            transfer("welcome:3", "welcome", -3, 3, TEN),
        ):
            conn.exec_driver_sql(statement)

    await books.transaction(fn)
    assert await figures(books, 3) == (10, 0)
    assert (await books.read(lambda conn: ledger.balance(conn, 1))).total == 100 * 1_000_000 - 2 * TEN + 1 + TEN


async def test_an_ignored_insert_moves_nothing(books: Database) -> None:
    """ON CONFLICT DO NOTHING skips the row: a movement applied before the conflict is known would stay."""
    again = transfer("topup:start1", "top_up", -2, 1, TEN) + " ON CONFLICT DO NOTHING"
    if books.dialect == "sqlite":
        with pytest.raises(DBAPIError, match="key was used"):
            await books.transaction(lambda conn: conn.exec_driver_sql(again))
    else:
        await books.transaction(lambda conn: conn.exec_driver_sql(again))
    assert await figures(books, 1) == (80, 10)
    await expect_clean(books)
