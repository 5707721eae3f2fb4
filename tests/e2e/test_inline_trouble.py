"""Cards in chats that the bot does not know when things come at a bad moment: taps in between, other people's taps,
changed settings, files that Telegram does not know any more."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.jobs import Job, JobState
from bot.domain.money import CREDIT
from bot.engine.accounts import preferences
from bot.engine.accounts.preferences import Preferences
from bot.engine.jobs import store
from bot.storage.tables import jobs
from bot.telegram.orders.draft.draft import Market
from bot.telegram.orders.view.presenter import market
from sandbox.client import Person
from tests.drivers.app import EVERYBODY, World
from tests.e2e.inline_kit import friends, in_drafts, inline_world
from tests.e2e.media_kit import PHOTO


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with inline_world(sqlite_url) as started:
        yield started


async def mark(world: World, job: Job, **values: Any) -> None:
    """As if the process had stopped at that point."""
    change = sa.update(jobs).where(jobs.c.id == job.id).values(**values)
    await world.easel.db.transaction(lambda conn: conn.execute(change).rowcount)


async def prefer(world: World, person: Person, **values: Any) -> None:
    def change(own: Preferences) -> Preferences:
        return replace(own, **values)

    await world.easel.db.transaction(lambda conn: preferences.change(conn, person.id, change))


async def test_a_number_is_tapped_before_the_result_is_noted_as_done_and_after_it_was_deleted(sqlite_url: str) -> None:
    async with inline_world(sqlite_url, providers=EVERYBODY) as world:
        ann, _bob, anns, _ = await friends(world)
        await anns.choose(await anns.inline("--model flux_schnell --n 2 a fox"), "FLUX")
        await anns.click("Generate")
        job = await world.finished()
        card = await anns.wait(button="2")
        await mark(world, job, state=JobState.DELIVERING, owner="somebody")
        async with asyncio.TaskGroup() as group:
            tap = group.create_task(anns.click("2", on=card))
            await asyncio.sleep(0.3)
            await mark(world, job, state=JobState.DONE, owner=None)
        assert tap.result().text == ""
        await anns.wait(button="· 2 ·")

        private = ann.private()
        await private.send(f"/show {job.id}")
        shown = await private.wait(button="More")
        await private.forge(shown.id, f"j:{job.id}:erase:")
        gone = await anns.wait("This result was deleted")
        assert (await anns.forge(gone.id, f"i:{job.id}:see:0")).text == "This result was deleted."
        assert (await anns.refresh(gone)).buttons == []


async def test_a_file_that_telegram_does_not_know_any_more_closes_inline_mode_to_nobody(world: World) -> None:
    _ann, _bob, anns, _ = await friends(world)
    await anns.choose(await anns.inline("--model pika a fox"), "Pika")
    await anns.click("Generate")
    job = await world.finished()
    await mark(world, job, delivered=[{"file_id": "of-another-bot", "media": "video", "message_id": 0}])
    assert (await anns.inline("a hare")).titles[:2] == ["Pika · 10 credits", "Luma · 30 credits"]
    assert (await anns.inline("")).titles == ["How to order here"]


async def test_two_people_tap_nobodys_card_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ann, _bob, anns, _ = await friends(world)
    cleo = await world.person("Cleo", credits=50)
    group = await world.tg.group("More friends", [ann, cleo], bot="left")
    anns, cleos = ann.in_(group), cleo.in_(group)
    await anns.send("@easel_bot /pika a fox", anonymous=True)
    card = await anns.wait("Price", button="Generate")
    placed = asyncio.Event()
    held: list[str] = []

    async def slowly(ctx: Any) -> Market:
        if not held:
            held.append("cleo")
            await placed.wait()
        return await market(ctx)

    monkeypatch.setattr("bot.telegram.inline.order_buttons.market", slowly)
    async with asyncio.TaskGroup() as taps:
        later = taps.create_task(cleos.click("Generate", on=card))
        while not held:
            await asyncio.sleep(0.01)
        assert (await anns.click("Generate", on=card)).text == "Ordered!"
        placed.set()
    assert "somebody else" in later.result().text
    await world.finished()
    assert (await world.balance(ann), await world.balance(cleo)) == ((40, 0), (50, 0))


async def test_what_is_ordered_is_what_the_card_says_whoever_taps_and_whatever_they_set_since(world: World) -> None:
    ann, _bob, anns, _ = await friends(world)
    await prefer(world, ann, flags={"video": "--style 4"}, presets={"wet": "--style 4"})
    await anns.send("@easel_bot /pika a fox", anonymous=True)
    card = await anns.wait("a fox\nPrice", button="Generate")
    assert "Watercolor" not in card.text
    assert (await anns.click("Generate", on=card)).text == "Ordered!"
    assert (await world.finished()).options == {}

    mine = await anns.choose(await anns.inline("--model pika --wet a fox"), "Pika · Watercolor")
    await prefer(world, ann, presets={"wet": "--style 1"})
    assert "look at the card again" in (await anns.click("Generate", on=mine)).text
    changed = await anns.refresh(mine)
    assert "The order has changed since" in changed.text
    assert "Pika · Anime" in changed.text
    assert len(await world.jobs()) == 1
    assert (await anns.click("Generate", on=changed)).text == "Ordered!"
    assert (await world.finished()).options == {"style": "1"}


async def test_the_last_word_of_a_failed_try_does_not_come_again_over_the_next_ones_result(world: World) -> None:
    _ann, _bob, anns, _ = await friends(world)
    world.ai_now.faults.add("error_event", times=1)
    card = await anns.choose(await anns.inline("--model pika a fox"), "Pika")
    await anns.click("Generate")
    failed = await world.finished()
    await anns.wait("You were not charged", button="Try again")
    await mark(world, failed, notice_due=True, owner="somebody")  # who died before it was noted as said
    await anns.click("Try again")
    await anns.wait("Tap Generate")
    await in_drafts(world, quoted_at=1.0)
    await anns.forge(card.id, f"i:{failed.id}:retry:")  # the card is shown again, with the price of now
    assert (await anns.click("Generate", on=card)).text == "Ordered!"
    again = await world.job(lambda job: job.state is JobState.DONE and not job.notice_due)
    await mark(world, failed, owner=None, next_at=0.0)
    await world.easel.db.transaction(lambda conn: world.easel.db.notify(conn, store.WAKE))
    await asyncio.sleep(0.5)
    shown = await anns.refresh(card)
    assert (shown.kind, shown.caption, again.charged) == ("video", "a fox\n\nPika", 10 * CREDIT)


async def test_a_guest_asked_about_a_picture_says_that_it_works_from_words_only(world: World) -> None:
    _ann, _bob, anns, _ = await friends(world)
    photo = await anns.photo(PHOTO, "look")
    await anns.reply(photo, "@easel_bot a hat on it")
    await anns.expect("I work only from words")
    await anns.reply(photo, "@easel_bot /pika a fox")  # says by itself what is to be made
    await anns.wait("a fox\nPrice", button="Generate")
    post = world.telegram.core.store.chats[anns.chat_id].messages[photo.id]
    post.flags["is_automatic_forward"] = True  # of a channel: whatever is said under it answers it
    await anns.reply(photo, "@easel_bot a hare")
    await anns.wait("a hare", button="Pika")


async def test_the_words_of_a_card_are_nobodys_prompt(world: World) -> None:
    ann, _bob, _anns, _ = await friends(world)
    here = ann.in_(await world.tg.group("With the bot", [ann]))
    card = await here.choose(await here.inline("--model pika a fox"), "Pika")
    await here.reply(card, "/luma@easel_bot")
    assert "Tap Generate" not in (await here.wait("Tell me what to make")).text


async def test_a_try_again_leaves_out_an_option_that_the_model_does_not_take(sqlite_url: str) -> None:
    async with inline_world(sqlite_url, providers=EVERYBODY) as world:
        _ann, _bob, anns, _ = await friends(world)
        world.services.neuroapi.faults.add("unsupported_size")
        await anns.choose(await anns.inline("--model dalle --size 1792x1024 a lake"), "DALL")
        await anns.click("Generate")
        failed = await anns.wait("does not accept the option “Size”. You were not charged", button="Try")
        await anns.click("Try", on=failed)
        await anns.click("Generate", on=await anns.wait(button="Generate · 9.6"))
        job = await world.job(lambda job: job.state is JobState.DONE)
        assert job.options == {}
