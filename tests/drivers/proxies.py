"""Small proxies on loopback that do what real ones do: CONNECT of HTTP, and SOCKS5, with a user and a password."""

import asyncio
import base64
import socket
import struct
from dataclasses import dataclass, field
from typing import Self

USER, PASSWORD = "olga", "p@ss/word"
QUOTED = "olga:p%40ss%2Fword"


class Refused(Exception):
    """The proxy does not let this through."""


@dataclass
class ProxyServer:
    """`asked` are the hosts, as they were named, and ports that it connected to; `elsewhere` leads them to loopback."""

    scheme: str
    asked: list[tuple[str, int]] = field(default_factory=list)
    refused: int = 0
    elsewhere: tuple[str, int] | None = None
    port: int = 0

    @property
    def url(self) -> str:
        """With the credentials that it wants."""
        return f"{self.scheme}://{QUOTED}@127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._tasks: set[asyncio.Task[None]] = set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            greet = self._http if self.scheme == "http" else self._socks5
            host, port = await greet(reader, writer)
            self.asked.append((host, port))
            to = self.elsewhere or (host, port)
            there, here = await asyncio.open_connection(*to)
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n" if self.scheme == "http" else b"\x05\x00\x00\x01" + bytes(6))
            try:
                async with asyncio.TaskGroup() as both:
                    both.create_task(_pipe(reader, here))
                    both.create_task(_pipe(there, writer))
            finally:
                here.close()
        except (Refused, OSError, asyncio.IncompleteReadError, ExceptionGroup):
            self.refused += 1
        finally:
            writer.close()
            self._tasks.discard(task)

    async def _http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        wanted = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if f"Proxy-Authorization: Basic {wanted}" not in head:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
            raise Refused
        method, target, _ = head.split(" ", 2)
        assert method == "CONNECT"
        host, _, port = target.rpartition(":")
        return host, int(port)

    async def _socks5(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int]:
        _, methods = await reader.readexactly(2)
        if 2 not in await reader.readexactly(methods):
            writer.write(b"\x05\xff")
            raise Refused
        writer.write(b"\x05\x02")
        await reader.readexactly(1)
        user = await reader.readexactly((await reader.readexactly(1))[0])
        password = await reader.readexactly((await reader.readexactly(1))[0])
        if (user.decode(), password.decode()) != (USER, PASSWORD):
            writer.write(b"\x01\x01")
            raise Refused
        writer.write(b"\x01\x00")
        *_, kind = await reader.readexactly(4)
        if kind == 1:
            host = socket.inet_ntoa(await reader.readexactly(4))
        elif kind == 3:
            host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        else:
            host = socket.inet_ntop(socket.AF_INET6, await reader.readexactly(16))
        return host, struct.unpack("!H", await reader.readexactly(2))[0]


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.write_eof()
