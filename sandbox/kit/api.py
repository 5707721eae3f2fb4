"""What the endpoints of a JSON service have in common: the key, the log, orders and reads with their faults."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Generic, TypeVar

from aiohttp import web

from sandbox.kit import control
from sandbox.kit.check import Refused
from sandbox.kit.faults import Fault, FaultQueue, Stage, UnknownFault
from sandbox.kit.spoil import ERROR_DETAIL, html_page, send
from sandbox.kit.state import LOG_MAX, Record, State

ORDERS = (Stage.REFUSAL, Stage.ANSWER, Stage.STREAM, Stage.JOB, Stage.RESULT)
BALANCE_MAX = 10**12
TEXT_MAX = 100_000  # characters


@dataclass(slots=True)
class Order(Record):
    """One POST that orders something: the JSON it sent, what it cost in the service's unit, the id it was given, how
    often it was polled."""

    path: str = ""
    body: object = None
    cost: float = 0.0
    ref: str | None = None
    polls: int = 0


@dataclass(frozen=True, slots=True)
class Read:
    """Any other request of the API; `at` is a Unix time, `path` has the query."""

    at: float
    method: str
    path: str


class ApiState(State[Order]):
    """`balance` is in the service's unit; reset() goes back to the first one."""

    def __init__(self, keys: Iterable[str], balance: float, scale: float, seed: int, faults: FaultQueue) -> None:
        super().__init__(keys, scale, seed, faults, Order)
        self.balance = self._first_balance = balance
        self.reads: deque[Read] = deque(maxlen=LOG_MAX)

    def reset(self) -> None:
        super().reset()
        self.balance = self._first_balance
        self.reads.clear()

    def summary(self) -> dict[str, object]:
        return {"balance": self.balance, "reads": len(self.reads), **super().summary()}

    def seconds(self, least: float, most: float, *order: object) -> float:
        """Equal orders take equal times; already scaled."""
        return self.scale * Random("\x1f".join(map(str, (self.seed, *order)))).uniform(least, most)


S = TypeVar("S", bound=ApiState)
Work = Callable[[web.Request, Order], Awaitable[web.StreamResponse]]


class Controls(control.ControlRoutes[S]):
    """Adds POST /sandbox/balance and GET /sandbox/reads."""

    def add_to(self, router: web.UrlDispatcher) -> None:
        super().add_to(router)
        router.add_post("/sandbox/balance", self.balance)
        router.add_get("/sandbox/reads", self.reads)

    async def balance(self, request: web.Request) -> web.Response:
        balance = await control.member(request, "balance")
        if not isinstance(balance, int | float) or isinstance(balance, bool) or not 0 <= balance <= BALANCE_MAX:
            return control.refuse(f"balance is a number from 0 to {BALANCE_MAX}")
        self._state.balance = balance
        return self.answer()

    async def reads(self, request: web.Request) -> web.Response:
        """The log of requests that ordered nothing, oldest first."""
        return web.json_response([[read.at, read.method, read.path] for read in self._state.reads])


class Api(Generic[S]):
    """The endpoints of one service; a subclass says in which form it refuses, and with which status by itself."""

    refused_status = 400

    def __init__(self, state: S, result_url: Callable[[str], str]) -> None:
        self.state = state
        self.result_url = result_url

    def failure(self, status: int, message: str = "", code: str = "") -> web.Response:
        """An error in the service's form; with no message, the one that belongs to the status."""
        raise TypeError(f"{type(self).__name__} has no errors")

    def denied(self, request: web.Request) -> web.Response | None:
        """The refusal of a request without a good key."""
        return None if self.state.allows(request.headers.get("Authorization", "")) else self.failure(401)

    def note(self, request: web.Request, reason: object) -> None:
        """Remembers that a client asked for what it should not."""
        self.state.violations.append(f"{request.method} {request.path}: {reason}")

    def order(self, work: Work) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """The handler that carries out orders with `work`."""

        async def handler(request: web.Request) -> web.StreamResponse:
            return await self._ordered(request, work)

        return handler

    async def _ordered(self, request: web.Request, work: Work) -> web.StreamResponse:
        """Carries out an order inside its record, whichever way it ends."""
        record = self.state.record()
        record.path = request.path
        try:
            if denied := self.denied(request):
                record.end("refused", 401)
                return denied
            return await work(request, record)
        except Refused as refused:
            self.note(request, refused)
            response = self.failure(refused.status or self.refused_status, str(refused), refused.code)
            record.end("refused", response.status)
            return response
        except (asyncio.CancelledError, ConnectionError):
            record.end("stopped" if self.state.stopping else "abandoned")
            raise

    def fault(self, record: Order) -> Fault | None:
        """What goes wrong with this order. Raises Refused for a prompt that names no fault."""
        try:
            fault = self.state.faults.take(record.model or "", record.prompt or "", ORDERS)
        except UnknownFault as unknown:
            raise Refused(str(unknown)) from unknown
        record.fault = fault.name if fault else None
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
            self.note(request, refused)
            return self.failure(refused.status or self.refused_status, str(refused), refused.code)
        except web.HTTPException as absent:
            return self.failure(absent.status, absent.reason)
        return await send(request, data, fault)


def logged(value: object) -> object:
    """JSON as the log keeps it: a text longer than TEXT_MAX, such as a large data URI, is cut."""
    match value:
        case dict():
            return {key: logged(one) for key, one in value.items()}
        case list():
            return [logged(one) for one in value]
        case str():
            return value[:TEXT_MAX]
        case _:
            return value


def query(request: web.Request, *allowed: str) -> Mapping[str, str]:
    """The query. Raises Refused for a parameter that is not among `allowed`, or given twice."""
    if strange := sorted(set(request.query) - set(allowed)):
        raise Refused(f"unknown parameters: {', '.join(strange)}")
    if len(request.query) != len(set(request.query)):
        raise Refused("a parameter is given twice")
    return request.query
