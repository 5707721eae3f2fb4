"""What is stored about a person, as chats: the law's texts, the data to take along, and being forgotten."""

import asyncio
import json
import tempfile
import zipfile
from collections.abc import AsyncIterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from bot import ledger
from bot.engine.accounts import users
from bot.telegram.ui.callbacks import JobAction
from sandbox.client import ChatView, Person
from tests.drivers.app import World, easel
from tests.e2e.media_kit import ordered as shop
from tests.e2e.media_kit import studio


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with easel(sqlite_url, welcome_credits=Decimal(5)) as started:
        yield started


async def known(world: World, person: Person) -> bool:
    return await world.easel.db.read(lambda conn: users.find(conn, person.id)) is not None


async def forgotten(chat: ChatView) -> None:
    await chat.send("/forget")
    await chat.wait("You also lose your balance")
    await chat.click("Erase everything", timeout=30)
    await chat.wait("Everything about you is erased", timeout=30)


async def test_terms_and_privacy_in_both_languages(world: World) -> None:
    ann, boris = await world.person(), await world.person("Boris", language="ru")
    for command, english, russian in (
        ("/terms", "If the order fails or you cancel it, nothing is charged.", "Условия"),
        ("/privacy", "prompts, pictures and voice messages go to the generation service", "Личные данные"),
    ):
        await ann.private().send(command)
        assert "@operator" in (await ann.private().wait(english)).text
        await boris.private().send(command)
        await boris.private().wait(russian)


async def test_the_operators_own_texts(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "own.html").write_text("<b>Our</b> house, our rules &amp; more")
    async with easel(sqlite_url, terms_file=tmp_path / "own.html") as world:
        ann = await world.person()
        await ann.private().send("/terms")
        assert (await ann.private().wait("Our house")).text == "Our house, our rules & more"
        await ann.private().send("/privacy")
        await ann.private().wait("Stored")


async def test_my_data_as_json_and_as_zip(world: World) -> None:
    ann = await world.person(credits=50)
    chat = ann.private()
    await chat.send("/pika a lake --style none")
    await chat.wait(button="Confirm")
    await chat.click("Confirm")
    job = await world.finished()
    await chat.send("/mydata")
    await chat.wait("Which format")
    await chat.click("JSON")
    sent = await chat.wait_for(lambda m: m.kind == "document")
    data = json.loads(await chat.media(sent))
    assert data["profile"]["telegram_id"] == ann.id
    assert [each["id"] for each in data["jobs"]] == [job.id]
    assert data["jobs"][0]["results"][0]["file_id"] == job.delivered[0].file_id
    world.easel.db.shift_clock(21)
    await world.tg.faults("500", method="sendDocument")
    sends = len(await world.tg.calls("sendDocument"))
    await chat.send("/mydata json")
    async with asyncio.timeout(15):
        while len(await world.tg.calls("sendDocument")) < sends + 2:
            await asyncio.sleep(0.05)
    await chat.wait_for(lambda m: m.kind == "document" and m.id > sent.id)  # it failed, and was not yet sent
    await chat.send("/mydata zip")
    await chat.wait("I have just sent it. You can ask again in 20 s.")
    world.easel.db.shift_clock(21)
    await chat.send("/mydata zip")
    sent = await chat.wait_for(lambda m: m.kind == "document" and "list of your results" in m.caption)
    with zipfile.ZipFile(BytesIO(await chat.media(sent))) as archive:
        assert job.delivered[0].file_id in archive.read("results.tsv").decode()


