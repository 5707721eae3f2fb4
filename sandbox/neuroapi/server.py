"""The NeuroAPI simulator as a server."""

from collections.abc import Iterable

from aiohttp import web

from sandbox.kit.api import Controls, Order
from sandbox.kit.server import SimServer
from sandbox.neuroapi.chat import ChatRoutes
from sandbox.neuroapi.contract import CONTEXT_MAX
from sandbox.neuroapi.errors import failure
from sandbox.neuroapi.images import ImageRoutes
from sandbox.neuroapi.state import State


class NeuroApiServer(SimServer[Order]):
    """`scale` multiplies the typical times (a second to the first word, 50 tokens a second, 8 to 40 s for an image), 0
    is no waiting; `seed` chooses times and words; `balance` is the quota and `context_max` the memory, in tokens."""

    prefix = api = "/v1"

    def __init__(
        self,
        keys: Iterable[str] = ("sk-neuroapi-sandbox",),
        *,
        balance: float = 100_000_000,
        scale: float = 0.05,
        seed: int = 1,
        public_url: str | None = None,
        context_max: int = CONTEXT_MAX,
    ) -> None:
        self.state = State(keys, balance, scale, seed)
        self._context_max = context_max
        super().__init__(self.state, public_url)

    def add_routes(self, router: web.UrlDispatcher) -> None:
        ChatRoutes(self.state, self.result_url, self._context_max).add_to(router)
        ImageRoutes(self.state, self.result_url).add_to(router)
        Controls(self.state).add_to(router)

    def failure(self, status: int, message: str) -> web.Response:
        return failure(status, message)
