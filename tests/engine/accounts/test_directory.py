"""Users found by id and name, opened by id, and listed with what operators want to see of them."""

from bot.engine.accounts.directory import Directory, Listed, offset_of
from bot.engine.accounts.moderation import Moderation
from bot.storage.database import Database
from tests.engine.credits.people import met


async def test_users_are_found_and_opened_once(database: Database) -> None:
    ann = await met(database, 2, "Ann")
    directory = Directory(database)
    assert await directory.find(2) == await directory.named("@ANN") == await directory.open(2) == ann
    assert (await directory.find(3), await directory.named("bob")) == (None, None)
    bob = await directory.open(3)
    assert (bob.id, bob.name, await directory.open(3)) == (3, "", bob)


async def test_the_list_ends_with_its_last_page(database: Database) -> None:
    directory = Directory(database)
    assert await directory.page(4, 2) == (0, [])
    found = [await met(database, i, name) for i, name in enumerate(("Ann", "Bob", "Eve"), 1)]
    await Moderation(database).ban(3, reason="", actor=found[0])
    total, first = await directory.page(0, 2)
    _, last = await directory.page(9, 2)
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
