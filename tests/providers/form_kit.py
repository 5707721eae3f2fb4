"""A service that gives one answer, byte by byte as a test writes it, and what may stand in such an answer."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from bot.providers.base import (
    Event,
    ProviderError,
)
from bot.providers.neuroapi.provider import NeuroApi
from tests.providers.neuro_kit import CREATE, ask, chunk, told
from tests.providers.provider_kit import QUICK

USED = {"prompt_tokens": 20, "completion_tokens": 5}
USAGE = {"choices": [], "usage": USED}
END = chunk(finish="stop")
SAID = (chunk("Hello"), chunk(" world"))
GOOD = (*SAID, END, USAGE)


@dataclass
class Raw:
    """A service that gives one answer, byte by byte as it is, to every request. `asked` counts them."""

    head: bytes
    pieces: tuple[bytes, ...]
    asked: int = 0
    url: str = ""
    busy: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.busy.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(head.split(b"content-length:")[1].split(b"\r\n")[0]) if b"content-length:" in head else 0
            await reader.readexactly(length)
            self.asked += 1
            writer.write(self.head)
            for piece in self.pieces:
                writer.write(piece)
                await asyncio.sleep(0)
        writer.close()


@asynccontextmanager
async def raw(
    *pieces: bytes, headers: Mapping[str, str] | None = None, status: int = 200, length: bool = False
) -> AsyncIterator[Raw]:
    """`length` False: the end of the connection is the end of the body, as in HTTP/1.0."""
    told = {"Connection": "close", **(headers or {})}
    if length:
        told["Content-Length"] = str(sum(map(len, pieces)))
    lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in told.items())]
    service = Raw("\r\n".join([*lines, "", ""]).encode(), pieces)
    server = await asyncio.start_server(service.serve, "127.0.0.1", 0)
    service.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield service
    finally:
        server.close()
        await asyncio.gather(*service.busy)


async def answered(service: Raw, tools: bool = False) -> tuple[list[Event], ProviderError | None]:
    provider = NeuroApi(base_url=service.url, key="sk-test", backoff=QUICK)
    try:
        ended = await told(provider, ask("Say hello", tools=(CREATE,) if tools else ()))
    finally:
        await provider.aclose()
    assert service.asked == 1, "one order, one request"
    return ended


def sse(*events: object, sep: str = "\n", done: bool = True, prefix: str = "data: ") -> bytes:
    lines = [event if isinstance(event, str) else prefix + json.dumps(event) for event in events]
    return "".join(line + sep * 2 for line in [*lines, *(["data: [DONE]"] if done else [])]).encode()


def heard(delta: dict[str, object]) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}


def whole(message: Mapping[str, object], finish: object = "stop", **more: object) -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
    return json.dumps({"choices": [choice], "usage": USED, **more}).encode()


STREAM = "text/event-stream"
