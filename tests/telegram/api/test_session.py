"""The session on real sockets: what is sent, which error comes of which failure, and no token in any of them."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramEntityTooLarge,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import (
    DeleteMessage,
    EditMessageText,
    GetMe,
    GetUpdates,
    SendDocument,
    SendMediaGroup,
    SendMessage,
    TelegramMethod,
)
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, Message
from aiohttp import web

from bot.engine.supervisor import Supervisor
from bot.logs import Redactor
from bot.telegram.api.session import DownloadFailed, NotSent, Session
from bot.telegram.api.slim_methods import EditBriefly, SendBriefly
from bot.telegram.outbox.bot import EaselBot
from tests.telegram.kit import telegram

TOKEN = "424242:sandbox-token"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def answering(answer: Answer) -> AsyncIterator[EaselBot]:
    """A server that answers every call in the same way, and a bot that calls it."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with calling(f"http://127.0.0.1:{runner.addresses[0][1]}") as bot:
            yield bot
    finally:
        await runner.cleanup()


@asynccontextmanager
async def calling(url: str) -> AsyncIterator[EaselBot]:
    supervisor = Supervisor()
    session = Session(api_url=url, redactor=Redactor())
    try:
        yield EaselBot(TOKEN, session=session, spawn=supervisor.spawn, jitter=lambda: 0.0)
    finally:
        await session.close()
        await supervisor.stop()


async def test_calls_without_files_are_json_and_with_files_multipart() -> None:
    seen: list[tuple[str, Any]] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        body = await request.json() if request.content_type == "application/json" else dict(await request.post())
        seen.append((request.content_type, body))
        return web.json_response(
            {"ok": True, "result": {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}}}
        )

    keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Да", callback_data="x")]])
    async with answering(answer) as bot:
        await bot(SendMessage(chat_id=5, text="Озеро", reply_markup=keyboard, disable_notification=False))
        await bot(SendDocument(chat_id=5, document=BufferedInputFile(b"x", "a.txt"), reply_markup=keyboard))
    (kind, sent), (form, parts) = seen
    assert kind == "application/json"
    assert sent["text"] == "Озеро"
    assert sent["parse_mode"] == "HTML"
    assert sent["disable_notification"] is False
    assert sent["reply_markup"] == {"inline_keyboard": [[{"text": "Да", "callback_data": "x"}]]}
    assert form == "multipart/form-data"
    assert parts["document"].startswith("attach://")
    assert "inline_keyboard" in parts["reply_markup"]


