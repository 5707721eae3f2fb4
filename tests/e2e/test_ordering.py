"""Ordering as chats: every way to a confirmation, every refusal, presses that come twice, late or from strangers."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from bot.domain.jobs import JobState
from bot.domain.money import CREDIT
from bot.telegram.ui.callbacks import JobAction
from tests.drivers.app import World, easel
from tests.e2e.media_kit import more_of


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with easel(sqlite_url, welcome_credits=Decimal(50)) as started:
        yield started


async def slow(world: World) -> None:
    """Jobs that stay under way until the test is through with them."""
    for _ in range(3):
        world.ai_now.faults.add("stall", times=1)


async def test_a_command_becomes_a_paid_video_in_one_message(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    await chat.send("/video a serene lake")
    opened = await chat.wait("Price: 10 credits")
    styles = ["Anime", "Moody", "3D", "Watercolor", "Natural", "Claymation", "Black & White"]
    assert opened.buttons == ["Confirm · 10", *styles, "🔀 Other model", "Cancel"]
    await chat.click("Other model", on=opened)
    listed = await chat.wait("Which model?")
    assert listed.buttons == ["⭐ Pika · 10", "Luma · 30", "Run · 30", "‹ Back", "Cancel"]
    await chat.click("Pika · 10")
    await chat.click("Watercolor", on=await chat.wait("Price: 10 credits", button="Watercolor"))
    confirmation = await chat.wait("Balance after: 40 credits", button="✓ Watercolor")
    assert "Price: 10 credits" in confirmation.text
    assert (await chat.click("Confirm · 10")).text == "Ordered!"
    job = await world.finished()
    assert (job.state, job.charged, job.options) == (JobState.DONE, 10 * CREDIT, {"style": "4"})
    assert job.target.message_id == opened.id
    assert (await chat.refresh(opened)).kind == "video"
    receipt = await chat.click("Receipt", on=await more_of(chat, await chat.refresh(opened)))
    assert receipt.show_alert
    assert len(receipt.text) <= 200
    assert receipt.text.startswith("Quoted: 10 credits\nCharged: 10 credits\nTook ")
    assert receipt.text.endswith("Balance: 40 credits")


async def test_plain_text_gets_a_card_at_once_whose_kind_changes_in_place(world: World) -> None:
    chat = (await world.person("Boris", language="ru")).private()
    await chat.send("тихое озеро")
    asked = await chat.wait("Pika", button="Подтвердить · 10")
    assert asked.buttons[0] == "Подтвердить · 10"
    assert asked.buttons[-4:] == ["✓ 🎬 Видео", "🎵 Музыка", "🔀 Другая модель", "Отмена"]
    await chat.click("Музыка")
    await chat.wait("Останется на балансе: 40 кредитов")
    await chat.click("Подтвердить · 10")
    job = await world.finished()
    assert (job.model, job.state, job.locale) == ("suno", JobState.DONE, "ru")
    assert (await chat.refresh(asked)).kind == "audio"


async def test_back_and_cancel_work_at_every_step(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/video a lake")
    await chat.click("Other model", on=await chat.wait("Pika", button="Confirm"))
    await chat.wait("Which model?")
    await chat.click("‹ Back")
    await chat.click("Other model", on=await chat.wait("Pika", button="Confirm"))
    await chat.click("Run", on=await chat.wait("Which model?"))
    await chat.click("All styles", on=await chat.wait("Run", button="All styles"))
    await chat.click("›", on=await chat.wait(button="1/3"))
    await chat.wait(button="2/3")
    await chat.click("‹ Back")
    await chat.click("All styles", on=await chat.wait("Run", button="Confirm"))
    await chat.click("›", on=await chat.wait(button="1/3"))
    await chat.wait(button="2/3")
    await chat.click("Graphite")
    card = await chat.wait("Run · Graphite", button="Confirm")
    assert card.button("‹ Back") is None, "the card is where the order begins"
    answer = await chat.click("Cancel")
    assert answer.text == "Cancelled."
    gone = await chat.wait("Cancelled. Nothing was charged.")
    assert gone.buttons == []
    assert await world.jobs() == []


async def test_flags_and_model_commands_go_straight_to_the_confirmation(world: World) -> None:
    chat = (await world.person()).private()
    for command, title in {
        "/video --model pika --style watercolor a lake": "Pika · Watercolor",
        "/pika —style 4 a lake": "Pika · Watercolor",
        "/run --style forestpunk a lake": "Run · Forestpunk",
        "/LUMA a lake": "Luma",
        "/suno@easel_bot a lake": "Suno",
    }.items():
        await chat.send(command)
        card = await chat.wait(title, button="Confirm")
        assert "a lake" in card.text, command


async def test_wrong_words_are_answered_with_what_helps(world: World) -> None:
    chat = (await world.person()).private()
    for words, said in {
        "/video   \u200b \u2060": "I see no text in it",
        "/pika --style watercolour a lake": "Did you mean: Watercolor",
        "/video --style ab a lake": "could be: Abandoned, Abstract Sculpture",
        "/luma --style anime a lake": "Luma has no “Style”",
        "/video --model luma --style anime a lake": "Models with it: Pika, Run",
        "/video " + "x" * 2500: "at most 2000",
    }.items():
        await chat.send(words)
        await chat.expect(said)


async def test_a_style_that_two_models_have_begins_with_one_and_lists_both_with_prices(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/video --style claymation a lake")
    await chat.click("Other model", on=await chat.wait("Pika · Claymation", button="Confirm · 10"))
    card = await chat.wait("Several models can do this")
    assert card.buttons[:2] == ["⭐ Pika · Claymation · 10", "Run · Claymation · 30"]
    await chat.click("Run · Claymation", on=card)
    await chat.wait("Price: 30 credits")


async def test_the_last_used_model_and_style_come_first(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/pika --style 4 a lake")
    await chat.click("Confirm", on=await chat.wait("Price"))
    await world.finished()
    await chat.send("/video a sea")
    card = await chat.wait("Pika · Watercolor", button="Confirm · 10")
    assert "a sea" in card.text
    assert "✓ Watercolor" in card.buttons


async def test_confirming_twice_or_again_by_redelivery_makes_one_job(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    await chat.send("/pika --style 4 a lake")
    card = await chat.wait("Price", button="Confirm")
    data = card.keyboard_rows[0][0]["callback_data"]
    first, second = await asyncio.gather(chat.forge(card.id, data), chat.forge(card.id, data))
    assert {first.text, second.text} == {"Ordered!", "Already on its way."}
    await world.tg.redeliver(3)
    job = await world.finished()
    assert job.state is JobState.DONE
    assert len(await world.jobs()) == 1
    assert await world.balance(ann) == (40, 0)


async def test_a_quote_older_than_ten_minutes_is_shown_anew(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    await chat.send("/luma a lake")
    await chat.wait("Price", button="Confirm")
    world.easel.db.shift_clock(601)
    await chat.click("Confirm")
    await chat.wait("still the same: please confirm again. Nothing was charged", button="Confirm · 30")
    assert await world.balance(ann) == (50, 0)
    await chat.click("Confirm")
    assert (await world.finished()).state is JobState.DONE


async def test_a_confirm_button_agrees_only_to_what_it_showed(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    await chat.send("/video --model pika --style 4 a lake")
    card = await chat.wait("Price: 10", button="Confirm")
    data = card.keyboard_rows[0][0]["callback_data"]
    await chat.click("Anime", on=card)
    await chat.wait("Pika · Anime", button="Confirm")
    assert (await chat.forge(card.id, data)).text == "This button is no longer valid."
    await chat.wait("The order has changed since", button="Confirm")
    assert await world.jobs() == []


async def test_a_running_job_is_cancelled_after_a_question_and_a_finished_one_not(world: World) -> None:
    await slow(world)
    ann = await world.person()
    chat = ann.private()
    await chat.send("/pika --style 4 a lake")
    card = await chat.wait("Price", button="Confirm")
    await chat.click("Confirm")
    await world.job(lambda job: job.state in (JobState.SUBMITTING, JobState.RUNNING))
    await chat.wait("usually about", button="Cancel")
    assert (await chat.click("Cancel", on=await chat.refresh(card))).text.startswith("Cancel it?")
    question = await chat.wait("is already under way. Cancel it anyway?")
    await chat.click("Keep it")
    while not (await chat.refresh(question)).deleted:  # the test's own time limit bounds it
        await asyncio.sleep(0.02)
    await world.tg.faults("500", method="sendMessage")
    await chat.click("Cancel", on=await chat.refresh(card))
    await chat.wait("Cancel it anyway?")  # Telegram failed at first: the press is handled again
    assert (await chat.click("Yes, cancel it")).text == "Cancelled. You were not charged."
    job = await world.finished()
    assert job.state is JobState.CANCELLED
    assert await world.balance(ann) == (50, 0)
    ended = await chat.refresh(card)
    assert "Cancelled" in ended.text
    data = JobAction(id=job.id, act="sure").pack()
    assert (await chat.forge(card.id, data)).answered
    assert (await chat.refresh(card)).text == ended.text


async def test_buttons_of_a_result_open_new_messages(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/pika --style 4 a lake")
    await chat.click("Confirm", on=await chat.wait("Price", button="Confirm"))
    job = await world.finished()
    result = await chat.wait("a lake", button="Again · 10")
    assert result.buttons == ["Again · 10", "Other model", "More…"]
    for label, said in {
        "Again · 10": "Pika · Watercolor",
        "Other model": "Which model?",
        "Other style": "Choose a style",
    }.items():
        await chat.click(label, on=await more_of(chat, result) if label == "Other style" else result)
        card = await chat.wait(said)
        assert card.id != result.id
        assert "a lake" in card.text
    assert (await chat.refresh(result)).kind == "video"
    assert (await world.jobs())[-1].id == job.id


async def test_a_failed_luma_offers_the_others_in_one_tap(world: World) -> None:
    world.ai_now.faults.add("error_event", model="luma")
    ann = await world.person()
    chat = ann.private()
    await chat.send("/luma a lake")
    await chat.click("Confirm", on=await chat.wait("Price", button="Confirm"))
    job = await world.finished()
    assert job.state is JobState.FAILED
    failed = await chat.wait("You were not charged", button="Try Pika · 10")
    await chat.click("Try Pika", on=failed)
    await chat.wait("Price: 10 credits", button="Confirm · 10")
    await chat.click("Try again", on=failed)
    await chat.wait("Price: 30 credits", button="Confirm · 30")
    assert await world.balance(ann) == (50, 0)


async def test_a_model_taken_off_sale_meanwhile(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/luma a lake")
    card = await chat.wait("Price", button="Confirm")
    world.ai_now.faults.add(401)
    await chat.send("/pika --style 4 a lake")
    await chat.click("Confirm", on=await chat.wait("Pika", button="Confirm"))
    await world.finished()
    await chat.click("Confirm", on=card)
    await chat.wait("Luma is temporarily unavailable", button="‹ Back")
    await chat.send("/video a lake")
    await chat.wait("temporarily unavailable")


@pytest.mark.parametrize(("language", "asked"), [("en", "Tell me what to make"), ("ru", "Напишите, что сделать")])
async def test_the_words_of_a_bare_command_come_in_the_next_message(world: World, language: str, asked: str) -> None:
    chat = (await world.person(language=language)).private()
    await chat.send("/video")
    card = await chat.wait(asked)
    await chat.send("a serene lake")
    shown = await chat.wait("a serene lake", button="· 10")
    assert shown.id == card.id
    await chat.click("· 10", on=shown)
    assert (await world.finished()).prompt == "a serene lake"


async def test_in_a_group_the_words_of_a_bare_command_come_as_a_reply(world: World) -> None:
    ann = await world.person()
    bob = await world.person("Bob")
    group = await world.tg.group("Friends", [ann, bob])
    hers = ann.in_(group)
    await hers.send("/video")
    asked = await hers.wait("Tell me what to make")
    await bob.in_(group).send("a red bus")
    await hers.reply(asked, "a serene lake")
    card = await hers.wait("a serene lake", button="Confirm")
    assert "a red bus" not in card.text
    await hers.click("Confirm", on=card)
    assert (await world.finished()).prompt == "a serene lake"
