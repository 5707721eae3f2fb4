"""The NeuroArtist simulator and its five endpoints."""

import asyncio
import time

from aiohttp import web

from sandbox.kit.api import Order, logged, query
from sandbox.kit.check import Refused
from sandbox.kit.faults import Fault, Stage, at
from sandbox.kit.inputs import picture
from sandbox.kit.jobs import FOREVER, QUEUED, Job, JobServer
from sandbox.kit.spoil import ERROR_DETAIL, STALL_MAX, send
from sandbox.neuroartist.contract import STATUSES, check
from sandbox.neuroartist.faults import CATALOGUE, READS
from sandbox.neuroartist.files import make
from sandbox.neuroartist.models import CATEGORIES, MODELS, Model

_WORDS = {
    400: "invalid json",
    401: "unauthorized",
    402: "insufficient balance",
    403: "forbidden",
    404: "not found",
    429: "rate limit exceeded",
    500: "internal error",
}


class NeuroArtistServer(JobServer[Model]):
    """The documented durations are 2 to 90 s, the balance is in RUB."""

    prefix = api = "/api/v1"
    key = "na_live_sandbox"
    funds = 100_000
    models, reads, catalogue = MODELS, READS, CATALOGUE

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_post("/api/v1/generate", self.order(self.generate))
        router.add_get("/api/v1/requests/{id}", self.poll, allow_head=False)
        router.add_get("/api/v1/models", self.reading("models", self._listed), allow_head=False)
        router.add_get("/api/v1/models/{id}/schema", self.reading("schema", self._schema), allow_head=False)
        router.add_get("/api/v1/balance", self.reading("balance", self._balance), allow_head=False)

    def failure(self, status: int, message: str = "", code: str = "") -> web.Response:
        """An error in the documented form."""
        status = STATUSES.get(code, status)
        e = code or (message if status == 500 else "") or _WORDS.get(status, "internal error")
        return web.json_response({"e": e}, status=status)

    def refusal(self, fault: Fault | None, stage: Stage = Stage.REFUSAL) -> web.Response | None:
        match fault.name if fault else "":
            case "provider_error":
                return self.failure(502, code="provider error")
            case "unknown_model":
                return self.failure(404, code="unknown model")
            case "error_200":
                return web.json_response({"e": "provider error"})
            case _:
                return super().refusal(fault, stage)

    async def generate(self, request: web.Request, record: Order) -> web.StreamResponse:
        order = check(request.content_type, await request.read(), self.state.models)
        record.body = logged(order.body)
        fault = self.begin(record, order.model, order.prompt)
        model = self.state.models[order.model]
        self.afford(model.rub)
        given = tuple([await picture(url, "provider error") for url in order.pictures])
        job = self.submit(record, model.seconds, model.rub, fault)
        job.files = [make(model, order, record, given, at(fault, Stage.RESULT))]
        record.status = 200
        if order.sync:
            return await self._wait(request, job, fault)
        return await send(request, {"id": job.id}, at(fault, Stage.ANSWER))

    async def _wait(self, request: web.Request, job: Job, fault: Fault | None) -> web.StreamResponse:
        """The synchronous form: silence until the job is done."""
        await asyncio.sleep(STALL_MAX if job.due == FOREVER else max(0.0, job.due - time.monotonic()))
        self.jobs.settle()
        if job.outcome == "failed":
            return self.failure(502, code="provider error")
        milliseconds = round((time.monotonic() - job.begun) * 1000)
        return await send(request, {"id": job.id, **_url(job), "ms": milliseconds}, at(fault, Stage.ANSWER))

    def tell(self, job: Job) -> object:
        if job.outcome == "failed":
            return {"id": job.id, "s": "f", **({"e": ERROR_DETAIL} if job.struck("failed_with_e") else {})}
        if job.done:
            return {"id": job.id, "s": "c", **_url(job)}
        progress = job.progress()
        if job.struck("unknown_status"):
            return {"id": job.id, "s": "w" if progress < 0.5 else "post-processing", "n": progress}
        return {"id": job.id, "s": "q" if progress < QUEUED else "p"}

    def _listed(self, request: web.Request) -> object:
        asked = query(request, "category", "full")
        category = asked.get("category")
        if category is not None and category not in CATEGORIES:
            raise Refused(f"no category {category!r}", "invalid json")
        kept = {name: model for name, model in self.state.models.items() if category in (None, model.category)}
        if _full(asked.get("full")):
            return {"m": [{"id": name, "rub": model.rub, "category": model.category} for name, model in kept.items()]}
        return {"m": [[name, model.rub] for name, model in kept.items()]}

    def _schema(self, request: web.Request) -> object:
        full = _full(query(request, "full").get("full"))
        model = self.state.models.get(request.match_info["id"])
        if model is None:
            raise Refused(f"no model {request.match_info['id']!r}", "unknown model")
        told = {name: {"type": kind, "description": f"the {name}"} for name, kind in model.properties.items()}
        return {"r": list(model.required), "p": told if full else dict(model.properties)}

    def _balance(self, request: web.Request) -> object:
        query(request)
        self.jobs.settle()
        whole = int(self.state.balance)
        return {"b": whole if whole == self.state.balance else self.state.balance}


def _url(job: Job) -> dict[str, str]:
    return {} if job.struck("without_url") or job.late("late_url") else {"url": job.url}


def _full(value: str | None) -> bool:
    if value not in (None, "1"):
        raise Refused(f"full is 1 or absent, not {value!r}", "invalid json")
    return value == "1"
