"""What NeuroAPI's connections may do: be closed by us, break, stall, never end, or lead to something else."""

import asyncio
from contextlib import aclosing
from time import monotonic

import pytest

from bot.providers.base import (
    Accepted,
    BadKey,
    ConnectionLost,
    Partial,
    ProviderOrder,
    TimedOut,
    Unreachable,
)
from bot.providers.neuroapi import egress
from bot.providers.neuroapi.provider import NeuroApi
from sandbox.neuroapi import NeuroApiServer
from tests.providers.neuro_kit import ask, picture, told
from tests.providers.provider_kit import QUICK, raw_server, until

CHAT, IMAGE = ask("why?"), picture("dall-e-3", "a fox")

KEY = "sk-neuroapi-sandbox"


async def test_closing_the_iterator_closes_the_stream(server: NeuroApiServer, provider: NeuroApi) -> None:
    server.state.scale = 1.0
    async with aclosing(provider.run(ask("Tell me a long story"), job_id="job")) as events:
        assert await anext(events) == Accepted(None)
        assert isinstance(await anext(events), Partial)
        assert server.requests[-1].outcome == "running"
    await until(lambda: server.requests[-1].outcome == "abandoned")


@pytest.mark.parametrize("wanted", [ask("Tell me a long story"), IMAGE], ids=["chat", "image"])
async def test_cancelling_closes_the_connection(
    server: NeuroApiServer, provider: NeuroApi, wanted: ProviderOrder
) -> None:
    server.state.scale = 1.0
    task = asyncio.create_task(told(provider, wanted))
    await until(lambda: bool(server.requests))
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: server.requests[-1].outcome == "abandoned")


async def test_the_total_time_ends_it(server: NeuroApiServer, provider: NeuroApi) -> None:
    await provider.ping()  # the client's import is no part of the time measured
    server.state.scale = 1.0
    started = monotonic()
    assert type((await told(provider, ask("Tell me a long story", longest=0.5)))[1]) is TimedOut
    assert monotonic() - started < 5


async def test_nothing_listens() -> None:
    async with NeuroApiServer(scale=0) as gone:
        port = int(gone.origin.rsplit(":", 1)[1])
        base_url = gone.base_url
    provider = NeuroApi(base_url=base_url, key=KEY, backoff=QUICK)
    for wanted in (CHAT, IMAGE):
        assert type((await told(provider, wanted))[1]) is Unreachable
    with pytest.raises(Unreachable):
        await provider.ping()
    later = NeuroApiServer(scale=0)
    await later.start(port=port)
    assert (await told(provider, CHAT))[1] is None
    assert len(later.requests) == 1
    await provider.aclose()
    await later.stop()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00\xff\x00\xff\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\ndata",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
    ],
)
@pytest.mark.parametrize("wanted", [CHAT, IMAGE], ids=["chat", "image"])
async def test_whatever_listens_there(answer: bytes, wanted: ProviderOrder) -> None:
    async with raw_server(answer) as base_url:
        provider = NeuroApi(base_url=base_url, key=KEY, backoff=QUICK)
        assert type((await told(provider, wanted))[1]) is ConnectionLost
        await provider.aclose()


async def test_an_endless_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(egress, "STREAM_LIMIT", 100_000)
    monkeypatch.setattr(egress, "ANSWER_LIMIT", 100_000)
    for kind, wanted in ((b"text/event-stream", CHAT), (b"application/json", IMAGE)):
        head = b"HTTP/1.1 200 OK\r\nContent-Type: " + kind + b"\r\n\r\ndata: "
        async with raw_server(head + b"x" * 300_000, pause=0.2) as base_url:
            provider = NeuroApi(base_url=base_url, key=KEY, backoff=QUICK)
            error = (await told(provider, wanted))[1]
            assert isinstance(error, ConnectionLost)
            assert "100000" in error.detail
            await provider.aclose()


async def test_a_refusal_whose_body_never_comes() -> None:
    head = b"HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
    async with raw_server(head, pause=0.4) as base_url:
        provider = NeuroApi(base_url=base_url, key=KEY, idle_seconds=0.2, backoff=QUICK)
        assert type((await told(provider, CHAT))[1]) is BadKey
        await provider.aclose()
