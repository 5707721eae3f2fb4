"""Files: uploads, file_ids, URLs, what is read from their bytes, and the limits on their size."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramEntityTooLarge
from aiogram.types import (
    BufferedInputFile,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    MediaUnion,
    Message,
    PhotoSize,
)
from aiohttp import web

from sandbox import media
from tests.sandbox.telegram_kit import World, png, telegram

VIDEO = media.video("a lake", "Pika", 1.0)
SONG = media.song("a lake", 2.0)


def upload(data: bytes, name: str = "file.bin") -> BufferedInputFile:
    return BufferedInputFile(data, name)


async def download(world: World, file_id: str) -> bytes:
    file = await world.bot.get_file(file_id)
    assert file.file_path
    into = io.BytesIO()
    await world.bot.download_file(file.file_path, into)
    return into.getvalue()


def photo(message: Message) -> PhotoSize:
    assert message.photo
    return message.photo[-1]


async def test_an_uploaded_video_is_known_by_its_bytes_and_downloads_again() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        message = await world.bot.send_video(
            ann.id, upload(VIDEO, "lake.mp4"), caption="<b>Lake</b>", parse_mode="HTML"
        )
        assert message.video
        assert (message.video.mime_type, message.video.file_name) == ("video/mp4", "lake.mp4")
        assert message.video.width > message.video.height > 0
        assert message.video.duration == 1
        assert message.video.file_size == len(VIDEO)
        assert (message.caption, message.caption_entities and message.caption_entities[0].type) == ("Lake", "bold")
        assert await download(world, message.video.file_id) == VIDEO


async def test_given_attributes_and_a_thumbnail_are_kept() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        thumbnail = upload(png(160, 90), "thumb.png")
        message = await world.bot.send_audio(
            ann.id, upload(SONG, "song.m4a"), title="Lake", performer="Suno", duration=9, thumbnail=thumbnail
        )
        assert message.audio
        assert (message.audio.title, message.audio.performer, message.audio.duration) == ("Lake", "Suno", 9)
        assert message.audio.thumbnail
        assert (message.audio.thumbnail.width, message.audio.thumbnail.height) == (160, 90)
        huge = await world.bot.send_video(ann.id, upload(VIDEO), thumbnail=upload(png(), "thumb.png"))
        assert huge.video
        assert huge.video.thumbnail is None


async def test_a_file_id_is_reused_as_the_same_file_and_the_same_kind_only() -> None:
    async with telegram() as world:
        ann, chat = await world.person()
        first = await world.bot.send_video(ann.id, upload(VIDEO, "lake.mp4"))
        assert first.video
        again = await world.bot.send_video(ann.id, first.video.file_id)
        assert again.video == first.video
        copy = await world.bot.send_video(ann.id, upload(VIDEO, "lake.mp4"))
        assert copy.video
        assert copy.video.file_id != first.video.file_id
        assert copy.video.file_unique_id == first.video.file_unique_id
        assert await chat.media(await chat.last()) == VIDEO
        with pytest.raises(TelegramBadRequest, match="can't use file of type Video as Photo"):
            await world.bot.send_photo(ann.id, first.video.file_id)
        with pytest.raises(TelegramBadRequest, match="wrong file identifier/HTTP URL specified"):
            await world.bot.send_video(ann.id, "BAACAgInothing")
        with pytest.raises(TelegramBadRequest, match="there is no video in the request"):
            await world.bot.send_video(ann.id, "attach://nothing")


async def test_a_photo_comes_in_sizes() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        message = await world.bot.send_photo(ann.id, upload(png(800, 600), "x.png"))
        assert message.photo
        assert [(size.width, size.height) for size in message.photo] == [(320, 240), (800, 600)]
        small = await download(world, message.photo[0].file_id)
        assert small.startswith(b"\xff\xd8")


async def test_what_is_no_video_or_song_becomes_a_document_and_what_is_no_photo_is_refused() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        for message in (
            await world.bot.send_video(ann.id, upload(b"not a video", "lake.mp4")),
            await world.bot.send_audio(ann.id, upload(VIDEO[:50], "song.mp3")),
        ):
            assert message.document
        with pytest.raises(TelegramBadRequest, match="IMAGE_PROCESS_FAILED"):
            await world.bot.send_photo(ann.id, upload(b"not a photo", "x.png"))
        with pytest.raises(TelegramBadRequest, match="file must be non-empty"):
            await world.bot.send_document(ann.id, upload(b"", "x.txt"))
        for sides in ((10_000, 1), (210, 10), (9_990, 600)):
            with pytest.raises(TelegramBadRequest, match="PHOTO_INVALID_DIMENSIONS"):
                await world.bot.send_photo(ann.id, upload(png(*sides), "x.png"))


async def test_limits_of_size_up_and_down() -> None:
    async with telegram(photo_upload=20_000, file_upload=100_000, download=50_000) as world:
        ann, _ = await world.person()
        with pytest.raises(TelegramEntityTooLarge):
            await world.bot.send_photo(ann.id, upload(b"x" * 20_001, "x.png"))
        with pytest.raises(TelegramEntityTooLarge):
            await world.bot.send_document(ann.id, upload(b"x" * 100_001))
        large = await world.bot.send_document(ann.id, upload(b"x" * 100_000))
        assert large.document
        with pytest.raises(TelegramBadRequest, match="file is too big"):
            await world.bot.get_file(large.document.file_id)
        with pytest.raises(TelegramBadRequest, match="wrong file_id"):
            await world.bot.get_file("nothing")
        assert "message caption is too long" in await world.refusal(
            "sendDocument", chat_id=ann.id, document=large.document.file_id, caption="x" * 1025
        )


async def test_the_real_upload_limit_is_answered_while_the_body_is_still_coming() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        with pytest.raises(TelegramEntityTooLarge):
            await world.bot.send_document(ann.id, upload(bytes(51 * 1024 * 1024)))
        assert (await world.tg.calls("sendDocument"))[-1]["status"] == 413


@asynccontextmanager
async def website() -> AsyncIterator[str]:
    async def serve(request: web.Request) -> web.Response:
        bodies = {
            "lake.mp4": (VIDEO, "video/mp4"),
            "page": (b"<html>", "text/html"),
            "big.png": (b"x" * 600, "image/png"),
        }
        if request.match_info["name"] not in bodies:
            raise web.HTTPNotFound
        body, kind = bodies[request.match_info["name"]]
        return web.Response(body=body, content_type=kind)

    app = web.Application()
    app.router.add_get("/{name}", serve)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_a_url_is_fetched_by_the_server() -> None:
    async with telegram(photo_by_url=500) as world, website() as site:
        ann, _ = await world.person()
        message = await world.bot.send_video(ann.id, f"{site}/lake.mp4")
        assert message.video
        assert message.video.file_name == "lake.mp4"
        for url in (f"{site}/gone.mp4", "http://127.0.0.1:1/x.mp4"):
            with pytest.raises(TelegramBadRequest, match="failed to get HTTP URL content"):
                await world.bot.send_video(ann.id, url)
        with pytest.raises(TelegramBadRequest, match="failed to get HTTP URL content"):
            await world.bot.send_photo(ann.id, f"{site}/big.png")
        with pytest.raises(TelegramBadRequest, match="wrong type of the web page content"):
            await world.bot.send_video(ann.id, f"{site}/page")


async def test_a_text_message_is_edited_into_media_and_on_by_file_id() -> None:
    async with telegram() as world:
        ann, chat = await world.person()
        sent = await world.bot.send_message(ann.id, "working")
        edited = await world.bot.edit_message_media(
            InputMediaVideo(media=upload(VIDEO, "lake.mp4"), caption="Done"), chat_id=ann.id, message_id=sent.message_id
        )
        assert isinstance(edited, Message)
        assert edited.video
        assert (edited.text, edited.caption, edited.message_id) == (None, "Done", sent.message_id)
        with pytest.raises(TelegramBadRequest, match="message is not modified"):
            await world.bot.edit_message_media(
                InputMediaVideo(media=edited.video.file_id, caption="Done"), chat_id=ann.id, message_id=sent.message_id
            )
        with pytest.raises(TelegramBadRequest, match="there is no text in the message to edit"):
            await world.bot.edit_message_text("text", chat_id=ann.id, message_id=sent.message_id)
        await world.bot.edit_message_caption(caption="Better", chat_id=ann.id, message_id=sent.message_id)
        await world.bot.edit_message_media(
            InputMediaAudio(media=upload(SONG, "s.m4a")), chat_id=ann.id, message_id=sent.message_id
        )
        msg = await chat.last()
        assert (msg.kind, msg.caption, msg.edits) == ("audio", "", 3)
        kinds = [
            next(kind for kind in ("text", "video", "audio") if kind in version) for version in await chat.history(msg)
        ]
        assert kinds == ["text", "video", "video"]


async def test_albums_go_in_whole_or_not_at_all() -> None:
    async with telegram() as world:
        ann, chat = await world.person()
        pictures = [InputMediaPhoto(media=upload(png(colour=colour), "x.png")) for colour in ("red", "blue")]
        album = await world.bot.send_media_group(ann.id, [*pictures])
        assert len({message.media_group_id for message in album}) == 1
        assert photo(album[0]).file_unique_id != photo(album[1]).file_unique_id
        mixed: list[MediaUnion] = [
            InputMediaPhoto(media=photo(album[0]).file_id),
            InputMediaDocument(media=upload(b"x")),
        ]
        with pytest.raises(TelegramBadRequest, match="can't use the media of the specified type in the album"):
            await world.bot.send_media_group(ann.id, mixed)
        broken = [InputMediaPhoto(media=photo(album[0]).file_id), InputMediaPhoto(media="nothing")]
        with pytest.raises(TelegramBadRequest, match="wrong file identifier"):
            await world.bot.send_media_group(ann.id, [*broken])
        assert len(await chat.messages()) == 3


async def test_copies_and_forwards() -> None:
    async with telegram() as world:
        ann, chat = await world.person()
        bob, bobs = await world.person("Bob")
        sent = await world.bot.send_video(ann.id, upload(VIDEO, "lake.mp4"), caption="Mine")
        await world.bot.copy_message(bob.id, ann.id, sent.message_id, caption="Yours")
        assert (await bobs.last()).caption == "Yours"
        forwarded = await world.bot.forward_message(bob.id, ann.id, sent.message_id)
        assert forwarded.forward_origin
        assert forwarded.forward_origin.type == "user"
        assert forwarded.video == sent.video
        assert (await chat.last()).edits == 0
        with pytest.raises(TelegramBadRequest, match="message to copy not found"):
            await world.bot.copy_message(bob.id, ann.id, 999)
        with pytest.raises(TelegramBadRequest, match="message to forward not found"):
            await world.bot.forward_message(bob.id, ann.id, 999)


async def test_old_files_go_when_the_store_is_full() -> None:
    async with telegram(file_bytes_kept=1_000) as world:
        ann, _ = await world.person()
        first = await world.bot.send_document(ann.id, upload(b"x" * 600))
        await world.bot.send_document(ann.id, upload(b"y" * 600))
        assert first.document
        with pytest.raises(TelegramBadRequest, match="wrong file"):
            await world.bot.send_document(ann.id, first.document.file_id)
