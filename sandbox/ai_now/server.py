"""The AI-Now simulator as a server."""

from collections.abc import Iterable

from aiohttp import web

from sandbox.ai_now.contract import PROMPT_MAX
from sandbox.ai_now.control import ControlRoutes
from sandbox.ai_now.generate import GenerateRoutes, failure
from sandbox.ai_now.state import Record, State
from sandbox.kit.server import SimServer


class AiNowServer(SimServer[Record]):
    """`scale` multiplies the documented durations (a minute or more), 0 is no waiting; `seed` chooses them."""

    api = "/api"
    bare_results = False

    def __init__(
        self,
        keys: Iterable[str] = ("sk-sandbox",),
        tokens: int = 1_000_000,
        *,
        scale: float = 0.05,
        seed: int = 1,
        public_url: str | None = None,
        prompt_max: int = PROMPT_MAX,
    ) -> None:
        self.state = State(keys, tokens, scale, seed, prompt_max)
        super().__init__(self.state, public_url)

    def add_routes(self, router: web.UrlDispatcher) -> None:
        GenerateRoutes(self.state, self.result_url).add_to(router)
        ControlRoutes(self.state).add_to(router)

    def failure(self, status: int, message: str) -> web.Response:
        return failure(status, message)
