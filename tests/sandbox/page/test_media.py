"""Files in a browser: played in parts, and nothing that a bot or a person sent is ever run as a page."""

from dataclasses import replace

import aiohttp

from tests.sandbox.page.page_kit import Page
from tests.sandbox.telegram_kit import png


async def send(shown: Page, kind: str, name: str, mime: str, data: bytes) -> str:
    """What Ann sends to the bot; its address."""
    form = aiohttp.FormData({"chat_id": str(shown.people.ann.id), "user_id": str(shown.people.ann.id), "kind": kind})
    form.add_field("file", data, filename=name, content_type=mime)
    async with shown.http.post(f"{shown.link}client/media", data=form) as response:
        answer = await response.json()
        assert answer["ok"], answer
    return f"{shown.link}client/media?chat_id={shown.people.ann.id}&message_id={answer['result']['message_id']}"


async def test_a_page_sent_as_a_document_is_only_a_download(shown: Page) -> None:
    for name, mime in (("a.html", "text/html"), ("a.svg", "image/svg+xml"), ("a.js", "text/javascript")):
        url = await send(shown, "document", name, mime, b"<script>alert(1)</script>")
        async with shown.http.get(url) as response:
            assert response.content_type == "application/octet-stream"
            assert response.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{name}"
            assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_bots_document_is_only_a_download(shown: Page) -> None:
    await shown.world.tg.call(
        "POST", "send", {"chat_id": shown.people.ann.id, "user_id": shown.people.ann.id, "text": "/start"}
    )
    form = aiohttp.FormData({"chat_id": str(shown.people.ann.id)})
    form.add_field("document", b"<h1>Hi</h1>", filename='a".html', content_type="text/html")
    async with shown.http.post(shown.world.url("sendDocument"), data=form) as response:
        sent = (await response.json())["result"]
    query = {"chat_id": shown.people.ann.id, "message_id": sent["message_id"]}
    async with shown.http.get(f"{shown.link}client/media", params=query) as response:
        assert (response.status, response.content_type) == (200, "application/octet-stream")
        assert response.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''a")


async def test_parts_of_a_picture_are_answered_as_asked(shown: Page) -> None:
    url = await send(shown, "photo", "a.png", "image/png", png())
    async with shown.http.get(url) as response:
        whole = await response.read()
        assert response.content_type.startswith("image/")
        assert response.headers["Accept-Ranges"] == "bytes"
        assert "Content-Disposition" not in response.headers
    total = len(whole)
    parts = {"bytes=0-": whole, "bytes=2-5": whole[2:6], "bytes=-4": whole[-4:], f"bytes=5-{total * 2}": whole[5:]}
    for asked, expected in parts.items():
        async with shown.http.get(url, headers={"Range": asked}) as response:
            assert (response.status, await response.read()) == (206, expected)
            start = total - len(expected) if asked != "bytes=2-5" else 2
            assert response.headers["Content-Range"] == f"bytes {start}-{start + len(expected) - 1}/{total}"
    for wrong in (f"bytes={total}-", "bytes=5-2", "bytes=x"):
        async with shown.http.get(url, headers={"Range": wrong}) as response:
            assert (response.status, response.headers["Content-Range"]) == (416, f"bytes */{total}")


async def test_the_file_of_an_ephemeral_message_is_its_readers(shown: Page) -> None:
    core, ann, group = shown.world.server.core, shown.people.ann, shown.people.group
    await send(shown, "photo", "a.png", "image/png", png())
    photo = next(reversed(core.store.chats[ann.id].messages.values())).media
    hidden = core.store.new_ephemeral(group, core.store.bot.id, ann.id, media=photo)
    query = {"chat_id": group.id, "message_id": hidden.message_id}
    for address in (f"{shown.link}client/media", f"{shown.world.base}/client/media"):
        for viewer, status in ((ann.id, 200), (shown.people.bob.id, 404)):
            async with shown.http.get(address, params={**query, "user_id": viewer}) as response:
                assert response.status == status


async def test_the_cover_of_a_film_is_had_beside_it(shown: Page) -> None:
    core, ann = shown.world.server.core, shown.people.ann
    await send(shown, "photo", "a.png", "image/png", png())
    chat = core.store.chats[ann.id]
    photo = next(reversed(chat.messages.values())).media
    assert photo is not None
    film = replace(photo, kind="video", data=b"a film", cover=photo)
    for media, expected in ((film, (200, photo.data)), (photo, (404, None))):
        message = core.store.new_message(chat, ann.id, media=media)
        query = {"chat_id": str(ann.id), "message_id": str(message.message_id), "part": "cover"}
        async with shown.http.get(f"{shown.link}client/media", params=query) as response:
            body = await response.read()
            assert (response.status, body if response.status == 200 else None) == expected
