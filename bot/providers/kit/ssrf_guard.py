"""Which addresses results may be fetched from: a link comes from outside and must not open our own network.

The last word is spoken where the socket is made, on the very address that it will connect to: no name that changes its
mind between a check and the connection, and no redirect, gets around it.
"""

import errno
import re
import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import httpx
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.connector import AddrInfoType
from aiohttp.resolver import DefaultResolver

from bot.providers.base import BadResult

URL_LIMIT = 4096
_AROUND = "".join(map(chr, range(33))) + "\u200b\ufeff"
"""Control characters and blanks, and the invisible characters that copying leaves."""
_LINE_ENDS = re.compile(r"[\t\r\n]")
_NAME = re.compile(rb"[a-z0-9._-]{1,253}")
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_TUNNELS = (IPv6Network("2001::/23"), IPv6Network("2002::/16"), IPv6Network("3fff::/20"))
"""Teredo and others for protocols, 6to4, documentation: an address inside them may stand for a private one."""
_RELAYS = IPv4Network("192.88.99.0/24")
"""Where 6to4 used to be handed over."""


class NotPublic(OSError):
    """The address is not one of the public internet. Its text is always the same, so that several become one."""

    def __init__(self) -> None:
        super().__init__(errno.EACCES, "not a public address")


def tidied(url: str) -> str:
    """An address as browsers read it: without blanks and line ends around it and line ends within, its own blanks
    encoded (WHATWG URL, section 4.4)."""
    return _LINE_ENDS.sub("", url.strip(_AROUND)).replace(" ", "%20")


def usable(url: object) -> bool:
    """Whether this is an http(s) address at all; whether it may be fetched is decided where it is fetched."""
    if not isinstance(url, str) or len(url) > URL_LIMIT or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and _names(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _names(host: str | None) -> bool:
    """Whether a host stands there, without a blank in it that was encoded with those of the path."""
    return bool(host) and "%" not in str(host)


def is_public(text: str) -> bool:
    """Whether `text` is an address that any host on the internet could reach; a host name is none."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped
        if inner is None and address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFF_FFFF)
        if inner is not None:
            return _public4(inner)
        outside = address.scope_id is not None or address not in _GLOBAL_UNICAST or not address.is_global
        return not outside and not any(address in tunnel for tunnel in _TUNNELS)
    return _public4(address)


def _public4(address: IPv4Address) -> bool:
    return address.is_global and not address.is_multicast and address not in _RELAYS


def guarded_socket(info: AddrInfoType) -> socket.socket:
    """aiohttp's socket factory: a socket for a public address, or NotPublic."""
    family, kind, protocol, _, address = info
    if family not in (socket.AF_INET, socket.AF_INET6) or not is_public(str(address[0])):
        raise NotPublic
    return socket.socket(family, kind, protocol)


class PublicNames(AbstractResolver):
    """Names are looked up here, and only public addresses go to the proxy: it connects to the very address that was
    checked, so that neither it nor the name can lead elsewhere."""

    def __init__(self, inner: AbstractResolver | None = None) -> None:
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if self._inner is None:
            self._inner = DefaultResolver()  # not before a loop runs
        found = [each for each in await self._inner.resolve(host, port, family) if is_public(each["host"])]
        if not found:
            raise NotPublic
        return found

    async def close(self) -> None:
        if self._inner is not None:
            await self._inner.close()


def checked(url: str, *, allow_private: bool) -> httpx.URL:
    """The address of a result, before anything is asked of the network. Raises BadResult, naming the host at most.

    Only https (http too where private hosts are allowed), no credentials, no literal address of a private network.
    """
    try:
        if len(url) > URL_LIMIT or not url.isprintable():
            raise BadResult("the link is too long or has unprintable characters")
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        raise BadResult("the link is no address") from None
    if parsed.scheme not in (("https", "http") if allow_private else ("https",)):
        raise BadResult(f"the link is {parsed.scheme[:16] or 'relative'}, not https")
    if parsed.userinfo:
        raise BadResult("the link carries credentials")
    literal = _is_literal(parsed.host)
    if not literal and not _NAME.fullmatch(parsed.raw_host):
        raise BadResult("the link names no host")
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise BadResult("the link names no port")
    if not allow_private and literal and not is_public(parsed.host):
        raise BadResult("the link leads to an address that is not public")
    return parsed


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
