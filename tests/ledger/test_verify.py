"""verify finds each kind of broken book. The triggers have to be switched off first: with them none can be made."""

import pytest
from sqlalchemy import Connection

from bot import ledger
from bot.storage.database import Database
from tests.ledger.books import account_with, done, failed, insert_job, place, refunded, worth

BREAKS = {
    "a stored balance too high": ("balance", "1", "UPDATE accounts SET credits_posted = credits_posted + 10000"),
    "a spent sum too low": ("balance", "1", "UPDATE accounts SET debits_posted = debits_posted - 10000 WHERE id = 1"),
    "a held sum forgotten": ("balance", "1", "UPDATE accounts SET debits_pending = 0 WHERE id = 1"),
    "a lost top-up": ("balance", "1", "DELETE FROM transfers WHERE id = 'topup:start1'"),
    "a house balance stored": ("balance", "-2", "UPDATE accounts SET credits_posted = 10000 WHERE id = -2"),
    "an overdraft": ("overdraft", "1", "UPDATE accounts SET debits_posted = 900000000 WHERE id = 1"),
    "a hold of a finished job": ("open_hold", "live", "UPDATE jobs SET state = 'failed' WHERE id = 'live'"),
    "a hold of no job": ("open_hold", "live", "DELETE FROM jobs WHERE id = 'live'"),
    "a capture of no job": ("open_hold", "done", "DELETE FROM jobs WHERE id = 'done'"),
    "a live job already settled": ("live_hold", "done", "UPDATE jobs SET state = 'running' WHERE id = 'done'"),
    "a live job never held": ("live_hold", "live", "DELETE FROM transfers WHERE id = 'hold:live'"),
    "a hold that is not the quote": ("live_hold", "live", "UPDATE jobs SET quote = 20000 WHERE id = 'live'"),
    "a hold on another account": ("live_hold", "live", "UPDATE jobs SET account_id = 2 WHERE id = 'live'"),
    "a finished job not settled": ("settlement", "live", "UPDATE jobs SET state = 'cancelled' WHERE id = 'live'"),
    "a done job released": ("settlement", "gone", "UPDATE jobs SET state = 'done' WHERE id = 'gone'"),
    "a failed job captured": ("settlement", "done", "UPDATE jobs SET state = 'failed' WHERE id = 'done'"),
    "a finished job with another's hold": ("settlement", "done", "UPDATE jobs SET account_id = 2 WHERE id = 'done'"),
    "a charge that was not taken": ("charged", "done", "UPDATE jobs SET charged = 20000 WHERE id = 'done'"),
    "a charge not told": ("charged", "done", "UPDATE jobs SET charged = NULL WHERE id = 'done'"),
    "a failed job charged": ("charged", "gone", "UPDATE jobs SET charged = 10000 WHERE id = 'gone'"),
    "a refund not told": ("refunded", "back", "UPDATE jobs SET refunded = false WHERE id = 'back'"),
    "a refund told and not made": ("refunded", "done", "UPDATE jobs SET refunded = true WHERE id = 'done'"),
    "a refund above its capture": ("refund", "back", "UPDATE transfers SET amount = 90000000 WHERE id = 'refund:back'"),
    "a fraction of 0.01": ("cents", "capture:done", "UPDATE transfers SET amount = 1 WHERE id = 'capture:done'"),
}


def unlock(conn: Connection) -> None:
    """Takes the database's own rules away, until the end of the transaction on PostgreSQL, for good on SQLite."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("SET LOCAL session_replication_role = replica")
        conn.exec_driver_sql("ALTER TABLE accounts DROP CONSTRAINT ck_accounts_no_overdraft")
        return
    for (name,) in conn.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
        conn.exec_driver_sql(f"DROP TRIGGER {name}")
    conn.exec_driver_sql("PRAGMA ignore_check_constraints = on")
    conn.exec_driver_sql("PRAGMA defer_foreign_keys = on")


@pytest.fixture
async def books(database: Database) -> Database:
    """Clean books of account 1 with a job in each state; account 2 exists."""
    for amount in (100, 0):
        await account_with(database, amount)

    def fn(conn: Connection) -> None:
        for job_id in ("live", "done", "gone", "back"):
            place(conn, job_id, 1, worth(10))
        done(conn, "done", worth(10))
        failed(conn, "gone")
        done(conn, "back", worth(10))
        refunded(conn, "back")

    await database.transaction(fn)
    assert await database.read(ledger.verify) == []
    return database


@pytest.mark.parametrize("case", BREAKS)
async def test_found(books: Database, case: str) -> None:
    rule, subject, statement = BREAKS[case]

    class Undo(Exception):
        """Leaves the books as they were: SQLite checks references at the COMMIT."""

    def fn(conn: Connection) -> None:
        unlock(conn)
        assert conn.exec_driver_sql(statement).rowcount >= 1
        problems = ledger.verify(conn)
        assert (rule, subject) in {(problem.rule, problem.subject) for problem in problems}, problems
        raise Undo

    with pytest.raises(Undo):
        await books.transaction(fn)


async def test_a_job_that_never_had_a_hold_is_a_problem(database: Database) -> None:
    account = await account_with(database, 10)

    def fn(conn: Connection) -> None:
        insert_job(conn, "free", account, worth(1))
        insert_job(conn, "gift", account, worth(1), state="done", charged=0)
        insert_job(conn, "lost", account, worth(1), state="failed")

    await database.transaction(fn)
    found = await database.read(ledger.verify)
    assert {(p.rule, p.subject) for p in found} >= {
        ("live_hold", "free"),
        ("settlement", "gift"),
        ("settlement", "lost"),
    }
    assert all("nothing" in p.detail for p in found if p.rule in {"live_hold", "settlement"})


async def test_what_is_free_has_no_hold_and_what_holds_is_not_free(database: Database) -> None:
    account = await account_with(database, 10)

    def free(conn: Connection) -> None:
        insert_job(conn, "waits", account, worth(0))
        insert_job(conn, "gift", account, worth(0), state="done", charged=0)
        insert_job(conn, "lost", account, worth(0), state="failed")

    await database.transaction(free)
    assert await database.read(ledger.verify) == []

    def held(conn: Connection) -> None:
        insert_job(conn, "live", account, worth(0))
        insert_job(conn, "over", account, worth(0), state="done", charged=0)
        for job_id in ("live", "over"):
            ledger.hold(conn, job_id=job_id, account_id=account, amount=worth(1))
        ledger.capture(conn, job_id="over", amount=worth(0))

    await database.transaction(held)
    found = {(p.rule, p.subject) for p in await database.read(ledger.verify)}
    assert found == {("live_hold", "live"), ("settlement", "over")}


async def test_so_many_problems_are_told_and_no_more(database: Database) -> None:
    account = await account_with(database, 10)

    def fn(conn: Connection) -> None:
        for n in range(150):
            insert_job(conn, f"j{n}", account, worth(1))

    await database.transaction(fn)
    assert len(await database.read(ledger.verify)) == 100
