"""Every fault of the AI-Now simulator, over real sockets, ends as the class of failure that it is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from time import monotonic

import pytest

from bot.providers.ai_now import STREAM_LIMIT, AiNow
from bot.providers.base import (
    Accepted,
    BadKey,
    ConnectionLost,
    GenerationFailed,
    NotTaken,
    NotThere,
    OutOfFunds,
    ProviderError,
    Running,
    Succeeded,
    TimedOut,
    Unreachable,
    UpstreamDown,
)
from sandbox.ai_now import CATALOGUE, ERROR_DETAIL, AiNowServer
from sandbox.ai_now.faults import Stage
from tests.providers.provider_kit import KEY, QUICK, order, raw_server, told, until

REFUSED: dict[str, type[ProviderError]] = {
    "401": BadKey,
    "418": OutOfFunds,
    "500": UpstreamDown,
    "503_html": NotTaken,
    "reset_after_body": ConnectionLost,
}
BROKEN: dict[str, tuple[type[ProviderError], int]] = {
    "empty_stream": (ConnectionLost, 0),
    "error_event": (GenerationFailed, 1),
    "error_event_at": (GenerationFailed, 3),
    "cut": (ConnectionLost, 2),
    "early_end": (ConnectionLost, 2),
    "stall": (ConnectionLost, 2),
    "malformed_json": (ConnectionLost, 6),
    "wrong_types": (NotThere, 4),
    "completed_without_url": (NotThere, 6),
}
HARMLESS = {"unknown_status", "keepalive", "crlf", "multiline", "dribble"}


@pytest.fixture
async def server() -> AsyncIterator[AiNowServer]:
    async with AiNowServer(scale=0) as running:
        yield running


@pytest.fixture
async def provider(server: AiNowServer) -> AsyncIterator[AiNow]:
    built = AiNow(base_url=server.base_url, key=KEY, backoff=QUICK)
    yield built
    await built.aclose()


@pytest.fixture
async def impatient(server: AiNowServer) -> AsyncIterator[AiNow]:
    """Takes a third of a second of silence for a stall."""
    built = AiNow(base_url=server.base_url, key=KEY, idle_seconds=0.3, backoff=QUICK)
    yield built
    await built.aclose()


def test_every_fault_is_here() -> None:
    own = {name for name, kind in CATALOGUE.items() if kind.stage is not Stage.RESULT}
    assert own == {*REFUSED, *BROKEN, *HARMLESS}


@pytest.mark.parametrize("model", ["suno", "luma", "pika", "run"])
async def test_every_model(server: AiNowServer, provider: AiNow, model: str) -> None:
    styles = {"pika": {"style": "7"}, "run": {"style": "80s_vaporwave"}}.get(model, {})
    events, error = await told(provider, order(model, "a lake", styles))
    assert error is None
    assert events[0] == Accepted(None)
    assert isinstance(events[-1], Succeeded)
    assert events[-1].assets[0].url.startswith(server.base_url)
    assert server.violations == []
    assert server.requests[-1].style == styles.get("style")


@pytest.mark.parametrize("name", REFUSED)
async def test_refusals(server: AiNowServer, provider: AiNow, name: str) -> None:
    server.faults.add(name)
    events, error = await told(provider, order())
    assert (events, type(error)) == ([], REFUSED[name])
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", BROKEN)
async def test_broken_streams(server: AiNowServer, provider: AiNow, impatient: AiNow, name: str) -> None:
    server.faults.add(name)
    events, error = await told(impatient if name == "stall" else provider, order())
    expected, count = BROKEN[name]
    assert type(error) is expected
    assert events == [Accepted(None), *[Running()] * count]
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", sorted(HARMLESS))
async def test_strange_but_legal_streams(server: AiNowServer, provider: AiNow, name: str) -> None:
    server.faults.add(name)
    events, error = await told(provider, order())
    assert error is None
    assert isinstance(events[-1], Succeeded)


async def test_the_detail_of_an_error_is_kept_for_the_log(server: AiNowServer, provider: AiNow) -> None:
    server.faults.add("error_event")
    error = (await told(provider, order()))[1]
    assert error is not None
    assert error.detail == ERROR_DETAIL


async def test_silence_shorter_than_the_limit_is_normal(server: AiNowServer, provider: AiNow) -> None:
    server.faults.add("stall", value=0.35)
    assert (await told(provider, order()))[1] is None


async def test_the_total_time_ends_a_silent_stream(server: AiNowServer) -> None:
    server.state.scale = 1.0
    provider = AiNow(base_url=server.base_url, key=KEY, backoff=QUICK)
    started = monotonic()
    error = (await told(provider, order(longest=0.2)))[1]
    assert isinstance(error, TimedOut)
    assert monotonic() - started < 5
    await provider.aclose()


async def test_total_time_counts_although_bytes_arrive() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
    async with raw_server(head, *[b": still here\n\n"] * 200, pause=0.02) as base_url:
        provider = AiNow(base_url=base_url, key=KEY, backoff=QUICK)
        events, error = await told(provider, order(longest=0.3))
        assert type(error) is TimedOut
        assert events in ([Accepted(None)], [])
        await provider.aclose()


async def test_closing_the_iterator_closes_the_connection(server: AiNowServer, provider: AiNow) -> None:
    server.state.scale = 1.0
    async with aclosing(provider.run(order(), job_id="job")) as events:
        assert await anext(events) == Accepted(None)
        assert await anext(events) == Running()
        assert server.requests[-1].outcome == "running"
    await until(lambda: server.requests[-1].outcome == "abandoned")


async def test_cancelling_closes_the_connection(server: AiNowServer, provider: AiNow) -> None:
    server.state.scale = 1.0
    task = asyncio.create_task(told(provider, order()))
    await until(lambda: bool(server.requests) and server.requests[-1].events == 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: server.requests[-1].outcome == "abandoned")


async def test_nothing_listens() -> None:
    async with AiNowServer(scale=0) as gone:
        base_url = gone.base_url
    provider = AiNow(base_url=base_url, key=KEY, backoff=QUICK)
    events, error = await told(provider, order())
    assert (events, type(error)) == ([], Unreachable)
    with pytest.raises(Unreachable):
        await provider.ping()
    await provider.aclose()


async def test_what_was_not_sent_is_sent_when_somebody_listens() -> None:
    async with AiNowServer(scale=0) as first:
        port = int(first.base_url.rsplit(":", 1)[1])
    provider = AiNow(base_url=f"http://127.0.0.1:{port}", key=KEY, backoff=QUICK)
    assert type((await told(provider, order()))[1]) is Unreachable
    later = AiNowServer(scale=0)
    await later.start(port=port)
    assert (await told(provider, order()))[1] is None
    assert len(later.requests) == 1
    await provider.aclose()
    await later.stop()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00\xff\x00\xff\r\n\r\n",
        b"HTTP/1.1 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\ndata",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 500\r\n\r\ndata: {}\n\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
    ],
)
async def test_whatever_listens_there(answer: bytes) -> None:
    async with raw_server(answer) as base_url:
        provider = AiNow(base_url=base_url, key=KEY, backoff=QUICK)
        assert type((await told(provider, order()))[1]) is ConnectionLost
        await provider.aclose()


async def test_an_endless_line_is_cut_off() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: "
    async with raw_server(head + b"x" * (STREAM_LIMIT + 200_000), pause=0.2) as base_url:
        provider = AiNow(base_url=base_url, key=KEY, backoff=QUICK)
        events, error = await told(provider, order())
        assert events == [Accepted(None)]
        assert isinstance(error, ConnectionLost)
        assert str(STREAM_LIMIT) in error.detail
        await provider.aclose()


async def test_a_refusal_whose_body_never_comes() -> None:
    head = b"HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
    async with raw_server(head, pause=0.4) as base_url:
        provider = AiNow(base_url=base_url, key=KEY, idle_seconds=0.2, backoff=QUICK)
        assert type((await told(provider, order()))[1]) is BadKey
        await provider.aclose()
