"""Downloads of finished generations, whole or spoilt by a fault. The real services have other hosts for them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any

from aiohttp import web

from sandbox.kit.state import Result, State

CHUNK = 64 * 1024
LATE = 2
"""Downloads before a late result is there."""
_HTML = b"<!doctype html><html><body><h1>Welcome</h1>This page is no film and no song.</body></html>"
_BEGINNING = 24
"""Bytes by which a file is known."""


class ResultRoutes:
    """`private_url` is where result_redirect_private leads. `bare` notes downloads that carry a key as violations:
    a key belongs to the service's own host only."""

    def __init__(self, state: State[Any], private_url: Callable[[], str], *, bare: bool = False) -> None:
        self._state = state
        self._private_url = private_url
        self._bare = bare

    def add_to(self, router: web.UrlDispatcher) -> None:
        router.add_get("/dl/{name}", self.download)
        router.add_get("/private/secret", self.private)

    async def private(self, request: web.Request) -> web.Response:
        """What no client should fetch; counted, so that a test can tell."""
        self._state.private_hits += 1
        return web.Response(text="an address inside the operator's network")

    async def download(self, request: web.Request) -> web.StreamResponse:
        if self._bare and "Authorization" in request.headers:
            self._state.violations.append(f"GET {request.path}: the key was sent to the host of the results")
        result = self._state.results.get(request.match_info["name"])
        if result is None:
            return web.Response(status=404, text="Not Found")
        return await deliver(request, result, self._private_url())


async def deliver(request: web.Request, result: Result, private_url: str) -> web.StreamResponse:
    """The file of `result`, or what its fault makes of it."""
    result.record.downloads += 1
    fault = result.fault.name if result.fault else None
    if fault == "dead_result":
        return web.Response(status=int(_value(result)), text="gone")
    if fault == "result_late" and result.record.downloads <= LATE:
        return web.Response(status=int(_value(result)), content_type=result.kind)
    if fault == "result_redirect_private":
        return web.Response(status=302, headers={"Location": private_url})
    kind = result.kind
    match fault:
        case "result_html" | "result_lies":
            data, kind = _HTML, "text/html" if fault == "result_html" else kind
        case "result_empty":
            data = b""
        case "result_rubbish":
            data = (await asyncio.to_thread(result.make))[:_BEGINNING] + 50 * _HTML
        case _:
            data = await asyncio.to_thread(result.make)
    return await _SENDERS.get(fault or "", _send)(request, result, data, kind)


def break_off(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    """Closes the connection as it is, after what was written went out: no end of the body, or no answer at all."""
    if request.transport is not None:
        request.transport.close()
    return response


async def _send(request: web.Request, result: Result, data: bytes, kind: str) -> web.StreamResponse:
    response = await _open(request, kind, len(data))
    async for chunk in _chunks(data, len(data)):
        await _serve(response, result, chunk)
    return response


async def _send_octets(request: web.Request, result: Result, data: bytes, kind: str) -> web.StreamResponse:
    return await _send(request, result, data, "application/octet-stream")


async def _cut(request: web.Request, result: Result, data: bytes, kind: str) -> web.StreamResponse:
    response = await _open(request, kind, len(data))
    await _serve(response, result, data[: len(data) // 2])
    return break_off(request, response)


async def _short(request: web.Request, result: Result, data: bytes, kind: str) -> web.StreamResponse:
    response = await _open(request, kind, None)
    await _serve(response, result, data[: len(data) // 2])
    return response


async def _slow(request: web.Request, result: Result, data: bytes, kind: str) -> web.StreamResponse:
    response = await _open(request, kind, len(data))
    pieces = 20
    size = -(-len(data) // pieces)
    for start in range(0, len(data), size):
        await asyncio.sleep(_value(result) / pieces)
        await _serve(response, result, data[start : start + size])
    return response


async def _huge(request: web.Request, result: Result, data: bytes, kind: str) -> web.StreamResponse:
    """The real file followed by zeros: it begins as what it says it is."""
    size = max(len(data), int(_value(result)))
    declared = size if result.fault and result.fault.name == "huge_file" else None
    response = await _open(request, kind, declared)
    async for chunk in _chunks(data, size):
        await _serve(response, result, chunk)
    return response


_SENDERS: Mapping[str, Callable[[web.Request, Result, bytes, str], Awaitable[web.StreamResponse]]] = MappingProxyType(
    {
        "result_octets": _send_octets,
        "result_cut": _cut,
        "result_short": _short,
        "result_slow": _slow,
        "huge_file": _huge,
        "huge_chunked": _huge,
    }
)


async def _open(request: web.Request, kind: str, length: int | None) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": kind})
    response.content_length = length
    await response.prepare(request)
    return response


async def _serve(response: web.StreamResponse, result: Result, chunk: bytes) -> None:
    await response.write(chunk)
    result.record.bytes_served += len(chunk)


async def _chunks(data: bytes, size: int) -> AsyncIterator[bytes]:
    """`data`, then zeros up to `size` bytes, never more than CHUNK at a time."""
    for start in range(0, len(data), CHUNK):
        yield data[start : start + CHUNK]
    left, zeros = size - len(data), bytes(CHUNK)
    while left > 0:
        yield zeros[:left]
        left -= CHUNK


def _value(result: Result) -> float:
    return (result.fault.value if result.fault else None) or 0.0
