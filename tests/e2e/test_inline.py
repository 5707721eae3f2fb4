"""Ordering in chats that the bot does not know, by what is typed behind its name."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.jobs import JobState
from bot.domain.money import CREDIT
from bot.engine.accounts import preferences, users
from bot.engine.accounts.preferences import Preferences
from tests.drivers.app import World
from tests.e2e.inline_kit import friends, in_drafts, inline_world


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with inline_world(sqlite_url) as started:
        yield started


async def test_typed_chosen_generated_and_shared_again(world: World) -> None:
    ann, _bob, anns, bobs = await friends(world)
    offered = await anns.inline("a fox in the snow")
    assert offered.titles[:2] == ["Pika · 10 credits", "Luma · 30 credits"]
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


async def test_a_card_survives_a_restart_and_is_ordered_once(world: World) -> None:
    ann, _bob, anns, _ = await friends(world)
    card = await anns.choose(await anns.inline("--model pika --style 4 a fox"), "Pika · Watercolor")
    assert "Pika · Watercolor" in card.text
    await world.restart()
    world.ai_now.faults.add("stall", times=1)
    await anns.click("Generate")
    await anns.wait("usually about", button="Cancel")
    await world.tg.redeliver(3)
    await world.restart()
    job = await world.finished()
    assert (job.state, job.options, job.id) == (JobState.FAILED, {"style": "4"}, (await world.jobs())[0].id)
    assert len(await world.jobs()) == 1
    assert await world.balance(ann) == (50, 0)
    failed = await anns.wait("You were not charged")
    assert failed.id == card.id
    await anns.click("Try again · 10")
    again = await anns.wait("Tap Generate")
    assert "Pika · Watercolor" in again.text
    await world.tg.redeliver(1)
    assert (await anns.click("Generate")).text == "Ordered!"
    await world.finished()
    assert [job.state for job in await world.jobs()] == [JobState.FAILED, JobState.DONE]
    assert (await anns.refresh(card)).caption == "a fox\n\nPika · Watercolor"
    assert await world.balance(ann) == (40, 0)


async def test_cancel_takes_two_taps_while_it_is_made_and_is_not_charged(world: World) -> None:
    ann, _bob, anns, bobs = await friends(world)
    world.ai_now.faults.add("stall", times=1)
    await anns.choose(await anns.inline("/pika a fox"), "Pika")
    await anns.click("Generate")
    await anns.wait("usually about", button="Cancel")
    assert "somebody else" in (await bobs.click("Cancel")).text
    asked = await anns.click("Cancel")
    assert asked.show_alert
    assert "tap Cancel again within 30 seconds" in asked.text
    await world.tg.redeliver(1)
    assert (await anns.click("Cancel")).text == "Cancelled. You were not charged."
    ended = await anns.wait("Cancelled. You were not charged.")
    assert ended.buttons == ["Try again · 10", "🔀 Other models"]
    assert await world.balance(ann) == (50, 0)


async def test_a_short_balance_an_old_price_and_an_old_card_charge_nothing(world: World) -> None:
    _ann, bob, anns, bobs = await friends(world)
    await bob.private().send("/start")
    await bob.private().wait()
    offered = await bobs.inline("--model pika a fox")
    assert offered.button == {"text": "Not enough credits: open the bot", "start_parameter": "credits"}
    await bobs.choose(offered, "Pika")
    refused = await bobs.click("Generate")
    assert refused.show_alert
    assert "Nothing was charged" in refused.text
    short = await bobs.wait(button="Get credits in private")
    assert short.keyboard_rows[1][0]["url"] == "https://t.me/easel_bot?start=credits"
    await world.give(bob, 10)
    assert (await bobs.click("Generate")).text == "Ordered!"
    await world.finished()
    assert await world.balance(bob) == (0, 0)

    old = await anns.choose(await anns.inline("--model pika a hare"), "Pika")
    await in_drafts(world, quoted_at=1.0)
    assert "Nothing was charged" in (await anns.click("Generate")).text
    assert "over 10 minutes old" in (await anns.refresh(old)).text
    await in_drafts(world, expires_at=1.0)
    gone = await anns.click("Generate")
    assert gone.show_alert
    assert "This card has expired" in gone.text
    assert len(await world.jobs()) == 1


async def test_who_never_pressed_start_gets_an_account_there_only(world: World) -> None:
    _ann, bob, _anns, bobs = await friends(world)

    async def known() -> bool:
        return await world.easel.db.read(lambda conn: users.find(conn, bob.id)) is not None

    offered = await bobs.inline("a fox")
    assert offered.button == {"text": "First open the bot and press Start", "start_parameter": "inline"}
    card = await bobs.choose(offered, "Pika")
    refused = await bobs.click("Generate")
    assert refused.show_alert
    assert "no account" in refused.text
    await bobs.wait(button="Open the private chat")
    await bobs.send("@easel_bot a hare")
    await bobs.click("Pika", on=await bobs.wait("Which model?"))
    assert not await known()
    await bob.private().send("/start credits")
    await bob.private().expect("Your balance: 0 credits")
    await world.give(bob, 10)
    assert (await bobs.click("Generate", on=card)).text == "Ordered!"
    await world.finished()


async def test_cut_words_wrong_flags_and_how_it_is_done(world: World) -> None:
    ann, _bob, anns, _ = await friends(world)
    long = await anns.choose(await anns.inline("--model pika " + "a fox " * 60), "Pika")
    assert "at most 256 characters" in long.text
    link = long.button("Send a longer text")
    assert link is not None
    private = ann.private()
    await private.send("/start " + link["url"].partition("start=")[2])
    await private.expect("send me the whole text, then choose a model")
    await private.send("/help groups")
    await private.expect("type @easel_bot a fox in the snow")
    wrong = await anns.inline("--modle pika a fox")
    assert wrong.titles == ["✍️ Something is missing or wrong"]
    assert "--model" in wrong.raw["results"][0]["description"]
    assert (await anns.inline("--model nothing a fox")).titles == ["✍️ Something is missing or wrong"]
    how = await anns.choose(await anns.inline(""), "How to order here")
    assert "@easel_bot a fox in the snow" in how.text
    assert how.buttons == []
    here = await private.choose(await private.inline("a fox"), "Pika")  # where the bot hears of it: no order of words
    assert (await private.click("Generate", on=here)).text == "Ordered!"
    await world.finished()
    assert len(await world.jobs()) == 1


async def test_forged_presses_move_nothing(world: World) -> None:
    _ann, _bob, anns, bobs = await friends(world)
    mine = await anns.choose(await anns.inline("--model pika a fox"), "Pika")
    theirs = await bobs.choose(await bobs.inline("--model pika a hare"), "Pika")
    data = mine.keyboard_rows[0][0]["callback_data"]
    assert (await anns.forge(theirs.id, data)).text == "This button is no longer valid."
    for other in (data.replace(".1000.", ".1."), data[:-1]):  # cheaper, and of another order
        assert "Nothing was charged" in (await anns.forge(mine.id, other)).text
    for said in ("i:nothing:go:pika.1000", "i:x:see:99", f"{data}.7", data.replace("go", "pick")):
        assert (await anns.forge(mine.id, said)).answered
    assert await world.jobs() == []
    assert (await anns.click("Generate", on=mine)).text == "Ordered!"
    job = await world.finished()
    for act in ("receipt", "again", "delete", "more", "show"):
        assert (await anns.forge(theirs.id, f"j:{job.id}:{act}:")).text == "This button is no longer valid."
    assert "hare" in (await bobs.refresh(theirs)).text


async def test_typing_has_a_limit_of_its_own(sqlite_url: str) -> None:
    async with inline_world(sqlite_url, updates_per_minute=4) as world:
        ann, _bob, anns, _ = await friends(world)
        answered = [(await anns.inline(f"a fox {n}", timeout=2 if n < 4 else 0.3)).answered for n in range(5)]
        assert answered == [True] * 4 + [False]
        await ann.private().send("/help")
        await ann.private().expect("Just type what you want")


async def test_usual_models_come_first_and_presets_are_understood(world: World) -> None:
    ann, _bob, anns, _ = await friends(world)

    def choose(own: Preferences) -> Preferences:
        return replace(own, models={"video": "run"}, presets={"wet": "--model pika --style 4"})

    await world.easel.db.transaction(lambda conn: preferences.change(conn, ann.id, choose))
    offered = await anns.inline("/video a fox")
    assert [title.partition(" ")[0] for title in offered.titles] == ["Run", "Pika", "Luma"]
    await anns.choose(await anns.inline("--wet a fox"), "Pika · Watercolor")
    assert (await anns.click("Generate")).text == "Ordered!"
    assert (await world.finished()).options == {"style": "4"}
