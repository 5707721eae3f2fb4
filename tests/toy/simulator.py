"""Toy's service: POST /make {model, prompt, mood?} with the key is answered with {"address"} of a PNG."""

from functools import partial
from uuid import uuid4

from aiohttp import web

from sandbox.kit.api import ApiServer, Order
from sandbox.kit.check import json_object, members, one_of, text
from sandbox.kit.faults import RESULT_FAULTS, Stage, at
from sandbox.kit.spoil import answer_faults, send, status_faults
from sandbox.kit.state import Result
from sandbox.media import image

MODELS = {"toy-1": "Toy"}
FAULTS = {**status_faults(Stage.REFUSAL, "", 401, 500), **answer_faults(Stage.ANSWER), **RESULT_FAULTS}
COINS = 1.5
_RULES = {"model": one_of(*MODELS), "prompt": text(200), "mood": one_of("happy", "sad")}


class ToyServer(ApiServer[str]):
    """A picture is made at once; the balance is in coins."""

    key = "toy-key"
    models, reads, catalogue = MODELS, (), FAULTS

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_post("/make", self.order(self.make))

    def failure(self, status: int, message: str = "", code: str = "") -> web.Response:
        return web.json_response({"error": message or "refused"}, status=status)

    async def make(self, request: web.Request, record: Order) -> web.StreamResponse:
        record.body = body = json_object(request.content_type, await request.read())
        members(body, _RULES, ("model", "prompt"))
        fault = self.begin(record, str(body["model"]), str(body["prompt"]))
        self.afford(COINS)
        self.state.balance -= COINS
        name = f"{uuid4().hex}.png"
        self.state.keep(name, Result(record, "image/png", partial(image, str(body["prompt"])), at(fault, Stage.RESULT)))
        record.end("completed", 200)
        return await send(request, {"address": self.result_url(name)}, at(fault, Stage.ANSWER))