async def test_an_archive_is_made_where_results_lie(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container /tmp is memory, and too small for two of them."""
    monkeypatch.setattr(tempfile, "tempdir", "/no/such/folder")
    ann = await world.person()
    chat = ann.private()
    await chat.send("/mydata zip")
    await chat.wait_for(lambda m: m.kind == "document" and m.caption is not None)

    def left() -> list[Path]:
        return [path for path in world.easel.work_dir.rglob("*") if path.is_file() and path.name != ".lock"]

    async with asyncio.timeout(5):  # it is removed when Telegram has answered, a moment after it stands in the chat
        while left():
            await asyncio.sleep(0.01)


async def test_in_groups_it_is_nobody_elses_business(world: World) -> None:
    ann = await world.person()
    group = await world.tg.group("Friends", [ann])
    for command in ("mydata", "forget"):
        await ann.in_(group).send(f"/{command}@easel_bot")
        await ann.in_(group).wait("in our private chat")
    assert await known(world, ann)


async def test_forgetting_says_what_is_lost_and_asks(database_url: str) -> None:
    async with easel(database_url, welcome_credits=Decimal(5)) as world:
        ann = await world.person(credits=50)
        chat = ann.private()
        await chat.send("/pika a hidden glade --style none")
        await chat.wait(button="Confirm")
        await chat.click("Confirm")
        job = await world.finished()
        await chat.send("/forget")
        asked = await chat.wait("You also lose your balance: 45 credits")
        assert asked.buttons == ["Erase everything", "No, keep it"]
        await chat.click("No, keep it")
        await chat.wait("Nothing was erased.")
        assert await known(world, ann)
        await chat.send("/forget")
        await chat.wait("You also lose your balance")
        await world.give(ann, 1)
        await chat.click("Erase everything")
        asked = await chat.wait("Your balance has just changed")
        assert "46 credits" in asked.text
        assert await known(world, ann)
        erase = asked.button("Erase everything")
        assert erase is not None
        await chat.click("Erase everything")
        done = await chat.wait("Everything about you is erased")
        assert "Balance lost: 46 credits" in done.text
        assert not await known(world, ann)
        (left,) = await world.jobs()
        assert (left.id, left.prompt, left.user_id, left.delivered) == (job.id, "", 0, ())
        for act in ("again", "more", "show"):
            late = await chat.forge(job.target.message_id, JobAction(id=job.id, act=act).pack())
            assert late.text == "This button is no longer valid."
        await chat.send("/start")
        await chat.wait("Just type what you want")
        await world.finished()
        assert await world.balance(ann) == (0, 0), "begun anew, without a welcome"
        assert await world.easel.db.read(ledger.verify) == []


async def test_orders_under_way_hinder_it(sqlite_url: str) -> None:
    async with easel(sqlite_url, scale=1.0) as world:
        ann = await world.person(credits=50)
        chat = ann.private()
        await chat.send("/forget")
        asked = await chat.wait("Erase everything about you")
        await chat.send("/pika a lake --style none")
        await chat.wait(button="Confirm")
        await chat.click("Confirm")
        await world.job()
        await chat.click("Erase everything", on=asked)
        await chat.wait("1 order of yours is not finished. Nothing was erased.")
        await chat.send("/forget")
        await chat.wait("1 order of yours is not finished.")
        assert await known(world, ann)


async def test_a_second_tap_erases_nothing_anew_and_strangers_buttons_do_nothing(world: World) -> None:
    ann, bob = await world.person(), await world.person("Bob")
    chat = ann.private()
    await chat.send("/forget")
    asked = await chat.wait("You also lose your balance")
    erase = asked.button("Erase everything")
    assert erase is not None
    hello = next(m for m in await bob.private().messages() if m.from_bot)
    assert (await bob.private().forge(hello.id, erase["callback_data"])).text
    assert await known(world, ann)
    await asyncio.gather(*(chat.forge(asked.id, erase["callback_data"]) for _ in range(3)))
    await chat.wait("Everything about you is erased")
    assert not await known(world, ann), "the taps that came later made nobody known again"
    assert "answered already or too old" in (await chat.forge(asked.id, erase["callback_data"])).text
    assert not await known(world, ann)
    assert await world.easel.db.read(ledger.verify) == []


async def test_the_question_outlives_a_restart_and_admins_see_the_rest(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        olga, ann = await world.admin(), await world.person(credits=50)
        chat = ann.private()
        await chat.send("/pika a hidden glade --style none")
        await chat.wait(button="Confirm")
        await chat.click("Confirm")
        job = await world.finished()
        await chat.send("/forget")
        await chat.wait("You also lose your balance")
        await world.restart()
        await chat.click("Erase everything")
        await chat.wait("Everything about you is erased")
        await olga.private().send("/jobs all")
        assert "Ann" not in (await olga.private().wait(job.id)).text
        await olga.private().send(f"/job {job.id}")
        assert "glade" not in (await olga.private().wait("Quote: 10")).text
        await olga.private().click("Description")
        assert "glade" not in (await olga.private().wait(button="‹ Back")).text
        await olga.private().send("/users")
        assert "Ann" not in (await olga.private().wait("Users: 1")).text


async def test_what_services_keep_is_deleted_there_as_far_as_they_let_us(sqlite_url: str, tmp_path: Path) -> None:
    async with studio(sqlite_url, tmp_path) as world:
        ann = await world.person()
        chat = ann.private()
        state: Any = world.services.neuroflash.state
        images = state.images
        await shop(world, chat, "/flash a fox")
        assert len(images) == 1
        await forgotten(chat)
        assert not images
        await chat.send("/start")
        await chat.wait("Just type what you want")
        await world.give(ann, 1000)
        await shop(world, chat, "/flash a hen")
        world.services.neuroflash.faults.add("read_500", times=9)
        await forgotten(chat)
        assert len(images) == 1
        assert not await known(world, ann)


async def test_a_redelivered_confirmation_does_nothing_more(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    await chat.send("/forget")
    await chat.wait("You also lose your balance")
    await chat.click("Erase everything")
    await chat.wait("Everything about you is erased")
    await world.tg.redeliver(1)
    await asyncio.sleep(0.3)
    assert not await known(world, ann)
