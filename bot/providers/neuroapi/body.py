"""The body of an answer to a conversation: a stream of events or one JSON, told apart by how it begins.

The label is no help: streams come as text/plain, as application/json, with other letter case or with none, and whole
answers come as event streams.
"""

import codecs
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Final, cast

import httpx
import httpx2
from httpx_sse import EventSource

from bot.providers.kit.json_reading import parsed
from bot.providers.neuroapi.answer import DONE

LINES: Final = 20_000
"""Lines of JSON that are looked at in an answer that is neither one JSON nor a stream."""
_DONE_WORD: Final = "[DONE]"
_BLANK: Final = b" \t\r\n"
_EVENT_STREAM: Final = {"Content-Type": "text/event-stream"}


class Body:
    """One answer's body, read once: `begin`, then `events` or `whole` as `is_stream` says."""

    def __init__(self, response: httpx2.Response) -> None:
        self.measured = response.headers.get("content-length", "").isdigit()
        """Whether its length was told beforehand, so that at its end nothing can be missing."""
        self._chunks = response.aiter_bytes()
        self._head = b""

    async def begin(self) -> None:
        """Reads as far as the first character that tells what it is."""
        while not self._first:
            chunk = await anext(self._chunks, None)
            if chunk is None:
                return
            self._head += chunk

    @property
    def is_stream(self) -> bool:
        """Whether there is something that is no JSON document and no page."""
        return self._first not in (b"", b"{", b"[", b"<", b'"')

    @property
    def _first(self) -> bytes:
        return self._head.removeprefix(codecs.BOM_UTF8).lstrip(_BLANK)[:1]

    async def events(self) -> AsyncGenerator[object, None]:
        """The events as JSON, None for what is none, DONE where the service says so. The field `event: error` makes an
        error of what stands in it."""
        rest = httpx2.Response(200, headers=_EVENT_STREAM, stream=_Rest(self._head, self._chunks))
        rest.encoding = "utf-8-sig"  # event streams are UTF-8 by definition, whatever the header claims
        source = EventSource(cast("httpx.Response", rest))  # it reads headers and lines only
        async with aclosing(source.aiter_sse()) as messages:
            async for message in messages:
                for event in _read(message.data):
                    failed = message.event.strip().lower() == "error" and event is not DONE
                    yield {"error": event or message.data[:500]} if failed and not _has_error(event) else event

    async def whole(self) -> tuple[object, ...]:
        """The JSON as the only event; of JSON in lines each line; nothing where there is none."""
        body = b"".join([self._head, *[chunk async for chunk in self._chunks]])
        data = parsed(body.removeprefix(codecs.BOM_UTF8))
        if data is not None:
            return (data,)
        lines = body.decode("utf-8-sig", "replace").splitlines()[:LINES]
        found = (event for line in lines for event in _read(line.removeprefix("data:")))
        return tuple(event for event in found if isinstance(event, dict))


def _read(data: str) -> tuple[object, ...]:
    """What one event's data says: usually one JSON, in one line or in several; or each line is one of its own."""
    if data.strip().upper() == _DONE_WORD:
        return (DONE,)
    event = parsed(data.encode())
    if event is not None or "\n" not in data:
        return (event,) if data.strip() else ()
    lines = [line.strip() for line in data.split("\n") if line.strip()]
    return tuple(DONE if line.upper() == _DONE_WORD else parsed(line.encode()) for line in lines)


def _has_error(event: object) -> bool:
    return isinstance(event, dict) and "error" in event


class _Rest(httpx2.AsyncByteStream):
    """The body from its beginning, of which a part was read already."""

    def __init__(self, head: bytes, chunks: AsyncIterator[bytes]) -> None:
        self._head = head
        self._chunks = chunks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._head:
            yield self._head
        async for chunk in self._chunks:
            yield chunk
