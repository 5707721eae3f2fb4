"""AI-Now: music and video. One POST is answered by one event stream of minutes; there is no reference to resume by."""

import asyncio
import codecs
import json
import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Final

import httpx
from httpx_sse import EventSource

from bot.domain.jobs import Asset
from bot.network.proxy import Proxy
from bot.providers.base import (
    Accepted,
    BadKey,
    BadResult,
    ConnectionLost,
    Event,
    GenerationFailed,
    NotThere,
    OutOfFunds,
    ProviderError,
    ProviderOrder,
    Refused,
    Resume,
    Running,
    Succeeded,
    TimedOut,
    UpstreamDown,
)
from bot.providers.kit import http
from bot.providers.kit.json_api import FUNDS, MODERATION, spoken
from bot.providers.kit.ssrf_guard import tidied, usable

IDLE_SECONDS = 240.0
"""A minute of silence is normal and a generation takes one to three: more than this is a stall."""
LATE_SECONDS = 60.0
"""For the address of a result after Completed came without."""
PING_SECONDS = 15.0
STREAM_LIMIT = 1024 * 1024
"""Bytes of a whole stream, so of every line and event in it. A documented stream has a few hundred."""


class AiNow:
    """A Provider and a HealthCheck. `client` is for tests; without it a client of its own is made (see aclose)."""

    name: str = "ai_now"
    resumable: bool = False

    def __init__(
        self,
        *,
        base_url: str,
        key: str,
        connections: int = 100,
        idle_seconds: float = IDLE_SECONDS,
        backoff: http.Backoff | None = None,
        client: httpx.AsyncClient | None = None,
        proxy: Proxy | None = None,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._key = key.strip()
        self._idle = idle_seconds
        self._backoff = backoff or http.Backoff()
        self._client = client or http.new_client(connections=connections, proxy=proxy)

    async def run(
        self, order: ProviderOrder, *, job_id: str, resume: Resume | None = None
    ) -> AsyncGenerator[Event, None]:
        """Accepted comes when the stream is open, before its first event."""
        if resume is not None:
            raise ConnectionLost("this service gives no reference to ask about")
        deadline = asyncio.get_running_loop().time() + order.longest_seconds
        response = await http.submit(self._client, self._request(order), deadline=deadline, backoff=self._backoff)
        try:
            if response.status_code != 200:
                answer = await http.read_refusal(response)
                raise http.turned_away(answer.status, self._refusal(answer), answer.retry_after)
            if http.sealed(response):
                raise UpstreamDown("a stream that is packed in a way that was not asked for")
            assert isinstance(response.stream, httpx.AsyncByteStream)
            body = _Bounded(response.stream, http.body(response, response.stream))
            if http.content_type(response) != "text/event-stream" and not await body.is_stream(deadline):
                kind, said = http.content_type(response), await body.rest()
                raise self._refusal(http.Answer(200, kind, said, http.retry_after(response.headers)))
            response.stream = body
            response.headers.pop("content-encoding", None)  # it is unpacked by then
            response.headers["content-type"] = "text/event-stream"  # in other letters, or something else: see _Bounded
            response.encoding = "utf-8-sig"  # event streams are UTF-8 by definition, whatever the header claims
            yield Accepted(None)
            async with aclosing(self._events(response, deadline)) as events:
                async for event in events:
                    yield event
        finally:
            await http.close(response)

    async def ping(self) -> None:
        """A wrong key raises BadKey."""
        url = f"{self._base_url}/api/ping"
        await http.get(
            self._client, url, headers=self._headers(), seconds=PING_SECONDS, backoff=self._backoff, check=self._pong
        )

    async def aclose(self) -> None:
        """Closes every connection; runs still under way end with ConnectionLost."""
        await self._client.aclose()

    def _headers(self) -> dict[str, str]:
        if not (self._key.isascii() and self._key.isprintable()):
            raise BadKey("the key holds characters that no header can carry")
        return {"Authorization": f"Bearer {self._key}"}

    def _request(self, order: ProviderOrder) -> httpx.Request:
        body = {"model": order.model, "prompt": order.prompt}
        if style := order.parameters.get("style"):
            body["style"] = str(style)
        return self._client.build_request(
            "POST",
            f"{self._base_url}/api/generate",
            headers={**self._headers(), "Content-Type": "application/json", "Accept": "text/event-stream"},
            content=json.dumps(body).encode(),
            timeout=http.timeout(min(self._idle, order.longest_seconds + 1.0)),  # the total time ends it first
        )

    async def _events(self, response: httpx.Response, deadline: float) -> AsyncGenerator[Event, None]:
        seen = broken = 0
        late: NotThere | None = None
        async with aclosing(EventSource(response).aiter_sse()) as messages:
            while True:
                try:
                    async with http.within(deadline):
                        message = await anext(messages, None)
                except (ConnectionLost, TimedOut) as error:
                    raise late or error from None
                if message is None:
                    lost = ConnectionLost(f"the stream ended without Completed: {seen} events, {broken} not JSON")
                    raise late or lost
                seen += 1
                data = _object(message.data)
                broken += data is None
                try:
                    event = self._event(data or {})
                except NotThere as error:  # its address may come in another event, while the stream goes on
                    deadline = deadline if late else min(deadline, asyncio.get_running_loop().time() + LATE_SECONDS)
                    late, event = error, Running()
                yield event
                if isinstance(event, Succeeded):
                    return

    def _event(self, data: dict[str, object]) -> Event:
        """Anything but the two documented ends is progress: unknown statuses, wrong types, a line that is no JSON."""
        status = data.get("status")
        match status.strip().lower() if isinstance(status, str) else None:
            case "completed":
                return Succeeded((Asset(_link(data.get("url"))),))
            case "error":
                raise self._failure(data)
            case _:
                return Running()

    def _failure(self, data: dict[str, object]) -> ProviderError:
        detail = self._detail(data)
        if FUNDS.search(detail):
            return OutOfFunds(detail)
        return Refused(detail) if MODERATION.search(detail) else GenerationFailed(detail)

    def _refusal(self, answer: http.Answer) -> ProviderError:
        """What an answer that is no event stream means."""
        data = _object(answer.body.decode(errors="replace"))
        said = f"HTTP {answer.status} {self._detail(data or {})}".rstrip()
        if answer.status in (402, 418) or FUNDS.search(f"{said} {spoken(data)}"):
            return OutOfFunds(said)
        match answer.status:
            case 401:
                return BadKey(said)
            case 408 | 425 | 429:
                return UpstreamDown(said)
            case 200 if data is not None and data.get("status") == "Error":
                return self._failure(data)
            case status if 400 <= status < 500 and data is not None:
                return Refused(said) if MODERATION.search(said) else GenerationFailed(said)
            case _:
                return UpstreamDown(f"{said}, {answer.content_type or 'no content type'}")

    def _pong(self, answer: http.Answer) -> None:
        if answer.status != 200 or answer.body.strip().strip(b'"').lower() != b"pong":
            raise self._refusal(answer)

    def _detail(self, data: dict[str, object]) -> str:
        message = data.get("message")
        said = message if isinstance(message, str) else ""
        return said.replace(self._key, "[key]")[:500] if self._key else said[:500]


_BEGINS: Final = re.compile(rb":|(data|event|id|retry)(:|\r|\n)")
_FIELD_LONGEST: Final = len(b"event:")


class _Bounded(httpx.AsyncByteStream):
    """A stream that breaks off beyond STREAM_LIMIT, and at whose proper end the last event counts as finished.

    Its label is no help: streams come as text/plain or with no label at all. How it begins tells what it is.
    """

    def __init__(self, inner: httpx.AsyncByteStream, body: AsyncGenerator[bytes, None]) -> None:
        self._inner = inner
        self._body = body
        self._head = b""

    async def is_stream(self, deadline: float) -> bool:
        """Whether it begins like one, with a comment or a field. Raises what a break before its first line means."""
        while (
            len(begun := self._head.removeprefix(codecs.BOM_UTF8).lstrip()) < _FIELD_LONGEST and len(self._head) < 4096
        ):
            async with http.within(deadline):
                chunk = await anext(self._body, None)
            if chunk is None:
                break
            self._head += chunk
        return _BEGINS.match(begun) is not None

    async def rest(self, seconds: float = 10.0) -> bytes:
        """What another body says, at most http.BODY_LIMIT bytes of it; one that breaks off says nothing."""
        read = bytearray(self._head)
        try:
            async with http.within(asyncio.get_running_loop().time() + seconds):
                while len(read) < http.BODY_LIMIT and (chunk := await anext(self._body, None)) is not None:
                    read += chunk
        except ProviderError:
            return b""
        return bytes(read[: http.BODY_LIMIT])

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = len(self._head)
        if self._head:
            yield self._head
        async for chunk in self._body:
            size += len(chunk)
            if size > STREAM_LIMIT:
                raise ConnectionLost(f"more than {STREAM_LIMIT} bytes of events")
            yield chunk
        yield b"\n\n"

    async def aclose(self) -> None:
        await self._body.aclose()
        await self._inner.aclose()


def _object(text: str) -> dict[str, object] | None:
    """The JSON object in `text`; None if it is anything else. Deep nesting and endless numbers are no JSON here."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else {}


def _link(url: object) -> str:
    """A usable http(s) address. Raises BadResult, and NotThere where there is none."""
    if not isinstance(url, str) or not url:
        raise NotThere("Completed without a url")
    address = tidied(url)
    if not usable(address):
        raise BadResult("Completed without a usable url")
    return address
