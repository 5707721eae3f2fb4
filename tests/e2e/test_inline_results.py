"""What stands in an inline message in the end: pictures, songs, several of them, links, failures; and guest mode."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.jobs import JobState
from bot.domain.money import CREDIT
from bot.engine.accounts import users
from bot.telegram.inline import answers
from tests.drivers.app import EVERYBODY, World
from tests.e2e.inline_kit import STAGING, friends, inline_world
from tests.e2e.media_kit import PHOTO


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with inline_world(sqlite_url) as started:
        yield started


async def test_pictures_and_songs_come_through_the_staging_chat(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with inline_world(sqlite_url, providers=EVERYBODY) as world:
        _ann, bob, anns, bobs = await friends(world)
        monkeypatch.setattr(answers, "PAGE", 3)
        offered = await anns.inline("/image --n 2 a fox")
        further = await anns.inline("/image --n 2 a fox", offset=offered.raw["next_offset"])
        assert (len(offered.titles), len(further.titles), set(offered.titles) & set(further.titles)) == (3, 3, set())
        card = await anns.choose(offered, offered.titles[0])
        world.services.neuroartist.state.scale = 0.3
        await anns.click("Generate", on=card)
        await world.job(lambda job: job.state is JobState.RUNNING and "," in (job.upstream_ref or ""))
        await world.restart()
        job = await world.finished()
        assert job.state is JobState.DONE
        shown = await anns.refresh(card)
        assert shown.kind == "photo"
        assert shown.buttons[:2] == ["· 1 ·", "2"]
        first = shown.message["photo"][-1]["file_id"]
        assert (await bobs.click("2")).text.startswith("This order belongs")
        await anns.click("2")
        second = await anns.refresh(card)
        assert second.buttons[:2] == ["1", "· 2 ·"]
        assert second.message["photo"][-1]["file_id"] != first
        assert not await bob.private().messages()

        song = await anns.choose(await anns.inline("--model suno an ode"), "Suno")
        await anns.click("Generate", on=song)
        await world.finished()
        shown = await anns.refresh(song)
        assert (shown.kind, shown.message["audio"]["performer"]) == ("audio", "Suno")
        assert [call["chat_id"] for call in await world.tg.calls("sendAudio")] == [STAGING]
        assert (await anns.inline("")).titles[:3] == ["audio", "a fox", "a fox"]


async def test_a_failure_is_edited_into_the_card_and_released(world: World) -> None:
    ann, _bob, anns, _ = await friends(world)
    world.ai_now.faults.add("error_event", times=1)
    card = await anns.choose(await anns.inline("--model pika a fox"), "Pika")
    await anns.click("Generate")
    failed = await anns.wait("You were not charged")
    assert failed.id == card.id
    assert failed.buttons == ["Try again · 10", "🔀 Other models"]
    assert await world.balance(ann) == (50, 0)
    assert "Balance" not in await anns.transcript()
    world.ai_now.faults.add("stall", times=1)
    await anns.click("Try again")
    await anns.click("Generate", on=await anns.wait("Tap Generate"))
    await anns.wait("usually about", button="Cancel")  # what ended here before does not hide what goes on now
    await anns.click("Cancel")
    await anns.click("Cancel")
    await anns.wait("Cancelled. You were not charged.")


async def test_without_a_staging_chat_results_are_shared_and_orders_taken_in_private(world: World) -> None:
    ann, _bob, anns, _ = await friends(world)
    world.telegram.config.inline_feedback = False
    card = await anns.choose(await anns.inline("--model pika a fox"), "Pika")
    await world.tg.call("POST", "member", {"chat_id": STAGING, "status": "kicked"})
    await anns.click("Generate")
    job = await world.finished()  # the file went into the requester's own chat
    assert (job.state, (await anns.refresh(card)).kind) == (JobState.DONE, "video")
    assert (await ann.private().last()).caption == "a fox\n\nPika"

    late = await anns.choose(await anns.inline("a hare"), "a fox")
    assert late.kind == "video"
    off = await anns.inline("a hare")
    assert off.titles == ["a fox"]
    assert off.button == {"text": "I take orders only in private: open the bot", "start_parameter": "inline"}
    admin = (await world.admin()).private()
    await admin.send("/status")
    told = await admin.expect("does not let me write to STAGING_CHAT_ID. It says: Forbidden: bot was kicked")
    assert "1 card was pressed that Telegram had not reported as chosen.\n→ Set /setinlinefeedback" in told.text
    await world.restart(staging_chat_id=None)
    assert (await anns.inline("a hare")).titles == ["a fox"]
    await admin.send("/status")
    await admin.click("Modes", on=await admin.wait(button="Modes"))
    await admin.wait("STAGING_CHAT_ID is not set", button="‹ Back")
    world.telegram.config.inline = world.telegram.config.guest = False
    await admin.click("Refresh")
    told = await admin.expect("Inline mode is off in BotFather")
    assert "Guest Mode is off" in told.text
    world.telegram.config.inline = world.telegram.config.guest = True
    assert (await anns.choose(await anns.inline(""), "I cannot take orders here")).text.startswith(
        "I cannot take orders in"
    )
    await anns.send("@easel_bot a hare")
    await anns.expect("I cannot take orders in this chat")


async def test_a_guest_is_called_offers_models_and_makes_one(world: World) -> None:
    ann, bob, anns, bobs = await friends(world)
    asked = await anns.send("@easel_bot a fox in the snow")
    menu = await anns.wait("Which model?")
    assert menu.message["reply_to_message"]["message_id"] == asked.id
    assert menu.buttons == ["Pika · 10", "Luma · 30", "Run · 30", "Suno · 10"]
    await world.tg.redeliver(1)
    assert "somebody else" in (await bobs.click("Pika")).text
    await anns.click("Pika")
    card = await anns.wait("Price: 10 credits", button="Generate")
    assert card.id == menu.id
    assert len([msg for msg in await anns.messages() if msg.from_bot]) == 1
    await world.restart()
    await anns.click("Generate")
    job = await world.finished()
    assert (job.charged, await world.balance(ann)) == (10 * CREDIT, (40, 0))
    shown = await anns.refresh(card)
    assert (shown.kind, shown.caption) == ("video", "a fox in the snow\n\nPika")
    link = shown.button("Open the bot")
    assert link is not None
    private = ann.private()
    await private.send("/start " + link["url"].partition("start=")[2])
    mine = await private.wait_for(lambda msg: msg.kind == "video")
    stranger = bob.private()  # the button is there for everybody who sees the result
    await stranger.send("/start " + link["url"].partition("start=")[2])
    await stranger.expect("Hello")
    assert mine.button("Again") is not None
    assert await world.balance(ann) == (40, 0)
    await private.forge(mine.id, f"j:{job.id}:erase:")
    await anns.wait("This result was deleted")
    assert (await anns.inline("")).titles == ["How to order here"]

    await anns.photo(PHOTO, "@easel_bot a hat on it")
    await anns.expect("I work only from words")
    await anns.send("@easel_bot")
    await anns.expect("Type @easel_bot and what you want")
    await anns.send("@easel_bot --style watercolour a fox")
    await anns.expect("Did you mean: Watercolor")
    await bobs.send("@easel_bot /pika a hare")  # who pressed Start above
    await bobs.click("Generate", on=await bobs.wait("Price: 10 credits"))
    await bobs.wait(button="Get credits in private")
    await bobs.send("@easel_bot /ask why")
    await bobs.expect("I do not know /ask here")
    assert len(await world.jobs()) == 1


async def test_a_guest_that_is_a_chat_orders_for_whoever_taps(world: World) -> None:
    ann, bob, anns, bobs = await friends(world)
    await anns.send("@easel_bot, /pika a fox", anonymous=True)
    card = await anns.wait("a fox\nPrice", button="Generate")
    assert "The person who taps Generate orders and pays" in card.text
    assert "no account" in (await bobs.click("Generate")).text
    assert (await anns.click("Generate", on=card)).text == "Ordered!"
    job = await world.finished()
    assert (job.user_id, await world.balance(ann)) == (ann.id, (40, 0))
    assert "somebody else" in (await bobs.forge(card.id, f"i:{job.id}:go:pika.1000")).text
    assert await world.easel.db.read(lambda conn: users.find(conn, bob.id)) is None
