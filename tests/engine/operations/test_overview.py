"""The figures of the status page."""

from sqlalchemy import Connection

from bot import ledger
from bot.domain.money import CREDIT, Credits
from bot.engine.accounts.moderation import Moderation
from bot.engine.dialogs import inbox
from bot.engine.operations.overview import PROVED_WITHIN, Money, Overview
from bot.storage.database import Database
from tests.engine.credits.people import met


async def test_figures_count_what_is_there(database: Database) -> None:
    overview = Overview(database)
    empty = await overview.figures()
    assert (empty.queues, empty.open_ends, empty.latest, empty.updates, empty.bans, empty.costly) == (
        {},
        0,
        [],
        0,
        0,
        (),
    )
    ann = await met(database, 2, "Ann")
    await Moderation(database).ban(ann.id, reason="", actor=ann)
    await database.transaction(lambda conn: inbox.put(conn, 1, 77, "{}"))
    figures = await overview.figures()
    assert (figures.updates, figures.bans) == (1, 1)
    assert overview.database == database.dialect


async def test_money_is_that_of_all_users(database: Database) -> None:
    ann, bob = await met(database, 2, "Ann"), await met(database, 3, "Bob")

    def move(conn: Connection) -> None:
        for number, person in enumerate((ann, bob), 1):
            amount = Credits(number * 10 * CREDIT)
            ledger.top_up(conn, key=f"k{number}", account_id=person.account_id, amount=amount, actor=None, note="")

    await database.transaction(move)
    assert await Overview(database).money() == Money(Credits(30 * CREDIT), Credits(0))


async def test_books_that_were_not_proved_in_time_are_noticed(database: Database) -> None:
    overview, ann = Overview(database), await met(database, 2, "Ann")

    def move(conn: Connection) -> None:
        ledger.top_up(conn, key="k", account_id=ann.account_id, amount=Credits(CREDIT), actor=None, note="")

    await database.transaction(move)
    assert (await overview.figures()).unproved_since is None  # the next proof is still to come
    database.shift_clock(PROVED_WITHIN + 5)
    late = await overview.figures()
    assert late.unproved_since is not None
    assert late.moment - late.unproved_since > PROVED_WITHIN
    proof = await database.read(ledger.prove_new)
    await database.transaction(lambda conn: ledger.seal(conn, proof))
    if database.dialect == "sqlite":  # elsewhere the seal follows a round later
        assert (await overview.figures()).unproved_since is None
