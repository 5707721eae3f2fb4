"""People are remembered for a minute, and not a moment longer than what is remembered holds."""

from dataclasses import replace
from typing import Any

import pytest
from aiogram.types import Message

from bot.domain.money import CREDIT, Credits
from bot.engine.accounts import users
from bot.engine.accounts.users import User
from bot.storage.database import Database
from bot.telegram.context.user_cache import FOR, KEPT, Facts, UserCache
from bot.telegram.i18n.texts import Speech
from tests.engine.kit import Troubled
from tests.telegram.line import running

FACTS = Facts("ann", "Ann", "en")


def user(number: int = 5) -> User:
    return User(number, 100 + number, "ann", "Ann", None, "en", 0.0)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def known(clock: Clock) -> UserCache:
    known = UserCache(clock)
    known.keep(user(), FACTS, greeted=False, edition=known.edition)
    return known


def test_somebody_of_whom_nothing_differs_is_known(known: UserCache) -> None:
    assert known.find(5, FACTS, greeted=False) == user()
    assert known.find(6, FACTS, greeted=False) is None


@pytest.mark.parametrize("change", [{"username": None}, {"username": "Ann"}, {"name": "Anna"}, {"language_code": "ru"}])
def test_whoever_changed_is_noted_anew(known: UserCache, change: dict[str, Any]) -> None:
    assert known.find(5, replace(FACTS, **change), greeted=False) is None


def test_the_first_private_contact_is_never_taken_from_memory(known: UserCache) -> None:
    assert known.find(5, FACTS, greeted=True) is None
    known.keep(user(), FACTS, greeted=True, edition=known.edition)
    assert known.find(5, FACTS, greeted=True) == known.find(5, FACTS, greeted=False) == user()


def test_memory_ends(known: UserCache, clock: Clock) -> None:
    clock.now += FOR - 1
    assert known.find(5, FACTS, greeted=False) is not None
    clock.now += 1
    assert known.find(5, FACTS, greeted=False) is None


def test_what_was_asked_before_everybody_was_forgotten_is_not_kept(known: UserCache) -> None:
    edition = known.edition
    known.forget()
    assert known.find(5, FACTS, greeted=False) is None
    known.keep(user(), FACTS, greeted=False, edition=edition)
    assert known.find(5, FACTS, greeted=False) is None
    known.keep(user(), FACTS, greeted=False, edition=known.edition)
    assert known.find(5, FACTS, greeted=False) is not None


def test_memory_has_a_bound(known: UserCache) -> None:
    for number in range(10, 10 + KEPT):
        known.keep(user(number), FACTS, greeted=False, edition=known.edition)
    assert known.find(5, FACTS, greeted=False) is None
    assert known.find(10, FACTS, greeted=False) is not None


async def test_the_database_is_asked_once_for_one_who_writes_often(database: Database) -> None:
    asked: list[str] = []

    async def listen(name: str) -> None:
        if name.endswith(".meet"):
            asked.append(name)

    async def greet(message: Message, person: users.User, t: Speech, welcomed: bool) -> None:
        await message.answer(f"{person.name} {t.language} {welcomed}")

    async with running(Troubled(database, listen), message=greet, welcome=Credits(5 * CREDIT)) as line:
        ann = await line.world.tg.user("Ann")
        group = await line.world.tg.group("G", [ann])
        await ann.in_(group).send("/start")
        await ann.in_(group).expect("Ann en False")
        for expected in ("True", "False", "False"):
            await ann.private().send("hello")
            await ann.private().wait_for(lambda msg, e=expected: msg.text == f"Ann en {e}")
        await ann.in_(group).send("/start")
        await ann.in_(group).wait_for(lambda msg: msg.id > 2 and msg.text == "Ann en False")
        assert 1 <= len(asked) <= 2  # in private alone: a group makes nobody known; its word may come after the next
