"""Calls to one server over HTTP/1.1, on connections that are kept: a path and JSON in, a status and bytes out.

aiohttp's client can do everything, and so took more of an update's time than all of our own code (docs/decisions/0006).
This one does what a call to the Bot API needs. Files go up and down through aiohttp.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any, Final, cast
from urllib.parse import urlsplit

from bot.network.proxy import Proxy
from bot.telegram.api.http1_parser import Answer, Unreadable

ADDRESSES: Final = 4
"""Addresses of the server's name that are tried for one connection, the one that worked last first."""
ADDRESS_SECONDS: Final = 5.0
"""Seconds for a connection to one of them, with its TLS handshake."""
IDLE: Final = 15.0
"""Seconds after which an unused connection is not trusted any more: servers close them, and may just be at it."""


class NotReached(Exception):
    """There was no connection: not a byte of the request was sent."""


class Broken(Exception):
    """The connection ended, or what came is no HTTP: the request may have been carried out."""


class _Line(asyncio.Protocol):
    """One connection: one request, then its answer, then perhaps another request."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer = Answer()
        self._whole: asyncio.Future[Answer] | None = None
        self.closed = False
        self.since = 0.0
        """When it was last used, monotonic."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass of it

    def ask(self, request: bytes) -> asyncio.Future[Answer]:
        """Sends a request; its answer, or Broken."""
        assert self._transport is not None
        self._answer = Answer()
        self._whole = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._whole

    def data_received(self, data: bytes) -> None:
        if self._whole is None:  # nothing was asked
            self.close()
            return
        try:
            whole = self._answer.feed(data)
        except Unreadable as error:
            self._tell(Broken(str(error)))
            self.close()
        else:
            if whole:
                self._tell(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        if self._whole is not None:
            self._tell(None if self._answer.end() else Broken(f"the connection ended: {type(exc).__name__}"))

    def _tell(self, error: Exception | None) -> None:
        whole, self._whole = self._whole, None
        if whole is None or whole.done():
            return
        if error is not None:
            whole.set_exception(error)
        else:
            self.since = time.monotonic()
            whole.set_result(self._answer)

    def close(self) -> None:
        """At once; a request under way is Broken."""
        self.closed = True
        if self._transport is not None:
            self._transport.abort()


class Wire:
    """Calls to one server. `tls` None: plain HTTP. At most `connections` at once; further calls wait."""

    def __init__(self, url: str, *, tls: ssl.SSLContext | None, connections: int, proxy: Proxy | None = None) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if tls is not None else 80)
        self._tls = tls
        self._fields = f"Host: {parts.netloc.rpartition('@')[2]}\r\nUser-Agent: easel\r\n".encode()
        self._places = asyncio.Semaphore(connections)
        self._free: list[_Line] = []
        self._lines: set[_Line] = set()
        self._worked: Any = None
        self._proxy = proxy

    async def post(
        self, path: str, body: bytes, seconds: float, still: Callable[[], bool] | None = None
    ) -> tuple[int, bytes]:
        """The answer's status and body. `still` is asked in the moment before the request is written: by then it may
        not be wanted any more. Raises NotReached, Broken, and TimeoutError when it took too long."""
        head = f"POST {path} HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        line: _Line | None = None
        try:
            async with asyncio.timeout(seconds), self._places:
                line = self._kept() or await self._connected()
                if still is not None and not still():
                    raise NotReached("the request is not wanted any more")
                answer = await line.ask(b"%b%b\r\n%b" % (head.encode(), self._fields, body))
        except BaseException as error:
            if line is not None:
                self._drop(line)
            elif isinstance(error, TimeoutError):
                raise NotReached("no connection in time") from None
            raise
        if answer.keep and not line.closed:
            self._free.append(line)
        else:
            self._drop(line)
        return answer.status, answer.body

    def close(self) -> None:
        """Closes all connections; calls under way are Broken. A later call opens a new one."""
        self._free.clear()
        for line in tuple(self._lines):
            self._drop(line)

    def _kept(self) -> _Line | None:
        while self._free:
            line = self._free.pop()
            if not line.closed and time.monotonic() - line.since < IDLE:
                return line
            self._drop(line)
        return None

    def _drop(self, line: _Line) -> None:
        self._lines.discard(line)
        line.close()

    async def _connected(self) -> _Line:
        """Tries the name's addresses one after the other: one of two kinds is often unreachable."""
        if self._proxy is not None:
            return await self._through(self._proxy)
        loop = asyncio.get_running_loop()
        name = self._host if self._tls is not None else None
        try:
            known = await loop.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise NotReached(f"{type(error).__name__}: {error}") from None
        why = "the name has no address"
        for family, _, _, _, address in sorted(known, key=lambda info: info[4] != self._worked)[:ADDRESSES]:
            try:
                async with asyncio.timeout(ADDRESS_SECONDS):
                    _, line = await loop.create_connection(
                        _Line, str(address[0]), self._port, ssl=self._tls, server_hostname=name, family=family
                    )
            except OSError as error:  # TimeoutError is one, too
                why = f"{type(error).__name__}: {error}"
            else:
                self._worked = address
                self._lines.add(line)
                return line
        raise NotReached(why)

    async def _through(self, proxy: Proxy) -> _Line:
        """The same through a proxy, which looks the name up."""
        name = self._host if self._tls is not None else None
        try:
            made = await proxy.connect(self._host, self._port)
        except OSError as error:
            raise NotReached(str(error)) from None
        try:
            async with asyncio.timeout(ADDRESS_SECONDS):
                _, line = await asyncio.get_running_loop().create_connection(
                    _Line, ssl=self._tls, server_hostname=name, sock=made
                )
        except OSError as error:
            made.close()
            raise NotReached(f"{type(error).__name__}: {error}") from None
        self._lines.add(line)
        return line
