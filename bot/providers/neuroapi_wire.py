"""The official openai client, made to keep our rules: no request twice, bounded answers, typed errors.

Importing it costs most of a second and 20 MB, so neuroapi.py imports this module when the first request is due.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Any, TypeVar, cast

import aiohttp
import httpx
import httpx2
import openai
from httpx_aiohttp.httpx2 import AiohttpTransport
from httpx_sse import EventSource

from bot.providers import http
from bot.providers.base import ConnectionLost, ProviderError, TimedOut, Unreachable, UpstreamDown
from bot.providers.neuroapi_errors import refusal
from bot.providers.reading import parsed

T = TypeVar("T")

ANSWER_LIMIT = 96 * 1024 * 1024
"""Bytes of a whole answer: up to ten pictures in base64."""
STREAM_LIMIT = 16 * 1024 * 1024
"""Bytes of a whole stream, so of every event in it: a token takes a few hundred."""
_HEADERS = {"host", "authorization", "content-type", "content-length", "accept", "accept-encoding", "user-agent"}
"""What leaves this machine: the client adds a description of it, and what the environment says of OpenAI itself."""
_FAILURES = (
    openai.OpenAIError,
    *(httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError),
    *(aiohttp.ClientError, OSError, ValueError),
)


class Wire:
    """Requests to the service. Every method raises ProviderError only."""

    def __init__(
        self,
        *,
        base_url: str,
        key: str,
        connections: int,
        idle_seconds: float,
        backoff: http.Backoff,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._key = key
        self._backoff = backoff
        self._timeout = httpx2.Timeout(
            connect=http.CONNECT_SECONDS, read=idle_seconds, write=idle_seconds, pool=http.POOL_SECONDS
        )
        session = http.sessions(connections=connections)
        way = transport or AiohttpTransport(verify=http.tls(), trust_env=False, client=session)
        self._client = httpx2.AsyncClient(
            transport=_Guarded(way),
            follow_redirects=False,
            trust_env=False,
        )
        self._openai = openai.AsyncOpenAI(
            api_key=key,
            base_url=base_url,
            max_retries=0,
            http_client=self._client,
            default_headers={"User-Agent": "Easel", "Accept-Encoding": "identity"},
        )

    def warm(self) -> "Wire":
        """Imports what the client would import at its first requests."""
        _ = (self._openai.chat.completions, self._openai.images, self._openai.models)
        return self

    async def images(self, model: str, prompt: str, more: Mapping[str, object], *, deadline: float) -> object:
        """The answer to an order of images; None for what is no JSON."""
        images = self._openai.images.with_raw_response

        async def send() -> httpx2.Response:
            sent = await images.generate(
                model=model, prompt=prompt, extra_body=dict(more), timeout=self._patient(deadline)
            )
            return sent.http_response

        return parsed((await self._sent(send, deadline)).content)

    async def chat(
        self, model: str, messages: list[dict[str, str]], more: Mapping[str, object], *, deadline: float
    ) -> httpx2.Response:
        """The open answer to a conversation, a stream if the service does as told; the caller closes it."""
        completions = self._openai.chat.completions.with_raw_response

        async def send() -> httpx2.Response:
            sent = await completions.create(
                model=model,
                messages=cast("Any", messages),
                stream=True,
                stream_options={"include_usage": True},
                extra_body=dict(more),
                timeout=self._timeout,
            )
            return sent.http_response

        return await self._sent(send, deadline)

    async def models(self, seconds: float) -> object:
        """The list of models; None for what is no JSON."""
        models = self._openai.models.with_raw_response

        async def send() -> httpx2.Response:
            return (await models.list(timeout=seconds)).http_response

        async for attempt in http.attempts(self._backoff, repeatable=True):
            with attempt:
                async with self._within(asyncio.get_running_loop().time() + seconds):
                    return parsed((await send()).content)
        raise Unreachable("no attempt was made")

    async def events(self, response: httpx2.Response, deadline: float) -> AsyncGenerator[str, None]:
        """The data of a stream's events, up to its end."""
        response.encoding = "utf-8-sig"  # event streams are UTF-8 by definition, whatever the header claims
        source = EventSource(cast("httpx.Response", response))  # it reads headers and lines only
        async with aclosing(source.aiter_sse()) as messages:
            while True:
                async with self._within(deadline):
                    message = await anext(messages, None)
                if message is None:
                    return
                yield message.data

    async def whole(self, response: httpx2.Response, deadline: float) -> object:
        """An answer that came in one piece although a stream was asked for; None for what is no JSON."""
        async with self._within(deadline):
            return parsed(await response.aread())
        raise ConnectionLost("the answer was not read")

    @staticmethod
    def streams(response: httpx2.Response) -> bool:
        """Whether the answer is a stream of events."""
        return _streams(response)

    @staticmethod
    async def close(response: httpx2.Response) -> None:
        """Closes the connection if the body was not read to its end. Never raises, never takes long."""
        with suppress(TimeoutError, *_FAILURES):
            async with asyncio.timeout(http.CLOSE_SECONDS):
                await response.aclose()

    async def aclose(self) -> None:
        """Closes every connection; what is under way ends with ConnectionLost."""
        await self._client.aclose()

    def _patient(self, deadline: float) -> httpx2.Timeout:
        """For an answer that comes in one piece: silent until it is there."""
        left = max(1.0, deadline - asyncio.get_running_loop().time() + 1.0)  # the total time ends it first
        return httpx2.Timeout(connect=http.CONNECT_SECONDS, read=left, write=left, pool=http.POOL_SECONDS)

    async def _sent(self, send: Callable[[], Awaitable[T]], deadline: float) -> T:
        """Sends what must not arrive twice: again only when nothing was sent."""
        async for attempt in http.attempts(self._backoff, repeatable=False):
            with attempt:
                async with self._within(deadline):
                    return await send()
        raise Unreachable("no attempt was made")

    @asynccontextmanager
    async def _within(self, deadline: float) -> AsyncIterator[None]:
        """Like http.within, for this client's errors. Never hold it across a yield."""
        try:
            async with asyncio.timeout_at(deadline):
                yield
        except TimeoutError:
            raise TimedOut("the total time passed") from None
        except openai.APIStatusError as error:
            answer = error.response
            body = answer.content if answer.is_closed else b""
            raise refusal(answer.status_code, body, answer.headers.get("retry-after", ""), self._key) from None
        except _FAILURES as error:
            raise _meaning(error) from None


