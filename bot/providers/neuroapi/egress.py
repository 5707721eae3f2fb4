"""The way out of the openai client: only what has to leaves this machine, and only so much of an answer comes in."""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import cast

import aiohttp
import httpx
import httpx2

from bot.providers.base import ConnectionLost, UpstreamDown
from bot.providers.kit import decompression, http

ANSWER_LIMIT = 96 * 1024 * 1024
"""Bytes of a whole answer: up to ten pictures in base64."""
STREAM_LIMIT = 16 * 1024 * 1024
"""Bytes of a whole stream, so of every event in it: a token takes a few hundred."""
TRANSPORT_FAILURES = (
    *(httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError),
    *(aiohttp.ClientError, OSError, ValueError),
)
_HEADERS = {"host", "authorization", "content-type", "content-length", "accept", "accept-encoding", "user-agent"}
"""What leaves this machine: the client adds a description of it, and what the environment says of OpenAI itself."""
_CODING = "content-encoding"


def labelled(response: httpx2.Response) -> bool:
    """Whether the answer calls itself a stream of events."""
    kind: str = response.headers.get("content-type", "")
    return kind.partition(";")[0].strip().lower() == "text/event-stream"


class Guarded(httpx2.AsyncBaseTransport):
    """A transport whose answers are bounded, and unpacked where they come packed although plain ones were asked for."""

    def __init__(self, inner: httpx2.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        headers = [(name, value) for name, value in request.headers.items() if name.lower() in _HEADERS]
        content, extensions = await request.aread(), request.extensions  # a form is written while it is read
        bare = httpx2.Request(request.method, request.url, headers=headers, content=content, extensions=extensions)
        response = await self._inner.handle_async_request(bare)
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        if http.compressed(cast("httpx.Response", response)):
            coding = response.headers[_CODING].strip().lower()
            if coding not in decompression.CODINGS:
                with suppress(*TRANSPORT_FAILURES):
                    await response.aclose()
                raise UpstreamDown(f"HTTP {response.status_code}, compressed in a way that was not asked for")
            response.stream = _Unpacked(response.stream, coding)
            del response.headers[_CODING]
        if not 200 <= response.status_code < 300:
            response.stream = _Bounded(response.stream, http.BODY_LIMIT, lenient=True)
        else:
            limit = STREAM_LIMIT if labelled(response) else ANSWER_LIMIT
            response.stream = _Bounded(response.stream, limit, lenient=False)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Unpacked(httpx2.AsyncByteStream):
    """A packed body as it was before."""

    def __init__(self, inner: httpx2.AsyncByteStream, coding: str) -> None:
        self._inner = inner
        self._coding = coding

    def __aiter__(self) -> AsyncIterator[bytes]:
        return decompression.unpacked(self._inner, self._coding)

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Bounded(httpx2.AsyncByteStream):
    """A body that breaks off beyond its limit; a lenient one ends there, and where it breaks: the status counts."""

    def __init__(self, inner: httpx2.AsyncByteStream, limit: int, *, lenient: bool) -> None:
        self._inner = inner
        self._limit = limit
        self._lenient = lenient

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = self._limit
        try:
            async for chunk in self._inner:
                yield chunk[:left] if self._lenient else chunk
                left -= len(chunk)
                if left < 0:
                    break
        except TRANSPORT_FAILURES:
            if not self._lenient:
                raise
        if left < 0 and not self._lenient:
            raise ConnectionLost(f"more than {self._limit} bytes of answer")
        if not self._lenient:
            yield b"\n\n"  # at its proper end a stream's last event counts as finished; to JSON it is nothing

    async def aclose(self) -> None:
        await self._inner.aclose()
