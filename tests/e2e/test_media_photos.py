"""Photos of people, in chats: with a command, in reply, by themselves; and everything that is no photo."""

import asyncio
import base64
import socket
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.domain.jobs import JobState
from bot.telegram.orders import input_pictures
from sandbox.client import ChatView
from sandbox.media import image, video
from tests.drivers.app import World
from tests.e2e.media_kit import PHOTO, confirmed, ordered, studio
from tests.engine.media.test_imaging import SECRET, animated, bomb, encoded, with_secrets
from tests.providers.files import HEIC, coded


@pytest.fixture
async def world(sqlite_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with studio(sqlite_url, tmp_path) as started:
        yield started


async def test_a_photo_with_upscale_comes_back_four_times_as_large(world: World) -> None:
    chat = (await world.person()).private()
    await chat.photo(PHOTO, "/upscale")
    job, result = await confirmed(world, chat)
    assert (job.state, result.kind) == (JobState.DONE, "document")
    with Image.open(BytesIO(await chat.media(result))) as large:
        assert large.size == (1280, 800)
    thumbnail = result.message["document"]["thumbnail"]
    assert max(thumbnail["width"], thumbnail["height"]) == 320
    sent = world.services.neuroartist.requests[-1].body
    assert "data:image/jpeg;base64" in str(sent)
    assert "/file/bot" not in str(sent)


async def test_a_cutout_keeps_its_transparency_and_learns_nothing_but_the_picture(world: World) -> None:
    chat = (await world.person()).private()
    await chat.file(with_secrets("PNG", orientation=6), name="cat.png", caption="/cutout")
    _, result = await confirmed(world, chat)
    assert result.kind == "document"
    with Image.open(BytesIO(await chat.media(result))) as cut:
        assert cut.has_transparency_data
    assert result.message["document"]["file_name"].endswith(".png")
    body = str(world.services.neuroartist.requests[-1].body)
    picture = base64.b64decode(body.partition("base64,")[2].partition("'")[0])
    assert SECRET.encode() not in picture
    with Image.open(BytesIO(picture)) as sent:
        assert sent.size == (32, 64), "upright"


async def test_a_reply_to_a_photo_uses_it_also_in_groups(world: World) -> None:
    ann, bob = await world.person(), await world.person("Bob")
    group = await world.tg.group("Club", [ann, bob])
    chat = ann.in_(group)
    shown = await bob.in_(group).photo(PHOTO)
    await chat.reply(shown, "/upscale")
    _, result = await confirmed(world, chat)
    assert result.kind == "document"
    await chat.reply(result, "/cutout")
    job, _ = await confirmed(world, chat)
    assert (job.model, job.inputs[0].job_id != "") == ("birefnet", True)
    their = bob.in_(group)
    await their.reply(result, "/cutout")  # somebody else's result is a picture in the chat like any other
    job, _ = await confirmed(world, their)
    assert job.inputs[0].job_id == ""


async def test_a_photo_by_itself_opens_what_is_on_sale_for_it(world: World) -> None:
    chat = (await world.person()).private()
    await chat.photo(PHOTO)
    menu = await chat.wait("picture")
    assert [label.split(" ", 1)[1] for label in menu.buttons[:2]] == ["Upscale", "Remove background"]
    await chat.click("Upscale", on=menu)
    _, result = await confirmed(world, chat)
    assert (result.id, result.kind) == (menu.id, "document")


async def test_of_an_album_the_first_counts(world: World) -> None:
    chat = (await world.person()).private()
    await chat.photos([PHOTO, image("a dog", (200, 200), "jpeg"), image("a fox", (200, 200), "jpeg")], "/upscale")
    await chat.wait(button="Confirm")
    await asyncio.sleep(0.3)
    assert len([m for m in await chat.messages() if m.from_bot and m.button("Confirm")]) == 1
    await world.tg.faults("500", method="sendMessage")
    await chat.photos([PHOTO, PHOTO])
    await chat.wait("picture", button="Remove background")  # the first, or the second after the first one's failure
    await asyncio.sleep(0.3)
    assert len([m for m in await chat.messages() if m.from_bot and "What should I do" in m.text]) == 1


async def sent_as_album(chat: ChatView, *items: tuple[bytes, str]) -> None:
    for number, (data, words) in enumerate(items):
        await chat.file(data, kind="photo", name=f"{number}.jpg", caption=words, album="7" * 18)


async def answers(chat: ChatView) -> list[str]:
    await asyncio.sleep(0.4)
    begun = next(m.id for m in await chat.messages() if m.message.get("media_group_id"))
    return [m.words for m in await chat.messages() if m.from_bot and m.id > begun]


async def test_a_command_under_a_later_picture_of_an_album_is_about_that_picture(world: World) -> None:
    chat = (await world.person()).private()
    await sent_as_album(chat, (PHOTO, ""), (image("a dog", (200, 100), "jpeg"), "/upscale"), (PHOTO, ""))
    _, result = await confirmed(world, chat)
    with Image.open(BytesIO(await chat.media(result))) as large:
        assert large.size == (800, 400)
    assert len(await answers(chat)) == 1, "one menu for the album"


async def test_words_under_a_later_picture_of_an_album_are_heard(world: World) -> None:
    chat = (await world.person()).private()
    await sent_as_album(chat, (PHOTO, ""), (PHOTO, "make it blue"), (PHOTO, ""))
    await chat.wait("make it blue", button="Upscale")
    assert len(await answers(chat)) == 1


async def test_each_picture_of_an_album_with_words_of_its_own_is_asked_about(world: World) -> None:
    chat = (await world.person()).private()
    await sent_as_album(chat, (PHOTO, ""), (PHOTO, "/upscale"), (PHOTO, "/cutout"))
    await chat.wait("Remove background", button="Confirm")
    assert len(await answers(chat)) == 2
    assert len([said for said in await answers(chat) if "Upscale ×4" in said]) == 1


async def test_a_tap_in_the_menu_before_an_album_meets_its_words(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/start")
    await chat.click("More", on=await chat.wait(button="More"))
    await chat.click("Upscale", on=await chat.wait(button="Upscale"))
    await sent_as_album(chat, (PHOTO, ""), (image("a dog", (200, 100), "jpeg"), "this one, please"))
    await chat.wait("this one, please", button="Confirm")
    job, result = await confirmed(world, chat)
    assert job.model == "upscaler"
    with Image.open(BytesIO(await chat.media(result))) as large:
        assert large.size == (800, 400)
    assert len(await answers(chat)) == 1


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (coded("GIF"), "still.gif"),
        (HEIC, "IMG_0001.HEIC"),
        (coded("JPEG")[:-2], "cut.jpg"),
        (coded("TIFF"), "scan.tif"),
        (coded("BMP"), "old.bmp"),
        (coded("AVIF"), "new.avif"),
    ],
)
async def test_still_pictures_of_other_forms_are_worked_on(world: World, data: bytes, name: str) -> None:
    chat = (await world.person()).private()
    await chat.file(data, name=name, caption="/upscale")
    job, result = await confirmed(world, chat)
    assert job.state is JobState.DONE
    with Image.open(BytesIO(await chat.media(result))) as large:
        assert large.size == (256, 192)


