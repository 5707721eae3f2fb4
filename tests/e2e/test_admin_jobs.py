"""The operator and jobs, as chats: everything about one on its card, refunds and cancels that ask first."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection, text

from bot import ledger
from bot.domain.jobs import JobState
from bot.domain.money import CREDIT
from bot.engine.accounts import users
from bot.engine.operations.overview import NEW
from bot.ledger import Entry
from bot.telegram.ui.callbacks import AdminAction
from sandbox.client import ChatView, Msg, Person
from tests.drivers.app import World, easel


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with easel(sqlite_url) as started:
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


MORE = ["Description", "Progress", "Result", "Credits", "↻ Refresh", "‹ All orders"]
"""The buttons of every card."""


async def opened(chat: ChatView, label: str) -> str:
    """What is behind a button of the card; the card is shown again after it."""
    await chat.click(label, on=await chat.wait(button=label))
    page = await chat.wait(button="‹ Back")
    await chat.click("‹ Back", on=page)
    await chat.wait(button=label)
    return page.text


async def order(world: World, person: Person) -> None:
    """A Pika video in a style, confirmed."""
    chat = person.private()
    await chat.send("/pika --style 4 a lake <at> dawn")
    await chat.wait("Price: 10 credits")
    await chat.click("Confirm")


async def test_a_refund_shows_the_job_gives_back_once_and_is_told(world: World) -> None:
    olga, boris = await world.admin(), await world.person("Boris", language="ru", credits=25)
    await boris.private().send("/pika --style 4 a lake <at> dawn")
    await boris.private().click("Подтвердить", on=await boris.private().wait("Цена: 10 кредитов"))
    job = await world.finished()
    chat = olga.private()
    await chat.send(f"/refund {job.id.upper()} it was black")
    asked = await chat.wait(f"Refund 10 credits for the order {job.id}?")
    for shown in ("Pika for Boris (@boris", "a lake <at> dawn", "Note: it was black"):
        assert shown in asked.text
    assert await world.balance(boris) == (15, 0)
    await chat.click("Confirm", on=asked)
    await chat.wait("Refunded 10 credits to Boris")
    assert "Возвращено: 10 кредитов за Pika. Ваш баланс: 25 кредитов" in (await boris.private().last()).text
    assert "decided" in (await chat.forge(asked.id, data_of(asked, "Confirm"))).text
    await chat.send(f"/refund {job.id}")
    await chat.wait("was refunded earlier")
    assert await world.balance(boris) == (25, 0)
    refund = (await entries(world, boris))[0]
    assert (refund.kind, refund.amount, refund.note) == ("refund", 10 * CREDIT, "it was black")


async def test_nothing_is_given_back_to_an_account_that_is_nobodys(world: World) -> None:
    olga, ann = await world.admin(), await world.person(credits=25)
    await order(world, ann)
    job = await world.finished()
    chat, hers = olga.private(), ann.private()
    await chat.send(f"/refund {job.id}")
    asked = await chat.wait("Refund 10 credits")
    await hers.send("/forget")
    await hers.click("Erase everything", on=await hers.wait("You also lose your balance"))
    await hers.wait("Everything about you is erased")
    await chat.click("Confirm", on=asked)
    assert "had all their data erased" in (await chat.wait("Nothing was refunded.")).text
    await chat.send(f"/refund {job.id}")
    await chat.expect("Nothing was refunded. If they are back, use /topup.")
    await chat.send(f"/job {job.id}")
    erased = await chat.wait("A person whose data were erased", button="Refresh")
    assert erased.button("Refund") is None
    moved = await world.easel.db.read(lambda conn: ledger.of_job(conn, job.id))
    assert [entry.kind for entry in moved] == ["hold", "capture"]


async def test_all_jobs_are_listed_and_open_their_cards(world: World) -> None:
    olga, ann = await world.admin(), await world.person(credits=200)
    chat = olga.private()
    await chat.send("/jobs all")
    await chat.wait("There are no orders yet.")
    await order(world, ann)
    job = await world.finished()
    await chat.send("/jobs ALL")
    listed = await chat.wait("Orders: 1")
    assert f"✅ {job.id} Pika · Ann ({ann.id}) · done ·" in listed.text
    await chat.click(job.id)
    card = await chat.wait(f"Order {job.id}")
    assert card.id == listed.id
    for shown in (
        "Ann (@ann, id 1000001), account",
        "Pika (pika, video) at ai_now",
        "style = 4",
        "a lake <at> dawn",
        "Ordered: ",
        "Took: ",
        "Quote: 10, charged: 10",
    ):
        assert shown in card.text
    assert card.buttons == ["Refund…", *MORE]
    for label, said in {
        "Description": ("style = 4", "a lake <at> dawn"),
        "Progress": (
            "attempt 1",
            "Sent to the service: ",
            "Deadline: ",
            "Finished: ",
            f"Chat {ann.id}, topic –, message ",
        ),
        "Result": ("Delivered as: video",),
        "Credits": ("10 held · ", "10 charged · "),
    }.items():
        page = await opened(chat, label)
        assert [words for words in (f"Order {job.id}", *said) if words not in page] == []
    await chat.click("‹ All orders")
    assert (await chat.wait("Orders: 1")).id == listed.id
    await chat.send("/jobs")
    await chat.wait("You have no orders yet")


async def test_a_job_is_refunded_from_its_card(world: World) -> None:
    olga, ann = await world.admin(), await world.person(credits=10)
    await order(world, ann)
    job = await world.finished()
    chat = olga.private()
    await chat.send(f"/job {job.id}")
    card = await chat.wait("charged: 10")
    press = data_of(card, "Refund…")
    await chat.click("Refund…")
    await chat.wait("Refund 10 credits", button="Confirm")
    await chat.click("Confirm")
    await chat.wait("Refunded 10 credits to Ann")
    assert await world.balance(ann) == (10, 0)
    refused = await chat.forge(card.id, press)
    assert refused.text == "There is nothing to refund for this order."
    await chat.send(f"/job {job.id}")
    card = await chat.wait("Refunded.")
    assert card.buttons == MORE
    money = await opened(chat, "Credits")
    assert "10 refund · " in money
    assert "by Olga (account" in money


async def test_a_running_job_is_cancelled_from_its_card(world: World) -> None:
    olga, ann = await world.admin(), await world.person(credits=10)
    world.ai_now.faults.add("stall", times=1)
    await order(world, ann)
    job = await world.job(lambda job: job.state is JobState.RUNNING)
    assert await world.balance(ann) == (0, 10)
    chat = olga.private()
    await chat.send(f"/job {job.id}")
    card = await chat.wait("being made")
    await chat.click("Cancel…")
    await chat.wait("The 10 credits held go back to them at once")
    await chat.click("‹ Back")
    await chat.wait("being made")
    await chat.click("Cancel…")
    assert (await chat.click("Cancel the order", on=await chat.wait("for its user?"))).text == "Cancelled."
    cancelled = await chat.wait("cancelled")
    assert (cancelled.id, cancelled.buttons) == (card.id, MORE)
    assert await world.balance(ann) == (10, 0)
    await ann.private().wait("Cancelled.")
    await world.finished()
    stop = AdminAction(act="stop-ok", id=job.id).pack()
    assert (await chat.forge(card.id, stop)).text == "Cancelled."
    assert await world.balance(ann) == (10, 0)


async def test_a_failed_job_tells_cause_and_detail_escaped_and_what_to_reconcile(world: World) -> None:
    olga, ann = await world.admin(), await world.person(credits=20)
    world.ai_now.faults.add("cut", times=1)
    await order(world, ann)
    job = await world.finished()
    detail = "<script>&" * 100

    def rewrite(conn: Connection) -> None:
        conn.execute(text("UPDATE jobs SET detail = :detail WHERE id = :id"), {"detail": detail, "id": job.id})

    await world.easel.db.transaction(rewrite)
    chat = olga.private()
    await chat.send(f"/job {job.id}")
    card = await chat.wait("connection_lost: The connection to the service broke")
    assert "The service answered: <script>&<script>&" in card.text
    assert "Compare with the service's bill: connection_lost" in card.text
    assert card.buttons == MORE
    await chat.send("/status")
    status = await chat.wait("Orders without an answer from the service: 1 in three days")
    await chat.click("🗂 Orders", on=status)
    orders = await chat.wait("Compare with the services' bills: 1", button="‹ Back")
    assert f"{job.id} · connection_lost" in orders.text
    world.easel.db.shift_clock(NEW + 60)  # what is older was compared meanwhile, and is still counted
    await chat.click("‹ Back", on=orders)
    assert "without an answer" not in (await chat.wait("Models on sale")).text
    await chat.click("🗂 Orders", on=orders)
    await chat.wait("Compare with the services' bills: 1", button="‹ Back")
