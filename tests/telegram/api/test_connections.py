"""Connections to the Bot API, over raw sockets: one is used again only when that is safe, and what surely was not sent
is told apart from what may have arrived."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import GetUpdates, SendDocument, SendMessage
from aiogram.types import BufferedInputFile

from bot.engine.supervisor import Supervisor
from bot.logs import Redactor
from bot.telegram.api.session import NotSent, Session
from bot.telegram.outbox.bot import EaselBot

TOKEN = "1:abc"
OK = b"HTTP/1.1 200 OK\r\n"
PEM = Path(__file__).parents[2] / "network" / "localhost.pem"
"""A certificate for localhost that nobody trusts, with its key."""
Serve = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """Reads requests and has a test answer them."""

    def __init__(self, serve: Serve) -> None:
        self._serve = serve
        self.opened = 0
        self.heads: list[bytes] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or b"0")
                self.heads.append(head)
                await self._serve(await reader.readexactly(length), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def calling(url: str, *, connections: int = 4, tls: ssl.SSLContext | None = None) -> AsyncIterator[EaselBot]:
    supervisor = Supervisor()
    session = Session(api_url=url, redactor=Redactor(), connections=connections)
    if tls is not None:
        session._connector_init["ssl"] = tls
    try:
        yield EaselBot(TOKEN, session=session, spawn=supervisor.spawn)
    finally:
        await session.close()
        await supervisor.stop()


@asynccontextmanager
async def serving(
    serve: Serve, *, connections: int = 4, server_tls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[EaselBot, Server]]:
    server = Server(serve)
    listening = await asyncio.start_server(server, "127.0.0.1", 0, ssl=server_tls)
    scheme = "https" if server_tls is not None else "http"
    url = f"{scheme}://localhost:{listening.sockets[0].getsockname()[1]}"
    try:
        async with calling(url, connections=connections, tls=tls) as bot:
            yield bot, server
    finally:
        listening.close()
        await asyncio.sleep(0.01)


async def ask(bot: EaselBot, number: int, seconds: int = 5) -> Any:
    """The number that the server was asked with, as it repeats it."""
    (update,) = await bot.http.raw_updates(bot, GetUpdates(offset=number), seconds)
    return update["offset"]


def answer_of(body: bytes, fields: bytes = b"") -> bytes:
    whole = b'{"ok":true,"result":[%b]}' % body
    return OK + fields + b"Content-Length: %d\r\n\r\n%b" % (len(whole), whole)


async def echo(body: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(answer_of(body))


async def test_calls_one_after_the_other_share_a_connection() -> None:
    async with serving(echo) as (bot, server):
        for n in range(20):
            assert await ask(bot, n) == n
        assert server.opened == 1
        assert server.heads[0].startswith(b"POST /bot1:abc/getUpdates HTTP/1.1\r\n")
        assert b"\r\nHost: localhost:" in server.heads[0]
        assert b"\r\nContent-Type: application/json\r\n" in server.heads[0]


async def test_calls_at_once_have_connections_of_their_own_up_to_the_bound() -> None:
    under_way = most = 0

    async def slow(body: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.01)
        under_way -= 1
        await echo(body, writer)

    async with serving(slow) as (bot, server):
        assert await asyncio.gather(*(ask(bot, n) for n in range(30))) == list(range(30))
        assert (most, server.opened) == (4, 4)


@pytest.mark.parametrize("told", [True, False])
async def test_a_connection_that_the_server_closed_is_not_used_again(told: bool) -> None:
    async def once(body: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer_of(body, b"Connection: close\r\n" if told else b""))
        writer.close()

    async with serving(once) as (bot, server):
        for n in range(3):
            assert await ask(bot, n) == n
            await asyncio.sleep(0.05)
        assert server.opened == 3


async def test_what_comes_unasked_is_not_taken_for_the_next_answer() -> None:
    async def twice(body: bytes, writer: asyncio.StreamWriter) -> None:
        await echo(body, writer)
        await writer.drain()
        await asyncio.sleep(0.01)
        writer.write(answer_of(b'{"offset":"nobody asked"}'))

    async with serving(twice) as (bot, server):
        for n in range(3):
            assert await ask(bot, n) == n
            await asyncio.sleep(0.05)
        assert server.opened == 3


async def test_a_late_answer_is_not_taken_for_the_next_calls() -> None:
    async def first_is_late(body: bytes, writer: asyncio.StreamWriter) -> None:
        if orjson.loads(body)["offset"] == 99:
            await asyncio.sleep(1.05)
        await echo(body, writer)

    async with serving(first_is_late) as (bot, _):
        with pytest.raises(TelegramNetworkError) as late:
            await ask(bot, 99, 1)
        assert not isinstance(late.value, NotSent)
        cancelled = asyncio.create_task(ask(bot, 99))
        await asyncio.sleep(0.01)
        cancelled.cancel()
        for n in range(5):
            assert await ask(bot, n) == n
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 20", OK + b"Content-Length: 5\r\n\r\n{", b"nonsense\r\n\r\n"])
async def test_an_answer_that_broke_off_may_mean_that_the_request_arrived(sent: bytes) -> None:
    async def cut(_body: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(sent)
        writer.close()

    async with serving(cut) as (bot, _):
        with pytest.raises(TelegramNetworkError) as broken:
            await ask(bot, 1)
        assert not isinstance(broken.value, NotSent)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://no.such.name.invalid"])
async def test_without_a_connection_nothing_was_sent(url: str) -> None:
    async with calling(url) as bot:
        with pytest.raises(NotSent):
            await ask(bot, 1)


async def test_a_call_whose_turn_for_a_connection_never_came_was_not_sent() -> None:
    asked = asyncio.Event()

    async def never(_body: bytes, _writer: asyncio.StreamWriter) -> None:
        asked.set()
        await asyncio.sleep(3)

    async with serving(never, connections=1) as (bot, server):
        first = asyncio.create_task(ask(bot, 1, 2))
        await asked.wait()
        with pytest.raises(NotSent):
            await ask(bot, 2, 1)
        with pytest.raises(TelegramNetworkError) as late:
            await first
        assert not isinstance(late.value, NotSent)
        assert len(server.heads) == 1


async def test_closing_breaks_calls_under_way_and_those_that_wait_were_not_sent() -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_body: bytes, _writer: asyncio.StreamWriter) -> None:
        asked.set()
        await go_on.wait()

    async with serving(slow, connections=1) as (bot, server):
        call = asyncio.create_task(ask(bot, 1))
        await asked.wait()
        waiting = asyncio.create_task(ask(bot, 2))
        await asyncio.sleep(0.01)
        await bot.session.close()
        with pytest.raises(TelegramNetworkError) as broken:
            await call
        assert not isinstance(broken.value, NotSent)
        with pytest.raises(NotSent):
            await waiting
        with pytest.raises(NotSent):
            await ask(bot, 3)
        assert len(server.heads) == 1
        go_on.set()


async def test_a_request_whose_connection_took_too_long_is_not_written() -> None:
    class Lease:
        held = False

        def sure(self) -> bool:
            return self.held

        async def surely(self) -> None:
            """Not asked here."""

    async def sent(_body: bytes, writer: asyncio.StreamWriter) -> None:
        whole = b'{"ok":true,"result":{"message_id":1,"date":1,"chat":{"id":5,"type":"private"}}}'
        writer.write(OK + b"Content-Length: %d\r\n\r\n%b" % (len(whole), whole))

    async with serving(sent) as (bot, server):
        bot.http.fence = lease = Lease()
        for call in (
            SendMessage(chat_id=5, text="x"),
            SendDocument(chat_id=5, document=BufferedInputFile(b"x", "a.txt")),
        ):
            with pytest.raises(NotSent, match="not wanted any more"):
                await bot.direct(call)
        lease.held = True
        assert (await bot.direct(SendMessage(chat_id=5, text="x"))).message_id == 1
        assert (len(server.heads), server.opened) == (1, 1), "the connection is free again"


async def test_tls_is_checked() -> None:
    server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_tls.load_cert_chain(PEM)
    async with serving(echo, server_tls=server_tls, tls=ssl.create_default_context(cafile=PEM)) as (bot, server):
        for n in range(3):
            assert await ask(bot, n) == n
        assert server.opened == 1
    async with serving(echo, server_tls=server_tls) as (bot, server):
        with pytest.raises(NotSent, match="CERTIFICATE_VERIFY_FAILED"):
            await ask(bot, 1)
        assert server.heads == []
