"""Downloads of finished generations, whole or spoilt by a fault. The real service has a host of its own for them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from types import MappingProxyType

from aiohttp import web

from bot.sandbox import media
from bot.sandbox.ai_now.contract import MODELS
from bot.sandbox.ai_now.generate import break_off
from bot.sandbox.ai_now.state import Result, State

CHUNK = 64 * 1024
_HTML = b"<!doctype html><html><body><h1>Welcome</h1>This page is no film and no song.</body></html>"


class ResultRoutes:
    """`private_url` is where result_redirect_private leads."""

    def __init__(self, state: State, private_url: Callable[[], str]) -> None:
        self._state = state
        self._private_url = private_url

    def add_to(self, router: web.UrlDispatcher) -> None:
        router.add_get("/dl/{name}", self.download)
        router.add_get("/private/secret", self.private)

    async def private(self, request: web.Request) -> web.Response:
        """What no client should fetch; counted, so that a test can tell."""
        self._state.private_hits += 1
        return web.Response(text="an address inside the operator's network")

    async def download(self, request: web.Request) -> web.StreamResponse:
        result = self._state.results.get(request.match_info["name"])
        if result is None:
            return web.Response(status=404, text="Not Found")
        result.record.downloads += 1
        fault = result.fault.name if result.fault else None
        if fault == "dead_result":
            return web.Response(status=int(_value(result)), text="gone")
        if fault == "result_redirect_private":
            return web.Response(status=302, headers={"Location": self._private_url()})
        kind = "audio/mpeg" if MODELS[result.order.model].kind == "audio" else "video/mp4"
        match fault:
            case "result_html" | "result_lies":
                data, kind = _HTML, "text/html" if fault == "result_html" else kind
            case "result_empty":
                data = b""
            case _:
                data = await _make(result)
        return await _SENDERS.get(fault or "", _send)(request, result, data, kind)


async def _make(result: Result) -> bytes:
    """The file itself, made when first asked for: a benchmark that never downloads pays nothing."""
    order = result.order
    model = MODELS[order.model]
    if model.kind == "audio":
        return await asyncio.to_thread(media.song, order.prompt)
    style = model.styles[order.style] if order.style else None
    return await asyncio.to_thread(media.video, order.prompt, model.title, 3.0, style)


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
