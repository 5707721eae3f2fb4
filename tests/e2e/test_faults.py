"""Every fault of the simulator: what the person reads, what they paid, and that the ledger stays clean."""

import asyncio

import pytest

from bot.domain.jobs import JobState
from sandbox.ai_now import ERROR_DETAIL
from sandbox.ai_now.faults import CATALOGUE
from tests.drivers.app import ADMIN_ID, easel

LOST = "The connection to the service broke"
FAILED = "The service failed to make this"
DOWN = "The service is not answering right now"
NO_FILE = "sent no usable file"
OFF = "temporarily unavailable"

REFUSED = {
    "401": OFF,
    "418": OFF,
    "500": DOWN,
    "reset_after_body": LOST,
    "empty_stream": LOST,
    "error_event": FAILED,
    "error_event_at": FAILED,
    "cut": LOST,
    "early_end": LOST,
    "malformed_json": LOST,
    "wrong_types": NO_FILE,
    "completed_without_url": NO_FILE,
    "result_html": NO_FILE,
    "result_lies": NO_FILE,
    "result_rubbish": NO_FILE,
    "result_short": NO_FILE,
    "result_redirect_private": NO_FILE,
}
HARMLESS = {
    "stall": 1.0,
    "unknown_status": None,
    "keepalive": None,
    "crlf": None,
    "multiline": None,
    "dribble": None,
    "result_octets": None,
    "result_slow": 1.0,
}
AS_LINK = {"huge_file", "huge_chunked"}
TRIED_AGAIN = {"result_cut", "dead_result", "result_empty"}
PASSING = {"503_html", "result_late"}


def test_every_fault_is_tested() -> None:
    assert set(REFUSED) | set(HARMLESS) | AS_LINK | TRIED_AGAIN | PASSING == set(CATALOGUE)


@pytest.mark.parametrize("fault", sorted(REFUSED))
async def test_a_fault_is_told_and_not_charged(sqlite_url: str, fault: str) -> None:
    async with easel(sqlite_url) as world:
        await world.admin()
        ann = await world.person(credits=20)
        chat = ann.private()
        world.ai_now.faults.add(fault)
        await chat.send("/pika a storm over the harbour")
        await chat.wait(button="Confirm")
        await chat.click("Confirm")
        failed = await chat.expect("You were not charged", timeout=20)
        assert REFUSED[fault] in failed.text
        assert "a storm over the harbour" in failed.text
        assert failed.button("Try again") or fault in ("401", "418")
        assert ERROR_DETAIL not in await chat.transcript(), "upstream's words are for the log"
        assert await world.balance(ann) == (20, 0)
        job = await world.finished()
        assert job.state is JobState.FAILED
        assert len(world.ai_now.requests) == 1


@pytest.mark.parametrize("fault", sorted(HARMLESS))
async def test_a_harmless_oddity_changes_nothing(sqlite_url: str, fault: str) -> None:
    async with easel(sqlite_url) as world:
        ann = await world.person(credits=20)
        chat = ann.private()
        world.ai_now.faults.add(fault, value=HARMLESS[fault])
        await chat.send("/pika --style 4 a lake")
        await chat.wait(button="Confirm")
        await chat.click("Confirm")
        await chat.wait_for(lambda msg: msg.kind == "video", timeout=20)
        await world.finished()
        assert await world.balance(ann) == (10, 0)


@pytest.mark.parametrize("fault", sorted(AS_LINK))
async def test_a_result_too_large_becomes_a_link(sqlite_url: str, fault: str) -> None:
    async with easel(sqlite_url, result_max_mb=1) as world:
        ann = await world.person(credits=20)
        chat = ann.private()
        world.ai_now.faults.add(fault, value=30_000_000)
        await chat.send("/pika --style 4 a lake")
        await chat.wait(button="Confirm")
        await chat.click("Confirm")
        told = await chat.expect("too large for Telegram", timeout=20)
        links = [e["url"] for e in told.message["entities"] if e["type"] == "text_link"]
        assert links
        assert links[0].startswith(world.ai_now.base_url)
        await world.finished()
        assert await world.balance(ann) == (10, 0)


@pytest.mark.parametrize("fault", sorted(TRIED_AGAIN))
async def test_a_file_that_does_not_come_is_asked_for_again_for_a_while(sqlite_url: str, fault: str) -> None:
    async with easel(sqlite_url) as world:
        ann = await world.person(credits=20)
        chat = ann.private()
        world.ai_now.faults.add(fault)
        await chat.send("/pika --style 4 a lake")
        await chat.wait(button="Confirm")
        await chat.click("Confirm")
        await world.job(lambda job: job.state is JobState.DELIVERING and job.tries > 0, timeout=30)
        assert await world.balance(ann) == (10, 10)
        world.easel.db.shift_clock(700)
        await chat.expect(NO_FILE, timeout=30)
        await world.finished()
        assert await world.balance(ann) == (20, 0)


