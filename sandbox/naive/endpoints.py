"""Naive's endpoints: orders, jobs, models, prices, usage."""

from collections.abc import Callable
from functools import partial
from uuid import uuid4

from aiohttp import web

from sandbox import media
from sandbox.kit.api import Api, Order, query
from sandbox.kit.check import Refused
from sandbox.kit.faults import Fault, Stage, at
from sandbox.kit.jobs import Job, Jobs
from sandbox.kit.spoil import send
from sandbox.kit.state import Result
from sandbox.naive import answers
from sandbox.naive.contract import CREDIT_USD, SIZES, Request, check, credits_for, offered
from sandbox.naive.state import State

_CODES = {
    400: ("invalid_request", "The request is invalid"),
    401: ("unauthorized", "Invalid API key"),
    402: ("insufficient_credits", "Not enough credits"),
    403: ("forbidden", "This key may not do that"),
    404: ("not_found", "Not found"),
    409: ("not_cancellable", "The job has ended"),
    429: ("rate_limited", "Too many requests"),
    500: ("internal_error", "Internal Server Error"),
}


def failure(status: int, message: str = "", code: str = "") -> web.Response:
    """An error; only its status and the code insufficient_credits are published."""
    known, words = _CODES[status]
    return web.json_response({"error": code or known, "message": message or words}, status=status)


