"""Statements page by page, and the proof of the books."""

from bot.domain.money import CREDIT, Credits
from bot.engine.credits.adjustments import Adjustment, AdjustmentKind, Adjustments
from bot.engine.credits.books import Books
from bot.storage.database import Database
from tests.engine.credits.people import met


async def test_a_statement_comes_in_pages_and_ends_with_the_last(database: Database) -> None:
    olga, ann = await met(database, 1, "Olga"), await met(database, 2, "Ann")
    adjustments, books = Adjustments(database), Books(database)
    empty = await books.statement(ann.account_id, 7, 2)
    assert (empty.number, empty.more, empty.entries, empty.balance.total) == (0, False, [], 0)
    for amount in range(1, 6):
        asked = Adjustment(AdjustmentKind.TOP_UP, f"k{amount}", ann, Credits(amount * CREDIT), "")
        await adjustments.make(asked, actor=olga)
    first = await books.statement(ann.account_id, 0, 2)
    assert [entry.amount // CREDIT for entry in first.entries] == [5, 4]
    assert (first.more, first.actors, first.balance.available) == (True, {olga.account_id: olga}, 15 * CREDIT)
    last = await books.statement(ann.account_id, 9, 2)
    assert (last.number, last.more) == (2, False)
    assert [entry.amount // CREDIT for entry in last.entries] == [1]
    assert await books.available(ann.account_id) == 15 * CREDIT
    assert await books.verify() == []
