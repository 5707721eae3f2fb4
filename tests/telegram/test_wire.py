"""Our own HTTP client: every answer is read whole and only once, a connection is used again only when it is safe, and
what surely was not sent is told apart from what may have arrived."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.telegram.api.http1 import Broken, NotReached, Wire
from bot.telegram.api.http1_parser import BODY_MOST, HEAD_MOST, Answer, Unreadable

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
PEM = Path(__file__).parent / "localhost.pem"
"""A certificate for localhost that nobody trusts, with its key."""


@pytest.mark.parametrize(
    ("sent", "status", "body", "keep"),
    [
        (OK + b"Content-Length: 2\r\n\r\n{}", 200, b"{}", True),
        (OK + b"content-LENGTH:2  \r\nContent-Type: x\r\n\r\n{}", 200, b"{}", True),
        (OK + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 200, b"{}", True),
        (OK + b"Content-Length: 0\r\n\r\n", 200, b"", True),
        (OK + b"Content-Length: 2\r\nConnection: Close\r\n\r\n{}", 200, b"{}", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200, b"{}", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n{}", 200, b"{}", True),
        (b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 1\r\n\r\nx", 429, b"x", True),
        (b"HTTP/1.1 502\r\nContent-Length: 1\r\n\r\nx", 502, b"x", True),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b"", True),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + OK + b"Content-Length: 1\r\n\r\nx",
         200, b"x", True),
        (CHUNKED + b"2\r\n{}\r\n0\r\n\r\n", 200, b"{}", True),
        (CHUNKED + b"1;name=value\r\n{\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n", 200, b"{0123456789", True),
        (CHUNKED + b"4\r\na\r\nb\r\n0\r\n\r\n", 200, b"a\r\nb", True),
        (OK + b"Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", 200, b"x", True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("step", [1, 2, 7, 10_000])
def test_an_answer_is_whole_when_its_last_byte_is_there(
    sent: bytes, status: int, body: bytes, keep: bool, step: int
) -> None:
    answer = Answer()
    pieces = [sent[start : start + step] for start in range(0, len(sent), step)]
    assert [answer.feed(piece) for piece in pieces] == [False] * (len(pieces) - 1) + [True]
    assert (answer.status, answer.body, answer.keep) == (status, body, keep)


def test_an_answer_without_a_length_ends_with_its_connection() -> None:
    answer = Answer()
    assert not answer.end()
    assert not any(answer.feed(piece) for piece in (OK, b"\r\n", b"all ", b"of it"))
    assert answer.end()
    assert (answer.body, answer.keep) == (b"all of it", False)


@pytest.mark.parametrize("cut", [b"", b"HTTP/1.1 2", OK + b"Content-Length: 3\r\n\r\n{}", CHUNKED + b"2\r\n{}\r\n"])
def test_an_answer_that_is_cut_is_none(cut: bytes) -> None:
    answer = Answer()
    assert not answer.feed(cut)
    assert not answer.end()


def test_what_follows_an_answer_unasked_spoils_its_connection() -> None:
    answer = Answer()
    assert answer.feed(OK + b"Content-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n")
    assert (answer.body, answer.keep) == (b"{}", False)


@pytest.mark.parametrize(
    "sent",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        OK + b"Content-Length: -2\r\n\r\n{}",
        OK + b"Content-Length: 0x2\r\n\r\n{}",
        OK + b"Content-Length: %d\r\n\r\n" % (BODY_MOST + 1),
        OK + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n",
        CHUNKED + b"zz\r\n",
        CHUNKED + b"-1\r\n",
        CHUNKED + b"2\r\n{}..",
        CHUNKED + b"%x\r\n" % (BODY_MOST + 1),
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * HEAD_MOST,
        CHUNKED + b"1" * (HEAD_MOST + 1),
    ],
)
def test_what_cannot_be_read_for_sure_is_not_guessed(sent: bytes) -> None:
    with pytest.raises(Unreadable):
        Answer().feed(sent)


def test_a_body_without_a_length_has_a_bound() -> None:
    answer = Answer()
    answer.feed(OK + b"\r\n" + b"x" * BODY_MOST)
    with pytest.raises(Unreadable):
        answer.feed(b"x")


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
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                self.heads.append(head)
                await self._serve(await reader.readexactly(length), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def wired(
    serve: Serve, *, connections: int = 4, server_tls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[Wire, Server]]:
    server = Server(serve)
    listening = await asyncio.start_server(server, "127.0.0.1", 0, ssl=server_tls)
    scheme = "https" if server_tls is not None else "http"
    wire = Wire(f"{scheme}://localhost:{listening.sockets[0].getsockname()[1]}/x", tls=tls, connections=connections)
    try:
        yield wire, server
    finally:
        wire.close()
        listening.close()
        await asyncio.sleep(0.01)


async def closed(wire: Wire) -> None:
    """Waits until the kept connections are closed."""
    async with asyncio.timeout(5):
        while any(not line.closed for line in wire._free):
            await asyncio.sleep(0.005)


def answer_of(body: bytes) -> bytes:
    return OK + b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


async def echo(body: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(answer_of(body))


async def test_calls_one_after_the_other_share_a_connection() -> None:
    async with wired(echo) as (wire, server):
        for n in range(20):
            assert await wire.post("/bot1:a/getMe", b"%d" % n, 5) == (200, b"%d" % n)
        assert server.opened == 1
        assert server.heads[0].startswith(b"POST /bot1:a/getMe HTTP/1.1\r\n")
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

    async with wired(slow) as (wire, server):
        answers = await asyncio.gather(*(wire.post("/x", b"%d" % n, 5) for n in range(30)))
        assert [body for _, body in answers] == [b"%d" % n for n in range(30)]
        assert (most, server.opened) == (4, 4)


@pytest.mark.parametrize("told", [True, False])
async def test_a_connection_that_the_server_closed_is_not_used_again(told: bool) -> None:
    async def once(body: bytes, writer: asyncio.StreamWriter) -> None:
        close = b"Connection: close\r\n" if told else b""
        writer.write(OK + close + b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        writer.close()

    async with wired(once) as (wire, server):
        for n in range(3):
            assert await wire.post("/x", b"%d" % n, 5) == (200, b"%d" % n)
            await closed(wire)
        assert server.opened == 3


async def test_an_unused_connection_is_not_trusted_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    async with wired(echo) as (wire, server):
        await wire.post("/x", b"1", 5)
        monkeypatch.setattr("bot.telegram.api.http1.IDLE", -1.0)
        await wire.post("/x", b"2", 5)
        assert server.opened == 2


async def test_what_comes_unasked_closes_the_connection() -> None:
    async def twice(body: bytes, writer: asyncio.StreamWriter) -> None:
        await echo(body, writer)
        await writer.drain()
        await asyncio.sleep(0.01)
        writer.write(answer_of(b"nobody asked"))

    async with wired(twice) as (wire, server):
        for n in range(3):
            assert await wire.post("/x", b"%d" % n, 5) == (200, b"%d" % n)
            await closed(wire)
        assert server.opened == 3


async def test_a_late_answer_is_not_taken_for_the_next_calls() -> None:
    async def first_is_late(body: bytes, writer: asyncio.StreamWriter) -> None:
        if body == b"late":
            await asyncio.sleep(0.05)
        await echo(body, writer)

    async with wired(first_is_late) as (wire, _):
        with pytest.raises(TimeoutError):
            await wire.post("/x", b"late", 0.02)
        cancelled = asyncio.create_task(wire.post("/x", b"late", 5))
        await asyncio.sleep(0.01)
        cancelled.cancel()
        for n in range(5):
            assert await wire.post("/x", b"%d" % n, 5) == (200, b"%d" % n)
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 20", OK + b"Content-Length: 5\r\n\r\n{", b"nonsense\r\n\r\n"])
async def test_an_answer_that_broke_off_may_mean_that_the_request_arrived(sent: bytes) -> None:
    async def cut(_body: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(sent)
        writer.close()

    async with wired(cut) as (wire, _):
        with pytest.raises(Broken):
            await wire.post("/x", b"{}", 5)


async def test_without_a_connection_nothing_was_sent() -> None:
    with pytest.raises(NotReached):
        await Wire("http://127.0.0.1:9", tls=None, connections=1).post("/x", b"{}", 5)
    with pytest.raises(NotReached):
        await Wire("http://no.such.name.invalid", tls=None, connections=1).post("/x", b"{}", 5)

    asked = asyncio.Event()

    async def never(_body: bytes, _writer: asyncio.StreamWriter) -> None:
        asked.set()
        await asyncio.sleep(0.6)

    async with wired(never, connections=1) as (wire, _):
        first = asyncio.create_task(wire.post("/x", b"{}", 0.5))
        await asked.wait()
        with pytest.raises(NotReached):  # its turn never came
            await wire.post("/x", b"{}", 0.02)
        with pytest.raises(TimeoutError):
            await first


async def test_closing_breaks_calls_under_way_and_a_later_call_connects_anew() -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def slow(body: bytes, writer: asyncio.StreamWriter) -> None:
        if body == b"slow":
            asked.set()
            await go_on.wait()
        await echo(body, writer)

    async with wired(slow) as (wire, _):
        call = asyncio.create_task(wire.post("/x", b"slow", 5))
        await asked.wait()
        wire.close()
        with pytest.raises(Broken):
            await call
        go_on.set()
        assert await wire.post("/x", b"again", 5) == (200, b"again")


async def test_tls_is_checked() -> None:
    server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_tls.load_cert_chain(PEM)
    trusting = ssl.create_default_context(cafile=PEM)
    async with wired(echo, server_tls=server_tls, tls=trusting) as (wire, server):
        for n in range(3):
            assert await wire.post("/x", b"%d" % n, 5) == (200, b"%d" % n)
        assert server.opened == 1
    async with wired(echo, server_tls=server_tls, tls=ssl.create_default_context()) as (wire, server):
        with pytest.raises(NotReached, match="CERTIFICATE_VERIFY_FAILED"):
            await wire.post("/x", b"{}", 5)
        assert server.heads == []
