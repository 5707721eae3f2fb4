"""The one place that speaks HTTP to the outside: timeouts, what an error means, and what may be tried again.

A GET is tried again after any failure of the way. A POST is tried again only when it is certain that nothing was sent:
everything after that may have been taken and paid for upstream.
"""

import asyncio
import ssl
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import httpx
import stamina
from aiohttp.abc import AbstractResolver
from aiohttp.connector import SocketFactoryType
from httpx_aiohttp import AiohttpTransport

from bot.network.proxy import Proxy, ProxyConnector
from bot.providers.base import (
    ConnectionLost,
    NoChannel,
    NoEndpoint,
    NotTaken,
    ProviderError,
    TimedOut,
    UnknownModel,
    Unreachable,
    UpstreamDown,
)
from bot.providers.kit.decompression import CODINGS, unpacked

CONNECT_SECONDS = 10.0
"""For one address; a name may have several."""
POOL_SECONDS = 20.0
"""For a connection altogether: a free place in the pool, the name, every address."""
BODY_LIMIT = 64 * 1024
"""Bytes read of an answer that should be small, errors above all."""
PIECE = 256 * 1024
"""Bytes written at once: pictures go along in bodies of many megabytes, and all jobs share the event loop."""
CLOSE_SECONDS = 5.0
RETRY_AFTER_LIMIT = 3600.0
_SEALED = ("br", "zstd")


@dataclass(frozen=True, slots=True)
class Backoff:
    """How often and after how many seconds a request is tried again: first, then doubled up to `longest`, + jitter."""

    attempts: int = 3
    first: float = 0.25
    longest: float = 5.0
    jitter: float = 0.25


@dataclass(frozen=True, slots=True)
class Answer:
    """A small answer, read: at most BODY_LIMIT bytes of its body."""

    status: int
    content_type: str
    body: bytes
    retry_after: float = 0.0
    """Seconds that the service asks to wait, 0 where it does not say."""


@cache
def tls() -> ssl.SSLContext:
    """What connections trust: the same for all of them."""
    return httpx.create_ssl_context(trust_env=False)


def new_client(
    *,
    connections: int = 100,
    keep_alive: bool = False,
    resolver: AbstractResolver | None = None,
    socket_factory: SocketFactoryType | None = None,
    proxy: Proxy | None = None,
) -> httpx.AsyncClient:
    """A client that follows no redirects, keeps no cookies and knows no proxy but the one it is given.

    `keep_alive` False opens a connection per request: a POST on a kept one may meet the server closing it, and then
    it is unknown whether it arrived. It connects lazily, so it may be made before the event loop runs.
    """
    session = sessions(
        connections=connections,
        keep_alive=keep_alive,
        resolver=resolver,
        socket_factory=socket_factory,
        proxy=proxy,
    )
    return httpx.AsyncClient(
        transport=AiohttpTransport(verify=tls(), trust_env=False, client=session),
        headers={"User-Agent": "Easel", "Accept-Encoding": "identity"},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
        trust_env=False,
    )


def sessions(
    *,
    connections: int,
    keep_alive: bool = False,
    resolver: AbstractResolver | None = None,
    socket_factory: SocketFactoryType | None = None,
    proxy: Proxy | None = None,
) -> Callable[[], aiohttp.ClientSession]:
    """Makes the session below a client, once the event loop runs; see new_client. With a `proxy` the sockets are its
    own: `socket_factory` makes none, and the guard of addresses is the resolver's (PublicNames)."""

    def session() -> aiohttp.ClientSession:
        bounds: dict[str, Any] = {"limit": connections, "force_close": not keep_alive, "ssl": tls()}
        if proxy is not None:
            connector: aiohttp.TCPConnector = ProxyConnector(proxy=proxy, resolver=resolver, **bounds)
        else:
            connector = aiohttp.TCPConnector(
                **bounds, resolver=resolver, use_dns_cache=resolver is None, socket_factory=socket_factory
            )
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False)

    return session


def timeout(idle: float) -> httpx.Timeout:
    """`idle`: seconds without a byte, before the answer and within it."""
    return httpx.Timeout(connect=CONNECT_SECONDS, read=idle, write=idle, pool=POOL_SECONDS)


