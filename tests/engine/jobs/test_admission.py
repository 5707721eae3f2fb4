"""Limits and bans where orders are taken: nothing is held, whoever asks, on both databases."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot import ledger
from bot.domain.errors import Refusal
from bot.domain.limits.admission import Banned, Blocked, TooManyNewOrders, TooManyOrders
from bot.domain.money import CREDIT, Credits
from bot.engine.accounts import bans, users, welcome_credits
from bot.engine.accounts.bans import Bans
from bot.engine.accounts.welcome_credits import Greeting, Welcome
from bot.engine.jobs.admission import Pace
from bot.engine.jobs.submit import OrderLimits, Orders
from bot.engine.jobs.wordlist import WordList
from bot.providers.base import Refused
from bot.storage.database import Database
from tests.engine.kit import Kit, engine

ADMIN = 99


@asynccontextmanager
async def guarded(database: Database, words: WordList | None = None, **pace: int) -> AsyncIterator[Kit]:
    """An engine whose worker stands still: orders stay where they were put."""
    limits = OrderLimits(active_jobs_per_user=100, pace=Pace(exempt=frozenset({ADMIN}), **pace))
    async with engine(database, limits=limits, start=False) as kit:
        kit.orders = Orders(database, kit.shop, limits, words=words)
        yield kit


async def gift(kit: Kit, user_id: int) -> users.User:
    """Somebody with welcome credits only."""
    user = await kit.person(user_id, balance=0)
    amount = Credits(100 * CREDIT)
    await kit.db.transaction(lambda conn: ledger.welcome(conn, account_id=user.account_id, amount=amount))
    return user


async def refused(kit: Kit, user: users.User, error: type[Refusal], prompt: str = "a lake") -> Refusal:
    before = await kit.balance(user)
    with pytest.raises(error) as caught:
        await kit.order(user, prompt)
    assert await kit.balance(user) == before
    return caught.value


async def test_words_are_refused_before_anything_is_held(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("gore\nmusic: lake\n")
    async with guarded(database, WordList(path)) as kit:
        for user_id in (1, ADMIN):
            await refused(kit, await kit.person(user_id), Blocked, "a lake of GORE")
        assert (await kit.order(await kit.person(2), "a lake")).existed is False


async def test_orders_of_one_person_per_minute(database: Database) -> None:
    async with guarded(database, orders_per_minute=2) as kit:
        ann, bob, olga = await kit.person(1), await kit.person(2), await kit.person(ADMIN)
        first = await kit.order(ann, id="first")
        database.shift_clock(20)
        await kit.order(ann)
        too_many = await refused(kit, ann, TooManyOrders)
        assert isinstance(too_many, TooManyOrders)
        assert (too_many.limit, too_many.everybody) == (2, False)
        assert 38 < too_many.seconds <= 40
        assert (await kit.order(ann, id="first")).job.id == first.job.id, "a second tap is no second order"
        await kit.order(bob)
        for _ in range(4):
            await kit.order(olga)
        database.shift_clock(41)
        await kit.order(ann)


async def test_orders_of_everybody_per_minute(database: Database) -> None:
    async with guarded(database, all_orders_per_minute=2) as kit:
        ann, bob, olga = await kit.person(1), await kit.person(2), await kit.person(ADMIN)
        await kit.order(ann)
        await kit.order(bob)
        too_many = await refused(kit, ann, TooManyOrders)
        assert isinstance(too_many, TooManyOrders)
        assert too_many.everybody
        await kit.order(olga)
        database.shift_clock(61)
        await kit.order(ann)


async def test_two_orders_at_once_do_not_share_the_last_place(database: Database) -> None:
    async with guarded(database, orders_per_minute=3) as kit:
        ann = await kit.person(1)
        done = await asyncio.gather(*(kit.order(ann) for _ in range(6)), return_exceptions=True)
        assert sum(isinstance(each, TooManyOrders) for each in done) == 3


async def test_who_never_topped_up_orders_so_much_a_day(database: Database) -> None:
    async with guarded(database, new_user_orders_per_day=2) as kit:
        ann, payer = await gift(kit, 1), await kit.person(2)
        for n in range(2):
            await kit.order(ann, id=f"ann{n}")
        for _ in range(4):
            await kit.order(payer)
        limit = await refused(kit, ann, TooManyNewOrders)
        assert isinstance(limit, TooManyNewOrders)
        assert (limit.limit, round(limit.seconds / 3600)) == (2, 24)
        await kit.orders.cancel("ann0", account_id=ann.account_id)
        await kit.order(ann)  # what came to nothing and cost nothing does not count
        await refused(kit, ann, TooManyNewOrders)
        await kit.db.transaction(
            lambda conn: ledger.top_up(conn, key="t", account_id=ann.account_id, amount=Credits(CREDIT), actor=None)
        )
        await kit.order(ann)


async def test_a_day_later_a_new_person_orders_again(database: Database) -> None:
    async with guarded(database, new_user_orders_per_day=1) as kit:
        ann = await gift(kit, 1)
        await kit.order(ann)
        await refused(kit, ann, TooManyNewOrders)
        database.shift_clock(24 * 3600 + 1)
        await kit.order(ann)


async def test_a_ban_stops_orders_and_lets_running_jobs_end(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        placed = await kit.order(ann)
        assert await kit.db.transaction(lambda conn: bans.ban(conn, 1, reason="spam", actor=7))
        assert not await kit.db.transaction(lambda conn: bans.ban(conn, 1, reason="again", actor=8))
        await kit.finished(placed.job.id)
        assert await kit.balance(ann) == (90, 0)
        await refused(kit, ann, Banned)
        found = await kit.db.read(lambda conn: bans.get(conn, 1))
        assert found is not None
        assert (found.reason, found.actor) == ("spam", 7)
        assert await kit.db.transaction(lambda conn: bans.unban(conn, 1))
        await kit.order(ann)


async def test_what_a_process_remembers_of_bans_follows_the_table(database: Database) -> None:
    clock = [0.0]
    known = Bans(database, lambda: clock[0])

    async def change(fn: Callable[[Connection], bool]) -> None:
        await database.transaction(fn)

    assert not await known.has(1)
    await change(lambda conn: bans.ban(conn, 1, reason="", actor=7))
    assert not await known.has(1), "within the minute, unheard of"
    clock[0] = 61
    assert await known.has(1)
    await change(lambda conn: bans.unban(conn, 1))
    known.forget()
    assert not await known.has(1)
    assert await database.read(lambda conn: (bans.among(conn, [1, 2]), bans.count(conn))) == (frozenset(), 0)


async def test_moderation_upstream_is_a_failure_that_costs_nothing(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["nude"] = (Refused("content policy"),)
        placed = await kit.order(ann, "nude")
        job = await kit.finished(placed.job.id)
        assert (job.state, job.cause, job.charged) == ("failed", "refused", None)
        assert await kit.balance(ann) == (100, 0)


async def greet(database: Database, user_id: int, welcome: Welcome, *, pays: bool = False) -> Greeting:
    def meet(conn: Connection) -> Greeting:
        user, _ = users.seen(conn, user_id=user_id, username=None, name="x", language_code="en")
        if pays:
            ledger.top_up(conn, key=f"t{user_id}", account_id=user.account_id, amount=Credits(CREDIT), actor=None)
        return welcome_credits.greet(conn, user, welcome)

    return await database.transaction(meet)


async def test_welcome_credits_are_given_to_so_many_people_an_hour(database: Database) -> None:
    welcome = Welcome(Credits(5 * CREDIT), per_hour=2, key=b"key")
    assert [(await greet(database, n, welcome)).given for n in (1, 2)] == [True, True]
    assert await greet(database, 1, welcome) == welcome_credits.NOTHING
    late = await greet(database, 3, welcome)
    assert not late.given
    assert 3590 < late.wait <= 3600
    assert (await greet(database, 4, welcome, pays=True)).given, "who paid does not wait"
    database.shift_clock(3601)
    assert (await greet(database, 3, welcome)).given
    assert await database.read(ledger.verify) == []


async def test_many_new_people_at_once_do_not_get_more_than_that(database: Database) -> None:
    welcome = Welcome(Credits(5 * CREDIT), per_hour=3, key=b"key")
    done = await asyncio.gather(*(greet(database, n, welcome) for n in range(1, 9)))
    assert sum(each.given for each in done) == 3


async def test_without_a_gift_nobody_is_greeted(database: Database) -> None:
    assert await greet(database, 1, Welcome(per_hour=1)) == welcome_credits.NOTHING
