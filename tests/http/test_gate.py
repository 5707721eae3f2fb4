"""The web server against clients that hold on: half requests, slow ones, crowds, and bytes that are no HTTP."""

import asyncio
import io
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from bot.http.disk import LEAST, has_room
from bot.http.gate import Gate
from bot.http.server import SECRET_HEADER, Webhook, WebServer
from bot.logs import configure_logs

SECRET = "s3cret-of-at-least-sixteen"
WELL = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"


@asynccontextmanager
async def serving(
    accept: Callable[[bytes], Awaitable[None]] | None = None, metrics: bytes = b"", **bounds: float
) -> AsyncIterator[tuple[int, Gate]]:
    async def page() -> bytes:
        return metrics

    gate = Gate(**bounds)  # type: ignore[arg-type]
    webhook = Webhook("/telegram", SECRET, accept) if accept is not None else None
    server = WebServer(host="127.0.0.1", port=0, checks={}, metrics=page, webhook=webhook, gate=gate)
    port = await server.start()
    try:
        yield port, gate
    finally:
        await server.stop()


async def status(port: int, request: bytes = WELL) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    line = await asyncio.wait_for(reader.readline(), 5.0)
    writer.close()
    return int(line.split()[1]) if line else 0


async def ended(reader: asyncio.StreamReader, within: float = 5.0) -> float:
    """Seconds until the server let go of a connection."""
    begun = time.monotonic()
    try:
        async with asyncio.timeout(within):
            while await reader.read(65536):
                pass
    except ConnectionError:
        pass
    return time.monotonic() - begun


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the log says meanwhile."""
    stream = io.StringIO()
    configure_logs(level="info", style="console", stream=stream)
    yield stream
    configure_logs(level="info", style="console")


@pytest.mark.parametrize("begun", [b"", b"GET /hea", b"POST /telegram HTTP/1.1\r\nHost: x\r\n", WELL + b"GET /he"])
async def test_half_a_request_is_not_waited_for_for_ever(begun: bytes) -> None:
    async with serving(head_seconds=0.3) as (port, gate):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(begun[: len(WELL)])
        await asyncio.sleep(0.1)
        writer.write(begun[len(WELL) :])
        assert await ended(reader) < 3.0
        assert not gate.open
        writer.close()


async def test_headers_that_trickle_in_do_not_buy_time() -> None:
    async with serving(head_seconds=0.5) as (port, gate):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        closed = asyncio.ensure_future(ended(reader))
        writer.write(b"GET /health HTTP/1.1\r\n")
        while not closed.done():
            writer.write(b"X-Slow: 1\r\n")
            await asyncio.sleep(0.05)
        assert await closed < 1.2
        assert not gate.open
        writer.close()


async def test_a_body_that_does_not_come_is_given_up_and_nothing_of_it_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[bytes] = []

    async def accept(body: bytes) -> None:
        taken.append(body)

    monkeypatch.setattr("bot.http.server.BODY_SECONDS", 0.3)
    head = f"POST /telegram HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {SECRET}\r\nContent-Length: 100\r\n\r\n{{".encode()
    async with serving(accept) as (port, _):
        assert await status(port, head) == 408
    assert taken == []


async def test_an_answer_that_the_client_does_not_read_ends() -> None:
    async with serving(metrics=b"x" * 30_000_000, request_seconds=0.5) as (port, gate):
        _reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
        writer.write(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.sleep(1.5)
        assert not gate.open
        writer.close()


async def test_a_connection_that_is_kept_serves_one_request_after_the_other() -> None:
    async with serving(head_seconds=0.3, request_seconds=1.0) as (port, gate):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for pause in (0.0, 0.5, 0.6):  # longer than headers may take, shorter than a connection is kept
            await asyncio.sleep(pause)
            writer.write(WELL)
            assert b"200" in await reader.readline()
            while await reader.readline() != b"\r\n":
                pass
            await reader.read(len(b'{"status": "ok"}'))
        assert await ended(reader) < 2.5, "an idle one goes in time"
        assert not gate.open
        writer.close()


async def test_900_half_requests_leave_room_for_a_whole_one() -> None:
    async with AsyncExitStack() as stack, serving() as (port, gate):
        for _ in range(900):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            stack.callback(writer.close)
            writer.write(b"POST /telegram HTTP/1.1\r\n")
        await asyncio.sleep(0.2)
        assert len(gate.open) <= gate.most
        assert await status(port) == 200


async def test_beyond_the_bound_requests_under_way_are_kept_and_who_only_waits_goes() -> None:
    release = asyncio.Event()

    async def accept(_body: bytes) -> None:
        await release.wait()

    request = (
        f"POST /telegram HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {SECRET}\r\nContent-Length: 2\r\n\r\n{{}}".encode()
    )
    async with serving(accept, most=3) as (port, gate):
        under_way = [asyncio.ensure_future(status(port, request)) for _ in range(2)]
        reader, waiting = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.sleep(0.2)
        assert len(gate.open) == 3
        under_way.append(asyncio.ensure_future(status(port, request)))
        assert await ended(reader) < 1.0
        await asyncio.sleep(0.1)
        refused, theirs = await asyncio.open_connection("127.0.0.1", port)
        assert await ended(refused) < 1.0, "all others are at work"
        release.set()
        assert await asyncio.gather(*under_way) == [200, 200, 200]
        waiting.close()
        theirs.close()


async def test_beyond_the_bound_those_that_rest_after_their_answer_make_room_too() -> None:
    async with AsyncExitStack() as stack, serving(most=3) as (port, gate):
        resting = []
        for _ in range(3):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            stack.callback(writer.close)
            writer.write(WELL)
            assert b"200" in await reader.readline()
            resting.append((reader, writer))
        resting[0][1].write(WELL)  # it has rested for the shortest time now
        await asyncio.sleep(0.2)
        assert len(gate.open) == 3
        assert await status(port) == 200
        assert await ended(resting[1][0]) < 1.0
        assert not resting[0][0].at_eof()
        assert len(gate.waiting) <= len(gate.open) <= gate.most


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS hello\r\n\r\n",
        b"GET / HTTP/9.9 what\r\n\r\n",
        b"POST /health HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"GET /health HTTP/1.1\r\nno colon here\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_one_line_in_the_log(lines: io.StringIO, nonsense: bytes) -> None:
    async with serving() as (port, _):
        assert await status(port, nonsense) in (0, 400)
        assert await status(port) == 200
    written = lines.getvalue()
    assert written.count("\n") == 1, written
    assert "http.malformed" in written


async def test_a_disk_is_full_before_nothing_at_all_can_be_written(tmp_path: Path) -> None:
    assert await has_room([tmp_path, tmp_path])
    assert not await has_room([tmp_path], free=lambda _: LEAST - 1)
    with pytest.raises(FileNotFoundError):
        await has_room([tmp_path / "gone"])
