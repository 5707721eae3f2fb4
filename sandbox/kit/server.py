"""A simulator as a server, and what its endpoints have in common: the key, the log, orders and reads with their faults,
the downloads of results, the levers."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Generic, TypeVar

from aiohttp import web

from sandbox.kit.check import Refused
from sandbox.kit.control import KEY, SCALE, ControlRoutes, Lever
from sandbox.kit.faults import Fault, FaultQueue, Stage, UnknownFault
from sandbox.kit.results import ResultRoutes
from sandbox.kit.spoil import ERROR_DETAIL, html_page, send
from sandbox.kit.state import Read, Record, State
from sandbox.listener import Listener

BODY_MAX = 32 * 1024 * 1024  # a data URI of a 20 MB picture fits
ORDERS = (Stage.REFUSAL, Stage.ANSWER, Stage.STREAM, Stage.JOB, Stage.RESULT)

R = TypeVar("R", bound=Record)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Denied(Exception):
    """An order is refused with this answer, and the client did nothing that is not documented."""

    def __init__(self, response: web.Response) -> None:
        super().__init__(response.status)
        self.response = response


class SimServer(Listener, Generic[R]):
    """A subclass adds its endpoints in `add_routes` and says in which form it refuses, and with which status by itself.

    `api` is the path below which everything is documented, `bare_results` whether a download with a key is a violation.
    `public_url` stands before `/dl/<file>` in results where clients reach the simulator under another address.
    """

    api = "/"
    bare_results = True
    refused_status = 400
    levers: tuple[Lever, ...] = (KEY, SCALE)
    state: State[R]

    def __init__(self, state: State[R], public_url: str | None) -> None:
        super().__init__()
        self.state = state
        self._public_url = public_url

    @property
    def faults(self) -> FaultQueue:
        return self.state.faults

    @property
    def violations(self) -> list[str]:
        """What clients asked for and should not have, oldest first."""
        return list(self.state.violations)

    @property
    def requests(self) -> list[R]:
        """Every order, oldest first, also refused ones."""
        return list(self.state.records)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        address = await super().start(host, port)
        self.state.stopping = False
        return address

    async def stop(self) -> None:
        self.state.stopping = True
        await super().stop()

    def app(self) -> web.Application:
        app = web.Application(client_max_size=BODY_MAX)
        self.add_routes(app.router)
        ControlRoutes(self.state, self.levers).add_to(app.router)
        ResultRoutes(self.state, self.private_url, bare=self.bare_results).add_to(app.router)
        app.router.add_route("*", "/{path:.*}", self._undocumented)
        return app

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """The service's own endpoints."""
        raise NotImplementedError

    def failure(self, status: int, message: str = "", code: str = "") -> web.Response:
        """An error in the form the service documents; with no message, the one that belongs to the status."""
        raise NotImplementedError

    def result_url(self, name: str) -> str:
        """The link under which a kept result is downloaded."""
        return f"{(self._public_url or self.origin).rstrip('/')}/dl/{name}"

    def private_url(self) -> str:
        """Where no client should be led."""
        return f"{self.origin}/private/secret"

    def denied(self, request: web.Request) -> web.Response | None:
        """The refusal of a request without a good key."""
        return None if self.state.allows(request.headers.get("Authorization", "")) else self.failure(401)

    def note(self, request: web.Request, reason: object) -> None:
        """Remembers that a client asked for what it should not."""
        self.state.violations.append(f"{request.method} {request.path}: {reason}")

    def order(self, work: Callable[[web.Request, R], Awaitable[web.StreamResponse]]) -> Handler:
        """The handler that carries out orders with `work`, each inside its record, whichever way it ends."""

        async def handler(request: web.Request) -> web.StreamResponse:
            record = self.state.record(request.path)
            try:
                if denied := self.denied(request):
                    raise Denied(denied)
                return await work(request, record)
            except (Refused, Denied) as refused:
                response = refused.response if isinstance(refused, Denied) else self._refused(request, refused)
                record.end("refused", response.status)
                return response
            except (asyncio.CancelledError, ConnectionError):
                record.end("stopped" if self.state.stopping else "abandoned")
                raise

        return handler

    def begin(self, record: R, model: str, prompt: str) -> Fault | None:
        """Notes what is ordered; returns what goes wrong with it. Raises Denied where that is a refusal, and for a
        prompt that names no fault."""
        record.model, record.prompt = model, prompt
        try:
            fault = self.state.faults.take(model, prompt, ORDERS)
        except UnknownFault as unknown:
            raise Denied(self.failure(self.refused_status, str(unknown))) from unknown
        record.fault = fault.name if fault else None
        if refusal := self.refusal(fault):
            raise Denied(refusal)
        return fault

    def refusal(self, fault: Fault | None, stage: Stage = Stage.REFUSAL) -> web.Response | None:
        """The error of a fault that is one, and strikes at `stage`."""
        name = fault.plain if fault and fault.stage is stage else ""
        if name == "503_html":
            return html_page(503, "503 Service Temporarily Unavailable")
        if not name.isdigit():
            return None
        response = self.failure(int(name), f"Internal Server Error: {ERROR_DETAIL}" if name == "500" else "")
        if name == "429":
            response.headers["Retry-After"] = "1"
        return response

    def reading(self, target: str, produce: Callable[[web.Request], object]) -> Handler:
        """The handler of a read that faults know as `target`; see `read`."""

        async def handler(request: web.Request) -> web.StreamResponse:
            return await self.read(request, target, partial(produce, request))

        return handler

    async def read(
        self,
        request: web.Request,
        target: str,
        produce: Callable[[], object],
        fault: Fault | None = None,
        stage: Stage = Stage.READ,
    ) -> web.StreamResponse:
        """Answers with what `produce` makes; it may raise Refused (noted) or a web.HTTPException (not)."""
        self.state.reads.append(Read(time.time(), request.method, request.path_qs))
        if denied := self.denied(request):
            return denied
        fault = fault or self.state.faults.take(target, stages=(stage,))
        if refusal := self.refusal(fault, stage):
            return refusal
        try:
            data = produce()
        except Refused as refused:
            return self._refused(request, refused)
        except web.HTTPException as absent:
            return self.failure(absent.status, absent.reason)
        return await send(request, data, fault)

    def _refused(self, request: web.Request, refused: Refused) -> web.Response:
        self.note(request, refused)
        return self.failure(refused.status or self.refused_status, str(refused), refused.code)

    async def _undocumented(self, request: web.Request) -> web.Response:
        if request.path.startswith(self.api):
            self.note(request, "not documented")
        return self.failure(404, "Not Found")
