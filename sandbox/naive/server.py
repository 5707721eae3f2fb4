"""The Naive simulator: orders, jobs, models, prices, usage."""

from functools import partial
from uuid import uuid4

from aiohttp import web

from sandbox import media
from sandbox.kit.api import Order, query
from sandbox.kit.check import Refused
from sandbox.kit.faults import Fault, Stage, at
from sandbox.kit.jobs import Job, JobServer
from sandbox.kit.spoil import send
from sandbox.kit.state import Result
from sandbox.naive import answers
from sandbox.naive.contract import CREDIT_USD, MODELS, SIZES, Model, Request, check, credits_for, offered
from sandbox.naive.faults import CATALOGUE, READS

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


class NaiveServer(JobServer[Model]):
    """The typical durations are 6 s to 3 min, the balance is in credits."""

    api = "/v1"
    key = "nv_sk_sandbox"
    models, reads, catalogue = MODELS, READS, CATALOGUE
    spread = (0.7, 1.3)

    def add_routes(self, router: web.UrlDispatcher) -> None:
        for path, kind in (("images", "image"), ("video", "video")):
            router.add_post(f"/v1/{path}/generate", self.order(partial(self.generate, kind)))
            router.add_get(f"/v1/{path}/models", self.reading("models", partial(self._listed, kind)), allow_head=False)
            router.add_get(f"/v1/{path}/pricing", self.reading("pricing", partial(self._price, kind)), allow_head=False)
        for path in ("images", "video", "jobs"):
            router.add_get(f"/v1/{path}/{{id}}", self.poll, allow_head=False)
        router.add_delete("/v1/jobs/{id}", self.reading("cancel", self._cancel))
        router.add_get("/v1/usage", self.reading("usage", self._usage), allow_head=False)

    def failure(self, status: int, message: str = "", code: str = "") -> web.Response:
        """An error; only its status and the code insufficient_credits are published."""
        known, words = _CODES[status]
        return web.json_response({"error": code or known, "message": message or words}, status=status)

    def refusal(self, fault: Fault | None, stage: Stage = Stage.REFUSAL) -> web.Response | None:
        if fault and fault.name == "402_nested":
            code, words = _CODES[402]
            return web.json_response({"error": {"code": code, "message": words}}, status=402)
        return super().refusal(fault, stage)

    async def generate(self, kind: str, request: web.Request, record: Order) -> web.StreamResponse:
        order = check(request.content_type, await request.read(), self.state.models, kind)
        record.body = order.body
        fault = self.begin(record, order.model, order.prompt)
        model = self.state.models[order.model]
        estimate = credits_for(model, order.images)
        self.afford(estimate)
        job = self.submit(record, model.seconds, estimate, fault)
        job.files = self._files(order, record, fault)
        record.status = int(fault.value or 201) if fault and fault.name == "status" else 202
        data = answers.accepted(job, model, estimate)
        return await send(request, data, at(fault, Stage.ANSWER), status=record.status)

    def find(self, request: web.Request) -> Job | None:
        """A job, under the address of all jobs or that of its own kind."""
        job = super().find(request)
        kinds = ("/v1/jobs/", job.record.path.removesuffix("generate")) if job else ()
        return job if request.path.startswith(kinds) else None

    def tell(self, job: Job) -> object:
        return answers.told(job, self.state.seed)

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

    def _cancel(self, request: web.Request) -> object:
        query(request)
        job = self.find(request)
        if job is None:
            raise web.HTTPNotFound
        if job.done:
            raise web.HTTPConflict
        self.jobs.end(job, "cancelled")
        return {"id": job.id, "status": "cancelled"}

    def _listed(self, kind: str, request: web.Request) -> object:
        query(request)
        kept = [(name, model) for name, model in self.state.models.items() if model.kind == kind]
        return {
            "models": [
                {"id": name, "name": model.title, "key_params": list(model.rules), "estimated_seconds": model.seconds}
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
        self.jobs.settle()
        return {"balance": self.state.balance}
