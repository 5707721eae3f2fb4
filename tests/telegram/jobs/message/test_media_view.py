"""The job's message in a real chat: from the queue to the result, and every way a delivery can go wrong."""

import asyncio
import gc
from dataclasses import replace

import pytest
from aiogram.types import InlineKeyboardMarkup

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Asset, Cause, Delivered
from bot.domain.results import Fetched, ResultFile, TooLarge
from bot.engine.ports import Progress, Stage, TargetGone, TryLater
from bot.telegram.i18n.lengths import CAPTION_MAX, units
from bot.telegram.jobs.message.media_view import JobMessages
from tests.telegram.kit import TEXTS, World, done, failed, job, telegram, view

RUNNING = Progress(Stage.RUNNING, elapsed=65, typical=130)


async def test_one_message_goes_from_the_queue_to_the_playing_video(world: World, clip: ResultFile) -> None:
    person, chat = await world.person()
    messages = view(world)
    target = await messages.open(job(person.id))
    opened = await chat.last()
    assert "In the queue" in opened.text
    assert opened.button("Cancel") is not None
    assert opened.keyboard_rows[0][0]["style"] == "danger"
    placed = job(person.id, target.message_id)
    assert await messages.open(placed) == target

    messages.progress(placed, RUNNING)
    shown = await chat.wait("1 min 5 s · usually about 2 min 10 s")
    assert "▰▰▰▰▱▱▱▱▱▱ 45%" in shown.text
    messages.progress(placed, Progress(Stage.DELIVERING))
    await chat.wait("Sending it to you")
    assert not (await chat.last()).buttons

    delivery = await messages.deliver(placed, (clip,))
    result = await chat.last()
    assert (result.id, result.kind, delivery.target) == (opened.id, "video", target)
    assert result.caption == "a serene lake\n\nPika · Watercolor"
    assert result.buttons == ["Again · 10", "Other model", "More…"]
    video = result.message["video"]
    assert (video["width"] > 0, video["height"] > 0, video["duration"] > 0) == (True, True, True)
    cover = video["cover"][-1]
    assert (cover["width"], cover["height"]) == (video["width"], video["height"])
    assert max(video["thumbnail"]["width"], video["thumbnail"]["height"]) <= 320
    assert delivery.delivered == (Delivered(video["file_id"], "video", cover=cover["file_id"]),)


async def test_a_song_has_a_title_and_a_performer(world: World, song: ResultFile) -> None:
    person, chat = await world.person()
    asked = job(person.id, model="suno", kind=Kind.MUSIC, options={}, prompt="an ode to\nthe sea " + "and more " * 20)
    messages = view(world)
    target = await messages.open(asked)
    await messages.deliver(replace(asked, target=target), (song,))
    result = await chat.last()
    audio = result.message["audio"]
    assert audio["title"].startswith("an ode to the sea")
    assert units(audio["title"]) <= 64
    assert audio["performer"] == "Suno"
    assert audio["duration"] > 0
    assert result.buttons == ["Again · 10", "More…"]


@pytest.mark.parametrize("prompt", ["a" * 3000, "<&>" * 900, "озеро " * 400, "🌊" * 1500])
async def test_long_prompts_fit_the_caption(world: World, clip: ResultFile, prompt: str) -> None:
    person, chat = await world.person()
    messages = view(world)
    asked = job(person.id, prompt=prompt)
    await messages.deliver(replace(asked, target=await messages.open(asked)), (clip,))
    caption = (await chat.last()).caption
    assert CAPTION_MAX - 30 < units(caption) <= CAPTION_MAX
    assert caption.endswith("…\n\nPika · Watercolor")


async def test_no_keyboard_is_kept_for_a_job_that_is_over(world: World, clip: ResultFile) -> None:
    person, chat = await world.person()
    messages = view(world)

    def kept() -> int:
        gc.collect()
        return sum(isinstance(each, InlineKeyboardMarkup) for each in gc.get_objects())

    async def whole_life() -> None:
        placed = job(person.id, (await messages.open(job(person.id))).message_id)
        delivery = await messages.deliver(placed, (clip,))
        edits = (await chat.last()).edits
        await messages.final(done(person.id, placed.target.message_id, delivered=delivery.delivered, took=1.0))
        assert (await chat.last()).edits == edits  # its buttons stand already

    await whole_life()
    before = kept()
    for _ in range(5):
        await whole_life()
    assert kept() <= before


async def test_a_second_delivery_reuses_what_telegram_keeps(world: World, clip: ResultFile) -> None:
    person, chat = await world.person()
    messages = view(world)
    placed = job(person.id, (await messages.open(job(person.id))).message_id)
    first = await messages.deliver(placed, (clip,))
    again = await messages.deliver(replace(placed, delivered=first.delivered), ())
    assert again == first
    assert (await chat.last()).edits == 1  # the second edit changed nothing
    assert len([m for m in await chat.messages() if m.from_bot]) == 1


