"""The levers of a simulator over HTTP, for tests and demos that run it in a process of its own.

No key is asked: a simulator belongs on a loopback address.
"""

from dataclasses import dataclass
from functools import partial
from json import JSONDecodeError
from typing import Any

from aiohttp import web

from sandbox.kit.check import Rule, flag, number
from sandbox.kit.faults import Fault, FaultQueue, UnknownFault
from sandbox.kit.state import State


@dataclass(frozen=True, slots=True)
class Lever:
    """POST /sandbox/`path` {`member`: value} sets an attribute of the state to a value that keeps the rule."""

    path: str
    member: str
    attribute: str
    rule: Rule


KEY = Lever("key", "valid", "key_valid", flag)
SCALE = Lever("scale", "scale", "scale", number(0, 10))


class Wrong(ValueError):
    """The body is not what the lever takes."""


class ControlRoutes:
    """Wrong bodies are answered 400 with the reason; every lever answers with the whole state."""

    def __init__(self, state: State[Any], levers: tuple[Lever, ...]) -> None:
        self._state = state
        self._levers = levers

    def add_to(self, router: web.UrlDispatcher) -> None:
        router.add_get("/sandbox/requests", self.requests)
        router.add_get("/sandbox/reads", self.reads)
        router.add_get("/sandbox/state", self.state)
        router.add_get("/sandbox/faults", self.catalogue)
        router.add_delete("/sandbox/faults", self.clear_faults)
        router.add_post("/sandbox/faults", self.faults)
        router.add_post("/sandbox/reset", self.reset)
        for lever in self._levers:
            router.add_post(f"/sandbox/{lever.path}", partial(self.set, lever))

    async def requests(self, request: web.Request) -> web.Response:
        """The log, oldest first; `?prompt=` keeps the requests with exactly that prompt."""
        prompt = request.query.get("prompt")
        kept = [record.as_json() for record in self._state.records if prompt is None or record.prompt == prompt]
        return web.json_response(kept)

    async def reads(self, request: web.Request) -> web.Response:
        """The log of requests that ordered nothing, oldest first."""
        return web.json_response([[read.at, read.method, read.path] for read in self._state.reads])

    async def state(self, request: web.Request) -> web.Response:
        return self.answer()

    async def catalogue(self, request: web.Request) -> web.Response:
        kinds = self._state.faults.catalogue.items()
        return web.json_response({n: {"stage": k.stage.value, "what": k.what, "value": k.value} for n, k in kinds})

    async def clear_faults(self, request: web.Request) -> web.Response:
        self._state.faults.clear()
        return self.answer()

    async def faults(self, request: web.Request) -> web.Response:
        """`[{"fault", "model"?, "times"?, "value"?}, …]`: appended in order, all of them or none."""
        data = await json_body(request)
        try:
            queue, items = self._state.faults, data if isinstance(data, list) else [data]
            queue.extend([fault_of(queue, item) for item in items])
        except (UnknownFault, Wrong) as wrong:
            return refuse(str(wrong))
        return self.answer()

    async def reset(self, request: web.Request) -> web.Response:
        self._state.reset()
        return self.answer()

    async def set(self, lever: Lever, request: web.Request) -> web.Response:
        data = await json_body(request)
        value = data.get(lever.member) if isinstance(data, dict) else None
        if wrong := lever.rule(value):
            return refuse(f"{lever.member}: {wrong}")
        setattr(self._state, lever.attribute, value)
        return self.answer()

    def answer(self) -> web.Response:
        return web.json_response(self._state.summary())


def fault_of(queue: FaultQueue, item: object) -> Fault:
    """The fault that {"fault", "model"?, "times"?, "value"?} means; raises Wrong or UnknownFault."""
    if not isinstance(item, dict) or set(item) - {"fault", "model", "times", "value"}:
        raise Wrong("a fault has fault and, if wanted, model, times, value")
    name, model = item.get("fault"), item.get("model")
    times, value = item.get("times", 1), item.get("value")
    if not isinstance(name, str | int) or not isinstance(model, str | None):
        raise Wrong("fault and model are texts")
    if type(times) is not int or (value is not None and type(value) not in (int, float)):
        raise Wrong("times and value are numbers")
    return queue.make(name, model, times, value)


async def json_body(request: web.Request) -> object:
    """The body as JSON, None where it is none."""
    try:
        data: object = await request.json()
    except (JSONDecodeError, UnicodeDecodeError):
        return None
    return data


def refuse(reason: str) -> web.Response:
    """What a lever answers to a wrong body."""
    return web.json_response({"error": reason}, status=400)
