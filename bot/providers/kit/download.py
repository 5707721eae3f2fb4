"""Fetches results to our disk: as a stream, up to a size, only what proves to be media, only from public addresses."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Asset
from bot.domain.results import Fetched, ResultFile, TooLarge
from bot.network.proxy import Proxy
from bot.providers.base import BadResult, ConnectionLost, Forbidden, NotThere, UpstreamDown
from bot.providers.kit import http
from bot.providers.kit.disk_budget import Room
from bot.providers.kit.media_type import HEAD, Sniffed, sniff
from bot.providers.kit.ssrf_guard import NotPublic, PublicNames, checked, guarded_socket, tidied
from bot.providers.kit.temp_folder import move_in
from bot.providers.proof import Cut, proved

MAX_REDIRECTS = 5
LIMIT = 2000 * 1024 * 1024
"""Bytes that results may take up together where nothing else is said."""
FLUSH = 256 * 1024
"""Bytes that are collected before they are written, in a thread: a slow disk must not hold up the event loop."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LATER = frozenset({408, 425, 429})
_NOT_THERE = frozenset({202, 204, 404, 409, 423})
"""What stores and services answer for what they have announced and do not hold yet, beside 401 and 403."""


@dataclass(frozen=True, slots=True)
class Body:
    """A result on its way through: what its first bytes say it is, and how long it will be where that is said."""

    mime: str
    size: int | None
    chunks: AsyncIterator[bytes]


class Downloader:
    """Fetches results into a folder of this process below `folder`, where they take up `limit` bytes at most.

    Making one creates that folder and removes those of processes that are gone. `max_bytes` caps a result,
    `idle_seconds` is the longest silence of a download, `total_seconds` bounds a fetch with all its attempts.
    `allow_private_hosts` lifts the checks of scheme and address: for the sandbox. `client` and `resolver`
    are for tests.
    """

    def __init__(
        self,
        folder: Path,
        *,
        max_bytes: int,
        limit: int | None = None,
        allow_private_hosts: bool = False,
        idle_seconds: float = 30.0,
        total_seconds: float = 300.0,
        backoff: http.Backoff | None = None,
        resolver: AbstractResolver | None = None,
        client: httpx.AsyncClient | None = None,
        proxy: Proxy | None = None,
    ) -> None:
        self._max = max_bytes
        self._private = allow_private_hosts
        self._idle = idle_seconds
        self._total = total_seconds
        self._backoff = backoff or http.Backoff(first=0.5)
        self.home, self._lock = move_in(folder)
        """This process's own folder: what is left in it after a kill, the next process removes."""
        self._room = Room(self.home, limit if limit is not None else LIMIT)
        guard = None if allow_private_hosts else guarded_socket
        if proxy is not None and not allow_private_hosts:
            resolver = PublicNames(resolver)  # the sockets are the proxy's: see sessions
        self._client = client or http.new_client(resolver=resolver, socket_factory=guard, proxy=proxy)

    async def fetch(self, url: str, *, expect: Kind | None = None, headers: Mapping[str, str] | None = None) -> Fetched:
        """The result behind `url` as a file, which the caller removes (discard), or TooLarge. `headers` go to that
        address alone, never where it redirects to.

        Raises BadResult where trying again is useless: the link is not allowed, or what it gives is no media, not of
        the kind expected, or cannot be opened as what it claims to be. Raises NotThere, which is one, where nothing
        stands behind the link: a fresh result may be there in a moment. A file that ends early although no length was
        told is fetched again as after a broken line, and is such a file at the last attempt. Raises Unreachable,
        ConnectionLost, UpstreamDown or TimedOut after attempts of its own; nothing is left on the disk then.
        """
        deadline = asyncio.get_running_loop().time() + self._total
        host = http.place_of("GET a result of", url).rpartition(" ")[2].partition("/")[0]  # its path may be a secret
        async for attempt in http.attempts(self._backoff, repeatable=True, what=f"GET a result of {host}"):
            with attempt:
                async with http.within(deadline):
                    return await self._once(url, expect, headers or {}, last=attempt.num >= self._backoff.attempts)
        raise ConnectionLost("no attempt was made")

    async def store(self, data: bytes, *, expect: Kind | None = None) -> Fetched:
        """Bytes that we have already, as such a file. Raises BadResult as `fetch` does."""
        found = sniff(data[:HEAD], expect)
        if found is None:
            raise BadResult(f"the result is not what was ordered: {data[:24]!r}")
        deadline = asyncio.get_running_loop().time() + self._total
        async with AsyncExitStack() as stack:
            async with http.within(deadline):
                name = await stack.enter_async_context(self._room.place(len(data)))
            path = self.home / f"{name}{found.suffix}"
            try:
                await asyncio.to_thread(path.write_bytes, data)
                found = await proved(path, found, expect)
                size = path.stat().st_size
            except BaseException:  # also a cancelled one: nothing else knows of the file
                path.unlink(missing_ok=True)
                raise
            return ResultFile(path, found.media, found.mime, size)

    async def aclose(self) -> None:
        """Closes the connections and removes every file that is left."""
        await self._client.aclose()
        await asyncio.to_thread(shutil.rmtree, self.home, ignore_errors=True)
        self._lock.close()

    @asynccontextmanager
    async def passing(self, url: str, headers: Mapping[str, str]) -> AsyncIterator[Body]:
        """Streams the file on to another server: nothing is written, nothing is too large, one attempt is made."""
        deadline = asyncio.get_running_loop().time() + self._total
        async with AsyncExitStack() as stack:
            async with http.within(deadline):
                response = await stack.enter_async_context(self._reached(url, headers))
                chunks = http.body(response)
                head = b""
                while len(head) < HEAD and (more := await anext(chunks, b"")):
                    head += more
            found = sniff(head[:HEAD], None)
            if found is None:
                raise BadResult("the result is no media")
            yield Body(found.mime, _length(response), _after(head, chunks))

    async def _once(self, url: str, expect: Kind | None, headers: Mapping[str, str], *, last: bool) -> Fetched:
        async with self._reached(url, headers) as response:
            try:
                return await _Receiver(self.home, self._room, self._max, expect).receive(response, Asset(url))
            except Cut as cut:
                if last or _length(response) is not None:
                    raise
                raise ConnectionLost(cut.detail) from cut

    @asynccontextmanager
    async def _reached(self, url: str, headers: Mapping[str, str]) -> AsyncIterator[httpx.Response]:
        """The good answer of an address, or of the last one that it redirects to."""
        address = url
        for _ in range(MAX_REDIRECTS + 1):
            target = checked(address, allow_private=self._private)
            response = await self._open(target, headers if address == url else {})
            try:
                if response.status_code not in _REDIRECTS:
                    _check(response)
                    yield response
                    return
                address = _next(target, response)
            finally:
                await http.close(response)
        raise BadResult(f"more than {MAX_REDIRECTS} redirects")

    async def _open(self, target: httpx.URL, headers: Mapping[str, str]) -> httpx.Response:
        accept = {"Accept": "*/*", **headers}
        request = self._client.build_request("GET", target, headers=accept, timeout=http.timeout(self._idle))
        try:
            return await self._client.send(request, stream=True)
        except (httpx.UnsupportedProtocol, httpx.InvalidURL):
            raise BadResult("the link is no address") from None
        except httpx.TransportError as error:
            cause = error.__cause__
            if isinstance(cause, aiohttp.ClientConnectorError) and isinstance(cause.os_error, NotPublic):
                raise BadResult("the link leads to an address that is not public") from None
            raise


