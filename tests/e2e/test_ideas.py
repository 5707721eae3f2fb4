"""Ready-made ideas: an album from the menu, filled with a few words or a photo, ordered with the next tap."""

from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Job, JobState
from bot.domain.money import CREDIT
from bot.engine.use_cases import UseCases
from bot.telegram.ui.callbacks import IdeaAction
from sandbox.client import ChatView, Msg
from tests.drivers.app import World, easel
from tests.e2e.media_kit import PHOTO, confirmed, ordered, studio

EDITOR = """
[[models]]
slug = "editor"
provider = "neuroartist"
upstream_id = "fal-ai/flux/dev/image-to-image"
kind = "edit"
title = { en = "Editor", ru = "Editor" }
description = { en = "Changes a photo.", ru = "Меняет фото." }
units = 2
typical_seconds = 0.1
longest_seconds = 100
prompt_limit = 2000
inputs = { param = "image_url" }
"""
MINE = """
[[templates]]
slug = "cup"
kind = "image"
title = { en = "A cup of mine", ru = "Моя чашка" }
about = { en = "A cup.", ru = "Чашка." }
prompt = { en = "A {colour} cup.", ru = "Чашка, цвет {цвет}." }
ask = { en = "Which cup?", ru = "Какая чашка?" }
example = { en = "red", ru = "красный" }
"""
OPENERS = {"en": "Ideas", "ru": "Идеи"}
USE = {"en": "Use this idea", "ru": "Взять идею"}


