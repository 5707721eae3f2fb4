"""The running bot's proof: what moved is proved each time, all of it once a night by one of the processes."""

import asyncio

import pytest
from sqlalchemy import Connection

from bot import ledger
from bot.engine.operations.ledger_audit import BEGUN, DAY, Audit
from bot.storage.database import Database
from tests.ledger.books import account_with, done, place, worth
from tests.ledger.test_verify import unlock


class Admins:
    """Writes down what admins are told."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.counts: list[int] = []

    async def alert(self, key: str, message: str, **values: str) -> bool:
        self.said.append(f"{key} {message} {values['count']}")
        return True

    def audit(self, database: Database) -> Audit:
        return Audit(database, self, self.counts.append)


async def edit(database: Database, statement: str) -> None:
    def tamper(conn: Connection) -> None:
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql("SET LOCAL session_replication_role = replica")
        else:
            unlock(conn)
        assert conn.exec_driver_sql(statement).rowcount == 1

    await database.transaction(tamper)


async def test_what_moved_is_proved_each_time(database: Database) -> None:
    await account_with(database, 100)
    admins = Admins()
    audit = admins.audit(database)
    assert await audit.check() == 0

    def order(conn: Connection) -> None:
        place(conn, "job", 1, worth(10))
        done(conn, "job", worth(10))

    await database.transaction(order)
    assert await audit.check() == 0
    assert admins.said == []
    await database.transaction(lambda conn: place(conn, "next", 1, worth(1)))
    await edit(database, "UPDATE accounts SET debits_pending = 0 WHERE id = 1")
    assert await audit.check() > 0
    assert admins.said == [f"ledger alert-ledger {admins.counts[-1]}"]
    assert admins.counts[:2] == [0, 0]


async def test_an_old_row_edited_by_hand_is_found_by_the_night(database: Database) -> None:
    await account_with(database, 100)
    admins = Admins()
    audit, other = admins.audit(database), admins.audit(database)
    for each in (audit, other, audit):
        assert await each.check() == 0
    was = await database.read(lambda conn: conn.exec_driver_sql("SELECT created_at FROM transfers").scalar_one())
    await edit(database, "UPDATE transfers SET created_at = 1")
    for each in (audit, other, admins.audit(database)):  # this night's proof was made
        assert await each.check() == 0
    database.shift_clock(DAY)
    assert await other.check() == 1
    assert set(admins.said) == {"ledger alert-ledger 1"}
    restarted = admins.audit(database)
    for each in (audit, other, restarted):  # found once, it is looked for by each process until it is mended
        assert await each.check() == 1
    await edit(database, f"UPDATE transfers SET created_at = {was}")
    assert await other.check() == 0
    assert len(admins.said) == len([count for count in admins.counts if count])


async def test_a_night_whose_proof_was_cut_off_is_proved_later(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await account_with(database, 100)
    admins = Admins()
    audit = admins.audit(database)
    for _ in range(3):
        assert await audit.check() == 0
    await edit(database, "UPDATE transfers SET created_at = 1")
    database.shift_clock(DAY)

    def cut_off(_conn: Connection) -> list[ledger.Problem]:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "verify", cut_off)
        with pytest.raises(asyncio.CancelledError):
            await audit.check()
    assert await admins.audit(database).check() == 0, "another process may still be at it"
    database.shift_clock(BEGUN + 1)
    assert await admins.audit(database).check() == 1
