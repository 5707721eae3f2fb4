"""People: met once with a welcome and never where only the known are taken note of; found, opened by id, listed."""

from typing import Any

from bot import ledger
from bot.domain.money import Credits
from bot.engine.accounts.moderation import Moderation
from bot.engine.accounts.people import Listed, People, offset_of
from bot.engine.accounts.welcome_credits import Greeting, Welcome
from bot.storage.database import Database
from tests.engine.credits.people import met

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


async def test_users_are_found_and_opened_once(database: Database) -> None:
    ann = await met(database, 2, "Ann")
    people = People(database)
    assert await people.find(2) == await people.named("@ANN") == await people.open(2) == ann
    assert (await people.find(3), await people.named("bob")) == (None, None)
    bob = await people.open(3)
    assert (bob.id, bob.name, await people.open(3)) == (3, "", bob)


async def test_the_list_ends_with_its_last_page(database: Database) -> None:
    people = People(database)
    assert await people.page(4, 2) == (0, [])
    found = [await met(database, i, name) for i, name in enumerate(("Ann", "Bob", "Eve"), 1)]
    await Moderation(database).ban(3, reason="", actor=found[0])
    total, first = await people.page(0, 2)
    _, last = await people.page(9, 2)
    assert total == 3
    assert sorted((each.user.name, each.banned) for each in (*first, *last)) == [
        ("Ann", False),
        ("Bob", False),
        ("Eve", True),
    ]
    assert len(last) == 1
    assert isinstance(last[0], Listed)


def test_pages_beyond_the_end_are_the_last() -> None:
    assert [offset_of(number, 8, 17) for number in (0, 2, 3)] == [0, 16, 16]
    assert offset_of(5, 8, 0) == 0
