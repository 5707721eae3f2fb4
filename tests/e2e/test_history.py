"""The history as chats: leafing, shelves, search, what is done with a result from there; and results as material."""

import json
import zipfile
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest

from bot.domain.jobs import JobState
from bot.telegram.ui.callbacks import HistoryAction, JobAction
from sandbox.client import ChatView, Msg
from tests.drivers.app import World
from tests.e2e.media_kit import album, confirmed, more_of, ordered, studio


@pytest.fixture
async def world(sqlite_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with studio(sqlite_url, tmp_path, ready_after_seconds=0) as started:
        yield started


async def leafing(chat: ChatView, command: str = "/history") -> Msg:
    """The first page."""
    await chat.send(command)
    return await chat.wait(button="Open")


async def turned(chat: ChatView, page: Msg, label: str, *, text: str = "", button: str = "") -> Msg:
    """The same message after a press."""
    await chat.click(label, on=page)
    return await chat.wait_for(
        lambda m: m.id == page.id and text in m.words and (not button or m.button(button) is not None)
    )


async def test_one_message_leafs_through_everything_by_what_telegram_keeps(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/history")
    await chat.wait("Nothing here yet")
    await ordered(world, chat, "/naive_schnell a red fox")
    await ordered(world, chat, "/pika --style none a fox runs")
    four, _ = await ordered(world, chat, "/naive_schnell --n 4 лиса в снегу")
    uploads = len(await world.tg.calls("editMessageMedia")) + len(await world.tg.calls("sendMediaGroup"))
    downloads = [request.downloads for request in world.services.naive.requests]
    page = await leafing(chat)
    assert page.kind == "photo"
    assert "My results · 1 of 3" in page.caption
    assert four.id in page.caption
    assert page.buttons[:4] == ["• 1 •", "2", "3", "4"]
    third = await turned(chat, page, "3", button="• 3 •")
    assert third.message["photo"][-1]["file_id"] == four.delivered[2].file_id
    video = await turned(chat, page, "›", text="2 of 3")
    assert (video.kind, "a fox runs" in video.caption) == ("video", True)
    first = await turned(chat, page, "⏩", text="3 of 3")
    assert (first.kind, "a red fox" in first.caption) == ("photo", True)
    only = await turned(chat, page, "🎬", text="Videos · 1 of 1")
    assert only.button("›") is None
    assert "Nothing here yet" in (await chat.click("🎵", on=only)).text
    await turned(chat, page, "🖼", text="Pictures · 1 of 2")
    assert len([m for m in await chat.messages() if m.button("Open")]) == 1
    assert downloads == [request.downloads for request in world.services.naive.requests], "nothing is fetched for it"
    assert uploads


async def test_words_of_the_prompt_are_searched_whatever_they_are(world: World) -> None:
    ann, bob = await world.person(), await world.person("Bob")
    chat = ann.private()
    await ordered(world, chat, "/naive_schnell a Red Fox, 100% wild_life")
    await ordered(world, chat, "/naive_schnell Лиса в снегу")
    assert "1 of 1 · 🔎 лиса СНЕГУ" in (await leafing(chat, "/history лиса СНЕГУ")).caption
    assert "Red Fox" in (await leafing(chat, "/history fox")).caption
    assert "Red Fox" in (await leafing(chat, "/history % _")).caption
    for nothing in ("hen", "%fox%", "f_x", "' OR 1=1 --", "<b>&", '"' * 50, "\\", "x" * 4000):
        await chat.send(f"/history {nothing}")
        await chat.wait("Nothing found")
    page = await leafing(chat, "/history fox")
    await world.restart()
    await turned(chat, page, "End search", text="1 of 2")
    page = await leafing(chat, "/history fox")
    world.easel.db.shift_clock(25 * 3600)
    assert "a day old" in (await chat.click("🖼", on=page)).text
    await bob.private().send("/history fox")
    await bob.private().wait("Nothing found")


async def test_a_result_is_opened_sent_marked_and_deleted_from_its_page(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    job, message = await ordered(world, chat, "/naive_schnell a fox")
    await ordered(world, chat, "/naive_schnell a hen")
    balance = await world.balance(ann)
    page = await turned(chat, await leafing(chat), "›", text="a fox")
    opened = await turned(chat, page, "Open", button="Upscale")
    opened = await more_of(chat, opened)
    assert opened.button("‹ My results") is not None
    page = await turned(chat, opened, "‹ My results", button="Send")
    assert "free of charge" in (await chat.click("Send", on=page)).text
    copy = await chat.wait_for(lambda m: m.kind == "photo" and m.button("Again") is not None)
    assert copy.message["photo"][-1]["file_id"] == job.delivered[0].file_id
    page = await turned(chat, page, "☆", button="★")
    page = await turned(chat, page, "⭐", text="Favourites · 1 of 1")
    page = await turned(chat, page, "★", text="My results · 2 of 2")  # there is no favourite any more
    page = await turned(chat, page, "☆", button="★")
    page = await turned(chat, page, "⭐", text="Favourites · 1 of 1")
    asked = await chat.click("🗑", on=page)
    assert (asked.show_alert, "cannot delete results" in asked.text) == (True, True)
    page = await chat.wait_for(lambda m: m.id == page.id and m.button("Yes, delete it") is not None)
    page = await turned(chat, page, "No, keep it", button="Send")
    await chat.click("🗑", on=page)
    page = await chat.wait_for(lambda m: m.id == page.id and m.button("Yes, delete it") is not None)
    await chat.click("Yes, delete it", on=page)
    await chat.wait_for(lambda m: m.id == page.id and "My results · 1 of 1" in m.caption)
    assert (await chat.refresh(message)).deleted
    gone = await world.job(lambda newest: newest.prompt == "a hen")
    assert gone.state is JobState.DONE
    assert "1 of 1" in (await leafing(chat)).caption
    assert "was deleted" in (await chat.forge(copy.id, JobAction(id=job.id, act="more").pack())).text
    assert await world.balance(ann) == balance


async def test_pages_are_their_owners_in_the_private_chat_only(world: World) -> None:
    ann, bob = await world.person(), await world.person("Bob")
    job, _ = await ordered(world, ann.private(), "/naive_schnell a fox")
    group = await world.tg.group("Club", [ann, bob])
    await ann.in_(group).send("/history@easel_bot fox")
    await ann.in_(group).wait("in our private chat")
    page = await leafing(ann.private())
    hello = next(m for m in await bob.private().messages() if m.from_bot)
    for act in ("page", "open", "send", "fav", "delete", "erase", "export", "shelf", "…"):
        data = HistoryAction(act=act, id=job.id, at="all.0").pack()
        assert (await bob.private().forge(hello.id, data)).answered
        assert (await ann.private().forge(page.id, data.replace("all.0", "all.²"))).answered
    assert not any(m.kind == "photo" for m in await bob.private().messages())
    kept = await world.job()
    assert (kept.favourite, len(kept.delivered)) == (False, 1)


async def test_an_order_is_copied_as_a_command_that_gives_the_same_order(world: World) -> None:
    chat = (await world.person()).private()
    prompt = 'a "quoted" fox,\nin two lines — with dashes'
    job, message = await ordered(world, chat, f"/naive_schnell --n 2 --seed 42 {prompt}")
    button = (await more_of(chat, message)).button("Reuse settings")
    assert button is not None
    again, _ = await ordered(world, chat, button["copy_text"]["text"])
    assert (again.model, again.prompt, again.options) == (job.model, job.prompt, job.options)
    job, message = await ordered(world, chat, f"/pika --style watercolor {'a very long lake & <b> ' * 20}")
    await chat.click("Reuse settings", on=await more_of(chat, message))
    code = await chat.wait("The same order as a command")
    command = code.text.split("\n", 1)[1]
    assert {"pre"} <= {entity["type"] for entity in code.message["entities"]}
    again, _ = await ordered(world, chat, command)
    assert (again.model, again.prompt, again.options) == (job.model, job.prompt, job.options)


async def test_a_chain_shows_where_it_comes_from_and_a_prompt_is_set_to_music(world: World) -> None:
    olga, ann = await world.admin(), await world.person()
    chat = ann.private()
    first, message = await ordered(world, chat, "/naive_schnell a fox")
    await chat.click("Remove background", on=await more_of(chat, message))
    second, message = await confirmed(world, chat)
    await chat.click("Upscale", on=message)
    third, _ = await confirmed(world, chat)
    page = await leafing(chat)
    chain = f"🧬 upscaled ← background removed {second.id} ← 🖼 Image {first.id}"
    assert chain in page.caption
    await olga.private().send(f"/job {third.id}")
    assert chain in (await olga.private().wait(third.id)).text
    source = await turned(chat, page, "Source", text=f"/show {second.id}")
    assert "Set to music" not in " ".join(
        (await more_of(chat, await turned(chat, source, "Open", button="More"))).buttons
    )
    page = await leafing(chat, "/history fox")
    more = await more_of(chat, await turned(chat, page, "Open", button="More"))
    await chat.click("Set to music", on=more)
    song, _ = await confirmed(world, chat)
    assert (song.kind.value, song.prompt) == ("music", "a fox")
    assert f"🧬 set to music ← 🖼 Image {first.id}" in (await leafing(chat)).caption


async def test_favourites_behind_more_and_a_gone_preview(world: World) -> None:
    chat = (await world.person()).private()
    job, message = await ordered(world, chat, "/naive_schnell --n 2 a fox")
    await chat.click("Favourite", on=await more_of(chat, message))
    marked = await chat.wait(button="Remove from favourites")
    assert (await world.job()).favourite
    await world.tg.redeliver(1)
    await chat.click("Remove from favourites", on=marked)
    await chat.wait(button="⭐ Favourite")
    assert not (await world.job()).favourite
    for each in job.delivered:
        world.telegram.core.files.forget(each.file_id)
    await chat.send("/history")
    page = await chat.wait("has no preview of it")
    await chat.click("Send", on=page)
    await chat.wait(button="Again")
    assert len(await album(chat)) == 2 or len([m for m in await chat.messages() if m.kind == "photo"]) >= 2
    page = await leafing(chat)
    assert page.kind == "photo", "the new names are kept"


async def test_the_export_has_the_files_and_what_was_ordered(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    first, message = await ordered(world, chat, "/naive_schnell --n 2 --seed 7 a fox")
    await chat.click("Favourite", on=await more_of(chat, message))
    await chat.wait(button="Remove from favourites")
    await chat.click("1", on=await turned(chat, await chat.refresh(message), "Back", button="2"))
    await chat.click("Remove background", on=await chat.wait(button="Remove background"))
    second, _ = await confirmed(world, chat)
    page = await leafing(chat)
    await chat.click("Export", on=page)
    await chat.click("ZIP", on=await chat.wait("Which format"))
    sent = await chat.wait_for(lambda m: m.kind == "document" and "list of your results" in m.caption, timeout=20)
    with zipfile.ZipFile(BytesIO(await chat.media(sent))) as archive:
        names = set(archive.namelist())
        data = json.loads(archive.read("data.json"))
        newest, oldest = data["jobs"]
        files = [each["file"] for each in (*newest["results"], *oldest["results"])]
        assert {"data.json", "results.tsv", *files} == names
        assert all(len(archive.read(name)) > 1000 for name in files)
    assert (newest["id"], newest["made_from"], newest["favourite"]) == (second.id, [first.id], False)
    assert (oldest["prompt"], oldest["options"], oldest["favourite"]) == ("a fox", {"n": "2", "seed": "7"}, True)
    assert oldest["price"] == oldest["charged"]
    assert oldest["ordered_at"] <= oldest["finished_at"]
