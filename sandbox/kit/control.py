"""The levers of a simulator over HTTP, for tests and demos that run it in a process of its own.

No key is asked: a simulator belongs on a loopback address.
"""

from json import JSONDecodeError
from typing import Any, Generic, TypeVar

from aiohttp import web

from sandbox.kit.faults import Fault, UnknownFault
from sandbox.kit.state import State

SCALE_MAX = 10.0

S = TypeVar("S", bound=State[Any])


class Wrong(ValueError):
    """The body is not what the lever takes."""


class ControlRoutes(Generic[S]):
    """Wrong bodies are answered 400 with the reason; every lever answers with the whole state."""

    def __init__(self, state: S) -> None:
        self._state = state

    def add_to(self, router: web.UrlDispatcher) -> None:
        router.add_get("/sandbox/requests", self.requests)
        router.add_get("/sandbox/state", self.state)
        router.add_get("/sandbox/faults", self.catalogue)
        router.add_delete("/sandbox/faults", self.clear_faults)
        for lever in (self.faults, self.reset, self.key, self.scale):
            router.add_post(f"/sandbox/{lever.__name__}", lever)

    async def requests(self, request: web.Request) -> web.Response:
        """The log, oldest first; `?prompt=` keeps the requests with exactly that prompt."""
        prompt = request.query.get("prompt")
        kept = [record.as_json() for record in self._state.records if prompt is None or record.prompt == prompt]
        return web.json_response(kept)

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
            self._state.faults.extend([self._fault(item) for item in (data if isinstance(data, list) else [data])])
        except (UnknownFault, Wrong) as wrong:
            return refuse(str(wrong))
        return self.answer()

    async def reset(self, request: web.Request) -> web.Response:
        self._state.reset()
        return self.answer()

    async def key(self, request: web.Request) -> web.Response:
        valid = await member(request, "valid")
        if not isinstance(valid, bool):
            return refuse("valid is true or false")
        self._state.key_valid = valid
        return self.answer()

    async def scale(self, request: web.Request) -> web.Response:
        scale = await member(request, "scale")
        if type(scale) not in (int, float) or not isinstance(scale, int | float) or not 0 <= scale <= SCALE_MAX:
            return refuse(f"scale is a number from 0 to {SCALE_MAX}")
        self._state.scale = float(scale)
        return self.answer()

    def answer(self) -> web.Response:
        return web.json_response(self._state.summary())

    def _fault(self, item: object) -> Fault:
        if not isinstance(item, dict) or set(item) - {"fault", "model", "times", "value"}:
            raise Wrong("a fault has fault and, if wanted, model, times, value")
        name, model = item.get("fault"), item.get("model")
        times, value = item.get("times", 1), item.get("value")
        if not isinstance(name, str | int) or not isinstance(model, str | None):
            raise Wrong("fault and model are texts")
        if type(times) is not int or (value is not None and type(value) not in (int, float)):
            raise Wrong("times and value are numbers")
        return self._state.faults.make(name, model, times, value)


async def json_body(request: web.Request) -> object:
    """The body as JSON, None where it is none."""
    try:
        data: object = await request.json()
    except (JSONDecodeError, UnicodeDecodeError):
        return None
    return data


async def member(request: web.Request, name: str) -> object:
    """One member of the JSON object in the body, None where there is none."""
    data = await json_body(request)
    return data.get(name) if isinstance(data, dict) else None


def refuse(reason: str) -> web.Response:
    """What a lever answers to a wrong body."""
    return web.json_response({"error": reason}, status=400)
