"""NeuroArtist's five endpoints."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from aiohttp import web

from sandbox.kit.api import Api, Order, logged, query
from sandbox.kit.check import Refused
from sandbox.kit.faults import Fault, Stage, at
from sandbox.kit.inputs import picture
from sandbox.kit.jobs import FOREVER, QUEUED, Job, Jobs
from sandbox.kit.spoil import ERROR_DETAIL, STALL_MAX, send
from sandbox.kit.state import Result
from sandbox.neuroartist.contract import STATUSES, Request, check
from sandbox.neuroartist.models import CATEGORIES
from sandbox.neuroartist.state import State

_WORDS = {
    400: "invalid json",
    401: "unauthorized",
    402: "insufficient balance",
    403: "forbidden",
    404: "not found",
    429: "rate limit exceeded",
    500: "internal error",
}
Make = Callable[[Request, Order, bytes | None], tuple[str, Result]]


def failure(status: int, e: str = "") -> web.Response:
    """An error in the documented form."""
    return web.json_response({"e": e or _WORDS.get(status, "internal error")}, status=status)


class Endpoints(Api[State]):
    """`make` turns an accepted request into a file name and a result."""

    def __init__(self, state: State, result_url: Callable[[str], str], make: Make) -> None:
        super().__init__(state, result_url)
        self._make = make
        self._jobs = Jobs(self._finish)

    def add_to(self, router: web.UrlDispatcher, prefix: str) -> None:
        router.add_post(f"{prefix}/generate", self.order(self.generate))
        router.add_get(f"{prefix}/requests/{{id}}", self.poll, allow_head=False)
        router.add_get(f"{prefix}/models", self.models, allow_head=False)
        router.add_get(f"{prefix}/models/{{id}}/schema", self.schema, allow_head=False)
        router.add_get(f"{prefix}/balance", self.balance, allow_head=False)

    def failure(self, status: int, message: str = "", code: str = "") -> web.Response:
        return failure(STATUSES.get(code, status), code or (message if status == 500 else ""))

    async def generate(self, request: web.Request, record: Order) -> web.StreamResponse:
        order = check(request.content_type, await request.read(), self.state.models)
        record.model, record.prompt, record.body = order.model, order.prompt, logged(order.body)
        fault = self.fault(record)
        model = self.state.models[order.model]
        refusal = self._refused(fault) or (self.failure(402) if self.state.balance < model.rub else None)
        if refusal is not None:
            record.end("refused", refusal.status)
            return refusal
        url = order.input.get("image_url")
        given = await picture(url, "provider error") if isinstance(url, str) else None
        seconds = self.state.seconds(model.seconds * 0.8, model.seconds * 1.2, order.model, order.prompt)
        job = self._jobs.add(record, order.model, seconds, fault)
        job.price = model.rub * (fault.value or 1 if fault and fault.name == "dear" else 1)
        name, result = self._make(order, record, given)
        job.files = [(name, replace(result, fault=at(fault, Stage.RESULT)))]
        record.status = 200
        if not order.sync:
            return await send(request, {"id": job.id}, at(fault, Stage.ANSWER))
        return await self._wait(request, job, fault)

    async def _wait(self, request: web.Request, job: Job, fault: Fault | None) -> web.StreamResponse:
        """The synchronous form: silence until the job is done."""
        await asyncio.sleep(STALL_MAX if job.due == FOREVER else max(0.0, job.due - time.monotonic()))
        self._jobs.settle()
        if job.outcome == "failed":
            return self.failure(502, code="provider error")
        milliseconds = round((time.monotonic() - job.begun) * 1000)
        return await send(request, {"id": job.id, **_url(job), "ms": milliseconds}, at(fault, Stage.ANSWER))

    async def poll(self, request: web.Request) -> web.StreamResponse:
        self._jobs.settle()
        job = self._jobs.get(request.match_info["id"])
        fault = None
        if job is not None:
            job.record.polls += 1
            fault = at(job.fault, Stage.POLL)
        return await self.read(request, job.model if job else "", partial(self._tell, request, job), fault, Stage.POLL)

    async def models(self, request: web.Request) -> web.StreamResponse:
        return await self.read(request, "models", partial(self._listed, request))

    async def schema(self, request: web.Request) -> web.StreamResponse:
        return await self.read(request, "schema", partial(self._schema, request))

    async def balance(self, request: web.Request) -> web.StreamResponse:
        return await self.read(request, "balance", partial(self._balance, request))

    def _refused(self, fault: Fault | None) -> web.Response | None:
        match fault.name if fault else "":
            case "provider_error":
                return self.failure(502, code="provider error")
            case "unknown_model":
                return self.failure(404, code="unknown model")
            case "error_200":
                return failure(200, "provider error")
            case _:
                return self.refusal(fault)

    def _finish(self, job: Job) -> None:
        if job.fault and job.fault.name in ("failed", "failed_with_e"):
            self._jobs.end(job, "failed")
            return
        job.keep(self.state, self.result_url)
        job.record.url, job.record.cost = job.urls[0], job.price
        self.state.balance = round(self.state.balance - job.price, 4)
        self._jobs.end(job, "completed")

    def _tell(self, request: web.Request, job: Job | None) -> object:
        query(request)
        if job is None:
            raise web.HTTPNotFound
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
        self._jobs.settle()
        whole = int(self.state.balance)
        return {"b": whole if whole == self.state.balance else self.state.balance}


def _url(job: Job) -> dict[str, str]:
    url = job.urls[0]
    match job.fault.name if job.fault else "":
        case "without_url":
            return {}
        case "late_url" if job.late("late_url"):
            return {}
        case "relative_url":
            return {"url": url[url.index("/dl/") :]}
        case "strange_url":
            return {"url": url.replace("http", "ftp", 1)}
        case _:
            return {"url": url}


def _full(value: str | None) -> bool:
    if value not in (None, "1"):
        raise Refused(f"full is 1 or absent, not {value!r}", "invalid json")
    return value == "1"