@pytest.mark.parametrize(
    ("kind", "name", "data"),
    [("document", "a.docx", b"PK\x03\x04 y"), ("document", "a.zip", b"PK\x03\x04 x")],
)
@pytest.mark.parametrize("command", ["/ask", "/gpt"])
async def test_a_question_under_a_file_that_is_no_picture(
    world: World, kind: str, name: str, data: bytes, command: str
) -> None:
    chat = (await world.person()).private()
    await chat.file(data, kind=kind, name=name, caption=f"{command} summarise it")
    answer = await chat.wait("cannot use this file")
    assert "picture" not in answer.text
    assert "Nothing was charged." in answer.text
    assert await world.jobs() == []


@pytest.mark.parametrize(("command", "what"), [("/music", "/music"), ("/suno", "Suno")])
async def test_an_order_from_words_alone_under_a_file_that_is_no_picture(world: World, command: str, what: str) -> None:
    chat = (await world.person()).private()
    await chat.file(b"%PDF-1.4 x", name="a.pdf", caption=f"{command} sing it")
    answer = await chat.wait("cannot use this file")
    assert answer.text.startswith(f"{what} works from words only")
    assert await world.jobs() == []


async def test_a_tap_in_the_menu_waits_for_the_photo(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/start")
    await chat.click("More", on=await chat.wait(button="More"))
    await chat.click("Remove background", on=await chat.wait(button="Remove background"))
    await chat.photo(PHOTO)
    job, _ = await confirmed(world, chat)
    assert job.model == "birefnet"


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"PK\x03\x04 hello", "paper.zip", "work with this file"),
        (b"not at all", "cat.jpg", "cannot read this picture"),
        (PHOTO[:4000], "cat.jpg", "cannot read this picture"),
        (animated("GIF"), "cat.gif", "still pictures only"),
        (animated("WEBP"), "cat.webp", "still pictures only"),
        (animated("PNG"), "cat.png", "still pictures only"),
        (bomb(), "cat.png", "too many pixels"),
        (PHOTO + bytes(21 * 1024 * 1024), "cat.jpg", "over 20 MB"),
    ],
)
@pytest.mark.parametrize("caption", ["/upscale", ""])
async def test_what_is_no_photo_is_told_before_anything_is_held(
    world: World, data: bytes, name: str, said: str, caption: str
) -> None:
    ann = await world.person()
    chat = ann.private()
    await chat.file(data, name=name, caption=caption)
    answer = await chat.wait(said)
    assert "Nothing was charged." in answer.text
    assert await world.balance(ann) == (1000, 0)
    assert await world.jobs() == []


