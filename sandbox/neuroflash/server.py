"""The neuroflash simulator as a server."""

from collections.abc import Iterable

from aiohttp import web

from sandbox.kit import control
from sandbox.kit.api import Controls, Order
from sandbox.kit.server import SimServer
from sandbox.neuroflash.endpoints import Endpoints, failure
from sandbox.neuroflash.state import State


class PlanControls(Controls[State]):
    """Adds POST /sandbox/plan {"images": bool}: whether the subscription includes images."""

    def add_to(self, router: web.UrlDispatcher) -> None:
        super().add_to(router)
        router.add_post("/sandbox/plan", self.plan)

    async def plan(self, request: web.Request) -> web.Response:
        images = await control.member(request, "images")
        if not isinstance(images, bool):
            return control.refuse("images is true or false")
        self._state.plan = images
        return self.answer()


class NeuroflashServer(SimServer[Order]):
    """`scale` multiplies the typical durations (8 to 30 s), 0 is no waiting; `seed` chooses them; `balance` is the
    quota in images; every key reaches every workspace."""

    prefix = api = "/api/ds-prototypes"

    def __init__(
        self,
        keys: Iterable[str] = ("nf-sandbox",),
        *,
        workspaces: Iterable[str] = ("ws-sandbox",),
        balance: float = 10_000,
        scale: float = 0.05,
        seed: int = 1,
        public_url: str | None = None,
    ) -> None:
        self.state = State(keys, workspaces, balance, scale, seed)
        super().__init__(self.state, public_url)

    def add_routes(self, router: web.UrlDispatcher) -> None:
        Endpoints(self.state, self.result_url, self.private_url, lambda: self.origin).add_to(router, self.prefix)
        PlanControls(self.state).add_to(router)

    def failure(self, status: int, message: str) -> web.Response:
        return failure(status, message)
