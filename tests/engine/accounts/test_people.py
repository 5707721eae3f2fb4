"""Meeting people: once with a welcome, and never where only the known are taken note of."""

from typing import Any

from bot import ledger
from bot.domain.money import Credits
from bot.engine.accounts.people import People
from bot.engine.accounts.welcome_credits import Greeting, Welcome
from bot.storage.database import Database

ANN = 11
ANNS: Any = {"username": "ann", "name": "Ann", "language_code": "en"}
GIFT = Credits(5_000_000)


async def test_a_person_is_welcomed_once(database: Database) -> None:
    people = People(database)
    assert await people.find(ANN) is None
    first, greeting = await people.meet(ANN, **ANNS, welcome=Welcome(GIFT))
    again, nothing = await people.meet(ANN, **ANNS, welcome=Welcome(GIFT))
    assert first is not None
    assert (first, first) == (again, await people.find(ANN))
    assert (greeting, nothing) == (Greeting(given=True), Greeting())
    balance = await database.read(lambda conn: ledger.balance(conn, first.account_id))
    assert balance.available == GIFT


async def test_without_a_welcome_none_is_given_and_it_comes_later(database: Database) -> None:
    people = People(database)
    assert (await people.meet(ANN, **ANNS, welcome=None))[1] == Greeting()
    assert (await people.meet(ANN, **ANNS, welcome=Welcome(GIFT)))[1] == Greeting(given=True)


async def test_where_only_the_known_count_a_stranger_stays_one(database: Database) -> None:
    people = People(database)
    assert await people.meet(ANN, **ANNS, welcome=Welcome(GIFT), known_only=True) == (None, Greeting())
    assert await people.find(ANN) is None
    await people.meet(ANN, **ANNS, welcome=None)
    renamed, _ = await people.meet(ANN, **{**ANNS, "name": "Anna"}, welcome=None, known_only=True)
    assert renamed is not None
    assert renamed.name == "Anna"
