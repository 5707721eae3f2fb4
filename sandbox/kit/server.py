"""Binds a simulator's routes to a port."""

from typing import Any, Generic, Self, TypeVar

from aiohttp import web

from sandbox.kit.faults import FaultQueue
from sandbox.kit.results import ResultRoutes
from sandbox.kit.state import Record, State

DRAIN = 0.1  # seconds that open streams get when the simulator stops
BODY_MAX = 32 * 1024 * 1024  # a data URI of a 20 MB picture fits

R = TypeVar("R", bound=Record)


class SimServer(Generic[R]):
    """A simulator. Use `start()` and `stop()`, or `async with`; a subclass adds its routes in `add_routes`.

    `prefix` is the path that the service's base URL has. `public_url` stands before `/dl/<file>` in results where
    clients reach the simulator under another address.
    """

    prefix = ""
    api = "/"
    bare_results = True

    def __init__(self, state: State[R], public_url: str | None) -> None:
        self.base_url = ""
        self.origin = ""
        self._kit_state = state
        self._public_url = public_url
        self._runner: web.AppRunner | None = None

    @property
    def faults(self) -> FaultQueue:
        return self._kit_state.faults

    @property
    def violations(self) -> list[str]:
        """What clients asked for and should not have, oldest first."""
        return list(self._kit_state.violations)

    @property
    def requests(self) -> list[R]:
        """Every order, oldest first, also refused ones."""
        return list(self._kit_state.records)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listens and returns the base URL; port 0 takes a free one. Raises OSError if the port is taken."""
        if self._runner is not None:
            raise RuntimeError("the simulator runs already")
        self._kit_state.stopping = False
        # A client that leaves in a long silence is noticed only because its handler gets cancelled.
        runner = web.AppRunner(self._app(), access_log=None, handler_cancellation=True, shutdown_timeout=DRAIN)
        await runner.setup()
        self._runner = runner
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError:
            await self.stop()
            raise
        self.origin = f"http://{host}:{runner.addresses[0][1]}"
        self.base_url = self.origin + self.prefix
        return self.base_url

    async def stop(self) -> None:
        """Ends open streams and stops listening; harmless when it does not run."""
        runner, self._runner = self._runner, None
        if runner is not None:
            self._kit_state.stopping = True
            await runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """The service's own endpoints and the control routes."""
        raise TypeError(f"{type(self).__name__} has no routes")

    def failure(self, status: int, message: str) -> web.Response:
        """An error in the form the service documents."""
        raise TypeError(f"{type(self).__name__} has no errors")

    def result_url(self, name: str) -> str:
        """The link under which a kept result is downloaded."""
        return f"{(self._public_url or self.origin).rstrip('/')}/dl/{name}"

    def private_url(self) -> str:
        """Where no client should be led."""
        return f"{self.origin}/private/secret"

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=BODY_MAX, middlewares=self.middlewares())
        self.add_routes(app.router)
        ResultRoutes(self._kit_state, self.private_url, bare=self.bare_results).add_to(app.router)
        app.router.add_route("*", "/{path:.*}", self._undocumented)
        return app

    def middlewares(self) -> list[Any]:
        return []

    async def _undocumented(self, request: web.Request) -> web.Response:
        if request.path.startswith(self.api):
            self._kit_state.violations.append(f"{request.method} {request.path}: not documented")
        return self.failure(404, "Not Found")
