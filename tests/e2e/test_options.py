"""Options, small orders without a question, what is on sale and what is not: as chats, with every service."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import Connection

from bot.domain.jobs import JobState
from bot.domain.money import CREDIT
from bot.engine.accounts import preferences
from bot.engine.accounts.preferences import Preferences
from bot.telegram.ui.screen import HEIGHT, height
from tests.drivers.app import World, easel

SERVICES = ("ai_now", "neuroartist", "naive")


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with easel(sqlite_url, welcome_credits=Decimal(100), providers=SERVICES) as started:
        yield started


async def test_flags_become_parameters_and_a_price_for_exactly_them(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    await chat.send("/naive_schnell a red fox —ar 16x9 --n 2 --seed 42 --guidance 4,5")
    card = await chat.wait("Naive Schnell", button="Confirm")
    assert "⚙️ Images: 2 · Aspect: 16:9 · Seed: 42 · Guidance: 4.5" in card.text
    quote = card.buttons[0].partition(" · ")[2]
    assert f"Price: {quote} credits" in card.text
    await chat.click("Confirm")
    job = await world.finished()
    assert (job.state, job.ordered, len(job.assets)) == (JobState.DONE, 2, 2)
    assert job.options == {"ar": "16:9", "n": "2", "seed": "42", "guidance": "4.5"}
    (asked,) = world.services.naive.requests
    assert asked.outcome == "completed"


async def test_the_menu_of_options_changes_the_order_and_its_price(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/flux_schnell a red fox")
    card = await chat.wait("FLUX Schnell", button="⚙️ Options")
    await chat.click("⚙️ Options", on=card)
    listed = await chat.wait("Choose what to change", button="Steps: 4")
    assert listed.id == card.id
    await chat.click("Images", on=listed)
    await chat.click("3", on=await chat.wait("Images: 1", button="3"))
    await chat.wait(button="✓ Images: 3")
    await chat.click("Seed")
    await chat.click("✏️ Type it", on=await chat.wait("Seed: random"))
    await chat.wait("send it to me as a message")
    await chat.send("a lot")
    assert (
        "“a lot” is not possible" in (await chat.wait_for(lambda m: m.id == card.id and "not possible" in m.text)).text
    )
    await chat.send("4242")
    changed = await chat.wait_for(lambda m: m.id == card.id and m.button("✓ Seed: 4242") is not None)
    assert "Images: 3 · Seed: 4242" in changed.text
    await chat.click("‹ Back", on=changed)
    confirmation = await chat.wait("Balance after", button="Confirm")
    await chat.click("Confirm", on=confirmation)
    job = await world.finished()
    assert (job.state, job.options, job.ordered) == (JobState.DONE, {"n": "3", "seed": "4242"}, 3)


async def test_options_come_back_with_what_was_used_last(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/flux_schnell a red fox --ar 16:9 --seed 7")
    await chat.click("Confirm", on=await chat.wait("FLUX Schnell", button="Confirm"))
    await world.finished()
    await chat.send("/image a sea")
    card = await chat.wait("a sea", button="Confirm")
    assert "Aspect: 16:9" in card.text
    assert "Seed" not in card.text, "it would make the same picture again"


async def test_a_new_sentence_is_not_taken_for_a_number(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/flux_schnell a red fox")
    await chat.click("⚙️ Options", on=await chat.wait("FLUX Schnell", button="⚙️ Options"))
    await chat.click("Seed", on=await chat.wait("Choose what to change"))
    await chat.click("✏️ Type it", on=await chat.wait("Seed: random"))
    await chat.wait("send it to me as a message")
    await chat.send("two blue foxes in snow")
    await chat.wait("two blue foxes in snow", button="✓ 🖼 Image")


async def test_wrong_options_are_answered_with_what_is_possible(world: World) -> None:
    chat = (await world.person()).private()
    for words, said in {
        "/flux_schnell a fox --steps 50": "whole numbers from 1 to 12",
        "/flux_pro a fox --steps 5": "FLUX Pro has no “Steps”",
        "/flux_dev a fox --ar 16:9 --size square": "set the same thing",
        "/flux_dev a fox --no-safety": "I do not know --no-safety",
        "/video a fox --seed 4": "--seed is not possible here",
    }.items():
        await chat.send(words)
        await chat.expect(said)
    assert await world.jobs() == []


async def test_small_orders_start_without_a_question_once_that_is_chosen(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    await chat.send("/settings")
    await chat.click("Confirmation", on=await chat.wait("Settings"))
    page = await chat.wait("Price without a question", button="✓ Always ask")
    await chat.click("Up to 10", on=page)
    await chat.wait("Saved", button="✓ Up to 10")
    await chat.send("/pika --style 4 a lake")
    job = await world.finished()
    assert (job.state, job.charged) == (JobState.DONE, 10 * CREDIT)
    assert (await chat.wait("a lake", button="More")).id == job.target.message_id
    await chat.send("/luma a lake")
    await chat.wait("Luma", button="Confirm · 30")
    await chat.click("Cancel")
    await chat.send("/pika a sea --style anime")
    second = await world.job(lambda j: j.prompt == "a sea" and j.state is JobState.DONE and not j.notice_due)
    assert second.options == {"style": "1"}
    assert await world.balance(ann) == (80, 0)
    await chat.send("/settings")
    await chat.click("Confirmation", on=await chat.wait("Settings"))
    await chat.click("Always ask", on=await chat.wait("Price without a question", button="✓ Up to 10"))
    await chat.wait("Saved", button="✓ Always ask")
    await chat.send("/pika --style 4 a lake")
    await chat.wait("Pika", button="Confirm · 10")


async def test_without_credits_a_small_order_says_what_is_missing(sqlite_url: str) -> None:
    async with easel(sqlite_url, welcome_credits=Decimal(5)) as world:
        chat = (await world.person()).private()
        await chat.send("/settings")
        await chat.click("Confirmation", on=await chat.wait("Settings"))
        await chat.click("Up to 50", on=await chat.wait("Price without a question"))
        await chat.wait("Saved")
        await chat.send("/luma a lake")
        refused = await chat.wait("you need 25 credits more", button="Check again")
        assert not any("Confirm" in label for label in refused.buttons)
        assert await world.jobs() == []


async def test_in_a_group_small_orders_are_asked_about(world: World) -> None:
    ann = await world.person()
    private = ann.private()
    await private.send("/settings")
    await private.click("Confirmation", on=await private.wait("Settings"))
    await private.click("Up to 50", on=await private.wait("Price without a question"))
    await private.wait("Saved")
    group = await world.tg.group("Painters", [ann])
    chat = ann.in_(group)
    await chat.send("/luma a lake")
    card = await chat.wait("Luma", button="Confirm · 30")
    assert "Balance" not in card.text


async def test_a_number_is_typed_in_a_group_as_a_reply_only(world: World) -> None:
    ann = await world.person()
    group = await world.tg.group("Painters", [ann])
    chat = ann.in_(group)
    await chat.send("/flux_schnell a red fox")
    card = await chat.wait("FLUX Schnell", button="⚙️ Options")
    await chat.click("⚙️ Options", on=card)
    await chat.click("Seed", on=await chat.wait("Choose what to change"))
    await chat.click("✏️ Type it", on=await chat.wait("Seed: random"))
    asked = await chat.wait("send it to me as a message")
    await chat.send("99")
    await chat.send("4242", reply_to=asked)
    await chat.wait_for(lambda m: m.id == card.id and m.button("✓ Seed: 4242") is not None)


async def test_models_are_listed_by_kind_with_prices_and_options(world: World) -> None:
    await world.restart(catalog_file=None)
    chat = (await world.person()).private()
    await chat.send("/models")
    page = await chat.wait("FLUX Schnell", button="🎬 Video")
    assert page.text.startswith("🖼 Image\n⭐ FLUX Schnell — very fast and cheap\n/flux_schnell · ")
    assert "Options: /price flux_schnell" in page.text
    assert height(page.text) <= HEIGHT
    await chat.click("🎬 Video", on=page)
    assert "/luma · 30 credits · 2 min 30 s" in (await chat.wait("Luma", button="🖼 Image")).text
    world.ai_now.faults.add(401, times=1000)
    await chat.send("/pika --style 4 a lake")
    await chat.click("Confirm", on=await chat.wait("Pika", button="Confirm"))
    await world.finished()
    await chat.send("/models video")
    assert "Luma · temporarily unavailable" in (await chat.wait("Kling", button="🖼 Image")).text


async def test_a_price_is_told_for_exactly_these_options(world: World) -> None:
    chat = (await world.person()).private()
    for words, said in {
        "/price pika --style 4": "Pika · Watercolor",
        "/price flux_schnell": "Options: --n, --ar, --size",
        "/price flux_dev --n 3": "Images: 1 – ",
        "/price FLUX Dev --n 3": "To order it: /flux_dev --n 3",
        "/price flux": "“flux” could be: FLUX Schnell, FLUX Dev, FLUX Pro",
        "/price flax_dev": "Did you mean: FLUX Dev",
        "/price pika --steps 4": "Pika has no “Steps”",
        "/price flux_dev --steps 99": "whole numbers from 1 to 50",
        "/price": "/price flux_schnell --n 2",
        "/price luma a red fox": "“a red fox” was left out",
    }.items():
        await chat.send(words)
        await chat.expect(said)


async def test_a_command_with_nothing_on_sale_says_what_can_be_done_instead(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        ann = await world.person()
        chat = ann.private()
        for words, said in {
            "/image a fox": "/image (🖼 Image) is unavailable right now",
            "/audio rain": "Instead you can use: /music (🎵 Music), /video",
            "/flux_dev a fox": "FLUX Dev is unavailable right now",
            "/kling a fox": "Instead you can use: /luma (Luma), /pika (Pika)",
        }.items():
            await chat.send(words)
            await chat.expect(said)
        await chat.send("/start")
        assert "Image" not in " ".join((await chat.wait(button="🎬 Video")).buttons)
        group = ann.in_(await world.tg.group("Painters", [ann]))
        await group.send("/image a fox")
        await group.send("/luma a lake")
        assert "unavailable right now" not in (await group.wait("Luma")).text


async def test_plain_text_may_be_a_question_after_all(sqlite_url: str) -> None:
    async with easel(sqlite_url, welcome_credits=Decimal(100), providers=("ai_now", "neuroapi")) as world:
        chat = (await world.person()).private()
        await chat.send("why is the sky blue?")
        card = await chat.wait("It sounds like a question", button="💬 Ask")
        assert card.buttons[0] == "💬 Ask"
        assert card.buttons[1].startswith("Confirm · ")
        kinds = [label for label in card.buttons if label in ("✓ 🖼 Image", "🎬 Video", "🎵 Music", "🔀 Other model")]
        assert kinds == ["✓ 🖼 Image", "🎬 Video", "🎵 Music", "🔀 Other model"]
        await chat.click("💬 Ask", on=card)
        job = await world.finished()
        assert (job.kind.value, job.state, job.prompt) == ("ask", JobState.DONE, "why is the sky blue?")
        assert (await chat.refresh(card)).buttons == []
        assert (await chat.forge(card.id, f"d:{job.id}:question:")).answered


async def test_the_nearest_model_is_offered_with_its_price_when_one_is_off(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/flux_dev --n 2 a lake")
    card = await chat.wait("FLUX Dev", button="Confirm")
    world.services.neuroartist.faults.add(401, times=1000)
    await chat.click("Confirm", on=card)
    await world.finished()
    await chat.send("/flux_dev --n 2 a lake")
    off = await chat.wait("FLUX Dev is temporarily unavailable", button="Naive Dev")
    await chat.click("Naive Dev", on=off)
    await chat.wait("Images: 2", button="Confirm")


async def test_a_small_order_that_comes_twice_is_one_job(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    await chat.send("/settings")
    await chat.click("Confirmation", on=await chat.wait("Settings"))
    await chat.click("Up to 10", on=await chat.wait("Price without a question"))
    await chat.wait("Saved")
    await chat.send("/pika --style 4 a lake")
    await world.finished()
    assert await world.tg.redeliver(1) == 1
    await chat.send("/balance")
    await chat.wait("Your balance: 90 credits")
    assert len(await world.jobs()) == 1
    await chat.send("/pika --style 4 a sea")
    again = await world.job(lambda j: j.state is JobState.DONE and not j.notice_due and j.prompt == "a sea")
    receipt = await chat.wait("a sea", button="Again · 10")
    assert receipt.id == again.target.message_id
    taps = await asyncio.gather(*(chat.click("Again", on=receipt) for _ in range(2)))
    assert all(tap.answered for tap in taps)
    await chat.wait("a sea", button="Confirm · 10")  # the second tap may be a slip
    world.easel.db.shift_clock(60)
    await world.tg.redeliver(2)
    third = await world.job(lambda j: j.id != again.id and j.state is JobState.DONE and not j.notice_due)
    assert third.options == {"style": "4"}
    await chat.send("/balance")
    await chat.wait("Your balance: 70 credits")
    assert await world.balance(ann) == (70, 0)


async def test_the_menu_waits_for_a_picture_where_one_is_needed(world: World) -> None:
    chat = (await world.person()).private()
    menu = await chat.last()
    await chat.click("🔍 Upscale", on=menu)
    await chat.wait("reply to a picture with /upscale")
    await chat.send("a lake")  # words are no picture: they get their card as always
    await chat.wait("a lake", button="✓ 🖼 Image")
    await chat.send("/upscale")
    await chat.expect("works on a picture")
    await chat.send("/upscaler")
    await chat.expect("works on a picture")


async def test_words_for_a_picture_are_asked_for_and_typed_into_the_same_message(sqlite_url: str) -> None:
    async with easel(sqlite_url, welcome_credits=Decimal(100), providers=("ai_now", "neuroflash")) as world:
        ann = await world.person()
        chat = ann.private()
        await chat.send("/flash --ar 16:9 a red fox")
        await chat.click("Confirm", on=await chat.wait("Nano Banana", button="Confirm"))
        first = await world.finished()
        picture = await chat.wait("a red fox", button="Again")

        def usual(conn: Connection) -> Preferences:
            return preferences.change(conn, ann.id, lambda own: replace(own, flags={"edit": "--ar 4:3"}))

        await world.easel.db.transaction(usual)
        await chat.click("✏️ Edit", on=picture)
        asked = await chat.wait("Write what to do with it", button="Cancel")
        await chat.send("make it night")
        card = await chat.wait("make it night", button="Confirm")
        assert card.id == asked.id
        assert "🖼 1 picture" in card.text
        assert "Aspect: 4:3" in card.text, "what edits begin with, from the result's button, too"
        await chat.click("Confirm", on=card)
        edited = await world.job(lambda j: j.id != first.id and j.state.finished and not j.notice_due)
        assert (edited.kind.value, edited.state, edited.prompt) == ("edit", JobState.DONE, "make it night")
        assert edited.inputs[0].job_id == first.id
        await chat.send("/edit")
        await chat.expect("Nano Banana Edit changes only pictures made by Nano Banana.")
