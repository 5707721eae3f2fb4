"""What the operator looks at, as chats: people, statements, the state of things, the proof of the books."""

import asyncio
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from typing import Any

import pytest
from aiogram.types import CallbackQuery
from sqlalchemy import Connection, text

from bot import ledger
from bot.domain.jobs import JobState
from bot.domain.money import CREDIT, Credits
from bot.engine.accounts import users
from bot.engine.accounts.users import User
from bot.engine.dialogs import inbox
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import AdminAction
from sandbox.client import Person
from tests.drivers.app import World, easel


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with easel(sqlite_url) as started:
        yield started


WRONG_IDS = (
    ("/refund", "Use it like this"),
    ("/refund 'x'", "is not the id of an order"),
    ("/refund abcdefgh23456", "There is no order abcdefgh23456"),
    ("/refund abcdefgh23456 " + "x" * 201, "at most 200 characters"),
    ("/job", "Use it like this"),
    ("/job ../x", "is not the id of an order"),
    ("/job abcdefgh23456", "There is no order abcdefgh23456"),
    ("/ledger", "Use it like this"),
    ("/ledger ann", "neither a @username nor a numeric id"),
    ("/ledger @nobody_here", "I do not know @nobody_here"),
)


async def test_wrong_ids_are_explained(world: World) -> None:
    chat = (await world.admin()).private()
    for command, words in WRONG_IDS:
        await chat.send(command)
        await chat.wait(words)


async def user_of(world: World, person: Person) -> User:
    found = await world.easel.db.read(lambda conn: users.find(conn, person.id))
    assert found is not None
    return found


async def order(world: World, person: Person) -> None:
    """A Pika video in a style, confirmed."""
    chat = person.private()
    await chat.send("/pika --style 4 a lake <at> dawn")
    await chat.wait("Price: 10 credits")
    await chat.click("Confirm")


async def test_users_are_listed_in_pages_whatever_they_call_themselves(world: World) -> None:
    def crowd(conn: Connection) -> None:
        for number in range(20):
            name = "<&\"'😀" * 25
            users.seen(conn, user_id=5_000 + number, username=f"u{number}", name=name, language_code="en")

    olga = await world.admin()
    await world.easel.db.transaction(crowd)
    await world.person("Ann", credits=12.5)
    chat = olga.private()
    await chat.send("/users")
    first = await chat.wait("Users: 22")
    assert "Ann (@ann, id 1000001) · 12.5" in first.text
    assert first.buttons == ["1/5", "›"]
    await chat.click("›")
    assert (await chat.wait("@u15")).buttons == ["‹", "2/5", "›"]
    await chat.forge(first.id, AdminAction(act="users", arg="99").pack())
    last = await chat.wait("Olga (@olga")
    assert (last.id, last.buttons) == (first.id, ["‹", "5/5"])
    await chat.click("‹")
    await chat.wait("@u2,")


async def test_a_statement_tells_every_line_newest_first_in_pages(world: World) -> None:
    olga, ann = await world.admin(), await world.person(credits=100)
    operator, user = await user_of(world, olga), await user_of(world, ann)

    def history(conn: Connection) -> None:
        for number in range(1, 18):
            amount, note = Credits(number * CREDIT), '"' * 200 if number == 17 else f"<n{number}>"
            ledger.top_up(
                conn, key=f"k{number}", account_id=user.account_id, amount=amount, actor=operator.account_id, note=note
            )

    await world.easel.db.transaction(history)
    await order(world, ann)
    job = await world.finished()
    world.ai_now.faults.add("stall", times=1)
    await order(world, ann)
    await world.job(lambda job: job.state is JobState.RUNNING)
    chat = olga.private()
    await chat.send("/ledger @ann")
    first = await chat.wait("Available: 233 credits, held: 10")
    blocks = first.text.split("\n\n")
    assert blocks[1].startswith("−10 held")
    assert blocks[2].startswith("−10 charged")
    assert f"order {job.id}" in blocks[2]
    assert blocks[3].startswith("+17 top-up")
    assert "by Olga (account" in blocks[3]
    assert len(blocks) == 5
    assert first.buttons == ["1", "›"]
    await chat.click("›")
    assert "“<n14>”" in (await chat.wait("+14 top-up")).text
    for said in ("+10 top-up", "+6 top-up", "+100 top-up"):
        await chat.click("›")
        await chat.wait(said)
    last = await chat.last()
    assert (last.id, last.buttons) == (first.id, ["‹", "5"])
    await chat.click("‹")
    await chat.wait("+6 top-up")
    await ann.private().click("Cancel")


async def test_status_says_first_what_needs_the_operator_and_keeps_the_rest_behind_buttons(world: World) -> None:
    chat = (await world.admin()).private()
    await chat.send("/status")
    status = await chat.wait("Needs you: 1", button="Services")
    assert "ALLOW_PRIVATE_RESULT_HOSTS is on.\n→ Switch it off outside the sandbox." in status.text
    assert "Easel 0." in status.text
    assert "database: sqlite" in status.text
    for label, said in {
        "Services": ("✅ AI-Now · works · 4 models", "🔒 Naive: no key, not offered"),
        "🗂 Orders": ("Waiting: 0, at the services: 0, being delivered: 0",),
        "Money": ("People have: 0 credits", "Held for orders under way: 0 credits", "The accounts balance."),
        "Safety": ("Banned people: 0",),
        "Modes": ("WELCOME_CREDITS is 0", "WEBHOOK_URL is empty"),
    }.items():
        await chat.click(label, on=status)
        page = await chat.wait(said[0], button="‹ Back")
        assert page.id == status.id
        assert [words for words in said if words not in page.text] == []
        assert page.button("↻ Refresh") is not None
        await chat.click("‹ Back", on=page)
        await chat.wait("Needs you: 1", button="Services")
    await chat.click("Money", on=status)
    await chat.click("Check the accounts", on=await chat.wait(button="Check the accounts"))
    await chat.wait("✅ The accounts balance.", button="‹ Back")


