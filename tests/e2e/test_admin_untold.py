"""An admin to whom the bot cannot write moves credits in a group: nothing moves untold, and nothing twice unasked."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from bot import ledger
from bot.engine.accounts import users
from bot.ledger import Entry
from sandbox.client import Group, Person
from tests.drivers.app import ADMIN_ID, World, easel


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with easel(database_url) as started:
        yield started


async def new_admin(world: World) -> Person:
    """An operator who never pressed Start, so that the bot may not write to them."""
    return await world.tg.user("Olga", language="en", username="olga", id=ADMIN_ID)


async def group_of(world: World, olga: Person, ann: Person) -> Group:
    return await world.tg.group("Friends", [olga, ann])


async def statement(world: World, person: Person) -> list[Entry]:
    def read(conn: object) -> list[Entry]:
        user = users.find(conn, person.id)  # type: ignore[arg-type]
        assert user is not None
        return ledger.statement(conn, user.account_id, limit=50)  # type: ignore[arg-type]

    return await world.easel.db.read(read)


async def test_the_group_hears_that_it_is_done_and_not_how_much(world: World) -> None:
    olga, ann = await new_admin(world), await world.person()
    group = await group_of(world, olga, ann)
    here, question = olga.in_(group), await ann.in_(group).send("may I have some?")
    await here.reply(question, "/topup 50 for you")
    done = await here.wait("Topped up Ann. Do not send the command again.")
    assert "50" not in done.text
    assert len([m for m in await here.messages() if m.from_bot]) == 1
    assert "You were given 50 credits" in (await ann.private().last()).text
    assert await world.balance(ann) == (50, 0)


async def test_what_was_advised_before_asks_once_more(world: World) -> None:
    olga, ann = await new_admin(world), await world.person()
    group = await group_of(world, olga, ann)
    here, question = olga.in_(group), await ann.in_(group).send("may I have some?")
    await here.reply(question, "/topup 50")
    await here.wait("Topped up Ann")
    await here.reply(question, "/topup 50")
    await here.wait("The balance has not changed: you did the same")
    assert await world.balance(ann) == (50, 0)
    private = olga.private()
    await private.send("/start")
    await private.wait("Olga")
    await private.send(f"/topup {ann.id} 50")
    again = await private.wait("Do it again?", button="Confirm")
    assert "⚠️ You topped up the same person by the same amount" in again.text
    assert "Balance: 50 → 100" in again.text
    assert await world.balance(ann) == (50, 0)
    await private.click("Confirm", on=again)
    assert "Their balance now: 100 credits" in (await private.wait("Topped up Ann")).text
    assert await world.balance(ann) == (100, 0)


async def test_other_amounts_other_people_and_later_ones_do_not_ask(world: World) -> None:
    olga, ann, boris = await world.admin(), await world.person(), await world.person("Boris")
    chat = olga.private()
    for who, amount in ((ann, 50), (ann, 49), (boris, 50)):
        await chat.send(f"/topup {who.id} {amount}")
        await chat.wait(f"by {amount} credits. By Olga")
    world.easel.db.shift_clock(601)
    await chat.send(f"/topup {ann.id} 50")
    await chat.wait("Their balance now: 149 credits")
    assert await world.balance(ann) == (149, 0)


async def test_two_questions_that_stood_at_once_are_not_two_debits_unasked(world: World) -> None:
    olga, ann = await world.admin(), await world.person(credits=100)
    chat = olga.private()
    await chat.send(f"/debit {ann.id} 30")
    first = await chat.wait("Take 30 credits from Ann", button="Confirm")
    await chat.send(f"/debit {ann.id} 30")
    second = await chat.wait_for(lambda m: m.id > first.id and m.button("Confirm") is not None)
    await chat.click("Confirm", on=first)
    await chat.wait("Took 30 credits from Ann")
    await chat.click("Confirm", on=second)
    warned = await chat.wait("You took the same amount from the same person", button="Confirm")
    assert warned.id == second.id
    assert await world.balance(ann) == (70, 0)
    await chat.click("Cancel", on=warned)
    await chat.wait("Cancelled. The balance has not changed.")
    assert await world.balance(ann) == (70, 0)


async def test_a_button_under_a_request_asks_once_more_for_what_was_just_typed(world: World) -> None:
    olga, ann = await world.admin(), await world.person()
    await ann.private().send("/balance")
    await ann.private().wait("Your balance")
    await ann.private().click("Ask for credits")
    request = await olga.private().wait_for(lambda m: "asks for credits" in m.text)
    await olga.private().send(f"/topup {ann.id} 50")
    await olga.private().wait("Topped up Ann")
    await olga.private().click("+50", on=request)
    again = await olga.private().wait("Do it again?", button="Confirm")
    assert await world.balance(ann) == (50, 0)
    await olga.private().click("Confirm", on=again)
    await olga.private().wait("Their balance now: 100 credits")


async def test_an_admin_who_cannot_be_asked_is_told_that_nothing_moved(world: World) -> None:
    olga, ann = await new_admin(world), await world.person(credits=9)
    here = olga.in_(await group_of(world, olga, ann))
    for command in ("/topup @ann 50", f"/debit {ann.id} 5"):
        await here.send(command)
        asked = await here.wait("The balance has not changed. I ask you in private first")
        assert "Ann" not in asked.text
    assert await world.balance(ann) == (9, 0)


async def test_where_nothing_can_be_said_nothing_moves(world: World) -> None:
    olga, ann = await new_admin(world), await world.person()
    group = await group_of(world, olga, ann)
    here, question = olga.in_(group), await ann.in_(group).send("may I have some?")
    await group.set_bot("restricted")
    await here.reply(question, "/topup 50")
    await here.silent(0.3)
    assert await world.balance(ann) == (0, 0)


async def test_who_moves_credits_has_an_account_and_no_welcome_before_start(sqlite_url: str) -> None:
    async with easel(sqlite_url, welcome_credits=Decimal(7)) as world:
        olga, ann = await new_admin(world), await world.person()
        group = await group_of(world, olga, ann)
        here, question = olga.in_(group), await ann.in_(group).send("may I have some?")
        await here.reply(question, "/topup 50")
        await here.wait("Topped up Ann")
        admin = await world.easel.db.read(lambda conn: users.find(conn, olga.id))
        assert admin is not None
        assert (await statement(world, ann))[0].actor == admin.account_id > 0
        assert await world.balance(olga) == (0, 0)
        await olga.private().send("/start")
        await olga.private().wait("Olga")
        assert await world.balance(olga) == (7, 0)
