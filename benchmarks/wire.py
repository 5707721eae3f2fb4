"""HTTP for the load side, on bare protocols: the generator of the load must cost far less than what it measures."""

import asyncio
import re
from collections import deque
from collections.abc import Callable
from typing import Self, cast

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
Answer = Callable[[str, bytes], bytes]
"""Takes the path and the body of a request, returns the JSON body of the 200."""


def split(buffer: bytearray) -> tuple[bytes, bytes] | None:
    """Takes one whole HTTP message, head and body, off the buffer; None while it is not all there."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(buffer[:end])
    if b"chunked" in head:
        last = buffer.find(b"\r\n0\r\n\r\n", end)
        if last < 0:
            return None
        body = bytes(buffer[end + 4 : last])
        del buffer[: last + 7]
        return head, body
    found = LENGTH.search(head)
    size = int(found[1]) if found else 0
    if len(buffer) < end + 4 + size:
        return None
    body = bytes(buffer[end + 4 : end + 4 + size])
    del buffer[: end + 4 + size]
    return head, body


class _Serving(asyncio.Protocol):
    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass of it

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (message := split(self._buffer)) is not None:
            path = message[0].split(b" ", 2)[1].decode()
            body = self._answer(path, message[1])
            assert self._transport is not None
            self._transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
            )


async def serve(answer: Answer) -> tuple[asyncio.Server, str]:
    """A server on a free port of loopback, and its address."""
    server = await asyncio.get_running_loop().create_server(lambda: _Serving(answer), "127.0.0.1", 0)
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


class Connection(asyncio.Protocol):
    """One kept connection of a client: one request after the other."""

    def __init__(self, host: str, port: int) -> None:
        self._where = f"{host}:{port}"
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._waiting: deque[asyncio.Future[int]] = deque()

    @classmethod
    async def open(cls, host: str, port: int) -> Self:
        _, protocol = await asyncio.get_running_loop().create_connection(lambda: cls(host, port), host, port)
        return protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass of it

    def connection_lost(self, exc: Exception | None) -> None:
        while self._waiting:
            self._waiting.popleft().set_exception(ConnectionResetError("closed by the measured process"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (message := split(self._buffer)) is not None:
            self._waiting.popleft().set_result(int(message[0].split(b" ", 2)[1]))

    async def post(self, path: str, body: bytes, headers: str = "") -> int:
        """The status of the answer."""
        assert self._transport is not None
        answered: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append(answered)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._where}\r\nContent-Type: application/json\r\n"
            f"{headers}Content-Length: {len(body)}\r\n\r\n"
        )
        self._transport.write(head.encode() + body)
        return await answered

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()
