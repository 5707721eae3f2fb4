"""Every way credits move, by its name: what it does, its replay, and each refusal."""

import pytest
from sqlalchemy import Connection

from bot import ledger
from bot.domain.errors import KeyReused, NotEnoughCredits, NotRefundable
from bot.domain.money import CENT, Credits
from bot.ledger import House
from bot.storage.database import Database
from tests.ledger.books import account_with, done, expect_clean, failed, figures, insert_job, place, refunded, worth


async def test_new_accounts_are_numbered_from_one_and_empty(database: Database) -> None:
    first, second = await account_with(database, 0), await account_with(database, 0)
    assert (first, second) == (1, 2)
    assert await figures(database, first) == (0, 0)


async def test_an_unknown_account_has_no_balance(database: Database) -> None:
    with pytest.raises(ledger.UnknownAccount):
        await database.read(lambda conn: ledger.balance(conn, 99))


async def test_a_hold_reserves_and_a_capture_takes_and_returns_the_rest(database: Database) -> None:
    account = await account_with(database, 20)
    await database.transaction(lambda conn: place(conn, "j", account, worth(10)))
    assert await figures(database, account) == (10, 10)
    await expect_clean(database)
    await database.transaction(lambda conn: done(conn, "j", worth(7.5)))
    assert await figures(database, account) == (12.5, 0)
    await expect_clean(database)


async def test_a_capture_of_nothing_returns_all_of_it(database: Database) -> None:
    account = await account_with(database, 20)
    await database.transaction(lambda conn: place(conn, "j", account, worth(10)))
    await database.transaction(lambda conn: done(conn, "j", Credits(0)))
    assert await figures(database, account) == (20, 0)
    with pytest.raises(NotRefundable):
        await database.transaction(lambda conn: ledger.refund(conn, job_id="j", actor=None))
    await expect_clean(database)


async def test_a_release_returns_everything(database: Database) -> None:
    account = await account_with(database, 20)
    await database.transaction(lambda conn: place(conn, "j", account, worth(10)))
    await database.transaction(lambda conn: failed(conn, "j"))
    assert await figures(database, account) == (20, 0)
    await expect_clean(database)


async def test_a_refund_gives_back_exactly_the_capture_once(database: Database) -> None:
    account = await account_with(database, 20)
    await database.transaction(lambda conn: place(conn, "j", account, worth(10)))
    with pytest.raises(NotRefundable):
        await database.transaction(lambda conn: ledger.refund(conn, job_id="j", actor=account, note="early"))
    await database.transaction(lambda conn: done(conn, "j", worth(7)))
    assert await database.transaction(lambda conn: refunded(conn, "j")) == worth(7)
    assert await figures(database, account) == (20, 0)
    with pytest.raises(NotRefundable):
        await database.transaction(lambda conn: ledger.refund(conn, job_id="j", actor=account, note="again"))
    assert await figures(database, account) == (20, 0)
    await expect_clean(database)


async def test_overdraft_is_refused_with_what_is_there_and_spoils_nothing(database: Database) -> None:
    account = await account_with(database, 12)

    def fn(conn: Connection) -> NotEnoughCredits:
        place(conn, "first", account, worth(5))
        with pytest.raises(NotEnoughCredits) as refused:
            ledger.hold(conn, job_id="second", account_id=account, amount=worth(7.01))
        place(conn, "third", account, worth(7))
        return refused.value

    refusal = await database.transaction(fn)
    assert (refusal.available, refusal.needed) == (worth(7), worth(7.01))
    assert await figures(database, account) == (0, 12)
    await expect_clean(database)


async def test_a_debit_takes_available_credits_only(database: Database) -> None:
    account = await account_with(database, 12)
    await database.transaction(lambda conn: place(conn, "j", account, worth(10)))
    with pytest.raises(NotEnoughCredits) as refused:
        await database.transaction(
            lambda conn: ledger.debit(conn, key="d", account_id=account, amount=worth(3), actor=None)
        )
    assert refused.value.available == worth(2)
    await database.transaction(
        lambda conn: ledger.debit(conn, key="d", account_id=account, amount=worth(2), actor=None)
    )
    assert await figures(database, account) == (0, 10)
    await expect_clean(database)


async def test_the_same_again_is_a_replay_and_other_content_an_error(database: Database) -> None:
    account, other = await account_with(database, 50), await account_with(database, 50)
    two, three = worth(2), worth(3)

    def fn(conn: Connection) -> None:
        assert ledger.top_up(conn, key="k", account_id=account, amount=two, actor=other)
        assert not ledger.top_up(conn, key="k", account_id=account, amount=two, actor=other, note="other words")
        for changed in (
            {"account_id": other, "amount": two, "actor": other},
            {"account_id": account, "amount": three, "actor": other},
            {"account_id": account, "amount": two, "actor": None},
        ):
            with pytest.raises(KeyReused):
                ledger.top_up(conn, key="k", **changed)
        assert ledger.debit(conn, key="k", account_id=account, amount=two, actor=None)
        assert not ledger.debit(conn, key="k", account_id=account, amount=two, actor=None)
        with pytest.raises(KeyReused):
            ledger.debit(conn, key="k", account_id=account, amount=three, actor=None)
        place(conn, "j", account, three)
        assert not ledger.hold(conn, job_id="j", account_id=account, amount=three)
        with pytest.raises(KeyReused):
            ledger.hold(conn, job_id="j", account_id=account, amount=two)
        with pytest.raises(KeyReused):
            ledger.hold(conn, job_id="j", account_id=other, amount=three)
        done(conn, "j", two)
        assert not ledger.capture(conn, job_id="j", amount=two)
        with pytest.raises(KeyReused):
            ledger.capture(conn, job_id="j", amount=three)
        assert not ledger.hold(conn, job_id="j", account_id=account, amount=three)
        place(conn, "r", account, three)
        failed(conn, "r")
        assert not ledger.release(conn, job_id="r")

    await database.transaction(fn)
    assert await figures(database, account) == (48, 0)
    await expect_clean(database)