def _meaning(error: Exception) -> ProviderError:
    """What a failure of the way means; the client wraps the transport's errors once."""
    inner = error.__cause__ if isinstance(error, openai.APIConnectionError) else error
    inner = inner if isinstance(inner, Exception) else error
    if isinstance(inner, httpx2.UnsupportedProtocol | httpx2.InvalidURL):
        return Unreachable(type(inner).__name__)
    return http.classify(inner)


class _Guarded(httpx2.AsyncBaseTransport):
    """The way out: only what has to leaves this machine, and only so much of an answer comes in."""

    def __init__(self, inner: httpx2.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        headers = [(name, value) for name, value in request.headers.items() if name.lower() in _HEADERS]
        content, extensions = request.content, request.extensions
        bare = httpx2.Request(request.method, request.url, headers=headers, content=content, extensions=extensions)
        response = await self._inner.handle_async_request(bare)
        if http.compressed(cast("httpx.Response", response)):
            await Wire.close(response)
            raise UpstreamDown(f"HTTP {response.status_code}, compressed, which nobody asked for")
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        if not 200 <= response.status_code < 300:
            response.stream = _Bounded(response.stream, http.BODY_LIMIT, lenient=True)
        else:
            limit = STREAM_LIMIT if _streams(response) else ANSWER_LIMIT
            response.stream = _Bounded(response.stream, limit, lenient=False)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


def _streams(response: httpx2.Response) -> bool:
    kind: str = response.headers.get("content-type", "")
    return kind.partition(";")[0].strip().lower() == "text/event-stream"


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
        except _FAILURES:
            if not self._lenient:
                raise
        if left < 0 and not self._lenient:
            raise ConnectionLost(f"more than {self._limit} bytes of answer")
        if not self._lenient:
            yield b"\n\n"  # at its proper end a stream's last event counts as finished; to JSON it is nothing

    async def aclose(self) -> None:
        await self._inner.aclose()
