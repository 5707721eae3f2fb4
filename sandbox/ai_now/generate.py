"""The service's own two endpoints: ping, and generate with its event stream."""

import asyncio
from collections.abc import Callable

from aiohttp import web

from sandbox.ai_now.contract import MODELS, Order, check
from sandbox.ai_now.faults import Fault, Stage, UnknownFault
from sandbox.ai_now.script import script
from sandbox.ai_now.state import Record, State
from sandbox.kit.check import Refused
from sandbox.kit.results import break_off
from sandbox.kit.spoil import ERROR_DETAIL, html_page
from sandbox.kit.stream import open_stream, write


class GenerateRoutes:
    """`result_url` turns a file name into the link that Completed carries."""

    def __init__(self, state: State, result_url: Callable[[str], str]) -> None:
        self._state = state
        self._result_url = result_url

    def add_to(self, router: web.UrlDispatcher) -> None:
        router.add_get("/api/ping", self.ping, allow_head=False)
        router.add_post("/api/generate", self.generate)

    async def ping(self, request: web.Request) -> web.Response:
        if not self._allowed(request):
            return failure(401, "Unauthorized")
        return web.Response(text="pong")

    async def generate(self, request: web.Request) -> web.StreamResponse:
        record = self._state.record()
        try:
            body = await request.read()
            return await self._answer(request, body, record)
        except (asyncio.CancelledError, ConnectionError):
            record.end("stopped" if self._state.stopping else "abandoned")
            raise

    async def _answer(self, request: web.Request, body: bytes, record: Record) -> web.StreamResponse:
        if not self._allowed(request):
            return _refuse(record, 401, "Unauthorized")
        try:
            order = check(request.content_type, body, self._state.prompt_max)
        except Refused as refused:
            self._state.violations.append(f"POST /api/generate: {refused}")
            return _refuse(record, 500, str(refused))
        record.model, record.prompt, record.style = order.model, order.prompt, order.style
        try:
            fault = self._state.faults.take(order.model, order.prompt)
        except UnknownFault as unknown:
            return _refuse(record, 500, str(unknown))
        record.fault = fault.name if fault else None
        cost = MODELS[order.model].cost
        if refusal := _refusal(record, fault, short=self._state.tokens < cost):
            return refusal
        self._state.tokens -= cost
        record.tokens = cost
        if fault and fault.name == "reset_after_body":
            record.end("reset")
            return break_off(request, web.Response())
        return await self._stream(request, order, record, fault)

    async def _stream(
        self, request: web.Request, order: Order, record: Record, fault: Fault | None
    ) -> web.StreamResponse:
        name = self._state.name(order, record)
        url = self._result_url(name)
        play = script(order, url, self._state.rng(order), fault)
        record.status = 200
        response = await open_stream(request)
        for number, beat in enumerate(play.beats, 1):
            await asyncio.sleep(beat.gap * self._state.scale)
            if number == len(play.beats) and play.outcome == "completed":
                spoilt = fault if fault and fault.stage is Stage.RESULT else None
                self._state.keep(name, self._state.result(order, record, spoilt))
                record.url = url
            record.events += beat.data.startswith(b"data:") and beat.data.endswith(b"\n")
            await write(response, beat)
        record.end(play.outcome)  # nothing awaited since the last byte: a client leaving now left a finished generation
        return response if play.proper_end else break_off(request, response)

    def _allowed(self, request: web.Request) -> bool:
        return self._state.allows(request.headers.get("Authorization", ""))


def failure(status: int, message: str) -> web.Response:
    """An error in the documented form."""
    return web.json_response({"status": "Error", "message": message}, status=status)


def _refuse(record: Record, status: int, message: str) -> web.Response:
    record.end("refused", status)
    return failure(status, message)


def _refusal(record: Record, fault: Fault | None, *, short: bool) -> web.Response | None:
    match fault.name if fault else None:
        case "401":
            return _refuse(record, 401, "Unauthorized")
        case "500":
            return _refuse(record, 500, f"Internal Server Error: {ERROR_DETAIL}")
        case "503_html":
            record.end("refused", 503)
            return html_page(503, "503 Service Temporarily Unavailable")
        case "418":
            return _refuse(record, 418, "Insufficient tokens")
        case _:
            return _refuse(record, 418, "Insufficient tokens") if short else None