async def test_where_all_is_well_status_says_so_in_both_languages(world: World) -> None:
    chat = (await world.admin()).private()
    await world.restart(allow_private_result_hosts=False)
    await chat.send("/status")
    status = await chat.wait("All is well. Nothing needs you.")
    assert "Models on sale: 4." in status.text
    await world.tg.user("Olga", language="ru", username="olga", id=chat.user_id)
    await world.restart(ai_now_api_key=None, topup_contact="", welcome_credits=Decimal(5))
    await chat.send("/status")
    status = await chat.wait("Нужно ваше внимание: 1", button="Сервисы")
    assert "В продаже ничего нет." in status.text
    await chat.click("Сервисы", on=status)
    page = await chat.wait("🔒 AI-Now: нет ключа, не предлагается", button="‹ Назад")
    await chat.click("‹ Назад", on=page)
    await chat.click("Режимы", on=await chat.wait(button="Режимы"))
    modes = await chat.wait("TOPUP_CONTACT не указан")
    assert "WELCOME_CREDITS" not in modes.text


async def test_an_empty_purse_upstream_is_told_and_a_probe_let_through(world: World) -> None:
    olga, ann = await world.admin(), await world.person(credits=100)
    world.ai_now.faults.add("418", times=1)
    await order(world, ann)
    await world.finished()
    chat = olga.private()
    await chat.send("/status")
    status = await chat.wait("AI-Now: the balance there is too low.\n→ Top it up")
    await chat.click("Services", on=status)
    listed = await chat.wait("⛔ AI-Now: the balance is too low", button="AI-Now")
    await chat.click("AI-Now", on=listed)
    page = await chat.wait("Off sale: Suno, Luma, Pika, Run", button="Switch off AI-Now")
    assert "One test order will be sent in 10 min" in page.text
    await chat.click("‹ Back", on=page)
    await chat.click("‹ Back", on=await chat.wait("⛔ AI-Now", button="AI-Now"))
    answer = await chat.click("Send one test order: AI-Now", on=await chat.wait(button="Send one test order: AI-Now"))
    assert answer.text == "The next order is sent as a test."
    opened = await chat.wait_for(lambda m: m.id == status.id and m.button("Send one test order") is None)
    await order(world, ann)
    assert (await world.finished()).state is JobState.DONE
    await chat.click("↻ Refresh", on=opened)
    assert "too low" not in (await chat.wait("Models on sale: 4")).text
    again = await chat.forge(opened.id, AdminAction(act="probe", id="ai_now").pack())
    assert again.text == "There is nothing to test."


async def test_a_refused_key_is_told_with_its_setting(world: World) -> None:
    olga, ann = await world.admin(), await world.person(credits=100)
    world.ai_now.faults.add("401", times=1)
    await order(world, ann)
    await world.finished()
    chat = olga.private()
    await chat.send("/status")
    status = await chat.wait("AI-Now refuses the key (401).\n→ Check AI_NOW_API_KEY")
    assert status.button("Send one test order") is None
    await chat.send("/providers ")
    await chat.click("AI-Now", on=await chat.wait("⛔ AI-Now: the key is refused", button="AI-Now"))
    await chat.wait("It goes back on sale as soon as the health check succeeds.", button="Try AI-Now now")


async def test_verify_finds_a_job_that_says_another_price(world: World) -> None:
    olga, ann = await world.admin(), await world.person(credits=10)
    chat = olga.private()
    await chat.send("/verify")
    await chat.wait("The accounts balance.")
    await order(world, ann)
    job = await world.finished()

    def charge(conn: Connection, amount: int) -> None:
        conn.execute(text("UPDATE jobs SET charged = :amount WHERE id = :id"), {"amount": amount, "id": job.id})

    await world.easel.db.transaction(lambda conn: charge(conn, 7))
    await chat.send("/verify")
    assert f"charged {job.id}: the job says 7" in (await chat.wait("Problems: 1")).text
    await world.easel.db.transaction(lambda conn: charge(conn, 10 * CREDIT))


@pytest.mark.parametrize("act", ["status", "users", "ledger", "jobs", "shelf"])
async def test_the_spinner_stops_before_a_page_is_read(world: World, act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """/status waits for Telegram, and any page for the database: the press does not."""
    olga = await world.admin()
    chat = olga.private()
    await chat.send("/status")
    status = await chat.wait("Models on sale")
    steps: list[str] = []
    shown = asyncio.Event()
    read, answer, edit = world.easel.db.read, messages.answer_callback, messages.edit

    async def noted_read(fn: Callable[[Connection], Any]) -> Any:
        if inbox.current() is not None:  # what runs beside the press reads, too
            steps.append("read")
        return await read(fn)

    async def noted_answer(query: CallbackQuery, text: str = "", *, alert: bool = False) -> None:
        steps.append("answered")
        await answer(query, text, alert=alert)

    async def noted_edit(*args: Any) -> bool:
        shown.set()
        return await edit(*args)

    monkeypatch.setattr(world.easel.db, "read", noted_read)
    monkeypatch.setattr(messages, "answer_callback", noted_answer)
    monkeypatch.setattr(messages, "edit", noted_edit)
    await chat.forge(status.id, AdminAction(act=act, id=str(olga.id) if act == "ledger" else "").pack())
    await asyncio.wait_for(shown.wait(), 10)
    assert steps.count("answered") == 1
    assert steps[-1] == "read"
