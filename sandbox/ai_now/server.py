"""The AI-Now simulator and its two endpoints: ping, and generate with its event stream."""

import asyncio
from collections.abc import Iterable

from aiohttp import web

from sandbox.ai_now.contract import MODELS, PROMPT_MAX, Order, check
from sandbox.ai_now.script import script
from sandbox.ai_now.state import Record, State
from sandbox.kit.check import whole
from sandbox.kit.control import Lever
from sandbox.kit.faults import Fault, Stage, at
from sandbox.kit.results import break_off
from sandbox.kit.server import Denied, SimServer
from sandbox.kit.stream import open_stream, write

_WORDS = {401: "Unauthorized", 418: "Insufficient tokens"}


class AiNowServer(SimServer[Record]):
    """`scale` multiplies the documented durations (a minute or more), 0 is no waiting; `seed` chooses them."""

    api = "/api"
    bare_results = False
    refused_status = 500
    levers = (*SimServer.levers, Lever("tokens", "tokens", "tokens", whole(0, 10**12)))
    state: State

    def __init__(
        self,
        keys: Iterable[str] = ("sk-sandbox",),
        tokens: int = 1_000_000,
        *,
        scale: float = 0.05,
        seed: int = 1,
        public_url: str | None = None,
        prompt_max: int = PROMPT_MAX,
    ) -> None:
        super().__init__(State(keys, tokens, scale, seed), public_url)
        self._prompt_max = prompt_max

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/api/ping", self.ping, allow_head=False)
        router.add_post("/api/generate", self.order(self.generate))

    def failure(self, status: int, message: str = "", code: str = "") -> web.Response:
        """An error in the documented form."""
        return web.json_response({"status": "Error", "message": message or _WORDS[status]}, status=status)

    async def ping(self, request: web.Request) -> web.Response:
        return self.denied(request) or web.Response(text="pong")

    async def generate(self, request: web.Request, record: Record) -> web.StreamResponse:
        order = check(request.content_type, await request.read(), self._prompt_max)
        record.style = order.style
        fault = self.begin(record, order.model, order.prompt)
        cost = MODELS[order.model].cost
        if self.state.tokens < cost:
            raise Denied(self.failure(418))
        self.state.tokens -= cost
        record.tokens = cost
        if fault and fault.name == "reset_after_body":
            record.end("reset")
            return break_off(request, web.Response())
        return await self._stream(request, order, record, fault)

    async def _stream(
        self, request: web.Request, order: Order, record: Record, fault: Fault | None
    ) -> web.StreamResponse:
        name = self.state.name(order, record)
        url = self.result_url(name)
        play = script(order, url, self.state.rng(order), fault)
        record.status = 200
        response = await open_stream(request)
        for number, beat in enumerate(play.beats, 1):
            await asyncio.sleep(beat.gap * self.state.scale)
            if number == len(play.beats) and play.outcome == "completed":
                self.state.keep(name, self.state.result(order, record, at(fault, Stage.RESULT)))
                record.url = url
            record.events += beat.data.startswith(b"data:") and beat.data.endswith(b"\n")
            await write(response, beat)
        record.end(play.outcome)  # nothing awaited since the last byte: a client leaving now left a finished generation
        return response if play.proper_end else break_off(request, response)