@pytest.fixture
async def world(sqlite_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with studio(sqlite_url, tmp_path, change=lambda text: text + EDITOR) as started:
        yield started


async def album(chat: ChatView, title: str) -> Msg:
    """The page of that idea, leafed to from wherever the album is."""
    for _ in range(60):
        page = await chat.wait(button="›")
        if title in page.words:
            return page
        await chat.click("›", on=page)
    raise AssertionError(f"no page {title!r}")


async def opened(chat: ChatView, shelf: str, title: str) -> Msg:
    """The album of one kind, at that idea."""
    await chat.send("/ideas")
    await chat.click(shelf, on=await chat.wait(button=shelf))
    return await album(chat, title)


async def done(world: World, chat: ChatView) -> Job:
    """The open order, confirmed and brought to its end."""
    job, _ = await confirmed(world, chat)
    assert job.state is JobState.DONE
    return job


def callbacks_of(msg: Msg, label: str) -> str:
    button = msg.button(label)
    assert button is not None
    return str(button["callback_data"])


def written(folder: Path, text: str) -> Path:
    path = folder / "templates.toml"
    path.write_text(text, encoding="utf-8")
    return path


def callbacks(msg: Msg) -> Iterator[str]:
    for row in msg.keyboard_rows:
        yield from (b["callback_data"] for b in row if "callback_data" in b)


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_the_menu_opens_an_album_in_its_place(world: World, language: str) -> None:
    chat = (await world.person(language=language)).private()
    await chat.send("/start")
    menu = await chat.wait(button=OPENERS[language])
    await chat.click(OPENERS[language], on=menu)
    page = await chat.wait_for(lambda m: m.id == menu.id and m.kind == "photo")
    assert page.caption.startswith({"en": "💡 Oil portrait", "ru": "💡 Портрет маслом"}[language])
    assert {"en": "Nano Banana · 5 credits", "ru": "Nano Banana · 5 кредитов"}[language] in page.caption
    assert {"en": "You write: a person or an animal", "ru": "От вас: человек или животное"}[language] in page.caption
    assert "1/" in page.buttons[2]
    assert all(len(data.encode()) <= 64 for data in callbacks(page))
    assert (await chat.media(page)).startswith(b"\x89PNG")
    await chat.click("‹", on=page)  # the last page comes before the first
    page = await chat.wait({"en": "Remove something", "ru": "Убрать лишнее"}[language])
    assert page.id == menu.id
    await chat.click({"en": "Menu", "ru": "Меню"}[language], on=page)
    home = await chat.wait(button=OPENERS[language])
    assert home.kind == "text"
    assert (await chat.refresh(page)).deleted


@pytest.mark.parametrize(
    ("language", "shelf", "title", "words", "confirm", "prompt"),
    [
        ("en", "Image", "Sticker", "a shy frog", "Confirm", "A sticker of a shy frog. Bold outline"),
        ("ru", "Картинка", "Стикер", "робкая жаба", "Подтвердить", "Стикер. На нём робкая жаба. Жирный контур"),
    ],
)
async def test_a_few_words_fill_it_and_one_tap_orders_it(
    world: World, language: str, shelf: str, title: str, words: str, confirm: str, prompt: str
) -> None:
    chat = (await world.person(language=language)).private()
    page = await opened(chat, shelf, title)
    await chat.click(USE[language], on=page)
    asked = await chat.wait_for(lambda m: m.id == page.id and m.edits > page.edits)
    assert {"en": "for example: a sleepy raccoon", "ru": "например: сонный енот"}[language] in asked.caption
    await chat.send(words)
    card = await chat.wait(button=confirm)
    assert words in card.text
    await chat.click(confirm, on=card)
    job = await world.finished()
    assert (job.state, job.model, dict(job.options)) == (JobState.DONE, "flash", {"ar": "1:1"})
    assert job.prompt.startswith(prompt)


async def test_one_without_a_blank_opens_its_order_at_once(world: World) -> None:
    chat = (await world.person()).private()
    page = await opened(chat, "Music", "Lo-fi for work")
    await chat.click("Use this idea", on=page)
    job = await done(world, chat)
    assert (job.kind, job.model) == (Kind.MUSIC, "suno")
    assert job.prompt.endswith("no vocals.")


async def test_a_second_tap_opens_no_second_order(world: World) -> None:
    chat = (await world.person()).private()
    page = await opened(chat, "Video", "Back to the 80s")
    await chat.click("Use this idea", on=page)
    await chat.wait(button="Confirm")
    assert (await chat.press(page, page.button("Use this idea")["callback_data"])).answered  # type: ignore[index]
    (card,) = [m for m in await chat.messages() if m.button("Confirm")]
    await chat.click("Confirm", on=card)
    job = await world.finished()
    assert (job.state, job.model, dict(job.options)) == (JobState.DONE, "run", {"style": "80s_vaporwave"})


async def test_below_ones_own_price_it_begins_at_once(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    await UseCases.over(world.easel.db).settings.confirm_above(ann.id, 10 * CREDIT)
    page = await opened(chat, "Image", "Sticker")
    await chat.click("Use this idea", on=page)
    await chat.wait("Who is on it")
    await chat.send("a shy frog")
    job = await world.finished()
    assert (job.state, job.model) == (JobState.DONE, "flash")


@pytest.mark.parametrize(
    ("language", "shelf", "title", "prompt"),
    [
        ("en", "Edit a picture", "Restore an old photo", "Restore this old photo"),
        ("ru", "Изменить картинку", "Восстановить старое фото", "Восстанови эту старую фотографию"),
    ],
)
async def test_a_photo_is_all_that_some_need(world: World, language: str, shelf: str, title: str, prompt: str) -> None:
    chat = (await world.person(language=language)).private()
    page = await opened(chat, shelf, title)
    assert {"en": "You send: a photo", "ru": "От вас: фото"}[language] in page.caption
    await chat.click(USE[language], on=page)
    await chat.wait({"en": "Send me the photo", "ru": "Пришлите фото"}[language])
    await chat.photo(PHOTO)
    confirm = {"en": "Confirm", "ru": "Подтвердить"}[language]
    await chat.click(confirm, on=await chat.wait(button=confirm))
    job = await world.finished()
    assert (job.state, job.kind, job.model, len(job.inputs)) == (JobState.DONE, Kind.EDIT, "editor", 1)
    assert job.prompt.startswith(prompt)


async def test_a_photo_and_words_come_in_one_message_or_one_after_the_other(world: World) -> None:
    chat = (await world.person()).private()
    for way in ("together", "photo first", "words first"):
        page = await opened(chat, "Edit a picture", "Another background")
        await chat.click("Use this idea", on=page)
        await chat.wait("Which background?")
        if way == "together":
            await chat.photo(PHOTO, "a snowy park")
        elif way == "photo first":
            await chat.photo(PHOTO)
            await chat.wait("Just write, for example: a beach at sunset")
            await chat.send("a snowy park")
        else:
            await chat.send("a snowy park")
            await chat.wait("Send me the photo.")
            await chat.photo(PHOTO)
        job = await done(world, chat)
        assert job.prompt.startswith("Replace the background of this photo with a snowy park."), way
        assert len(job.inputs) == 1


async def test_words_under_a_photo_that_needs_none_are_added(world: World) -> None:
    chat = (await world.person()).private()
    page = await opened(chat, "Edit a picture", "Colour a photo")
    await chat.click("Use this idea", on=page)
    await chat.wait("Send me the photo.")
    await chat.photo(PHOTO, "The coat is green.")
    assert (await done(world, chat)).prompt.endswith("exactly as they are. The coat is green.")


async def test_where_nothing_works_on_photos_no_idea_asks_for_one(sqlite_url: str, tmp_path: Path) -> None:
    async with studio(sqlite_url, tmp_path) as world:
        chat = (await world.person()).private()
        await chat.send("/ideas")
        page = await chat.wait(button="Image")
        assert page.button("Edit a picture") is None


async def test_back_leads_to_the_page_and_the_next_words_are_an_order_again(world: World) -> None:
    chat = (await world.person()).private()
    page = await opened(chat, "Image", "Film still")
    await chat.click("Use this idea", on=page)
    asked = await chat.wait("What happens in the scene?")
    await chat.click("Back", on=asked)
    again = await chat.wait("Film still", button="Use this idea")
    assert again.id == page.id
    assert again.button("• 🖼 Image •") is not None
    await chat.send("/image a plain fox")
    card = await chat.wait("a plain fox")
    assert "still from" not in card.text


async def test_too_many_words_are_told_and_may_be_said_shorter(world: World) -> None:
    chat = (await world.person()).private()
    page = await opened(chat, "Music", "Lullaby")
    await chat.click("Use this idea", on=page)
    await chat.wait("favourite toy?")
    await chat.send("Leo " * 500)
    said = await chat.wait("characters")
    assert "Please write it shorter" in said.text
    await chat.send("Leo and a hare")
    assert "for Leo and a hare." in (await done(world, chat)).prompt


async def test_a_reply_to_something_else_is_about_that(world: World) -> None:
    chat = (await world.person()).private()
    other, result = await ordered(world, chat, "/flash a fox")
    page = await opened(chat, "Image", "Sticker")
    await chat.click("Use this idea", on=page)
    asked = await chat.wait("Who is on it")
    await chat.reply(result, "a hat for it")
    await chat.wait("a hat for it")
    assert not any("A sticker" in m.words for m in await chat.messages())
    await chat.reply(asked, "a shy frog")
    card = await chat.wait("A sticker of a shy frog")
    assert card.button("Confirm") is not None
    assert other.state is JobState.DONE


async def test_it_is_remembered_over_a_restart(world: World) -> None:
    chat = (await world.person()).private()
    page = await opened(chat, "Image", "Sticker")
    await chat.click("Use this idea", on=page)
    await chat.wait("Who is on it")
    await world.restart()
    await chat.send("a shy frog")
    assert (await done(world, chat)).prompt.startswith("A sticker of a shy frog.")


async def test_its_own_model_off_sale_another_does_it(sqlite_url: str, tmp_path: Path) -> None:
    async with studio(sqlite_url, tmp_path, providers=("ai_now", "neuroartist")) as world:
        chat = (await world.person()).private()
        page = await opened(chat, "Image", "Sticker")
        assert "FLUX Schnell" in page.caption
        await chat.click("Use this idea", on=page)
        await chat.wait("Who is on it")
        await chat.send("a shy frog")
        job = await done(world, chat)
        assert (job.model, dict(job.options)) == ("flux_schnell", {"ar": "1:1"})


async def test_pages_of_ideas_that_left_and_buttons_of_others_do_nothing(world: World, tmp_path: Path) -> None:
    ann, bob = await world.person(), await world.person("Bob")
    chat = ann.private()
    await chat.send("/ideas")
    page = await chat.wait(button="Use this idea")
    assert "no longer" in (await chat.forge(page.id, IdeaAction(act="use", slug="nothing").pack())).text
    await bob.private().send("/start")
    menu = await bob.private().wait(button="Ideas")
    assert "no longer" in (await bob.private().forge(menu.id, callbacks_of(page, "Use this idea"))).text
    await chat.click("Use this idea", on=page)
    await chat.wait("Who is in the portrait?")
    await world.restart(templates_file=written(tmp_path, "shipped_templates = false"), catalog_file=None)
    await chat.send("a shy frog")
    await chat.wait("a shy frog")
    assert not any("A classical oil" in m.words for m in await chat.messages())
    assert await world.jobs() == []


async def test_a_press_on_an_idea_that_left_shows_another(world: World, tmp_path: Path) -> None:
    chat = (await world.person()).private()
    await chat.send("/ideas")
    page = await chat.wait("Oil portrait")
    await world.restart(templates_file=written(tmp_path, f"shipped_templates = false\n{MINE}"))
    assert "no longer available" in (await chat.click("Use this idea", on=page)).text
    mine = await chat.wait("A cup of mine")
    assert mine.id == page.id
    assert mine.button("›") is None
    await chat.click("Use this idea", on=mine)
    await chat.wait("Which cup?")
    await chat.send("blue")
    assert (await done(world, chat)).prompt == "A blue cup."


async def test_in_a_group_the_way_to_the_private_chat_is_shown(world: World) -> None:
    ann = await world.person()
    group = await world.tg.group("G", [ann])
    there = ann.in_(group)
    await there.send("/ideas")
    said = await there.wait("private chat")
    assert said.ephemeral
    assert said.keyboard_rows[0][0]["url"].endswith("?start=ideas")
    chat = ann.private()
    await chat.send("/start ideas")
    assert (await chat.wait(button="Use this idea")).kind == "photo"


async def test_who_is_new_is_greeted_before_the_ideas(world: World) -> None:
    new = await world.tg.user("Nora", language="en")
    chat = new.private()
    await chat.send("/start ideas")
    await chat.wait("Nora")
    assert (await chat.wait(button="Use this idea")).kind == "photo"


async def test_a_card_is_uploaded_once(world: World) -> None:
    chat, other = (await world.person()).private(), (await world.person("Bob")).private()
    await chat.send("/ideas")
    first = await chat.wait(button="Use this idea")
    await other.send("/ideas")
    second = await other.wait(button="Use this idea")
    assert first.message["photo"][-1]["file_id"] == second.message["photo"][-1]["file_id"]


async def test_a_bot_that_was_blocked_takes_it_calmly(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    await chat.send("/ideas")
    page = await chat.wait(button="Use this idea")
    await ann.block()
    assert (await chat.press(page, callbacks_of(page, "›"))).answered
    await ann.unblock()
    await chat.click("›", on=page)
    await chat.wait_for(lambda m: m.id == page.id and m.edits > page.edits)


async def test_nothing_on_sale_says_so(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=(), welcome_credits=Decimal(1)) as world:
        chat = (await world.person()).private()
        await chat.send("/ideas")
        await chat.wait("No ideas are available right now")
