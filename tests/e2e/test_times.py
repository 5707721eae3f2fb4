"""Moments in messages are shown in the reader's own zone; in words they are in UTC, and say so."""

import re
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from sandbox.client import Msg
from sandbox.telegram.wire import html
from tests.drivers.app import World, easel

ORDERED = {"en": r"Ordered: \d{4}-\d\d-\d\d \d\d:\d\d UTC", "ru": r"Заказано: \d\d\.\d\d\.\d{4} \d\d:\d\d UTC"}
CONFIRM = {"en": "Confirm", "ru": "Подтвердить"}


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with easel(sqlite_url, welcome_credits=Decimal(50)) as started:
        yield started


def times(message: Msg) -> list[int]:
    entities = message.message.get("entities", []) + message.message.get("caption_entities", [])
    found = [each for each in entities if each["type"] == "date_time"]
    assert all(each["date_time_format"] == "dt" for each in found)
    return [each["unix_time"] for each in found]


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_when_an_order_was_made_is_in_the_readers_zone(world: World, language: str) -> None:
    chat = (await world.person(language=language)).private()
    await chat.send("/pika --style none a fox")
    await chat.click(CONFIRM[language], on=await chat.wait(button=CONFIRM[language]))
    job = await world.finished()
    await chat.send("/history")
    page = await chat.wait_for(lambda m: "UTC" in m.caption)
    assert times(page) == [int(job.created_at)]
    await chat.send("/jobs")
    listed = await chat.wait_for(lambda m: m.button("a fox") is not None)
    await chat.click("a fox", on=listed)
    card = await chat.wait_for(lambda m: re.search(ORDERED[language], m.text) is not None)
    assert times(card) == [int(job.created_at)]


async def test_admins_read_their_own_time_too(world: World) -> None:
    olga, ann = await world.admin(), await world.person()
    await olga.private().send(f"/ban {ann.id} spam")
    await olga.private().click("Confirm", on=await olga.private().wait("Ban Ann"))
    said = await olga.private().wait("Banned: ")
    assert len(times(said)) == 1


async def test_an_older_server_gets_the_words_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "TAGS", html.TAGS - {"tg-time"})
    ann = await world.person()
    chat = ann.private()
    await chat.send("/pika --style none <tg-time unix=1>")
    await chat.click("Confirm", on=await chat.wait(button="Confirm"))
    await world.finished()
    for _ in range(2):  # the second is not refused first
        await chat.send("/history")
        page = await chat.wait_for(lambda m: "UTC" in m.caption)
        assert "<tg-time unix=1>" in page.caption
        assert not times(page)
    refused = [call for method in ("sendVideo", "editMessageMedia") for call in await world.tg.calls(method)]
    assert [call["status"] for call in refused].count(400) == 1
