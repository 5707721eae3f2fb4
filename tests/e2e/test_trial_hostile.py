"""What a hostile client tried with forged presses, and must not reach."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from tests.drivers.app import World, easel


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with easel(sqlite_url, welcome_credits=Decimal(50)) as started:
        yield started


async def test_an_order_cannot_be_put_into_somebody_elses_result(world: World) -> None:
    """Clients can send any data for any message: a draft's button counts for its own message only."""
    ann, bob = await world.person(), await world.person("Bob")
    group = await world.tg.group("Friends", [ann, bob])
    hers, his = ann.in_(group), bob.in_(group)
    world.telegram.config.ephemeral = False  # everybody sees every menu
    await hers.send("/pika --style 4 a lake")
    await hers.click("Confirm", on=await hers.wait("a lake", button="Confirm"))
    await world.finished()
    result = await hers.wait("a lake", button="More")
    await his.send("/pika --style 4 vandals")
    card = await his.wait("vandals", button="Confirm")
    confirm = card.keyboard_rows[0][0]["callback_data"]
    style = card.button("Anime")["callback_data"]  # type: ignore[index]
    assert (await his.forge(result.id, style)).answered
    assert (await his.forge(result.id, confirm)).answered
    await his.wait("vandals", button="✓ Anime")
    await his.click("Watercolor", on=card)
    await his.click("Confirm", on=await his.wait("Pika · Watercolor", button="✓ Watercolor"))
    job = await world.finished()
    assert job.prompt == "vandals"
    assert job.target.message_id == card.id
    assert (await hers.refresh(result)).message == result.message
    assert (await his.refresh(card)).kind == "video"


async def test_a_forged_confirm_orders_into_the_drafts_own_message(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    menu = await chat.last()
    await chat.send("/pika --style 4 a lake")
    card = await chat.wait("a lake", button="Confirm")
    assert (await chat.forge(menu.id, card.keyboard_rows[0][0]["callback_data"])).text == "Ordered!"
    assert (await world.finished()).target.message_id == card.id
    assert (await chat.refresh(menu)).message == menu.message


async def test_a_button_that_is_not_there_changes_no_setting(world: World) -> None:
    chat = (await world.person()).private()
    menu = await chat.last()
    assert (await chat.forge(menu.id, "m:lang:ru")).text == "This button is no longer valid."
    await chat.send("/language")
    await chat.wait("language", button="✓ As in Telegram")
