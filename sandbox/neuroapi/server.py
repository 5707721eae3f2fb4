"""The NeuroAPI simulator: POST /chat/completions, POST /images/generations, and the list of models."""

import asyncio
import base64
import time
from collections.abc import Iterable
from functools import partial
from random import Random
from typing import Any
from uuid import uuid4

from aiohttp import web

from sandbox import media
from sandbox.kit.api import ApiServer, Order, query
from sandbox.kit.check import Refused, json_object
from sandbox.kit.faults import Fault, Stage, at
from sandbox.kit.results import break_off
from sandbox.kit.server import Denied
from sandbox.kit.spoil import html_page, send
from sandbox.kit.state import Result
from sandbox.kit.stream import open_stream, write
from sandbox.neuroapi.contract import CONTEXT_MAX, MODELS, Pictures, check_chat, check_images, check_recording
from sandbox.neuroapi.errors import BY_NAME, failure
from sandbox.neuroapi.faults import CATALOGUE, READS
from sandbox.neuroapi.forms import LABELS, shaped
from sandbox.neuroapi.replies import SPEED, Reply, play, reply

_SECONDS = {"dall-e-3": (8.0, 15.0), "gpt-image-1": (15.0, 40.0)}
_TOKENS = 1_000  # of the quota, for each image
_PAGE = base64.b64encode(b"<!doctype html><html><body>no picture</body></html>").decode()


class NeuroApiServer(ApiServer[bool]):
    """The typical times are a second to the first word, 50 tokens a second, 8 to 40 s for an image; `seed` chooses the
    words too; `balance` is the quota and `context_max` what a conversation may have, in tokens."""

    prefix = api = "/v1"
    key = "sk-neuroapi-sandbox"
    funds = 100_000_000
    models, reads, catalogue = MODELS, READS, CATALOGUE

    def __init__(self, keys: Iterable[str] | None = None, *, context_max: int = CONTEXT_MAX, **options: Any) -> None:
        super().__init__(keys, **options)
        self._context_max = context_max
        self.heard: list[str] = []
        """What is said in the recordings to come."""

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_post("/v1/chat/completions", self.order(self.complete))
        router.add_post("/v1/images/generations", self.order(self.generate))
        router.add_post("/v1/audio/transcriptions", self.order(self.hear))
        router.add_get("/v1/models", self.reading("models", self._listed), allow_head=False)

    def failure(self, status: int, message: str = "", code: str = "") -> web.Response:
        return failure(status, message, code)

    def refusal(self, fault: Fault | None, stage: Stage = Stage.REFUSAL) -> web.Response | None:
        known = BY_NAME.get(fault.name if fault else "")
        return failure(*known) if known else super().refusal(fault, stage)

    def begin(self, record: Order, model: str, prompt: str) -> Fault | None:
        """The same; a spent quota refuses too."""
        fault = super().begin(record, model, prompt)
        if self.state.balance <= 0:
            raise Denied(failure(*BY_NAME["insufficient_quota"]))
        return fault

    async def complete(self, request: web.Request, record: Order) -> web.StreamResponse:
        chat = check_chat(json_object(request.content_type, await request.read()))
        record.model, record.prompt, record.body = chat.model, chat.question, dict(chat.body)
        if chat.prompt_tokens > self._context_max:
            raise Refused("This model's maximum context length is exceeded", "context_length_exceeded")
        fault = self.begin(record, chat.model, chat.question)
        answer = reply(chat, self.state.seed, fault)
        spoilt = at(fault, Stage.ANSWER)
        whole = chat.body.get("stream") is not True or spoilt or (fault and fault.name == "not_streamed")
        record.status = 200
        if not whole:
            return await self._stream(request, record, answer, fault)
        await asyncio.sleep(self.state.seconds(0.5, 1.5, chat.question) + self.state.scale * answer.tokens / SPEED)
        self._charge(record, answer.counted()["total_tokens"])
        record.end("completed")
        (told,) = shaped([answer.whole()], fault.name if fault else "")
        return await send(request, told, spoilt)

    async def _stream(
        self, request: web.Request, record: Order, answer: Reply, fault: Fault | None
    ) -> web.StreamResponse:
        script = play(answer, Random(f"{self.state.seed}\x1f{answer.chat.question}"), fault)
        name = fault.name if fault else ""
        response = await open_stream(
            request, LABELS.get(name, "text/event-stream"), coding="gzip" if name == "gzip" else ""
        )
        sent = 0
        try:
            for beat in script.beats:
                await asyncio.sleep(beat.gap * self.state.scale)
                sent += 1
                await write(response, beat)
        finally:  # a client that leaves pays for what was said until then
            said = min(answer.tokens, round(answer.tokens * sent / max(1, len(script.beats))))
            self._charge(record, answer.chat.prompt_tokens + said)
        record.end(script.outcome)
        return response if script.proper_end else break_off(request, response)

    async def generate(self, request: web.Request, record: Order) -> web.StreamResponse:
        """Images by link or in base64, as the model or the request wants them."""
        order = check_images(json_object(request.content_type, await request.read()))
        record.body = dict(order.body)
        fault = self.begin(record, order.model, order.prompt)
        record.status = 200
        await asyncio.sleep(self.state.seconds(*_SECONDS[order.model], order.model, order.prompt))
        count = min(order.count, fault.count) if fault and fault.name == "fewer_images" else order.count
        data = [await self._entry(order, record, fault) for _ in range(count)]
        self._charge(record, count * _TOKENS)
        record.end("completed")
        answer: dict[str, object] = {"created": int(time.time()), "data": data}
        if order.model == "gpt-image-1":
            answer["usage"] = {"input_tokens": 20, "output_tokens": _TOKENS, "total_tokens": _TOKENS + 20}
        return await send(request, answer, at(fault, Stage.ANSWER))

    async def hear(self, request: web.Request, record: Order) -> web.StreamResponse:
        """The next of the words that are to be `heard`; a recording holds none."""
        form = await request.post()
        file = form.get("file")
        if not isinstance(file, web.FileField):
            raise Refused("file is missing")
        model = check_recording(
            {name: value for name, value in form.items() if name != "file"}, file.filename, file.file.read()
        )
        fault = self.begin(record, model, "")
        if fault and fault.name == "no_endpoint":
            return html_page(404, "404 Not Found")
        record.status = 200
        await asyncio.sleep(self.state.seconds(1.0, 3.0, model))
        said = self.heard.pop(0) if self.heard else "a red fox in the snow"
        record.end("completed")
        silent = fault is not None and fault.name == "silence"
        return await send(request, {"text": "" if silent else said}, at(fault, Stage.ANSWER))

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

    def _listed(self, request: web.Request) -> object:
        """As OpenAI lists them; the document does not name this endpoint, only the compatibility."""
        query(request)
        fixed = {"object": "model", "created": 1_700_000_000, "owned_by": "simulated"}
        return {"object": "list", "data": [{"id": name, **fixed} for name in self.state.models]}

    def _charge(self, record: Order, used: int) -> None:
        record.cost = used
        self.state.balance -= used