def nothing_sent(error: BaseException) -> bool:
    """Whether it is certain that no byte of the request left.

    httpx-aiohttp says ConnectTimeout also for a connection that broke after the whole body was sent: only aiohttp's
    own errors tell. Both are raised before there is a connection to write on.
    """
    if isinstance(error, httpx.UnsupportedProtocol | httpx.InvalidURL):
        return True
    return isinstance(error.__cause__ or error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)


def classify(error: Exception) -> ProviderError:
    """What a failure of the way means. The detail names kinds and error numbers only: texts may hold signed links."""
    if isinstance(error, ProviderError):
        return error
    return Unreachable(_kinds(error)) if nothing_sent(error) else ConnectionLost(_kinds(error))


def _kinds(error: Exception) -> str:
    said = [type(error).__name__]
    if error.__cause__ is not None:
        said.append(type(error.__cause__).__name__)
    root = error.__cause__ or error
    if isinstance(root, OSError) and isinstance(root.errno, int):
        said.append(f"errno {root.errno}")
    return ", ".join(said)


@contextmanager
def translated() -> Iterator[None]:
    """Turns every failure of the way into a ProviderError."""
    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, aiohttp.ClientError, OSError, ValueError) as error:
        raise classify(error) from None


@asynccontextmanager
async def within(deadline: float) -> AsyncIterator[None]:
    """Like translated(), and TimedOut at `deadline` (the event loop's clock). Never hold it across a yield."""
    try:
        async with asyncio.timeout_at(deadline):
            with translated():
                yield
    except TimeoutError:
        raise TimedOut("the total time passed") from None


def again(error: Exception, *, repeatable: bool) -> bool:
    """Whether a request may be tried again after `error`."""
    if isinstance(error, NoEndpoint):
        return False
    return isinstance(error, Unreachable | ConnectionLost | UpstreamDown if repeatable else Unreachable)


def place_of(method: str, url: object) -> str:
    """A request for the log: its host and path, never its query, which may hold a signature."""
    try:
        parts = urlsplit(str(url))
    except ValueError:
        return method
    return f"{method} {parts.netloc.rpartition('@')[2]}{parts.path}"[:200]


def attempts(backoff: Backoff, *, repeatable: bool, what: str = "") -> AsyncIterator[stamina.Attempt]:
    """The attempts of one request: `async for attempt in attempts(…): with attempt: …`. `what` names it in the log."""
    context = stamina.retry_context(
        on=lambda error: again(error, repeatable=repeatable),
        attempts=backoff.attempts,
        timeout=None,
        wait_initial=backoff.first,
        wait_max=backoff.longest,
        wait_jitter=backoff.jitter,
    )
    return (context.with_name(what, (), {}) if what else context).__aiter__()


