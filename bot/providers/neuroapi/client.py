"""The official openai client, made to keep our rules: no request twice, bounded answers, typed errors.

Importing it costs most of a second and 20 MB, so provider.py imports this module when the first request is due.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Any, Final, TypeVar, cast

import httpx2
import openai
from httpx_aiohttp.httpx2 import AiohttpTransport

from bot.network.proxy import Proxy
from bot.providers.base import ConnectionLost, NotPermitted, ProviderError, TimedOut, Unreachable
from bot.providers.kit import http
from bot.providers.kit.json_reading import parsed
from bot.providers.neuroapi.body import Body
from bot.providers.neuroapi.egress import TRANSPORT_FAILURES, Guarded, labelled
from bot.providers.neuroapi.errors import refusal

T = TypeVar("T")

NO_ENDPOINT: Final = (404, 405, 501)
"""What a service says that is compatible with OpenAI but for this."""
_OVER: Final = object()
_FAILURES = (openai.OpenAIError, *TRANSPORT_FAILURES)


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
        proxy: Proxy | None = None,
    ) -> None:
        self._key = key
        self._backoff = backoff
        self._timeout = httpx2.Timeout(
            connect=http.CONNECT_SECONDS, read=idle_seconds, write=idle_seconds, pool=http.POOL_SECONDS
        )
        session = http.sessions(connections=connections, proxy=proxy)
        way = transport or AiohttpTransport(verify=http.tls(), trust_env=False, client=session)
        self._client = httpx2.AsyncClient(
            transport=Guarded(way),
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
        _ = (self._openai.chat.completions, self._openai.images, self._openai.models, self._openai.audio.transcriptions)
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
        self, model: str, messages: list[dict[str, Any]], more: Mapping[str, object], *, deadline: float, usage: bool
    ) -> httpx2.Response:
        """The open answer to a conversation, a stream if the service does as told; the caller closes it. `usage`: the
        service is asked to tell what was used."""
        completions = self._openai.chat.completions.with_raw_response

        async def send() -> httpx2.Response:
            sent = await completions.create(
                model=model,
                messages=cast("Any", messages),
                stream=True,
                stream_options={"include_usage": True} if usage else openai.omit,
                extra_body=dict(more),
                timeout=self._timeout,
            )
            return sent.http_response

        return await self._sent(send, deadline)

    async def transcription(self, model: str, name: str, data: bytes, mime: str, *, deadline: float) -> object:
        """The answer to a recording; None for what is no JSON. Raises NotPermitted where the service has nothing that
        listens."""
        transcriptions = self._openai.audio.transcriptions.with_raw_response

        async def send() -> httpx2.Response:
            try:
                sent = await transcriptions.create(
                    file=(name, data, mime), model=model, response_format="json", timeout=self._patient(deadline)
                )
            except openai.APIStatusError as error:
                if error.status_code in NO_ENDPOINT:
                    raise NotPermitted(f"HTTP {error.status_code}: no transcriptions") from None
                raise
            return sent.http_response

        return parsed((await self._sent(send, deadline)).content)

    async def models(self, seconds: float) -> object:
        """The list of models; None for what is no JSON."""
        models = self._openai.models.with_raw_response

        async def send() -> httpx2.Response:
            return (await models.list(timeout=seconds)).http_response

        what = http.place_of("GET", f"{self._openai.base_url}models")
        async for attempt in http.attempts(self._backoff, repeatable=True, what=what):
            with attempt:
                async with self._within(asyncio.get_running_loop().time() + seconds):
                    return parsed((await send()).content)
        raise Unreachable("no attempt was made")

    async def opened(self, response: httpx2.Response, deadline: float) -> Body:
        """The body of an answer, looked at as far as it takes to know what it is."""
        body = Body(response)
        async with self._within(deadline):
            await body.begin()
        return body

    async def events(self, body: Body, deadline: float) -> AsyncGenerator[object, None]:
        """The events of a stream, read as JSON, up to its end; see Body.events."""
        async with aclosing(body.events()) as events:
            while True:
                async with self._within(deadline):
                    event = await anext(events, _OVER)
                if event is _OVER:
                    return
                yield event

    async def whole(self, body: Body, deadline: float) -> tuple[object, ...]:
        """An answer that came in one piece although a stream was asked for; see Body.whole."""
        async with self._within(deadline):
            return await body.whole()
        raise ConnectionLost("the answer was not read")

    @staticmethod
    def streams(response: httpx2.Response) -> bool:
        """Whether the answer says that it is a stream of events; many are that say something else, or nothing."""
        return labelled(response)

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
        what = http.place_of("POST", self._openai.base_url)
        async for attempt in http.attempts(self._backoff, repeatable=False, what=what):
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
            raise refusal(answer.status_code, body, http.retry_after(answer.headers), self._key) from None
        except _FAILURES as error:
            raise _meaning(error) from None


def _meaning(error: Exception) -> ProviderError:
    """What a failure of the way means; the client wraps the transport's errors once."""
    inner = error.__cause__ if isinstance(error, openai.APIConnectionError) else error
    inner = inner if isinstance(inner, Exception) else error
    if isinstance(inner, httpx2.UnsupportedProtocol | httpx2.InvalidURL):
        return Unreachable(type(inner).__name__)
    return http.classify(inner)