async def test_an_order_that_was_turned_away_is_sent_anew_and_charged_once(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        ann = await world.person(credits=20)
        chat = ann.private()
        world.ai_now.faults.add("503_html")
        await chat.send("/pika --style 4 a lake")
        await chat.wait(button="Confirm")
        await chat.click("Confirm")
        await chat.wait_for(lambda msg: msg.kind == "video", timeout=20)
        job = await world.finished()
        assert (job.state, job.attempt, len(world.ai_now.requests)) == (JobState.DONE, 2, 2)
        assert await world.balance(ann) == (10, 0)


@pytest.mark.parametrize("status", [404, 403, 202, 200])
async def test_a_file_that_is_late_is_delivered_when_it_is_there(sqlite_url: str, status: int) -> None:
    async with easel(sqlite_url) as world:
        ann = await world.person(credits=20)
        chat = ann.private()
        world.ai_now.faults.add("result_late", value=status)
        await chat.send("/pika --style 4 a lake")
        await chat.wait(button="Confirm")
        await chat.click("Confirm")
        await world.job(lambda job: job.tries == 1, timeout=30)
        world.easel.db.shift_clock(3)
        await world.job(lambda job: job.tries == 2, timeout=30)
        world.easel.db.shift_clock(4)
        await chat.wait_for(lambda msg: msg.kind == "video", timeout=20)
        await world.finished()
        assert await world.balance(ann) == (10, 0)


async def test_a_file_that_is_waited_for_is_told_of_and_can_be_cancelled(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        ann = await world.person(credits=20)
        chat = ann.private()
        world.ai_now.faults.add("dead_result")
        await chat.send("/pika --style 4 a lake")
        await chat.wait(button="Confirm")
        await chat.click("Confirm")
        told = await chat.expect("the file has not arrived yet", timeout=30)
        await chat.send(f"/show {(await world.jobs())[0].id}")
        await chat.wait_for(lambda msg: msg.id > told.id and "has not arrived yet" in msg.text, timeout=20)
        await chat.click("Cancel", on=told)
        await chat.click("Yes, cancel it")
        job = await world.finished()
        (here,) = [message for message in await chat.messages() if message.id == told.id]
        assert "Cancelled. You were not charged." in here.text
        assert job.state is JobState.CANCELLED
        assert await world.balance(ann) == (20, 0)


@pytest.mark.parametrize("status", ["401", "418"])
async def test_an_operator_fault_takes_models_off_sale_and_tells_the_admins_once(sqlite_url: str, status: str) -> None:
    async with easel(sqlite_url, ping_every_seconds=1, probe_after_seconds=3) as world:
        olga = await world.admin()
        ann = await world.person(credits=100)
        chat, office = ann.private(), olga.private()
        if status == "401":
            world.ai_now.state.key_valid = False
        else:
            world.ai_now.state.tokens = 9
        for _ in range(2):
            await chat.send("/pika --style 4 a lake")
            await chat.wait(button="Confirm")
        for message in [m for m in await chat.messages() if m.button("Confirm")]:
            await chat.click("Confirm", on=message)
        for _ in range(50):  # both failed: the first told us, the second too or found the model paused
            if sum(OFF in m.text for m in await chat.messages()) == 2:
                break
            await asyncio.sleep(0.1)
        assert sum(OFF in m.text for m in await chat.messages()) == 2
        await office.expect("AI-Now")
        alerts = [m for m in await office.messages() if m.from_bot and "AI-Now" in m.text]
        assert len(alerts) == 1
        assert await world.balance(ann) == (100, 0)
        await chat.send("/video a lake")
        menu = await chat.wait()
        assert OFF in menu.text
        world.ai_now.state.key_valid = True
        world.ai_now.state.tokens = 1000
        await asyncio.sleep(3.5)
        await chat.send("/pika --style 4 a lake")
        await chat.wait(button="Confirm")
        await chat.click("Confirm")
        await chat.wait_for(lambda msg: msg.kind == "video", timeout=15)
        await world.finished()
        assert await world.balance(ann) == (90, 0)
        await office.send("/status")
        told = await office.wait("Models on sale: 4")
        assert "AI-Now" not in told.text  # it works again: nothing about it needs the admin
        assert olga.id == ADMIN_ID