async def test_a_replay_is_one_even_when_the_credit_is_gone(database: Database) -> None:
    account = await account_with(database, 10)
    await database.transaction(lambda conn: place(conn, "j", account, worth(10)))
    assert not await database.transaction(
        lambda conn: ledger.hold(conn, job_id="j", account_id=account, amount=worth(10))
    )


async def test_a_job_is_settled_once(database: Database) -> None:
    account = await account_with(database, 50)
    ten, eleven = worth(10), worth(11)

    def fn(conn: Connection) -> None:
        for job_id in ("captured", "released"):
            place(conn, job_id, account, ten)
        for job_id in ("captured", "released"):
            with pytest.raises(ledger.BrokenRule):
                ledger.capture(conn, job_id=job_id, amount=eleven)
        done(conn, "captured", ten)
        failed(conn, "released")
        with pytest.raises(ledger.BrokenRule):
            ledger.release(conn, job_id="captured")
        with pytest.raises(ledger.BrokenRule):
            ledger.capture(conn, job_id="released", amount=ten)
        with pytest.raises(ledger.BrokenRule):
            ledger.capture(conn, job_id="unknown", amount=ten)
        with pytest.raises(ledger.BrokenRule):
            ledger.release(conn, job_id="unknown")

    await database.transaction(fn)
    assert await figures(database, account) == (40, 0)
    await expect_clean(database)


async def test_welcome_credits_are_given_once_whatever_the_setting_becomes(database: Database) -> None:
    account, stranger = await account_with(database, 0), await account_with(database, 0)
    welcome = ledger.welcome
    assert not await database.transaction(lambda conn: welcome(conn, account_id=stranger, amount=Credits(0)))
    assert await database.transaction(lambda conn: welcome(conn, account_id=account, amount=worth(5)))
    assert not await database.transaction(lambda conn: welcome(conn, account_id=account, amount=worth(5)))
    assert not await database.transaction(lambda conn: welcome(conn, account_id=account, amount=worth(9)))
    assert await figures(database, account) == (5, 0)
    assert await figures(database, stranger) == (0, 0)
    await expect_clean(database)


async def test_an_account_that_is_not_there_gets_nothing(database: Database) -> None:
    def fn(conn: Connection) -> None:
        with pytest.raises(ledger.BrokenRule):
            ledger.top_up(conn, key="k", account_id=99, amount=worth(1), actor=None)
        with pytest.raises(ledger.BrokenRule):
            ledger.hold(conn, job_id="j", account_id=99, amount=worth(1))
        with pytest.raises(ledger.BrokenRule):
            ledger.top_up(conn, key="k", account_id=int(House.REVENUE), amount=worth(1), actor=None)

    await database.transaction(fn)
    await expect_clean(database)


@pytest.mark.parametrize("amount", [0, -CENT, 1, CENT + 1, 10**17])
async def test_odd_amounts_never_reach_the_books(database: Database, amount: int) -> None:
    account = await account_with(database, 10)
    odd = Credits(amount)

    def fn(conn: Connection) -> None:
        with pytest.raises(ValueError, match=r"multiple of 0\.01"):
            ledger.top_up(conn, key="k", account_id=account, amount=odd, actor=None)
        with pytest.raises(ValueError, match=r"multiple of 0\.01"):
            ledger.hold(conn, job_id="j", account_id=account, amount=odd)
        if amount:
            place(conn, "k", account, worth(10))
            with pytest.raises(ValueError, match=r"multiple of 0\.01"):
                ledger.capture(conn, job_id="k", amount=odd)

    await database.transaction(fn)


async def test_the_house_s_accounts_are_the_other_side_of_everything(database: Database) -> None:
    account = await account_with(database, 20)

    def fn(conn: Connection) -> None:
        ledger.welcome(conn, account_id=account, amount=worth(3))
        ledger.debit(conn, key="d", account_id=account, amount=worth(1), actor=None)
        place(conn, "a", account, worth(5))
        place(conn, "b", account, worth(6))
        place(conn, "c", account, worth(2))
        done(conn, "a", worth(4))
        done(conn, "b", worth(6))
        refunded(conn, "b")

    await database.transaction(fn)
    totals = {house: (await database.read(lambda conn, h=house: ledger.balance(conn, h))).total for house in House}  # type: ignore[misc]
    assert totals == {House.REVENUE: worth(4), House.ISSUED: worth(-19), House.PROMOTIONS: worth(-3)}
    assert sum(totals.values()) + worth(sum(await figures(database, account))) == 0


async def test_money_and_job_move_together_or_not_at_all(database: Database) -> None:
    account = await account_with(database, 20)

    def fn(conn: Connection) -> None:
        place(conn, "j", account, worth(5))
        insert_job(conn, "j", account, worth(5))  # refused: it is there

    with pytest.raises(Exception, match=r"(?i)unique"):
        await database.transaction(fn)
    assert await figures(database, account) == (20, 0)
    await expect_clean(database)
