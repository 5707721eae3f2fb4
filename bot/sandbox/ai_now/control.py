"""The levers of the simulator over HTTP, for tests and demos that run it in a process of its own.

No key is asked: the simulator belongs on a loopback address.
"""

from dataclasses import asdict
from json import JSONDecodeError

from aiohttp import web

from bot.sandbox.ai_now.faults import CATALOGUE, Fault, UnknownFault, fault
from bot.sandbox.ai_now.state import State

SCALE_MAX = 10.0
TOKENS_MAX = 10**12


class Wrong(ValueError):
    """The body is not what the lever takes."""


class ControlRoutes:
    """Wrong bodies are answered 400 with the reason; every lever answers with the whole state."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add_to(self, router: web.UrlDispatcher) -> None:
        router.add_get("/sandbox/requests", self.requests)
        router.add_get("/sandbox/state", self.state)
        router.add_get("/sandbox/faults", self.catalogue)
        router.add_delete("/sandbox/faults", self.clear_faults)
        for lever in (self.faults, self.reset, self.tokens, self.key, self.scale):
            router.add_post(f"/sandbox/{lever.__name__}", lever)

    async def requests(self, request: web.Request) -> web.Response:
        """The log, oldest first; `?prompt=` keeps the requests with exactly that prompt."""
        prompt = request.query.get("prompt")
        kept = [record.as_json() for record in self._state.records if prompt is None or record.prompt == prompt]
        return web.json_response(kept)

    async def state(self, request: web.Request) -> web.Response:
        return self._answer()

    async def catalogue(self, request: web.Request) -> web.Response:
        kinds = CATALOGUE.items()
        return web.json_response({n: {"stage": k.stage.value, "what": k.what, "value": k.value} for n, k in kinds})

    async def clear_faults(self, request: web.Request) -> web.Response:
        self._state.faults.clear()
        return self._answer()

    async def faults(self, request: web.Request) -> web.Response:
        """`[{"fault", "model"?, "times"?, "value"?}, …]`: appended in order, all of them or none."""
        data = await _json(request)
        try:
            self._state.faults.extend([_fault(item) for item in (data if isinstance(data, list) else [data])])
        except (UnknownFault, Wrong) as wrong:
            return _wrong(str(wrong))
        return self._answer()

    async def reset(self, request: web.Request) -> web.Response:
        self._state.reset()
        return self._answer()

    async def tokens(self, request: web.Request) -> web.Response:
        tokens = await _member(request, "tokens")
        if type(tokens) is not int or not 0 <= tokens <= TOKENS_MAX:
            return _wrong(f"tokens is a whole number from 0 to {TOKENS_MAX}")
        self._state.tokens = tokens
        return self._answer()

    async def key(self, request: web.Request) -> web.Response:
        valid = await _member(request, "valid")
        if not isinstance(valid, bool):
            return _wrong("valid is true or false")
        self._state.key_valid = valid
        return self._answer()

    async def scale(self, request: web.Request) -> web.Response:
        scale = await _member(request, "scale")
        if type(scale) not in (int, float) or not isinstance(scale, int | float) or not 0 <= scale <= SCALE_MAX:
            return _wrong(f"scale is a number from 0 to {SCALE_MAX}")
        self._state.scale = float(scale)
        return self._answer()

    def _answer(self) -> web.Response:
        state = self._state
        return web.json_response(
            {
                "tokens": state.tokens,
                "key_valid": state.key_valid,
                "scale": state.scale,
                "requests": len(state.records),
                "open_streams": sum(record.ended is None for record in state.records),
                "private_hits": state.private_hits,
                "violations": list(state.violations),
                "faults": [asdict(fault) for fault in state.faults.waiting()],
            }
        )


def _fault(item: object) -> Fault:
    if not isinstance(item, dict) or set(item) - {"fault", "model", "times", "value"}:
        raise Wrong("a fault has fault and, if wanted, model, times, value")
    name, model = item.get("fault"), item.get("model")
    times, value = item.get("times", 1), item.get("value")
    if not isinstance(name, str | int) or not isinstance(model, str | None):
        raise Wrong("fault and model are texts")
    if type(times) is not int or (value is not None and type(value) not in (int, float)):
        raise Wrong("times and value are numbers")
    return fault(name, model, times, value)


async def _json(request: web.Request) -> object:
    try:
        data: object = await request.json()
    except (JSONDecodeError, UnicodeDecodeError):
        return None
    return data


async def _member(request: web.Request, name: str) -> object:
    data = await _json(request)
    return data.get(name) if isinstance(data, dict) else None


def _wrong(reason: str) -> web.Response:
    return web.json_response({"error": reason}, status=400)