async def test_a_pdf_for_a_tool_of_pictures_is_no_picture(world: World) -> None:
    chat = (await world.person()).private()
    await chat.file(b"%PDF-1.7 hello", name="paper.pdf", caption="/upscale")
    assert "Nothing was charged." in (await chat.wait("work with this file")).text
    assert await world.jobs() == []


async def test_a_still_sticker_is_a_picture(world: World) -> None:
    chat = (await world.person()).private()
    sent = await chat.file(encoded("WEBP", (400, 300)), kind="sticker", name="a.webp")
    await chat.wait(button="Upscale")
    await chat.reply(sent, "/cutout")
    assert (await confirmed(world, chat))[1].kind == "document"


async def test_moving_pictures_are_refused(world: World) -> None:
    chat = (await world.person()).private()
    await chat.file(video("waves", "film"), kind="video", name="a.mp4", caption="/upscale")
    await chat.wait("still pictures only")


async def test_editing_a_photo_of_ones_own_says_what_can_be_done_instead(world: World) -> None:
    chat = (await world.person()).private()
    await chat.photo(PHOTO, "/video make it move")
    answer = await chat.wait("/upscale")
    assert not answer.buttons
    await chat.send("/upscale")
    await chat.wait("picture")


async def test_the_same_photo_twice_is_kept_once(world: World) -> None:
    chat = (await world.person()).private()
    for _ in range(2):
        await chat.photo(PHOTO, "/upscale")
        await confirmed(world, chat)
    first, second = await world.jobs()
    assert first.inputs == second.inputs


async def test_again_works_on_the_same_picture(world: World) -> None:
    chat = (await world.person()).private()
    await chat.photo(PHOTO, "/upscale")
    first, result = await confirmed(world, chat)
    await chat.click("Again", on=result)
    second, _ = await confirmed(world, chat)
    assert (second.inputs, second.id != first.id) == (first.inputs, True)


async def test_a_telegram_that_does_not_give_the_file_is_told(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    await world.tg.faults("500", method="getFile", times=9)
    await chat.photo(PHOTO, "/upscale")
    await chat.wait("Telegram did not give me this file", timeout=20)  # after every try with its pause
    await world.tg.clear_faults()
    assert await world.balance(ann) == (1000, 0)


async def test_nobody_fills_our_disk_with_photos(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(input_pictures, "PHOTOS_PER_HOUR", 2)
    chat = (await world.person()).private()
    for number in range(2):
        await chat.photo(image(f"cat {number}", (64, 64), "jpeg"), "/upscale")
        await chat.wait(button="Confirm")
    await chat.photo(PHOTO, "/upscale")
    await chat.expect("very many pictures")
    other = (await world.person("Bob")).private()
    await other.photo(PHOTO, "/upscale")
    await other.wait(button="Confirm")


async def test_words_for_what_takes_none_are_left_out(world: World) -> None:
    chat = (await world.person()).private()
    await chat.photo(PHOTO, "/upscale please")
    job, result = await confirmed(world, chat)
    assert (job.prompt, result.caption) == ("", "Upscale ×4")


async def test_pictures_go_out_behind_signed_links_where_we_can_be_reached(sqlite_url: str, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    big = encoded("PNG", (900, 700))
    async with studio(sqlite_url, tmp_path, public_url=f"http://127.0.0.1:{port}", http_port=port) as world:
        chat = (await world.person()).private()
        await chat.file(big, name="big.png", caption="/cutout")
        job, result = await confirmed(world, chat)
        assert (job.state, result.kind) == (JobState.DONE, "document")
        sent = str(world.services.neuroartist.requests[-1].body)
        assert f"http://127.0.0.1:{port}/media/{job.inputs[0].blob}?e=" in sent
        assert "base64" not in sent


async def test_a_video_of_words_is_as_before(world: World) -> None:
    chat = (await world.person()).private()
    said = await chat.send("a serene lake")
    await chat.reply(said, "/pika --style 4")
    job, _ = await confirmed(world, chat)
    assert job.prompt == "a serene lake"
    assert (await ordered(world, chat, "/pika --style 4 waves"))[0].state is JobState.DONE
