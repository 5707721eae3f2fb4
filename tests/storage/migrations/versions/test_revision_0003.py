"""Revision 0003: every actor in the books is an account, also those of before, and the books still add up after it."""

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot import ledger
from bot.storage.database import Database
from bot.storage.migrate import config
from tests.ledger.books import account_with, done, place, refunded, worth


def before(conn: Connection) -> None:
    """The schema of before, with moves by admins who had no account and by one who has."""
    settings = config(connection=conn)
    earlier = ScriptDirectory.from_config(settings).get_revision("0003").down_revision
    command.downgrade(settings, str(earlier))
    for key, actor in (("nobody", 0), ("known", 2), ("easel", None)):
        ledger.top_up(conn, key=key, account_id=1, amount=worth(5), actor=actor, note=key)


def actors(conn: Connection) -> dict[str, int | None]:
    return {row[0]: row[1] for row in conn.exec_driver_sql("SELECT id, actor FROM transfers")}


def rows(conn: Connection) -> list[tuple[object, ...]]:
    found = conn.exec_driver_sql(
        "SELECT seq, id, kind, pending_id, reverses_id, debit, credit, amount, job_id FROM transfers"
    )
    return sorted(tuple(row) for row in found)


@pytest.fixture
async def migrated(database: Database) -> Database:
    """Books that were written before the revision, and then brought to the present schema."""
    for _ in range(2):
        await account_with(database, 20)

    def jobs(conn: Connection) -> None:
        for job_id in ("done", "back", "live"):
            place(conn, job_id, 1, worth(2))
        for job_id in ("done", "back"):
            done(conn, job_id, worth(2))
        refunded(conn, "back")

    def there_and_back(conn: Connection) -> None:
        if conn.dialect.name == "sqlite":  # as migrate does: rebuilding a table breaks references for a moment
            conn.exec_driver_sql("PRAGMA defer_foreign_keys = on")
        before(conn)
        kept = rows(conn)
        command.upgrade(config(connection=conn), "head")
        assert rows(conn) == kept

    await database.transaction(jobs)
    await database.transaction(there_and_back)
    return database


async def test_actors_of_before_become_one_account_and_the_books_add_up(migrated: Database) -> None:
    found = await migrated.read(actors)
    assert found["topup:known"] == 2
    assert found["topup:easel"] is None
    assert found["topup:nobody"] == 3
    assert await migrated.read(ledger.verify) == []
    assert await migrated.read(lambda conn: ledger.balance(conn, 1)) == ledger.Balance(worth(31), worth(2), worth(33))
    notes = await migrated.read(lambda conn: [entry.note for entry in ledger.statement(conn, 1, limit=3)])
    assert notes == ["easel", "known", "nobody"]


async def test_the_rules_hold_on_after_it(migrated: Database) -> None:
    for statement in ("UPDATE transfers SET amount = 1", "DELETE FROM transfers", "UPDATE accounts SET last_seq = 99"):

        def tamper(conn: Connection, said: str = statement) -> None:
            conn.exec_driver_sql(said)

        with pytest.raises(DBAPIError, match="ledger:"):
            await migrated.transaction(tamper)
    await migrated.transaction(lambda conn: ledger.release(conn, job_id="live"))
    last = await migrated.read(lambda conn: conn.exec_driver_sql("SELECT max(seq), count(*) FROM transfers").one())
    assert last[0] == last[1]


async def test_no_move_is_booked_under_an_actor_without_an_account(database: Database) -> None:
    account = await account_with(database, 1)
    for actor in (0, 999):

        def move(conn: Connection, by: int = actor) -> None:
            ledger.top_up(conn, key=f"by{by}", account_id=account, amount=worth(1), actor=by)

        with pytest.raises((IntegrityError, ledger.BrokenRule)):
            await database.transaction(move)
    assert (await database.read(lambda conn: ledger.balance(conn, account))).available == worth(1)
    query = sa.text("SELECT count(*) FROM transfers")
    assert await database.read(lambda conn: conn.execute(query).scalar_one()) == 1
