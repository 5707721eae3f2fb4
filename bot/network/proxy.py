"""The way through a proxy: HTTP (CONNECT) or SOCKS5, with credentials, for aiohttp's sessions and for plain sockets.

Names are looked up by the proxy, for where one is needed our own network may not know them. Results are the exception:
their links come from outside, and a name that the proxy looks up could lead into the network behind it
(`bot.providers.kit.ssrf_guard.PublicNames`).
"""

import asyncio
import errno
import socket
from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.parse import unquote, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

CONNECT_SECONDS: Final = 10.0
"""For the proxy and its way to the other side."""
SCHEMES: Final = {"http": "HTTP", "socks5": "SOCKS5", "socks5h": "SOCKS5"}
PORTS: Final = {"http": 3128, "socks5": 1080, "socks5h": 1080}


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where a proxy is, and who we are there."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: str) -> Self:
        """`http://` or `socks5://`, with `user:password@` where it wants them; %-escapes are taken. Raises ValueError,
        whose text never repeats the address."""
        try:
            parts = urlsplit(url.strip())
            port = parts.port
        except ValueError:
            raise ValueError("it is no address") from None
        if parts.scheme not in SCHEMES:
            raise ValueError("it begins neither with http:// nor with socks5://")
        if not parts.hostname or parts.path not in ("", "/") or parts.query or parts.fragment or port == 0:
            raise ValueError("it names no host, or more than host and port")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.scheme, parts.hostname, port or PORTS[parts.scheme], user, password)

    def __str__(self) -> str:
        """For logs: without credentials."""
        return f"{self.scheme}://{self.host}:{self.port}"

    async def connect(self, host: str, port: int) -> socket.socket:
        """A socket through the proxy, connected to the other side. Raises OSError with no credentials in its text."""
        from python_socks import ProxyError, ProxyTimeoutError, ProxyType  # noqa: PLC0415  # few set a proxy
        from python_socks.async_.asyncio import Proxy as Way  # noqa: PLC0415

        kind = ProxyType[SCHEMES[self.scheme]]
        way = Way(kind, self.host, self.port, self.user or None, self.password or None, rdns=True)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                return await way.connect(host, port, timeout=CONNECT_SECONDS)
        except (ProxyError, ProxyTimeoutError, TimeoutError, OSError) as error:
            why = str(error).replace(self.password, "***") if self.password else str(error)
            told = f"the proxy {self} gives no connection: {type(error).__name__}: {why[:200]}"
            raise ConnectionError(errno.EHOSTUNREACH, told) from None  # aiohttp repeats nothing but its strerror


class ProxyConnector(aiohttp.TCPConnector):
    """aiohttp's connector over such sockets; TLS is spoken with the other side, as without a proxy."""

    def __init__(self, *, proxy: Proxy, resolver: AbstractResolver | None = None, **more: Any) -> None:
        super().__init__(resolver=resolver or NamesAsTheyAre(), **more)
        self._proxy = proxy

    async def _wrap_create_connection(self, *args: Any, addr_infos: Any, req: Any, timeout: Any, **more: Any) -> Any:
        """The one place of aiohttp that makes a connection (tests/network/test_proxy.py holds it to its name)."""
        error_kind = more.pop("client_error", aiohttp.ClientConnectorError)
        try:
            made = await self._proxy.connect(*addr_infos[0][4][:2])
        except OSError as error:
            raise error_kind(req.connection_key, error) from error
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                return await self._loop.create_connection(*args, **more, sock=made)
        except OSError as error:  # TLS's errors and TimeoutError are some, too
            made.close()
            raise error_kind(req.connection_key, error) from error


class NamesAsTheyAre(AbstractResolver):
    """Names go to the proxy, which looks them up."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [ResolveResult(hostname=host, host=host, port=port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing is held."""
