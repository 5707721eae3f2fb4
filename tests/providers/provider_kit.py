"""What the tests of providers share: short patience, orders, runs written down, small servers that misbehave."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from time import monotonic

import httpx
from aiohttp import web

from bot.domain.catalog.models import Scalar
from bot.providers.ai_now import AiNow
from bot.providers.base import Event, ProviderError, ProviderOrder
from bot.providers.kit.http import Backoff

KEY = "sk-sandbox"
QUICK = Backoff(attempts=3, first=0.005, longest=0.01, jitter=0.0)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def order(
    model: str = "pika", prompt: str = "a lake", options: Mapping[str, Scalar] | None = None, longest: float = 20.0
) -> ProviderOrder:
    return ProviderOrder(model, prompt, options or {}, longest)


async def told(provider: AiNow, wanted: ProviderOrder) -> tuple[list[Event], ProviderError | None]:
    """Every event of a run, and the error that ended it."""
    events: list[Event] = []
    try:
        async for event in provider.run(wanted, job_id="job"):
            events.append(event)  # noqa: PERF401 - what came before an error counts
    except ProviderError as error:
        return events, error
    return events, None


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    """An HTTP server that answers everything with `handler`; yields its base URL."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


class Chunks(httpx.AsyncByteStream):
    """A body that comes in pieces, and may break off."""

    def __init__(self, *chunks: bytes, then: Exception | None = None) -> None:
        self._chunks = chunks
        self._then = then

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self._chunks:
            yield chunk
        if self._then is not None:
            raise self._then


def answer(
    status: int, body: bytes | str | dict[str, object], content_type: str = "", **headers: str
) -> httpx.Response:
    """A response as a socket would give it: with a body that is still to be read."""
    raw = json.dumps(body).encode() if isinstance(body, dict) else body.encode() if isinstance(body, str) else body
    if content_type or isinstance(body, dict):
        headers["Content-Type"] = content_type or "application/json"
    return httpx.Response(status, headers=headers, stream=Chunks(raw))


@asynccontextmanager
async def raw_server(*pieces: bytes, pause: float = 0.0, until: bytes = b"\r\n\r\n") -> AsyncIterator[str]:
    """A server that reads up to `until` (a request's head), sends these very bytes and closes the connection.

    `pause` seconds follow each piece. Yields its base URL.
    """
    busy: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        busy.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(until)
            for piece in pieces:
                if writer.is_closing():
                    break
                writer.write(piece)
                await asyncio.sleep(pause)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await asyncio.gather(*busy)


async def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Waits for `condition`; raises TimeoutError after `seconds`."""
    end = monotonic() + seconds
    while not condition():
        if monotonic() > end:
            raise TimeoutError
        await asyncio.sleep(0.005)
