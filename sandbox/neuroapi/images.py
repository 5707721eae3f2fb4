"""POST /images/generations."""

import asyncio
import base64
import time
from functools import partial
from uuid import uuid4

from aiohttp import web

from sandbox import media
from sandbox.kit.api import Order
from sandbox.kit.check import json_object
from sandbox.kit.faults import Fault, Stage, at
from sandbox.kit.spoil import send
from sandbox.kit.state import Result
from sandbox.neuroapi.contract import Pictures, check_images
from sandbox.neuroapi.errors import NeuroApi

_SECONDS = {"dall-e-3": (8.0, 15.0), "gpt-image-1": (15.0, 40.0)}
_TOKENS = 1_000  # of the quota, for each image
_PAGE = base64.b64encode(b"<!doctype html><html><body>no picture</body></html>").decode()


class ImageRoutes(NeuroApi):
    """Images by link or in base64, as the model or the request wants them."""

    def add_to(self, router: web.UrlDispatcher) -> None:
        router.add_post("/v1/images/generations", self.order(self.generate))

    async def generate(self, request: web.Request, record: Order) -> web.StreamResponse:
        order = check_images(json_object(request.content_type, await request.read()))
        record.model, record.prompt, record.body = order.model, order.prompt, dict(order.body)
        fault = self.fault(record)
        if refusal := self.refused(fault):
            record.end("refused", refusal.status)
            return refusal
        record.status = 200
        await asyncio.sleep(self.state.seconds(*_SECONDS[order.model], order.model, order.prompt))
        count = min(order.count, fault.count) if fault and fault.name == "fewer_images" else order.count
        data = [await self._entry(order, record, fault) for _ in range(count)]
        record.cost = count * _TOKENS
        self.state.balance -= record.cost
        record.end("completed")
        answer: dict[str, object] = {"created": int(time.time()), "data": data}
        if order.model == "gpt-image-1":
            answer["usage"] = {"input_tokens": 20, "output_tokens": _TOKENS, "total_tokens": _TOKENS + 20}
        return await send(request, answer, at(fault, Stage.ANSWER))

    async def _entry(self, order: Pictures, record: Order, fault: Fault | None) -> dict[str, object]:
        name = fault.name if fault else ""
        same = sum(each.model == record.model and each.prompt == record.prompt for each in self.state.records)
        words = f"{order.prompt} #{same}" if same > 1 else order.prompt  # asked for several times, several pictures
        make = partial(media.image, words, order.size, "png", order.model)
        told: dict[str, object] = {}
        if order.model == "dall-e-3":
            told["revised_prompt"] = f"{order.prompt}, in soft light (simulated)"
        if name == "without_picture":
            return told
        if name in ("bad_b64", "b64_html"):
            return told | {"b64_json": "@@ no base64 @@" if name == "bad_b64" else _PAGE}
        if order.b64 != (name == "other_form"):
            return told | {"b64_json": base64.b64encode(await asyncio.to_thread(make)).decode()}
        file = f"{uuid4().hex}.png"
        self.state.keep(file, Result(record, "image/png", make, at(fault, Stage.RESULT)))
        record.url = self.result_url(file)
        return told | {"url": f"/dl/{file}" if name == "relative_url" else record.url}
