"""Lets a service fetch one picture for a short while, under a link that nobody can guess, extend or turn to another."""

import hashlib
import hmac
import re
import time
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

PATH: Final = "/media"
KEY: Final = re.compile(r"[A-Za-z0-9._-]{1,100}")
EXPIRY: Final = re.compile(r"[0-9]{1,12}")
PICTURES: Final = ("image/jpeg", "image/png", "image/webp")
LONGEST: Final = 3600
"""Seconds that a link is good for at most."""

Find = Callable[[str], Awaitable[tuple[str, bytes] | None]]
"""The type and the bytes of an object by its key; None when there is none."""


def derived_secret(token: str) -> bytes:
    """The key of the signatures where the operator set none: made of the bot's token, which it does not reveal."""
    return hmac.new(token.encode(), b"easel: signed media", hashlib.sha256).digest()


class SignedMedia:
    """Makes links and serves them. `base_url` is how the world reaches our web server."""

    def __init__(self, base_url: str, secret: bytes, find: Find, *, now: Callable[[], float] = time.time) -> None:
        if not secret:
            raise ValueError("links signed with nothing can be made by anybody")
        self._base = base_url.rstrip("/")
        self._secret = secret
        self._find = find
        self._now = now

    def link(self, key: str, seconds: float) -> str:
        """The address of one object for `seconds` from now, bounded by LONGEST. Raises ValueError for a strange key."""
        if not KEY.fullmatch(key):
            raise ValueError("no key of an object")
        expiry = str(int(self._now() + min(seconds, LONGEST)))
        return f"{self._base}{PATH}/{key}?e={expiry}&s={self._signature(key, expiry)}"

    def add_to(self, router: web.UrlDispatcher) -> None:
        router.add_route("*", PATH + "/{key}", self._serve)

    async def _serve(self, request: web.Request) -> web.Response:
        """GET and HEAD of a valid link; everything else is not there, and nothing says why."""
        found = await self._allowed(request)
        if found is None:
            raise web.HTTPNotFound
        mime, data = found
        headers = {
            "Cache-Control": "no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
        }
        shown = mime if mime in PICTURES else "application/octet-stream"
        return web.Response(body=data, content_type=shown, headers=headers)

    async def _allowed(self, request: web.Request) -> tuple[str, bytes] | None:
        key, expiry, given = request.match_info["key"], request.query.get("e", ""), request.query.get("s", "")
        signed = hmac.compare_digest(self._signature(key, expiry).encode(), given.encode("utf-8", "surrogateescape"))
        if not signed or request.method not in ("GET", "HEAD"):
            return None
        if not KEY.fullmatch(key) or not EXPIRY.fullmatch(expiry) or int(expiry) <= self._now():
            return None
        return await self._find(key)

    def _signature(self, key: str, expiry: str) -> str:
        said = f"{key}\n{expiry}".encode("utf-8", "surrogateescape")
        return hmac.new(self._secret, said, hashlib.sha256).hexdigest()
