"""Ordering in chats that the bot does not know, by what is typed behind its name."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.jobs import JobState
from bot.domain.money import CREDIT
from tests.drivers.app import World
from tests.e2e.inline_kit import friends, inline_world


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with inline_world(sqlite_url) as started:
        yield started


async def test_typed_chosen_generated_and_shared_again(world: World) -> None:
    ann, bob, anns, bobs = await friends(world)
    offered = await anns.inline("a fox in the snow")
    assert offered.titles[:2] == ["Luma · 30 credits", "Pika · 10 credits"]
    assert offered.button == {"text": "Open the bot: credits, history, help", "start_parameter": "inline"}
    card = await anns.choose(offered, "Pika")
    assert "Price: 10 credits" in card.text
    assert "Tap Generate" in card.text
    assert "Balance" not in card.text
    assert card.buttons == ["✨ Generate · 10"]
    assert await world.balance(ann) == (50, 0)
    assert (await bobs.click("Generate")).text == "This order belongs to somebody else. Send me your own!"
    assert await world.jobs() == []
    assert (await anns.click("Generate")).text == "Ordered!"
    job = await world.finished()
    assert (job.state, job.charged, job.target.chat_id) == (JobState.DONE, 10 * CREDIT, 0)
    shown = await anns.refresh(card)
    assert (shown.kind, shown.caption) == ("video", "a fox in the snow\n\nPika")
    assert shown.buttons == ["🔁 Once more", "💬 Open the bot"]
    again = shown.button("Once more")
    assert again is not None
    assert again["switch_inline_query_current_chat"] == "--model pika a fox in the snow"
    assert (await bobs.inline(again["switch_inline_query_current_chat"])).titles[0] == "Pika · 10 credits"
    recent = await anns.inline("")
    assert recent.titles == ["a fox in the snow", "How to order here"]
    await anns.choose(recent, "a fox")
    assert (await anns.last()).kind == "video"
    assert await world.balance(ann) == (40, 0)
    assert (await bobs.inline("")).titles == ["How to order here"]
