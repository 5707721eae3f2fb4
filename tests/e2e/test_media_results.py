"""Results in chats: albums, what is done with one of several, the original file, seeds, deletion, foreign taps."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image

from bot.domain.jobs import JobState
from bot.domain.money import CREDIT
from bot.storage.tables import jobs
from bot.telegram.ui.callbacks import JobAction
from sandbox.client import ChatView, Msg
from tests.drivers.app import World
from tests.e2e.media_kit import album, confirmed, more_of, ordered, studio


@pytest.fixture
async def world(sqlite_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with studio(sqlite_url, tmp_path, ready_after_seconds=0) as started:
        yield started


async def four(world: World, chat: ChatView, prompt: str = "a fox") -> tuple[str, Msg]:
    job, message = await ordered(world, chat, f"/naive_schnell --n 4 {prompt}")
    return job.id, message


async def test_four_pictures_are_an_album_under_one_message_with_the_buttons(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    job, message = await ordered(world, chat, "/naive_schnell --n 4 a fox")
    pictures = await album(chat)
    assert [m.kind for m in pictures] == ["photo"] * 4
    assert [d.message_id for d in job.delivered] == [m.id for m in pictures]
    assert {m.message["reply_to_message"]["message_id"] for m in pictures} == {message.id}
    assert message.kind == "text"
    assert message.text.startswith("a fox\n\nNaive Schnell")
    assert message.text.endswith("Tap a number to edit, enlarge or save that picture.")
    assert message.buttons == ["1", "2", "3", "4", "Again ×4 · 1.44", "More…"]
    assert "Receipt" in (await more_of(chat, message)).buttons
    assert not any(m.buttons for m in pictures)
    words = [m.words for m in await chat.messages() if m.from_bot]
    assert not any("Ready!" in said for said in words)  # the album has notified
    assert job.charged is not None
    assert (await world.balance(ann))[0] == 1000 - job.charged / CREDIT


async def test_fewer_than_ordered_are_said_and_cost_their_share(world: World) -> None:
    chat = (await world.person()).private()
    world.services.naive.faults.add("fewer_images", value=2)
    job, message = await ordered(world, chat, "/naive_schnell --n 4 a fox")
    assert "2 of 4 arrived: you are charged for 2 only." in message.text
    assert len(await album(chat)) == 2
    assert job.charged is not None
    assert job.charged * 2 <= job.quote
    world.services.naive.faults.add("fewer_images", value=1)
    job, message = await ordered(world, chat, "/naive_schnell --n 4 a hen")
    assert (message.kind, "1 of 4 arrived" in message.caption) == ("photo", True)
    assert job.charged is not None
    assert job.charged * 4 <= job.quote


async def test_the_second_picture_is_upscaled(world: World) -> None:
    chat = (await world.person()).private()
    id, message = await four(world, chat)  # noqa: A001
    await chat.click("2", on=message)
    picked = await chat.wait_for(lambda m: m.id == message.id and m.button("Upscale") is not None)
    assert picked.buttons[-2:] == ["📎 Original file", "‹ All (this is 2)"]
    await chat.click("Upscale", on=picked)
    job, result = await confirmed(world, chat)
    assert (job.inputs[0].job_id, job.inputs[0].index) == (id, 1)
    second = (await album(chat))[1]
    with Image.open(BytesIO(await chat.media(second))) as small, Image.open(BytesIO(await chat.media(result))) as large:
        assert large.size == (small.width * 4, small.height * 4)
    await chat.click("All", on=await chat.refresh(message))
    back = await chat.wait_for(lambda m: m.id == message.id and m.button("4") is not None)
    assert back.buttons == message.buttons


async def test_a_reply_to_one_of_an_album_uses_that_one(world: World) -> None:
    chat = (await world.person()).private()
    id, message = await four(world, chat)  # noqa: A001
    await chat.reply((await album(chat))[2], "/cutout")
    job, _ = await confirmed(world, chat)
    assert (job.inputs[0].job_id, job.inputs[0].index) == (id, 2)
    await chat.reply(message, "/cutout")
    await chat.expect("There are several pictures here")


async def test_the_original_file_is_the_providers_bytes(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    _, message = await four(world, chat)
    before = await world.balance(ann)
    await chat.click("1", on=message)
    answer = await chat.click("Original file", on=await chat.wait(button="Original file"))
    assert "free of charge" in answer.text
    file = await chat.wait_for(lambda m: m.kind == "document")
    assert file.message["document"]["file_name"].endswith("-1.png")
    assert file.message["document"]["thumbnail"]["width"] <= 320
    downloads = world.services.naive.requests[-1].downloads
    assert downloads >= 5  # fetched once more, not Telegram's photo
    await chat.click("Original file", on=await chat.refresh(message))
    assert await world.balance(ann) == before


async def test_a_link_that_died_leaves_telegrams_copy(world: World) -> None:
    chat = (await world.person()).private()
    _, message = await ordered(world, chat, "/naive_schnell a fox")
    world.services.naive.state.results.clear()
    await chat.click("More", on=message)
    await chat.click("Original file", on=await chat.wait(button="Original file"))
    file = await chat.wait_for(lambda m: m.kind == "document")
    assert file.message["document"]["file_name"].endswith(".jpg")
    await chat.click("Back", on=await chat.refresh(message))
    await chat.click(
        "Upscale", on=await chat.wait_for(lambda m: m.id == message.id and m.button("Upscale") is not None)
    )
    assert (await confirmed(world, chat))[0].state is JobState.DONE


async def test_seeds_are_shown_reused_and_varied(world: World) -> None:
    chat = (await world.person()).private()
    job, message = await ordered(world, chat, "/naive_schnell --seed 42 a fox")
    assert job.facts["seed"] == "42"
    behind = await more_of(chat, message)
    assert "Seed: 42" in (await chat.click("Receipt", on=behind)).text
    await chat.click("Seed 42", on=behind)
    again, _ = await confirmed(world, chat)
    assert again.options == {"seed": "42"}
    await chat.click("Variation · 0.36", on=await chat.refresh(message))
    varied, _ = await confirmed(world, chat)
    assert varied.options["seed"] not in ("42", "")
    assert varied.prompt == "a fox"


async def test_deleting_asks_first_and_clears_the_chat(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    id, message = await four(world, chat)  # noqa: A001
    paid = await world.balance(ann)
    await chat.click("More", on=message)
    question = await chat.click("Delete", on=await chat.wait(button="Delete"))
    assert (question.show_alert, "cannot delete results. Its price is not refunded" in question.text) == (
        True,
        True,
    )
    await chat.click("No, keep it", on=await chat.wait(button="Yes, delete it"))
    kept = await chat.wait_for(lambda m: m.id == message.id and m.button("More") is not None)
    await chat.click("More", on=kept)
    await chat.click("Delete", on=await chat.wait(button="Delete"))
    answer = await chat.click("Yes, delete it", on=await chat.wait(button="Yes, delete it"))
    assert answer.text == "This result was deleted."
    assert await album(chat) == []
    assert (await chat.refresh(message)).deleted
    job = await world.job(lambda job: job.id == id)
    assert (job.state, job.assets, job.delivered, job.facts["deleted"]) == (JobState.DONE, (), (), "on")
    assert await world.balance(ann) == paid
    for act, arg in (("use", "upscale.0"), ("file", "0"), ("more", ""), ("erase", ""), ("pick", "1")):
        said = await chat.forge(message.id, JobAction(id=id, act=act, arg=arg).pack())
        assert said.text == "This result was deleted."
    await chat.send("/jobs")
    await chat.click("a fox", on=await chat.wait("Your orders"))
    await chat.wait("The result was deleted")


async def test_other_peoples_results_are_theirs(world: World) -> None:
    ann, bob = await world.person(), await world.person("Bob")
    group = await world.tg.group("Club", [ann, bob])
    id, message = await four(world, ann.in_(group))  # noqa: A001
    his = bob.in_(group)
    for act, arg in (
        ("use", "upscale.0"),
        ("file", "0"),
        ("more", ""),
        ("pick", "0"),
        ("vary", ""),
        ("delete", ""),
        ("erase", ""),
        ("stay", ""),
        ("music", ""),
        ("fav", "1"),
        ("reuse", ""),
        ("show", ""),
    ):
        answer = await his.forge(message.id, JobAction(id=id, act=act, arg=arg).pack())
        assert "belongs to somebody else" in answer.text, act
    assert len(await world.jobs()) == 1
    assert not (await his.refresh(message)).deleted


HOSTILE = ("", "upscale.9", "upscale.00000", "music.0", "..", "²")


async def test_hostile_buttons_do_nothing(world: World) -> None:
    chat = (await world.person()).private()
    job, message = await ordered(world, chat, "/naive_schnell a fox")
    for arg in HOSTILE:
        for act in ("use", "file", "pick"):
            assert (await chat.forge(message.id, JobAction(id=job.id, act=act, arg=arg).pack())).answered
    assert len(await world.jobs()) == 1
    sent = [m for m in await chat.messages() if m.from_bot]
    assert not any(m.kind == "document" or m.button("Confirm") for m in sent)


async def test_what_is_made_of_a_result_shows_prices_of_what_is_on_sale_only(sqlite_url: str, tmp_path: Path) -> None:
    async with studio(sqlite_url, tmp_path, providers=("naive",)) as world:
        chat, olga = (await world.person()).private(), (await world.admin()).private()
        job, message = await ordered(world, chat, "/naive_schnell a fox")
        assert message.buttons == ["Again · 0.36", "Other model", "🎲 0.36", "More…"]
        await olga.send("/models off naive_schnell")
        await olga.wait("Naive Schnell")
        await chat.send(f"/show {job.id}")
        shown = await chat.wait_for(lambda m: m.kind == "photo")
        assert shown.buttons == ["Other model", "More…"]
        await chat.send("/jobs")
        await chat.click("a fox", on=await chat.wait("Your orders"))
        assert (await chat.wait("State: done")).button("Again") is None


async def test_russian(world: World) -> None:
    chat = (await world.person("Anna", language="ru")).private()
    await chat.send("/naive_schnell --n 2 лиса")
    card = await chat.wait(button="Подтвердить")
    await chat.click("Подтвердить", on=card)
    await world.finished()
    message = await chat.refresh(card)
    assert message.buttons == ["1", "2", "Ещё раз ×2 · 0,72", "Ещё…"]
    assert message.text.endswith("Нажмите номер, чтобы изменить, увеличить или скачать эту картинку.")
    await chat.click("2", on=message)
    assert "📎 Исходный файл" in (await chat.wait(button="Исходный файл")).buttons


async def test_a_tap_before_the_result_is_noted_as_done_waits_for_it(world: World) -> None:
    chat = (await world.person()).private()
    job, message = await ordered(world, chat, "/naive_schnell a fox")
    old = JobAction(id=job.id, act="receipt").pack()  # under results of before the receipt went behind More

    async def mark(state: JobState, owner: str | None, charged: int | None) -> None:
        change = sa.update(jobs).where(jobs.c.id == job.id).values(state=state, owner=owner, charged=charged)
        await world.easel.db.transaction(lambda conn: conn.execute(change).rowcount)

    await mark(JobState.DELIVERING, "somebody", None)
    async with asyncio.TaskGroup() as group:
        receipt = group.create_task(chat.forge(message.id, old))
        await asyncio.sleep(0.2)  # taps of one chat are handled in their order
        tap = group.create_task(chat.click("More", on=message))
        await asyncio.sleep(0.3)
        await mark(JobState.DONE, None, job.charged)
    assert tap.result().text == ""
    assert "Charged: 0.36 credits" in receipt.result().text
    await chat.wait_for(lambda m: m.id == message.id and m.button("Delete") is not None)
