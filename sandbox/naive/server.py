"""The Naive simulator as a server."""

from collections.abc import Iterable

from aiohttp import web

from sandbox.kit.api import Controls, Order
from sandbox.kit.server import SimServer
from sandbox.naive.endpoints import Endpoints, failure
from sandbox.naive.state import State


class NaiveServer(SimServer[Order]):
    """`scale` multiplies the typical durations (6 s to 3 min), 0 is no waiting; `seed` chooses them; `balance` is in
    credits."""

    api = "/v1"

    def __init__(
        self,
        keys: Iterable[str] = ("nv_sk_sandbox",),
        *,
        balance: float = 10_000,
        scale: float = 0.05,
        seed: int = 1,
        public_url: str | None = None,
    ) -> None:
        self.state = State(keys, balance, scale, seed)
        super().__init__(self.state, public_url)

    def add_routes(self, router: web.UrlDispatcher) -> None:
        Endpoints(self.state, self.result_url).add_to(router)
        Controls(self.state).add_to(router)

    def failure(self, status: int, message: str) -> web.Response:
        return failure(status, message)