class _Receiver:
    """One body on its way to the disk."""

    def __init__(self, home: Path, room: Room, max_bytes: int, expect: Kind | None) -> None:
        self.home = home
        self._room = room
        self._max = max_bytes
        self._expect = expect

    async def receive(self, response: httpx.Response, asset: Asset) -> Fetched:
        declared = _length(response)
        async with self._room.place(min(self._max if declared is None else declared, self._max)) as name:
            return await self._write(response, asset, declared, name)

    async def _write(self, response: httpx.Response, asset: Asset, declared: int | None, name: str) -> Fetched:
        path = self.home / f"{name}.part"
        try:
            with _opened(path) as file:
                found = await self._stream(response, file, declared)
                size = file.tell()
            if found is None:
                return TooLarge(asset)
            if declared is not None and size != declared:
                raise ConnectionLost(f"{size} of {declared} bytes came")
            found = await proved(path, found, self._expect)
            named = path.with_suffix(found.suffix)
            path.rename(named)
            return ResultFile(named, found.media, found.mime, named.stat().st_size)
        finally:
            path.unlink(missing_ok=True)

    async def _stream(self, response: httpx.Response, file: BinaryIO, declared: int | None) -> Sniffed | None:
        """Writes the body; what it is, or None as soon as it is known to be too large."""
        found: Sniffed | None = None
        waiting = bytearray()
        size = 0
        async with aclosing(http.body(response)) as chunks:
            async for chunk in chunks:
                size += len(chunk)
                waiting += chunk
                if found is None and size >= min(HEAD, self._max + 1):
                    found = self._sniff(waiting)
                if size > self._max or (found is not None and declared is not None and declared > self._max):
                    return None
                if found is not None and len(waiting) >= FLUSH:
                    await asyncio.to_thread(file.write, bytes(waiting))
                    waiting.clear()
        if size < HEAD and declared is not None and size < declared:
            raise ConnectionLost(f"{size} of {declared} bytes came")
        found = found or self._sniff(waiting)
        await asyncio.to_thread(file.write, bytes(waiting))
        return found

    def _sniff(self, waiting: bytearray) -> Sniffed:
        if not waiting:
            raise NotThere("the result is empty")
        found = sniff(bytes(waiting[:HEAD]), self._expect)
        if found is None:
            wanted = f"the {self._expect.value} that was ordered" if self._expect else "media"
            raise BadResult(f"the result is not {wanted}: {bytes(waiting[:24])!r}")
        return found


async def _after(head: bytes, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield head
    async for chunk in chunks:
        yield chunk


def _opened(path: Path) -> BinaryIO:
    """Not in a thread: a cancelled fetch would leave the file behind."""
    return path.open("wb")


def discard(fetched: Fetched) -> None:
    """Removes the file of a result that is delivered or given up; harmless when it is gone."""
    if isinstance(fetched, ResultFile):
        with suppress(OSError):
            fetched.path.unlink(missing_ok=True)


def _check(response: httpx.Response) -> None:
    status = response.status_code
    if status >= 500 or status in _LATER:
        raise UpstreamDown(f"the link answers {status}")
    if status in (401, 403):
        raise Forbidden(f"the link answers {status}")
    if status in _NOT_THERE:
        raise NotThere(f"the link answers {status}")
    if status != 200:
        raise BadResult(f"the link answers {status}")
    if http.sealed(response):
        raise BadResult("the result came packed in a way that was not asked for")


def _next(target: httpx.URL, response: httpx.Response) -> str:
    try:
        return str(target.join(tidied(response.headers["location"])))
    except (KeyError, httpx.InvalidURL, ValueError):
        raise BadResult("a redirect that leads nowhere") from None


def _length(response: httpx.Response) -> int | None:
    """The bytes that the body says to have, None where that is not told: of a packed one they are others."""
    if http.compressed(response):
        return None
    declared = response.headers.get("content-length", "")
    return int(declared) if declared.isascii() and declared.isdigit() and len(declared) < 20 else None
