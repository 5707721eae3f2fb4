"""Lets a service fetch one picture, or a person one result, for a while: under a link that cannot be guessed, extended
or turned to another."""

import asyncio
import hashlib
import hmac
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final, Protocol

from aiohttp import web

PATH: Final = "/media"
KEY: Final = re.compile(r"[A-Za-z0-9._-]{1,100}")
EXPIRY: Final = re.compile(r"[0-9]{1,12}")
PICTURES: Final = ("image/jpeg", "image/png", "image/webp")
LONGEST: Final = 86_400
"""Seconds that a link is good for at most."""

RESULT: Final = "result."
"""How the keys of results begin that a service gives to the operator alone: they are passed through, not kept."""
PASSING_SECONDS: Final = 900.0
AT_ONCE: Final = 8
"""Results that are passed through at the same time."""

Find = Callable[[str], Awaitable[tuple[str, bytes] | None]]
"""The type and the bytes of an object by its key; None when there is none."""


class Passing(Protocol):
    """A result on its way through us; `size` in bytes where it is known."""

    @property
    def mime(self) -> str: ...

    @property
    def size(self) -> int | None: ...

    @property
    def chunks(self) -> AsyncIterator[bytes]: ...


Open = Callable[[str], AbstractAsyncContextManager[Passing | None]]


@asynccontextmanager
async def nothing(_key: str) -> AsyncIterator[None]:
    """Where no results are passed through."""
    yield None


def derived_secret(token: str) -> bytes:
    """The key of the signatures where the operator set none: made of the bot's token, which it does not reveal."""
    return hmac.new(token.encode(), b"easel: signed media", hashlib.sha256).digest()


HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def _told(mime: str) -> str:
    return mime if mime in PICTURES else "application/octet-stream"


class SignedMedia:
    """Makes links and serves them. `base_url` is how the world reaches our web server."""

    results: Open

    def __init__(self, base_url: str, secret: bytes, find: Find, *, now: Callable[[], float] = time.time) -> None:
        if not secret:
            raise ValueError("links signed with an empty key can be forged")
        self._base = base_url.rstrip("/")
        self._secret = secret
        self._find = find
        self._now = now
        self.results = nothing
        self._places = asyncio.Semaphore(AT_ONCE)

    def link(self, key: str, seconds: float) -> str:
        """The address of one object for `seconds` from now, bounded by LONGEST. Raises ValueError for a strange key."""
        if not KEY.fullmatch(key):
            raise ValueError("no key of an object")
        expiry = str(int(self._now() + min(seconds, LONGEST)))
        return f"{self._base}{PATH}/{key}?e={expiry}&s={self._signature(key, expiry)}"

    def add_to(self, router: web.UrlDispatcher) -> None:
        router.add_route("*", PATH + "/{key}", self._serve)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        """GET and HEAD of a valid link; everything else is not there, and nothing says why."""
        key = self._allowed(request)
        if key is not None and key.startswith(RESULT):
            return await self._pass(request, key)
        found = await self._find(key) if key is not None else None
        if found is None:
            raise web.HTTPNotFound
        mime, data = found
        return web.Response(body=data, content_type=_told(mime), headers=HEADERS)

    async def _pass(self, request: web.Request, key: str) -> web.StreamResponse:
        """A result as it comes; a line that is cut shows as such to who fetches it."""
        if self._places.locked():
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "10"})
        async with asyncio.timeout(PASSING_SECONDS), self._places, self.results(key) as found:
            if found is None:
                raise web.HTTPNotFound
            response = web.StreamResponse(headers=HEADERS)
            response.content_type, response.content_length = _told(found.mime), found.size
            await response.prepare(request)
            if request.method == "GET":
                async for chunk in found.chunks:
                    await response.write(chunk)
            return response

    def _allowed(self, request: web.Request) -> str | None:
        """The key that a valid link names."""
        key, expiry, given = request.match_info["key"], request.query.get("e", ""), request.query.get("s", "")
        signed = hmac.compare_digest(self._signature(key, expiry).encode(), given.encode("utf-8", "surrogateescape"))
        if not signed or request.method not in ("GET", "HEAD"):
            return None
        if not KEY.fullmatch(key) or not EXPIRY.fullmatch(expiry):
            return None
        left = int(expiry) - self._now()
        return key if 0 < left <= LONGEST else None  # more: the clock was set back since, and the link would live on

    def _signature(self, key: str, expiry: str) -> str:
        said = f"{key}\n{expiry}".encode("utf-8", "surrogateescape")
        return hmac.new(self._secret, said, hashlib.sha256).hexdigest()
