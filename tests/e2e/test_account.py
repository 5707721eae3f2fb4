"""A person's own affairs as chats: greeting, help, balance, language, lists, and what the bot cannot use."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
from aiogram.types import Update

from bot.domain.jobs import JobState
from tests.drivers.app import ADMIN_ID, World, easel


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with easel(sqlite_url, welcome_credits=Decimal(25)) as started:
        yield started


@pytest.mark.parametrize(
    ("language", "hello", "gift", "menu"),
    [
        ("en", "Hello, Ann! I make videos and music from your words.", "🎁 You have 25 credits", "My orders"),
        ("ru", "Здравствуйте, Ann! Делаю видео и музыку по описанию.", "🎁 Для начала у вас 25 кредитов", "Мои заказы"),
        ("de", "Hello, Ann! I make videos and music from your words.", "🎁 You have 25 credits", "My orders"),
    ],
)
async def test_start_greets_in_the_persons_language_and_gives_the_credits_once(
    world: World, language: str, hello: str, gift: str, menu: str
) -> None:
    chat = (await world.person("Ann", language=language)).private()
    first = await chat.last()
    assert hello in first.text
    assert gift in first.text
    assert first.button(menu) is not None
    assert ("🌐 I speak English, Русский: /language" in first.text) is (language == "de")
    await chat.send("/start")
    second = await chat.wait(hello)
    assert gift not in second.text
    assert "25" in second.text  # the balance
    assert await world.balance(await world.tg.user("Ann", id=chat.user_id, language=language)) == (25, 0)


async def test_without_welcome_credits_none_are_mentioned(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        ann = await world.person()
        assert "credits" not in (await ann.private().last()).text
        assert await world.balance(ann) == (0, 0)


async def test_somebody_who_orders_before_start_hears_of_the_credits_too(world: World) -> None:
    chat = (await world.tg.user("Cy", language="en")).private()
    await chat.send("/luma a lake")
    await chat.wait("Luma", button="Check again")
    assert any("🎁 You have 25 credits" in msg.text for msg in await chat.messages())


async def test_the_menu_leads_everywhere_and_back_in_one_message(world: World) -> None:
    chat = (await world.person()).private()
    menu = await chat.last()
    for label, said in {
        "Video": "/video a serene lake",
        "Balance": "Your balance: 25 credits",
        "My orders": "no orders yet",
        "Settings": "Language:",
        "Help": "Just type what you want",
    }.items():
        await chat.click(label, on=menu)
        page = await chat.wait(said, button="‹ Menu")
        assert page.id == menu.id
        await chat.click("‹ Menu", on=menu)
        home = await chat.wait("Just type what you want, or choose:", button="Balance")
        assert "Your balance: 25 credits" in home.text


async def test_help_is_one_screen_with_a_button_for_each_part(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/help")
    first = await chat.wait("I make videos and music", button="Orders")
    for part, told in {
        "Orders": ("/video — ", "/music — ", "--style Watercolor", "/jobs — ", "/cancel — ", "/history — "),
        "Groups": ("/group — ", "/video a serene lake"),
        "Prices": ("/models — ", "/balance — ", "you are not charged"),
        "Your data": ("/settings — ", "/mydata — ", "/forget — ", "/privacy — "),
    }.items():
        await chat.click(part, on=first)
        page = await chat.wait(told[0], button="‹ Back")
        assert page.id == first.id
        assert [words for words in told if words not in page.text] == []
        await chat.click("‹ Back", on=page)
        await chat.wait("I make videos and music", button="Orders")
    assert first.button("Admin") is None
    await chat.forge(first.id, "m:help:admin")
    assert "/topup" not in (await chat.refresh(first)).text
    await chat.send("/help prices")
    await chat.wait("/balance — ", button="‹ Back")


async def test_an_admin_finds_all_commands_of_theirs(world: World) -> None:
    olga = (await world.admin()).private()
    await olga.send("/admin")
    page = await olga.wait("These commands work for you alone", button="‹ Back")
    for name in ("topup", "debit", "ledger", "users", "job", "refund", "verify", "status", "providers", "ban", "unban"):
        assert f"/{name} — " in page.text
    await olga.click("‹ Back", on=page)
    await olga.wait("Just type what you want", button="Admin")
    ann = (await world.person()).private()
    await ann.send("/admin")
    await ann.expect("I do not know this command")


async def test_an_example_of_the_help_works_as_it_stands(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/help orders")
    examples = [line for line in (await chat.wait("--style")).text.splitlines() if "--style" in line]
    assert len(examples) == 1
    await chat.send(examples[0])
    await chat.wait("Pika · Watercolor", button="Confirm")


async def test_balance_shows_what_is_held(world: World) -> None:
    world.ai_now.faults.add("stall")
    ann = await world.person()
    chat = ann.private()
    await chat.send("/pika --style 4 a lake")
    await chat.click("Confirm", on=await chat.wait("Price", button="Confirm"))
    await world.job(lambda job: job.state is JobState.RUNNING)
    await chat.send("/balance")
    said = await chat.wait("Your balance: 15 credits")
    assert "In orders under way: 10 credits" in said.text
    assert "To get credits: @operator" in said.text


async def test_asking_for_credits_reaches_the_admin_once_a_day(world: World) -> None:
    olga = await world.admin()
    chat = (await world.person("Ann <b>")).private()
    await chat.send("/balance")
    await chat.wait("Your balance")
    assert (await chat.click("Ask for credits")).text.startswith("Your request was sent")
    request = await olga.private().wait("Ann <b> (@", button="+50")
    assert "asks for credits. Balance: 25 credits" in request.text
    assert "already sent" in (await chat.click("Ask for credits")).text
    world.easel.db.shift_clock(24 * 3600 + 1)
    assert (await chat.click("Ask for credits")).text.startswith("Your request was sent")


async def test_a_request_that_reaches_nobody_may_be_sent_again(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/balance")
    await chat.wait("Your balance")
    for _ in range(2):
        assert "could not pass your request on" in (await chat.click("Ask for credits")).text


async def test_without_admins_there_is_nobody_to_ask(sqlite_url: str) -> None:
    async with easel(sqlite_url, admin_ids=(), topup_contact="https://pay.example.com/?a=1&b=2") as world:
        chat = (await world.person()).private()
        await chat.send("/balance")
        page = await chat.wait("https://pay.example.com/?a=1&b=2")
        assert page.button("Ask") is None
        assert "cannot take requests right now" in (await chat.forge(page.id, "m:ask:")).text


async def test_the_language_can_be_chosen_and_left_to_telegram_again(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/settings")
    await chat.click("Language", on=await chat.wait("Language: As in Telegram"))
    await chat.wait("Which language", button="✓ As in Telegram")
    await chat.click("Русский")
    await chat.wait("Сохранено.", button="✓ Русский")
    await chat.send("/balance")
    await chat.wait("Ваш баланс: 25 кредитов")
    await chat.send("/language")
    await chat.click("Как в Telegram", on=await chat.wait("На каком языке"))
    await chat.wait("Saved.", button="✓ As in Telegram")


async def test_jobs_are_listed_live_first_paged_and_open(sqlite_url: str) -> None:
    async with easel(sqlite_url, welcome_credits=Decimal(200), active_jobs_per_user=20) as world:
        chat = (await world.person()).private()
        for number in range(7):
            await chat.send(f"/pika --style 4 lake number {number}")
            await chat.click("Confirm", on=await chat.wait(f"lake number {number}", button="Confirm"))
            await world.finished()
        world.ai_now.faults.add("stall")
        await chat.send("/pika --style 4 the last lake")
        await chat.click("Confirm", on=await chat.wait("the last lake", button="Confirm"))
        await world.job(lambda job: job.state is JobState.RUNNING)
        await chat.send("/jobs")
        listed = await chat.wait("Your orders (8)", button="1/2")
        assert listed.text.splitlines()[1] == "⚙️ Pika · Watercolor – the last lake (being made)"
        assert listed.buttons[:2] == ["⚙️ Pika: the last lake", "Cancel"]
        await chat.click("›", on=listed)
        await chat.wait(button="2/2")
        await chat.click("lake number 0", on=listed)
        card = await chat.wait("Charged: 10 credits", button="Receipt")
        assert "State: done" in card.text
        await chat.click("‹ Back", on=card)
        await chat.wait(button="2/2")
        await chat.click("‹", on=listed)
        await chat.click("Cancel", on=await chat.wait(button="1/2"))
        await chat.click("Yes, cancel it", on=await chat.wait("already under way"))
        assert (await world.finished()).state is JobState.CANCELLED


async def test_cancel_lists_what_can_be_cancelled(sqlite_url: str) -> None:
    async with easel(sqlite_url, welcome_credits=Decimal(90), active_jobs_per_user=20, ai_now_concurrency=1) as world:
        world.ai_now.faults.add("stall", times=9)
        ann, bob = await world.person(), await world.person("Bob")
        chat = ann.private()
        await chat.send("/cancel")
        await chat.expect("nothing to cancel")
        for number in range(8):
            await chat.send(f"/pika --style 4 lake {number}")
            await chat.click("Confirm", on=await chat.wait(f"lake {number}", button="Confirm"))
            if number == 0:
                await world.job(lambda job: job.state is JobState.RUNNING)
        await chat.send("/cancel")
        which = await chat.wait("Which order", button="1/2")
        assert [b["style"] for row in which.keyboard_rows[:6] for b in row] == ["danger"] * 6
        assert (await chat.click("lake 7", on=which)).text == "Cancelled. You were not charged."
        await chat.wait("Cancelled: Pika · Watercolor", button="lake 6")
        await chat.click("›", on=which)
        await chat.click("lake 0", on=await chat.wait("Which order", button="2/2"))
        await chat.click("Keep it", on=await chat.wait("already under way"))
        await chat.click("lake 0", on=await chat.wait("Which order", button="2/2"))
        await chat.click("lake 0", on=await chat.wait("already under way"))
        await chat.wait("Cancelled: Pika · Watercolor", button="lake 6")
        assert (
            "no longer valid" in (await bob.private().forge(which.id, which.keyboard_rows[1][0]["callback_data"])).text
        )
        assert await world.balance(ann) == (30, 60)
        group = await world.tg.group("Friends", [ann, bob])
        there, his = ann.in_(group), bob.in_(group)
        await there.send("/cancel")
        await there.expect("nothing to cancel")  # what was ordered elsewhere is nobody's business here
        await there.send("/pika --style 4 a sea")
        await there.click("Confirm", on=await there.wait("a sea", button="Confirm"))
        await there.send("/cancel")
        asked = await there.wait("Cancel this order?", button="a sea")
        yes = asked.keyboard_rows[0][0]["callback_data"]
        assert (await his.forge(asked.id, yes)).text != "Cancelled. You were not charged."
        assert (await there.click("a sea", on=asked)).text == "Cancelled. You were not charged."
        await there.wait("Cancelled: Pika · Watercolor")


async def test_what_is_no_text_gets_a_short_answer(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    await chat.file(b"some bytes")
    await chat.expect("I cannot read this picture")
    await chat.file(b"some bytes", caption="/luma a lake")
    await chat.expect("I cannot read this picture")
    await chat.send("/frobnicate")
    await chat.expect("I do not know this command")
    await chat.send("/topup @ann 1000000")
    await chat.expect("I do not know this command")
    assert await world.balance(ann) == (25, 0)


async def test_edits_and_forwarded_commands_are_answered_but_not_carried_out(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    sender = {"id": ann.id, "is_bot": False, "first_name": "Ann", "language_code": "en"}
    message = {
        "message_id": 900,
        "date": 1,
        "chat": {"id": ann.id, "type": "private", "first_name": "Ann"},
        "from": sender,
        "text": "/luma a lake",
    }
    origin = {"type": "user", "date": 1, "sender_user": {**sender, "id": 77}}
    for update, said in (
        ({"update_id": 1, "edited_message": {**message, "edit_date": 2}}, "I do not follow edits"),
        ({"update_id": 2, "message": {**message, "forward_origin": origin}}, "I do not carry out forwarded commands"),
    ):
        before = (await chat.last()).id
        await world.easel.pump.feed(Update.model_validate(update, context={"bot": world.easel.bot}))
        answer = await chat.last()
        assert answer.id > before
        assert said in answer.text


async def test_in_groups_nothing_private_is_said(world: World) -> None:
    ann = await world.person()
    group = await world.tg.group("Friends", [ann])
    there = ann.in_(group)
    for command in ("/balance", "/jobs", "/settings"):
        await there.send(command)
        await there.expect("private chat")
    await there.send("/help")
    page = await there.wait("In a group, begin with a command", button="Prices")
    await there.click("Prices", on=page)
    prices = await there.wait("/models — ", button="‹ Back")
    assert prices.id == page.id
    assert "/balance" not in prices.text
    await there.click("‹ Back", on=prices)
    await there.wait("In a group, begin with a command")
    await there.send("/frobnicate")
    await there.silent()
    await there.send("/frobnicate@easel_bot")
    await there.expect("I do not know this command")


async def test_commands_are_registered_per_scope_and_language(world: World) -> None:
    await world.admin()
    await world.restart()
    text = ""
    while str(ADMIN_ID) not in text:  # the test's own time limit bounds it
        await asyncio.sleep(0.05)
        text = str((await world.tg.bot())["commands"])
    assert "Сделать видео" in text
    assert "all_private_chats" in text
    assert "all_group_chats" in text
    assert "topup" in text
    lists = (await world.tg.bot())["commands"]
    assert lists
    assert all(len(each["commands"]) <= 15 for each in lists)
    assert "pika" not in text  # models' own commands are in /models
