"""What stands before the web server: a bound on connections, and a time in which a request must be there.

aiohttp waits for the rest of a request for ever: hundreds of half ones would hold every file descriptor of the bot.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, cast

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

log = structlog.get_logger(__name__)

MOST: Final = 400
"""Connections at once. Beyond them the one that has waited longest without a request makes room."""
HEAD_SECONDS: Final = 10.0
"""From the first byte of a request, or from the connection, to the end of its headers."""
REQUEST_SECONDS: Final = 60.0
"""For a request with its body and its whole answer, also to a client that does not read; and for a further one to begin
on the same connection."""
TELL_EVERY: Final = 60.0
"""Seconds between two lines about a crowd: one a connection would fill the log."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Gate:
    """Makes the protocol of each connection: aiohttp's own behind a guard."""

    def __init__(
        self,
        *,
        most: int = MOST,
        head_seconds: float = HEAD_SECONDS,
        request_seconds: float = REQUEST_SECONDS,
        longer: Callable[[str], float | None] = lambda _path: None,
    ) -> None:
        """`longer` are the seconds of paths whose answers take their time."""
        self.most = most
        self.head_seconds = head_seconds
        self.request_seconds = request_seconds
        self._longer = longer
        self._tell_at = 0.0
        self.open: dict[asyncio.BaseTransport, Guard] = {}
        self.waiting: dict[Guard, None] = {}
        """Connections without a whole request, also those that rest after an answer; the longest first."""

    def guarded(self, inner: Callable[[], asyncio.Protocol]) -> Callable[[], asyncio.Protocol]:
        return lambda: Guard(self, inner())

    def room(self) -> bool:
        """Whether one more may come; the one that has waited longest for a request goes for it."""
        if len(self.open) < self.most:
            return True
        moment = time.monotonic()
        if moment >= self._tell_at:
            self._tell_at = moment + TELL_EVERY
            log.warning("http.crowded", connections=len(self.open), without_request=len(self.waiting))
        oldest = next((guard for guard in self.waiting if not guard.writing), None)
        if oldest is None:
            return False
        oldest.end("too_many")
        return True

    @web.middleware
    async def watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The headers of a request are there: from now on its whole time counts."""
        guard = self.open.get(request.transport) if request.transport is not None else None
        if guard is None:
            return await handler(request)
        seconds = self._longer(request.path) or self.request_seconds
        guard.begun(seconds)
        try:
            return await handler(request)
        finally:
            guard.rest()


class Guard(asyncio.Protocol):
    """One connection. It waits for a request, with a deadline, or has one, with another."""

    def __init__(self, gate: Gate, inner: asyncio.Protocol) -> None:
        self._gate = gate
        self._inner = inner
        self._transport: asyncio.Transport | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self.handled = False
        """Whether the request that it had has been worked on: what comes now begins another."""

    @property
    def writing(self) -> bool:
        """Whether an answer is still on its way out."""
        return self._transport is not None and self._transport.get_write_buffer_size() > 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass of it
        if not self._gate.room():
            self._transport.abort()
            return
        self._gate.open[transport] = self
        self._wait()
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if self._transport not in self._gate.open:
            return
        if self.handled:
            self.handled = False
            self._wait()
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received() if self._transport in self._gate.open else None

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        self._gate.waiting.pop(self, None)
        if self._transport is not None and self._gate.open.pop(self._transport, None) is not None:
            self._inner.connection_lost(exc)

    def begun(self, seconds: float) -> None:
        """A request's headers are there; its answer must be through in `seconds`. An idle connection goes then, too."""
        self.handled = False
        self._gate.waiting.pop(self, None)
        self._stop()
        self._deadline = asyncio.get_running_loop().call_later(seconds, self._overdue)

    def rest(self) -> None:
        """Its request has been worked on. From now on it waits like those that never sent one: 400 clients that ask
        once and stay would else keep all others out until their minute is over."""
        self.handled = True
        if self._transport in self._gate.open:
            self._gate.waiting[self] = None

    def end(self, why: str) -> None:
        """At once."""
        log.debug("http.ended", why=why)
        if self._transport is not None:
            self._transport.abort()
            self._gate.waiting.pop(self, None)

    def _wait(self) -> None:
        self._stop()
        self._gate.waiting.pop(self, None)  # to the end: it rested, and asks again
        self._gate.waiting[self] = None
        self._deadline = asyncio.get_running_loop().call_later(self._gate.head_seconds, self.end, "no_request")

    def _overdue(self) -> None:
        assert self._transport is not None
        if self.handled and not self.writing:
            self._transport.close()
        else:
            self.end("too_slow")

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class OneLine(logging.LoggerAdapter[logging.Logger]):
    """aiohttp's logger: what is no HTTP is a line of ours, not a traceback about bytes that a client sent."""

    def debug(self, msg: object, *args: object, **more: Any) -> None:
        if not self._told(more):
            super().debug(msg, *args, **more)

    def exception(self, msg: object, *args: object, exc_info: Any = True, **more: Any) -> None:
        if not self._told({"exc_info": exc_info}):
            super().exception(msg, *args, exc_info=exc_info, **more)

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        return msg, kwargs

    @staticmethod
    def _told(more: MutableMapping[str, Any]) -> bool:
        error = more.get("exc_info")
        if not isinstance(error, HttpProcessingError):
            return False
        log.info("http.malformed", kind=type(error).__name__, status=error.code)
        return True
