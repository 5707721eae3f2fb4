"""The demo's bot as a process: killed in the middle of a video it comes back, delivers it and charges it once."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from bot.demo.folder import DemoFolder
from bot.demo.panels import JobsPanel, LedgerPanel, Reader
from bot.demo.world import DATABASE, World, world
from sandbox.client import ChatView

SCALE = 0.1
LONG = 60.0


async def until(look: Callable[[], Awaitable[Any]], fits: Callable[[Any], bool]) -> Any:
    async with asyncio.timeout(LONG):
        while not fits(found := await look()):
            await asyncio.sleep(0.05)
    return found


async def order_a_video(made: World) -> ChatView:
    ann = await made.tg.user("Ann", language="en", username="ann")
    chat = ann.private()
    await chat.send("/start")
    await chat.expect("60", timeout=LONG)
    await chat.send("/minimax a lake")
    await chat.click("Confirm", on=await chat.wait(button="Confirm", timeout=LONG))
    return chat


async def test_a_bot_that_is_killed_in_the_middle_of_a_video_delivers_it_and_its_books_are_clean(
    tmp_path: Path,
) -> None:
    folder = DemoFolder(tmp_path / "demo")
    folder.begin()
    async with world(folder, SCALE) as made:
        chat = await order_a_video(made)
        jobs = await until(made.jobs.show, lambda shown: bool(shown["jobs"]) and shown["jobs"][0]["state"] == "running")
        job = jobs["jobs"][0]
        assert (job["owner"], job["prompt"], job["charged"]) == ("Ann", "a lake", None)
        before = await made.bot.show()
        assert (before["state"], before["starts"]) == ("running", 1)
        with pytest.raises(ValueError, match="was not killed"):
            await made.bot.do({"do": "start"})
        killed = await made.bot.do({"do": "kill"})
        assert (killed["state"], killed["starts"]) == ("killed", 1)
        with pytest.raises(ValueError, match="no action"):
            await made.bot.do({"do": "dance"})
        held = await made.ledger.show()  # read while there is no bot
        assert held["verify"] == []
        assert [move["kind"] for move in held["transfers"]] == ["hold", "welcome"]
        await made.bot.do({"do": "start"})
        await made.bot.running()
        after = await made.bot.show()
        assert (after["state"], after["starts"]) == ("running", 2)
        assert after["pid"] not in (None, before["pid"])
        await chat.wait_for(lambda message: message.kind == "video", LONG, what="the video")
        done = (await until(made.jobs.show, lambda shown: shown["jobs"][0]["state"] == "done"))["jobs"][0]
        assert done["charged"] == done["price"]
        books = await made.ledger.show()
        assert books["verify"] == []
        assert [move["kind"] for move in books["transfers"]] == ["capture", "hold", "welcome"]
        ann = next(account for account in books["accounts"] if account["kind"] == "user")
        assert (ann["name"], ann["held"]) == ("Ann", "0")
        assert float(ann["balance"]) == 60 - float(done["charged"])
        assert made.services.orders == 1
        with pytest.raises(DBAPIError, match="readonly"):
            await Reader(folder.path / DATABASE).read(lambda conn: conn.exec_driver_sql("DELETE FROM jobs"), None)
    folder.end()


async def test_before_there_is_a_database_the_panels_are_empty_and_make_none(tmp_path: Path) -> None:
    reader = Reader(tmp_path / DATABASE)
    assert await JobsPanel(reader).show() == {"jobs": []}
    assert (await LedgerPanel(reader).show())["verify"] is None
    for panel in (JobsPanel(reader), LedgerPanel(reader)):
        with pytest.raises(ValueError, match="only shown"):
            await panel.do({"do": "delete"})
    assert list(tmp_path.iterdir()) == []
