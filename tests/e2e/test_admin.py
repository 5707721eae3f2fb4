"""The operator moves credits by hand, as chats: who is meant, what must be confirmed, and that it happens once."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from bot import ledger
from bot.engine.accounts import users
from bot.ledger import Entry
from sandbox.client import Msg, Person
from tests.drivers.app import ADMIN_ID, World, easel

SECOND_ADMIN = ADMIN_ID + 1


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with easel(sqlite_url, admin_ids=(ADMIN_ID, SECOND_ADMIN), max_topup=Decimal(2000)) as started:
        yield started


async def entries(world: World, person: Person) -> list[Entry]:
    def read(conn: object) -> list[Entry]:
        user = users.find(conn, person.id)  # type: ignore[arg-type]
        assert user is not None
        return ledger.statement(conn, user.account_id, limit=50)  # type: ignore[arg-type]

    return await world.easel.db.read(read)


def data_of(message: Msg, label: str) -> str:
    found = message.button(label)
    assert found is not None
    return str(found["callback_data"])


async def test_a_top_up_by_id_moves_at_once_and_both_are_told(world: World) -> None:
    olga = await world.admin()
    boris = await world.person("Boris", language="ru")
    chat = olga.private()
    await chat.send(f"/topup {boris.id} 12,5 for <b>the</b> logo")
    done = await chat.wait("Topped up Boris (@boris")
    assert "12.5 credits" in done.text
    assert "Their balance now: 12.5 credits" in done.text
    assert "Note: for <b>the</b> logo" in done.text
    told = await boris.private().wait("Вам начислено")
    assert told.text == "💳 Вам начислено: 12,5 кредита. Ваш баланс: 12,5 кредита"
    (entry,) = await entries(world, boris)
    operator = await world.easel.db.read(lambda conn: users.find(conn, olga.id))
    assert operator is not None
    assert (entry.kind, entry.amount, entry.note) == ("top_up", 12_500_000, "for <b>the</b> logo")
    assert entry.actor == operator.account_id


async def test_a_redelivered_top_up_is_one(world: World) -> None:
    olga = await world.admin()
    ann = await world.person()
    await olga.private().send(f"/topup {ann.id} 5")
    await olga.private().wait("Topped up Ann")
    await world.tg.redeliver(1)
    await asyncio.sleep(0.3)
    assert await world.balance(ann) == (5, 0)


async def test_a_username_is_confirmed_and_two_taps_are_one(database_url: str) -> None:
    async with easel(database_url) as world:
        olga = await world.admin()
        ann = await world.person()
        chat = olga.private()
        await chat.send("/topup @ANN 50")
        asked = await chat.wait("Top up Ann (@ann, id")
        assert str(ann.id) in asked.text
        assert "Balance: 0 → 50" in asked.text
        assert asked.buttons == ["Confirm", "Cancel"]
        assert await world.balance(ann) == (0, 0)
        confirm = data_of(asked, "Confirm")
        await asyncio.gather(*(chat.forge(asked.id, confirm) for _ in range(3)))
        done = await chat.wait("Topped up Ann")
        assert (done.id, done.buttons) == (asked.id, [])
        again = await chat.forge(asked.id, confirm)
        assert again.text == "This is decided already or too old. The balance has not changed now."
        assert await world.balance(ann) == (50, 0)


async def test_cancel_and_the_passing_of_a_day_leave_everything_as_it_was(world: World) -> None:
    olga = await world.admin()
    ann = await world.person(credits=5)
    chat = olga.private()
    await chat.send("/debit @ann 3")
    await chat.wait("Take 3 credits from Ann")
    await chat.click("Cancel")
    assert (await chat.wait("Cancelled. The balance has not changed.")).buttons == []
    await chat.send("/debit @ann 4")
    await chat.wait("Take 4 credits from Ann")
    world.easel.db.shift_clock(25 * 3600)
    assert "too old" in (await chat.click("Confirm")).text
    assert await world.balance(ann) == (5, 0)


async def test_only_who_was_asked_may_confirm(world: World) -> None:
    olga = await world.admin()
    boss = await world.person("Boss", id=SECOND_ADMIN)
    ann = await world.person()
    await olga.private().send("/topup @ann 50")
    confirm = data_of(await olga.private().wait("Top up Ann"), "Confirm")
    hello = await boss.private().last()
    assert "decided" in (await boss.private().forge(hello.id, confirm)).text
    assert await world.balance(ann) == (0, 0)


async def test_a_large_amount_is_confirmed_and_one_above_the_maximum_refused(world: World) -> None:
    olga = await world.admin()
    ann = await world.person()
    chat = olga.private()
    await chat.send(f"/topup {ann.id} 1000.01")
    await chat.wait("by 1,000.01 credits?", button="Confirm")
    await chat.send(f"/topup {ann.id} 2000.01")
    refused = await chat.wait("at most 2,000 credits")
    assert "/topup 123456789 12.50" in refused.text
    assert await world.balance(ann) == (0, 0)


async def test_a_sixteen_digit_id_and_thousands_apart_are_understood(world: World) -> None:
    olga = await world.admin()
    zoe = await world.person("Zoe", id=4_000_000_000_000_001)
    chat = olga.private()
    await chat.send(f"/topup {zoe.id} 1 000 for the team")
    asked = await chat.wait("Top up Zoe", button="Confirm")
    assert "by 1,000 credits" in asked.text
    assert "Note: for the team" in asked.text
    await chat.click("Confirm", on=asked)
    await chat.wait("Their balance now: 1,000 credits")
    assert await world.balance(zoe) == (1000, 0)


MISTAKES = (
    ("", "Use it like this", "Пишите так"),
    ("@ann", "The amount is missing", "Не указана сумма"),
    ("@ann lots", "“lots” is not an amount", "«lots» — не сумма"),
    ("@ann -1", "must be above 0", "должна быть больше 0"),
    ("@ann 1,000", "more than two decimal places", "больше двух знаков"),
    ("@nobody_here 5", "I do not know @nobody_here", "Я не знаю @nobody_here"),
    ("4242 5", "The user with the id 4242 has not written", "Пользователь с id 4242 мне ещё не писал"),
    ("@ann 500 50", "Is “500 50” one number or two", "«500 50» — это одно число или два"),
    ("<b>ann 5", "“<b>ann” is neither", "«<b>ann» — не @username"),
)


async def test_what_is_typed_wrong_is_explained_in_both_languages(world: World) -> None:
    await world.person()
    olga = await world.admin()
    pyotr = await world.person("Pyotr", language="ru", id=SECOND_ADMIN)
    for arguments, english, russian in MISTAKES:
        for admin, words in ((olga, english), (pyotr, russian)):
            chat = admin.private()
            for command in ("/topup", "/debit"):
                await chat.send(f"{command} {arguments}")
                await chat.wait(words)


async def test_a_debit_takes_only_what_is_there(world: World) -> None:
    olga = await world.admin()
    ann = await world.person(credits=10)
    chat = olga.private()
    await chat.send(f"/debit {ann.id} 11")
    await chat.wait("Ann (@ann, id 1000001) has only 10 credits available. Nothing was taken.")
    await chat.send(f"/debit {ann.id} 6 chargeback")
    first = await chat.wait("Take 6 credits from Ann")
    assert "Balance: 10 → 4" in first.text
    await chat.send(f"/debit {ann.id} 7")
    second = await chat.wait("Take 7 credits from Ann")
    await chat.click("Confirm", on=first)
    await chat.wait("Took 6 credits from Ann")
    assert "Taken from your balance: 6 credits." in (await ann.private().last()).text
    await chat.click("Confirm", on=second)
    await chat.wait("has only 4 credits available. Nothing was taken.")
    assert await world.balance(ann) == (4, 0)
    assert [(e.kind, e.note) for e in await entries(world, ann)] == [("debit", "chargeback"), ("top_up", "test")]


async def test_somebody_who_cannot_be_reached_is_topped_up_and_the_admin_knows(world: World) -> None:
    olga = await world.admin()
    ann = await world.person()
    await ann.block()
    await olga.private().send(f"/topup {ann.id} 5")
    done = await olga.private().wait("Topped up Ann")
    assert "I could not tell them" in done.text
    assert await world.balance(ann) == (5, 0)


async def test_an_admin_tops_themselves_up_and_is_told_once(world: World) -> None:
    olga = await world.admin()
    before = len(await olga.private().messages())
    await olga.private().send(f"/topup {olga.id} 5")
    await olga.private().wait("Topped up Olga")
    await asyncio.sleep(0.2)
    assert len(await olga.private().messages()) == before + 2


async def ask_for_credits(world: World) -> tuple[Person, Msg, Msg]:
    """Ann asks; the requests as the two admins see them."""
    olga, boss, ann = await world.admin(), await world.person("Boss", id=SECOND_ADMIN), await world.person()
    await ann.private().send("/balance")
    await ann.private().wait("Your balance")
    await ann.private().click("Ask for credits")
    first = await olga.private().wait_for(lambda m: "asks for credits" in m.text)
    second = await boss.private().wait_for(lambda m: "asks for credits" in m.text)
    return ann, first, second


async def test_a_request_is_answered_once_by_all_admins_together(world: World) -> None:
    ann, first, second = await ask_for_credits(world)
    olga, boss = Person(world.tg, ADMIN_ID, "Olga").private(), Person(world.tg, SECOND_ADMIN, "Boss").private()
    await olga.click("+50", on=first)
    done = await olga.wait("by 50 credits. By Olga.")
    assert done.text.startswith(first.text)
    assert (done.id, done.buttons) == (first.id, [])
    assert "You were given 50 credits" in (await ann.private().last()).text
    await olga.forge(first.id, data_of(first, "+50"))
    await boss.click("+100", on=second)
    assert (await boss.wait("Done earlier: 50 credits by Olga")).id == second.id
    assert await world.balance(ann) == (50, 0)
    assert [e.note for e in await entries(world, ann)] == ["asked for credits"]


async def test_a_large_quick_top_up_asks_first(sqlite_url: str) -> None:
    admins = (ADMIN_ID, SECOND_ADMIN)
    async with easel(sqlite_url, admin_ids=admins, confirm_topup_above=Decimal(50)) as world:
        ann, first, second = await ask_for_credits(world)
        olga, boss = Person(world.tg, ADMIN_ID, "Olga").private(), Person(world.tg, SECOND_ADMIN, "Boss").private()
        await olga.click("+100", on=first)
        await olga.wait("Top up Ann", button="Confirm")
        await boss.click("+500", on=second)
        await boss.wait("Top up Ann", button="Confirm")
        assert await world.balance(ann) == (0, 0)
        await boss.click("Confirm", on=second)
        await boss.wait("Topped up Ann")
        await olga.click("Confirm", on=first)
        assert (await olga.wait("Done earlier: 500 credits by Boss")).id == first.id
        assert await world.balance(ann) == (500, 0)
