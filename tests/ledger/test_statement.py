"""A statement: one line per event as a person sees it, pages that meet, and a sum that is the balance."""

from sqlalchemy import Connection

from bot import ledger
from bot.storage.database import Database
from tests.ledger.books import account_with, done, failed, place, refunded, worth


async def eventful(database: Database) -> int:
    """An account to which one of everything happened."""
    account = await account_with(database, 100)

    def fn(conn: Connection) -> None:
        ledger.welcome(conn, account_id=account, amount=worth(5))
        for job_id in ("open", "done", "cheaper", "failed", "back"):
            place(conn, job_id, account, worth(10))
        done(conn, "back", worth(10))
        failed(conn, "failed")
        done(conn, "cheaper", worth(4))
        done(conn, "done", worth(10))
        ledger.debit(conn, key="d", account_id=account, amount=worth(1), actor=account, note="a correction")
        refunded(conn, "back")

    await database.transaction(fn)
    return account


async def test_every_job_is_one_line_and_the_lines_add_up(database: Database) -> None:
    account = await eventful(database)
    lines = await database.read(lambda conn: ledger.statement(conn, account, limit=50))
    assert [(line.kind, line.amount, line.job_id) for line in lines] == [
        ("refund", worth(10), "back"),
        ("debit", -worth(1), None),
        ("capture", -worth(10), "back"),
        ("release", 0, "failed"),
        ("capture", -worth(4), "cheaper"),
        ("capture", -worth(10), "done"),
        ("hold", -worth(10), "open"),
        ("welcome", worth(5), None),
        ("top_up", worth(100), None),
    ]
    assert [line.seq for line in lines] == sorted((line.seq for line in lines), reverse=True)
    balance = await database.read(lambda conn: ledger.balance(conn, account))
    assert sum(line.amount for line in lines) == balance.available


async def test_actor_note_and_key_are_told(database: Database) -> None:
    account = await eventful(database)
    lines = {line.id: line for line in await database.read(lambda conn: ledger.statement(conn, account, limit=50))}
    assert (lines["debit:d"].actor, lines["debit:d"].note) == (account, "a correction")
    assert (lines["capture:done"].actor, lines["capture:done"].note) == (None, "")
    assert all(line.created_at > 1_700_000_000 for line in lines.values())


async def test_pages_meet_and_leave_nothing_out(database: Database) -> None:
    account = await eventful(database)
    whole = await database.read(lambda conn: ledger.statement(conn, account, limit=50))
    paged: list[ledger.Entry] = []
    before: int | None = None
    for _ in range(10):
        page = await database.read(lambda conn, b=before: ledger.statement(conn, account, before=b, limit=2))  # type: ignore[misc]
        assert len(page) <= 2
        if not page:
            break
        paged += page
        before = page[-1].seq
    assert paged == whole


async def test_others_are_not_told(database: Database) -> None:
    await eventful(database)
    stranger = await account_with(database, 3)
    lines = await database.read(lambda conn: ledger.statement(conn, stranger, limit=50))
    assert [(line.kind, line.amount) for line in lines] == [("top_up", worth(3))]


async def test_a_note_can_be_forgotten_and_the_books_stay(database: Database) -> None:
    account = await eventful(database)
    await database.transaction(lambda conn: conn.exec_driver_sql("DELETE FROM transfer_notes"))
    lines = await database.read(lambda conn: ledger.statement(conn, account, limit=50))
    assert len(lines) == 9
    assert {line.note for line in lines} == {""}
    assert await database.read(ledger.verify) == []
