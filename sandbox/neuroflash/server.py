"""The neuroflash simulator: two endpoints that block until images are made, the models, the history."""

import asyncio
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from aiohttp import web

from sandbox import media
from sandbox.kit.api import ApiServer, Order, query
from sandbox.kit.check import Refused, flag
from sandbox.kit.control import Lever
from sandbox.kit.faults import Fault, Stage, at
from sandbox.kit.results import break_off, deliver
from sandbox.kit.server import Denied
from sandbox.kit.spoil import ERROR_DETAIL, send
from sandbox.kit.state import Result
from sandbox.neuroflash import answers
from sandbox.neuroflash.contract import MODELS, PREFIX, SIZES, Model, Request, check
from sandbox.neuroflash.faults import CATALOGUE, READS
from sandbox.neuroflash.state import Image, State, fresh_id

_WORDS = {
    401: "Unauthorized",
    402: "Payment required",
    403: "Image generation is not included in your plan",
    404: "Not Found",
    429: "Too many requests",
    500: "Internal Server Error",
}
NEVER = float("inf")


class NeuroflashServer(ApiServer[Model]):
    """The typical durations are 8 to 30 s, the balance is the quota in images; every key reaches every workspace."""

    prefix = api = PREFIX
    key = "nf-sandbox"
    refused_status = 422
    models, reads, catalogue = MODELS, READS, CATALOGUE
    levers = (*ApiServer.levers, Lever("plan", "images", "plan", flag))
    state_type = State
    state: State

    def __init__(
        self, keys: Iterable[str] | None = None, *, workspaces: Iterable[str] = ("ws-sandbox",), **options: Any
    ) -> None:
        super().__init__(keys, **options)
        self._workspaces = frozenset(workspaces)

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_post(f"{PREFIX}/", self.order(partial(self.generate, False)))
        router.add_post(f"{PREFIX}/edit", self.order(partial(self.generate, True)))
        router.add_get(f"{PREFIX}/models", self.reading("models", self._models), allow_head=False)
        router.add_get(f"{PREFIX}/history", self.history, allow_head=False)
        router.add_get(f"{PREFIX}/history/{{id}}", self.entry, allow_head=False)
        router.add_delete(f"{PREFIX}/history/{{id}}", self.reading("delete", self._delete))
        for short in (PREFIX, ""):
            router.add_get(f"{short}/image_generation/{{id}}/view", self.view, allow_head=False)

    def failure(self, status: int, message: str = "", code: str = "") -> web.Response:
        """An error in the form of the framework the service is made with; the document names none."""
        words = message or _WORDS.get(status, "Error")
        detail: object = [{"loc": ["body"], "msg": words, "type": "value_error"}] if status == 422 else words
        return web.json_response({"detail": detail}, status=status)

    def denied(self, request: web.Request) -> web.Response | None:
        if denied := super().denied(request):
            return denied
        workspace = request.headers.get("x-workspace-id")
        if not workspace:
            self.note(request, "x-workspace-id is missing")
            return self.failure(422, "x-workspace-id is missing")
        return None if workspace in self._workspaces else self.failure(403, "No access to this workspace")

    async def generate(self, edit: bool, request: web.Request, record: Order) -> web.StreamResponse:
        order, wrong = check(request.content_type, await request.read(), self.state.models, edit=edit)
        if wrong:
            self.note(request, wrong)
        record.body = order.body
        fault = self.begin(record, order.model, order.prompt)
        workspace = request.headers["x-workspace-id"]
        sources = [self.state.find(ref, workspace) for ref in order.sources]
        self._able(order, sources)
        typical = self.state.models[order.model].seconds
        seconds = self.state.seconds(typical * 0.7, typical * 1.4, order.model, order.prompt)
        images = self._make(order, record, workspace, [one for one in sources if one], seconds, fault)
        if fault and fault.name in ("break_off", "break_off_failed"):
            record.end("reset")
            return break_off(request, web.Response())
        await asyncio.sleep(seconds)
        if fault and fault.name == "failed":
            record.end("failed", 500)
            return self.failure(500, f"Internal Server Error: {ERROR_DETAIL}")
        return await self._answer(request, order, record, images, fault)

    async def history(self, request: web.Request) -> web.StreamResponse:
        fault = self.state.faults.take("history", stages=(Stage.READ,))
        produce = partial(self._listed, request, fault)
        return await self.read(request, "history", produce, fault)

    async def entry(self, request: web.Request) -> web.StreamResponse:
        fault = self.state.faults.take("entry", stages=(Stage.READ,))
        return await self.read(request, "entry", lambda: answers.entry(self._one(request).entry(), fault), fault)

    async def view(self, request: web.Request) -> web.StreamResponse:
        if denied := self.denied(request):
            return denied
        image = self.state.find(request.match_info["id"], request.headers["x-workspace-id"])
        return self.failure(404) if image is None else await deliver(request, image.result, self.private_url())

    def _able(self, order: Request, sources: list[Image | None]) -> None:
        if not self.state.plan:
            raise Denied(self.failure(403))
        if self.state.balance < order.count:
            raise Denied(self.failure(403, "Image generation quota exceeded"))
        if None in sources:
            raise Denied(self.failure(404, "Source image not found"))

    def _make(
        self, order: Request, record: Order, workspace: str, sources: list[Image], seconds: float, fault: Fault | None
    ) -> list[Image]:
        """The images of the order, and what a fault adds to the history; both exist once their time has come."""
        name = fault.name if fault else ""
        if name in ("failed", "break_off_failed"):
            return []
        visible = time.monotonic() + seconds
        late = {"without_history": NEVER, "late_history": (fault.value or 0.0) if fault else 0.0}.get(name, 0.0)
        count = min(order.count, fault.count) if fault and name == "fewer_images" else order.count
        record.cost = count
        self.state.balance -= count
        batches = [fresh_id() for _ in range(1 + (fault.count if fault and name == "duplicate_history" else 0))]
        made = []
        for batch in batches:
            for number in range(count):
                size, maker = _maker(order, number, sources)
                result = Result(record, f"image/{order.fmt}", maker, at(fault, Stage.RESULT))
                image = Image(fresh_id(), batch, workspace, order, size, result, visible, visible + late)
                self.state.add(image)
                made.append(image)
        return made[:count]

    async def _answer(
        self, request: web.Request, order: Request, record: Order, images: list[Image], fault: Fault | None
    ) -> web.StreamResponse:
        for image in images:
            image.bytes = len(await asyncio.to_thread(image.result.make))
        record.ref = images[0].batch if images else None
        urls = [self._url(image, fault) for image in images]
        record.url = urls[0] if urls else None
        record.end("completed", 200)
        data = answers.generated(order, list(zip(images, urls, strict=True)), fault, self.state.balance)
        return await send(request, data, at(fault, Stage.ANSWER))

    def _url(self, image: Image, fault: Fault | None) -> str:
        match fault.name if fault else "":
            case "absolute_url":
                return self.origin + image.path
            case "published_url":
                return image.path.removeprefix(PREFIX)
            case "foreign_url":
                name = f"{image.id}.{image.request.fmt}"
                self.state.keep(name, image.result)
                return self.result_url(name).replace("//127.0.0.1:", "//localhost:")
            case _:
                return image.path

    def _models(self, request: web.Request) -> object:
        query(request)
        return [model.as_json(ref, order) for order, (ref, model) in enumerate(self.state.models.items(), 1)]

    def _listed(self, request: web.Request, fault: Fault | None) -> object:
        asked = query(request, "model", "limit", "offset")
        limit, offset = _whole(asked.get("limit", "100")), _whole(asked.get("offset", "0"))
        if not 1 <= limit <= 1000 or offset < 0:
            raise Refused("limit is 1 to 1000, offset is not negative")
        images = self.state.history(request.headers["x-workspace-id"], asked.get("model"))
        return [answers.entry(image.entry(), fault) for image in images[offset : offset + limit]]

    def _one(self, request: web.Request) -> Image:
        query(request)
        image = self.state.find(request.match_info["id"], request.headers["x-workspace-id"])
        if image is None or image.listed > time.monotonic():
            raise web.HTTPNotFound
        return image

    def _delete(self, request: web.Request) -> object:
        del self.state.images[self._one(request).id]
        return {}


def _maker(order: Request, number: int, sources: list[Image]) -> tuple[tuple[int, int], Callable[[], bytes]]:
    words = f"{order.prompt} #{number + 1}" if order.count > 1 else order.prompt
    if not sources:
        size = SIZES[order.aspect]
        return size, partial(media.image, words, size, order.fmt, order.model)
    size = sources[0].size if order.aspect == "auto" else SIZES[order.aspect]
    makers = [source.result.make for source in sources]
    return size, partial(_edited, words, makers, size, order)


def _edited(words: str, makers: list[Callable[[], bytes]], size: tuple[int, int], order: Request) -> bytes:
    return media.edit(words, tuple(make() for make in makers), size, order.fmt, order.model)


def _whole(value: str) -> int:
    if not value.isascii() or not value.lstrip("-").isdigit():
        raise Refused(f"{value!r} is not a whole number")
    return int(value)