async def test_nothing_is_opened_after_the_session_is_closed() -> None:
    """A task of the supervisor may outlive the session by a moment, with a file to send."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        return web.json_response({"ok": True, "result": True})

    async with answering(answer) as bot:
        await bot.session.close()
        late: tuple[TelegramMethod[Any], ...] = (
            SendMessage(chat_id=5, text="x"),
            SendDocument(chat_id=5, document=BufferedInputFile(b"x", "a.txt")),
        )
        for call in late:
            with pytest.raises(NotSent):
                await bot.session.make_request(bot, call)
        with pytest.raises(DownloadFailed):
            await anext(bot.session.stream_content(f"{bot.session.api.base}"))
    assert asked == []


async def test_no_call_is_led_elsewhere() -> None:
    """An upload that is led on would be sent twice."""
    asked: list[str] = []

    async def elsewhere(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        await request.read()
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    calls: tuple[TelegramMethod[Any], ...] = (
        SendMessage(chat_id=5, text="x"),
        SendDocument(chat_id=5, document=BufferedInputFile(b"x", "a.txt")),
    )
    async with answering(elsewhere) as bot:
        for call in calls:
            with pytest.raises(ClientDecodeError):
                await bot.direct(call)
    assert len(asked) == len(calls)


async def test_results_are_read_as_their_methods_declare() -> None:
    said = {"message_id": 7, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "x"}
    results: list[Any] = [said, said, said, True, said, True, True, {"id": 1}, "odd", [said]]

    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": True, "result": results.pop(0)})

    async with answering(answer) as bot:
        full = await bot.direct(SendMessage(chat_id=5, text="x"))
        assert (full.text, full.chat.id, full.bot is bot) == ("x", 5, True)
        assert (await bot.direct(SendBriefly(chat_id=5, text="x"))).message_id == 7
        edited = await bot.direct(EditMessageText(chat_id=5, message_id=7, text="x"))
        assert isinstance(edited, Message)
        assert await bot.direct(EditMessageText(inline_message_id="a", text="x")) is True
        assert (await bot.direct(EditBriefly(chat_id=5, message_id=7, text="x"))).message_id == 7  # type: ignore[union-attr]
        assert await bot.direct(EditBriefly(inline_message_id="a", text="x")) is True
        assert await bot.direct(DeleteMessage(chat_id=5, message_id=7)) is True
        for call in (SendMessage(chat_id=5, text="x"), SendMessage(chat_id=5, text="x")):
            with pytest.raises(ClientDecodeError):
                await bot.direct(call)
        (one,) = await bot.direct(SendMediaGroup(chat_id=5, media=[InputMediaPhoto(media="a")]))
        assert one.message_id == 7


@pytest.mark.parametrize(
    ("status", "error"),
    [(502, TelegramServerError), (413, TelegramEntityTooLarge), (429, TelegramRetryAfter), (403, TelegramServerError)],
)
async def test_answers_that_are_not_telegrams_are_told_by_their_status(status: int, error: type[Exception]) -> None:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text="<html>nginx</html>", content_type="text/html")

    async with answering(answer) as bot:
        with pytest.raises(error):
            await bot.direct(GetMe())


async def test_what_surely_was_not_sent_is_known() -> None:
    async with calling("http://127.0.0.1:9") as bot:
        with pytest.raises(NotSent):
            await bot.direct(SendMessage(chat_id=5, text="x"))


async def test_what_may_have_arrived_is_not_called_unsent() -> None:
    async with telegram() as world:
        await world.tg.faults("drop_after", method="getMe")
        with pytest.raises(TelegramNetworkError) as caught:
            await world.bot.direct(GetMe())
        assert not isinstance(caught.value, NotSent)
        await world.tg.faults("hang", method="getMe", seconds=5)
        with pytest.raises(TelegramNetworkError) as caught:
            await world.bot.direct(GetMe(), 1)
        assert not isinstance(caught.value, NotSent)


async def test_no_error_holds_the_token() -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async def missing(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=404)

    async def told(call: Awaitable[Any]) -> str:
        with pytest.raises(Exception) as caught:  # whatever it is
            await call
        return "".join(traceback.format_exception(caught.value))

    async def download(bot: EaselBot) -> None:
        with pytest.raises(DownloadFailed):
            await bot.download_file("photos/a.jpg")
        await bot.download_file("photos/a.jpg")

    calls: list[TelegramMethod[Any]] = [GetMe(), SendDocument(chat_id=5, document=BufferedInputFile(b"x", "a"))]
    for answer in (cut, missing):
        async with answering(answer) as bot:
            for call in calls:
                assert TOKEN not in await told(bot.direct(call))
            assert TOKEN not in await told(download(bot))
    async with calling("http://127.0.0.1:9") as bot:
        assert TOKEN not in await told(bot.direct(GetMe()))
        assert TOKEN not in await told(download(bot))


async def test_updates_come_raw_and_failures_typed() -> None:
    bodies = [
        b'{"ok":true,"result":[{"update_id":1,"odd":[]},"not even an update"]}',
        b'{"ok":false,"error_code":409,"description":"Conflict: terminated by other getUpdates request"}',
        b'{"ok":true,"result":"nonsense"}',
        b"\xff\xfe",
    ]

    async def answer(_request: web.Request) -> web.StreamResponse:
        body = bodies.pop(0)
        return web.Response(body=body, status=409 if b"409" in body else 200, content_type="application/json")

    async with answering(answer) as bot:
        assert await bot.http.raw_updates(bot, GetUpdates(), 5) == [{"update_id": 1, "odd": []}, "not even an update"]
        with pytest.raises(Exception, match="Conflict"):
            await bot.http.raw_updates(bot, GetUpdates(), 5)
        for _ in range(2):
            with pytest.raises(Exception):  # noqa: B017  # anything but a hang or a wrong list
                await bot.http.raw_updates(bot, GetUpdates(), 5)


async def test_the_first_file_does_not_break_the_calls_under_way() -> None:
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def handler(request: web.Request) -> web.Response:
        if request.path.endswith("/getUpdates"):
            arrived.set()
            await go_on.wait()
            return web.json_response({"ok": True, "result": []})
        return web.Response(body=b"bytes")

    async with answering(handler) as bot:
        address = bot.http.api.file_url(TOKEN, "file")
        async with asyncio.TaskGroup() as group:
            poll = group.create_task(bot.http.raw_updates(bot, GetUpdates(), 30))
            await arrived.wait()
            chunks = [chunk async for chunk in bot.http.stream_content(address)]
            go_on.set()
        assert (chunks, poll.result()) == ([b"bytes"], [])


async def test_a_rush_of_sends_arrives_in_order_and_is_never_refused() -> None:
    async with telegram(limits=True, rates=None) as world:
        people = [await world.person(f"P{n}") for n in range(8)]
        group = await world.tg.group("G", [people[0][0]])
        sends = [world.bot.send_message(person.id, f"{n}") for n in range(4) for person, _ in people]
        sends += [world.bot.send_message(group.id, f"{n}") for n in range(3)]
        await asyncio.gather(*sends)
        for _, chat in people:
            assert [m.text for m in await chat.messages() if m.from_bot] == ["0", "1", "2", "3"]
        assert set(await world.statuses("sendMessage")) == {200}


async def test_a_flood_on_the_wire_is_waited_out_and_nothing_is_lost_or_doubled() -> None:
    async with telegram() as world:
        person, chat = await world.person()
        await world.tg.faults("429", method="sendMessage", times=2, retry_after=1)
        await world.bot.send_message(person.id, "once")
        assert [m.text for m in await chat.messages() if m.from_bot] == ["once"]
        assert await world.statuses("sendMessage") == [429, 429, 200]
        assert world.bot.outbox.stats.floods == 2


async def test_a_send_whose_answer_was_lost_is_not_repeated_an_edit_is() -> None:
    async with telegram() as world:
        person, chat = await world.person()
        await world.tg.faults("drop_after", method="sendMessage")
        with pytest.raises(TelegramNetworkError):
            await world.bot.send_message(person.id, "maybe")
        (sent,) = [m for m in await chat.messages() if m.from_bot]
        await world.tg.faults("drop_after", method="editMessageText")
        await world.bot.edit_message_text("surely", chat_id=person.id, message_id=sent.id)
        assert await world.statuses("editMessageText") == [200, 400]  # "not modified" is success
        assert (await chat.last()).text == "surely"