class _Pieces(httpx.AsyncByteStream):
    """A large body, written piece by piece; it can be read again for another attempt."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._body), PIECE):
            yield self._body[start : start + PIECE]


def in_pieces(request: httpx.Request) -> httpx.Request:
    """The same request, whose large body is written piece by piece; its length stays told."""
    if int(request.headers.get("content-length", "0")) <= PIECE:  # also what is a stream already
        return request
    body = _Pieces(request.read())
    return httpx.Request(
        request.method, request.url, headers=request.headers, stream=body, extensions=request.extensions
    )


async def submit(
    client: httpx.AsyncClient, request: httpx.Request, *, deadline: float, backoff: Backoff
) -> httpx.Response:
    """Sends a request that must not arrive twice and returns the open response, which the caller closes.

    Raises Unreachable (nothing was sent, however often it was tried), ConnectionLost or TimedOut.
    """
    request = in_pieces(request)
    async for attempt in attempts(backoff, repeatable=False, what=place_of(request.method, request.url)):
        with attempt:
            async with within(deadline):
                return await client.send(request, stream=True)
    raise Unreachable("no attempt was made")


def turned_away(status: int, error: ProviderError, seconds: float) -> ProviderError:
    """What the refusal of an order means. 503 says that it was not taken, also beside the name of a lasting fault; what
    is more precise (no funds, a refused prompt) stays as it is. `seconds`: of Retry-After."""
    if status != 503:
        return error
    if isinstance(error, UnknownModel):
        return NoChannel(error.detail, seconds)
    return NotTaken(error.detail, seconds) if type(error) is UpstreamDown else error


async def get(
    client: httpx.AsyncClient,
    url: str,
    *,
    headers: Mapping[str, str],
    seconds: float,
    backoff: Backoff,
    check: Callable[[Answer], None],
    method: str = "GET",
    limit: int = BODY_LIMIT,
) -> Answer:
    """A small answer to a GET, or to another `method` that may be repeated; at most `limit` bytes of it are read.

    `check` raises the ProviderError that an answer means; `seconds` bounds each attempt. Tried again after Unreachable,
    ConnectionLost and UpstreamDown, also those that `check` raised.
    """
    async for attempt in attempts(backoff, repeatable=True, what=place_of(method, url)):
        with attempt:
            async with within(asyncio.get_running_loop().time() + seconds):
                request = client.build_request(method, url, headers=headers, timeout=timeout(seconds))
                response = await client.send(request, stream=True)
                try:
                    answer = await read(response, limit)
                finally:
                    await close(response)
            check(answer)
            return answer
    raise Unreachable("no attempt was made")


async def read(response: httpx.Response, limit: int = BODY_LIMIT) -> Answer:
    """The answer with at most `limit` bytes of its body, unpacked where it came packed. Raises ValueError where it
    breaks off in that."""
    read = bytearray()
    async with aclosing(body(response)) as chunks:
        async for chunk in chunks:
            read += chunk[: limit - len(read)]
            if len(read) >= limit:
                break
    return Answer(response.status_code, content_type(response), bytes(read), retry_after(response.headers))


def body(response: httpx.Response, source: AsyncIterable[bytes] | None = None) -> AsyncGenerator[bytes, None]:
    """The body piece by piece, as it was before it was packed: some storages keep files packed and send them so to who
    asked for plain ones. What is packed in a way that is not known here comes as it is, see `sealed`. `source`: where
    its bytes come from instead. Raises ValueError for what breaks off or is broken."""
    raw = response.aiter_raw() if source is None else source
    return unpacked(raw, _coding(response)) if _coding(response) in CODINGS else _as_it_comes(raw)


async def _as_it_comes(raw: AsyncIterable[bytes]) -> AsyncGenerator[bytes, None]:
    async for chunk in raw:
        yield chunk


async def read_refusal(response: httpx.Response, seconds: float = 10.0) -> Answer:
    """The answer to a submit that was refused: a body that breaks or stalls is an empty one, the status counts."""
    with suppress(ProviderError):
        async with within(asyncio.get_running_loop().time() + seconds):
            return await read(response)
    return Answer(response.status_code, content_type(response), b"", retry_after(response.headers))


def content_type(response: httpx.Response) -> str:
    """The media type without parameters, in lower case; empty when there is none."""
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()


def retry_after(headers: Mapping[str, str]) -> float:
    """The seconds of Retry-After, an hour at most; 0 where there are none. Dates are not read: clocks differ."""
    said = headers.get("retry-after", "").strip()
    return min(float(said), RETRY_AFTER_LIMIT) if said.isascii() and said.isdigit() and len(said) < 10 else 0.0


def compressed(response: httpx.Response) -> bool:
    """Whether the body is packed although a plain one was asked for."""
    return _coding(response) in (*CODINGS, *_SEALED)


def sealed(response: httpx.Response) -> bool:
    """Whether it is packed in a way that nothing here unpacks."""
    return _coding(response) in _SEALED


def _coding(response: httpx.Response) -> str:
    return str(response.headers.get("content-encoding", "")).strip().lower()


async def close(response: httpx.Response) -> None:
    """Closes the connection if the body was not read to its end. Never raises, never takes long."""
    with suppress(httpx.HTTPError, httpx.StreamError, aiohttp.ClientError, OSError):
        async with asyncio.timeout(CLOSE_SECONDS):
            await response.aclose()