async def test_progress_never_lands_on_a_result(world: World, clip: ResultFile) -> None:
    person, chat = await world.person()
    messages = view(world)
    placed = job(person.id, (await messages.open(job(person.id))).message_id)
    messages.progress(placed, RUNNING)  # not sent yet, and dropped
    await messages.deliver(placed, (clip,))
    messages.progress(placed, replace(RUNNING, elapsed=99))
    await asyncio.sleep(0.3)
    assert ((await chat.last()).kind, (await chat.last()).edits) == ("video", 1)


async def test_a_deleted_message_is_sent_anew(world: World, clip: ResultFile) -> None:
    person, chat = await world.person()
    messages = view(world)
    placed = job(person.id, (await messages.open(job(person.id))).message_id)
    await chat.delete(await chat.last())
    delivery = await messages.deliver(placed, (clip,))
    result = await chat.last()
    assert (result.kind, result.id) == ("video", delivery.target.message_id)
    assert delivery.target.message_id != placed.target.message_id


async def test_a_blocked_bot_is_gone_for_good(world: World, clip: ResultFile) -> None:
    person, _ = await world.person()
    messages = view(world)
    placed = job(person.id, (await messages.open(job(person.id))).message_id)
    await person.block()
    with pytest.raises(TargetGone):
        await messages.deliver(placed, (clip,))
    with pytest.raises(TargetGone):
        await messages.open(job(person.id))
    with pytest.raises(TargetGone):
        await messages.open(job(987654321))
    assert await messages.final(failed(person.id, placed.target.message_id, Cause.UNDELIVERABLE)) is None


@pytest.mark.parametrize("fault", ["500", "502", "drop_before", "429"])
async def test_trouble_that_may_pass_asks_for_another_try(world: World, clip: ResultFile, fault: str) -> None:
    person, chat = await world.person()
    messages = view(world)
    placed = job(person.id, (await messages.open(job(person.id))).message_id)
    await world.tg.faults(fault, method="editMessageMedia", times=9, retry_after=600)
    with pytest.raises(TryLater) as later:
        await messages.deliver(placed, (clip,))
    assert later.value.seconds == (600 if fault == "429" else 5)
    await world.tg.clear_faults()
    if fault == "429":  # obeyed: not even tried
        with pytest.raises(TryLater):
            await messages.deliver(placed, (clip,))
        assert len(await world.statuses("editMessageMedia")) == 1
        return
    messages.progress(placed, RUNNING)  # the message is under way again
    await chat.wait("usually about")
    await messages.deliver(placed, (clip,))
    assert (await chat.last()).kind == "video"


async def test_an_upload_whose_answer_was_lost_is_repeated_into_the_same_message(
    world: World, clip: ResultFile
) -> None:
    person, chat = await world.person()
    messages = view(world)
    placed = job(person.id, (await messages.open(job(person.id))).message_id)
    await world.tg.faults("drop_after", method="editMessageMedia")
    with pytest.raises(TryLater):
        await messages.deliver(placed, (clip,))
    await messages.deliver(placed, (clip,))
    assert [m.kind for m in await chat.messages() if m.from_bot] == ["video"]


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_too_large_results_become_links(world: World, clip: ResultFile, language: str) -> None:
    person, chat = await world.person()
    placed = job(person.id, (await view(world).open(job(person.id))).message_id, locale=language)
    cases: list[tuple[tuple[Fetched, ...], JobMessages]] = [
        ((TooLarge(Asset("https://cdn.example/a.mp4?sig=1&x=2")),), view(world)),
        ((clip,), view(world, upload_limit=clip.size - 1)),
    ]
    for results, messages in cases:
        delivery = await messages.deliver(placed, results)
        assert delivery.delivered == (Delivered("", "link", large=True),)
        message = await chat.last()
        links = [e["url"] for e in message.message["entities"] if e["type"] == "text_link"]
        assert links == ["https://cdn.example/a.mp4?sig=1&x=2"]
        assert TEXTS.of(language).plain("media-button-more") in message.buttons


async def test_a_server_that_finds_it_too_large_gets_a_link(clip: ResultFile) -> None:
    async with telegram(file_upload=clip.size // 2) as world:
        person, chat = await world.person()
        messages = view(world)
        placed = job(person.id, (await messages.open(job(person.id))).message_id)
        delivery = await messages.deliver(placed, (clip,))
        assert delivery.delivered[0].media == "link"
        assert "too large for Telegram" in (await chat.last()).text
        assert len(await world.statuses("editMessageMedia")) == 1  # not uploaded twice