class Endpoints(Api[State]):
    """Everything below /v1."""

    def __init__(self, state: State, result_url: Callable[[str], str]) -> None:
        super().__init__(state, result_url)
        self._jobs = Jobs(self._finish)

    def add_to(self, router: web.UrlDispatcher) -> None:
        for path, kind in (("images", "image"), ("video", "video")):
            router.add_post(f"/v1/{path}/generate", self.order(partial(self.generate, kind)))
            router.add_get(f"/v1/{path}/models", partial(self.models, kind), allow_head=False)
            router.add_get(f"/v1/{path}/pricing", partial(self.pricing, kind), allow_head=False)
            router.add_get(f"/v1/{path}/{{id}}", partial(self.poll, kind), allow_head=False)
        router.add_get("/v1/jobs/{id}", partial(self.poll, ""), allow_head=False)
        router.add_delete("/v1/jobs/{id}", self.cancel)
        router.add_get("/v1/usage", self.usage, allow_head=False)

    def failure(self, status: int, message: str = "", code: str = "") -> web.Response:
        return failure(status, message, code)

    async def generate(self, kind: str, request: web.Request, record: Order) -> web.StreamResponse:
        order = check(request.content_type, await request.read(), self.state.models, kind)
        record.model, record.prompt, record.body = order.model, order.prompt, order.body
        fault = self.fault(record)
        model = self.state.models[order.model]
        estimate = credits_for(model, order.images)
        if refusal := self._refused(fault, short=self.state.balance < estimate):
            record.end("refused", refusal.status)
            return refusal
        seconds = self.state.seconds(model.seconds * 0.7, model.seconds * 1.3, order.model, order.prompt)
        job = self._jobs.add(record, order.model, seconds, fault)
        job.price = estimate * (fault.value or 1 if fault and fault.name == "dear" else 1)
        job.files = self._files(order, record, fault)
        record.status = int(fault.value or 201) if fault and fault.name == "status" else 202
        data = answers.accepted(job, model, estimate)
        return await send(request, data, at(fault, Stage.ANSWER), status=record.status)

    async def poll(self, kind: str, request: web.Request) -> web.StreamResponse:
        """A job, under any of its addresses; `kind` "" takes both."""
        job = self._find(request, kind)
        if job is not None:
            job.record.polls += 1
        fault = at(job.fault, Stage.POLL) if job else None
        return await self.read(request, job.model if job else "", partial(self._tell, request, job), fault, Stage.POLL)

    async def cancel(self, request: web.Request) -> web.StreamResponse:
        return await self.read(request, "cancel", partial(self._cancel, request))

    async def models(self, kind: str, request: web.Request) -> web.StreamResponse:
        return await self.read(request, "models", partial(self._listed, kind, request))

    async def pricing(self, kind: str, request: web.Request) -> web.StreamResponse:
        return await self.read(request, "pricing", partial(self._price, kind, request))

    async def usage(self, request: web.Request) -> web.StreamResponse:
        return await self.read(request, "usage", partial(self._usage, request))

    def _refused(self, fault: Fault | None, *, short: bool) -> web.Response | None:
        if fault and fault.name == "402_nested":
            code, words = _CODES[402]
            return web.json_response({"error": {"code": code, "message": words}}, status=402)
        return self.refusal(fault) or (failure(402) if short else None)

    def _files(self, order: Request, record: Order, fault: Fault | None) -> list[tuple[str, Result]]:
        given, spoilt = order.input, at(fault, Stage.RESULT)
        model = self.state.models[order.model]
        if model.kind == "video":
            make = partial(media.video, order.prompt, model.title)
            return [(f"{uuid4().hex}.mp4", Result(record, "video/mp4", make, spoilt))]
        png = given.get("output_format", "png") == "png"
        size = SIZES[str(given.get("image_size", "landscape_4_3"))]
        seed = answers.seed(self.state.seed, record)
        files = []
        for number in range(1, order.images + 1):
            words = f"{order.prompt} #{seed}.{number}"
            make_one = partial(media.image, words, size, "png" if png else "jpeg", model.title)
            result = Result(record, "image/png" if png else "image/jpeg", make_one, spoilt)
            files.append((f"{uuid4().hex}.{'png' if png else 'jpg'}", result))
        return files

    def _finish(self, job: Job) -> None:
        match job.fault.name if job.fault else "":
            case "failed" | "failed_silently":
                self._jobs.end(job, "failed")
            case "cancelled":
                self._jobs.end(job, "cancelled")
            case _:
                job.keep(self.state, self.result_url)
                job.record.url, job.record.cost = job.urls[0], job.price
                self.state.balance = round(self.state.balance - job.price, 6)
                self._jobs.end(job, "completed")

    def _find(self, request: web.Request, kind: str) -> Job | None:
        self._jobs.settle()
        job = self._jobs.get(request.match_info["id"])
        return job if job and job.record.path.startswith(f"/v1/{kind}") else None

    def _tell(self, request: web.Request, job: Job | None) -> object:
        query(request)
        if job is None:
            raise web.HTTPNotFound
        return answers.told(job, self.state.seed)

    def _cancel(self, request: web.Request) -> object:
        query(request)
        job = self._find(request, "")
        if job is None:
            raise web.HTTPNotFound
        if job.done:
            raise web.HTTPConflict
        self._jobs.end(job, "cancelled")
        return {"id": job.id, "status": "cancelled"}

    def _listed(self, kind: str, request: web.Request) -> object:
        query(request)
        kept = [(name, model) for name, model in self.state.models.items() if model.kind == kind]
        return {
            "models": [
                {
                    "id": name,
                    "name": model.title,
                    "key_params": list(model.rules),
                    "estimated_seconds": model.seconds,
                }
                for name, model in kept
            ]
        }

    def _price(self, kind: str, request: web.Request) -> object:
        asked = query(request, "model", *(["num_images"] if kind == "image" else []))
        model = offered(self.state.models, asked.get("model", ""), kind)
        count = asked.get("num_images", "1")
        if count not in ("1", "2", "3", "4"):
            raise Refused(f"num_images is 1 to 4, not {count!r}")
        return {
            "model": asked["model"],
            "estimated_credits": credits_for(model, int(count)),
            "fal_unit_price_usd": model.usd,
            "credit_value_usd": CREDIT_USD,
        }

    def _usage(self, request: web.Request) -> object:
        query(request)
        self._jobs.settle()
        return {"balance": self.state.balance}
