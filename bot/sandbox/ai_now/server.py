"""Binds the simulator's routes to a port."""

from collections.abc import Iterable

from aiohttp import web

from bot.sandbox.ai_now.contract import PROMPT_MAX
from bot.sandbox.ai_now.control import ControlRoutes
from bot.sandbox.ai_now.faults import FaultQueue
from bot.sandbox.ai_now.generate import GenerateRoutes, failure
from bot.sandbox.ai_now.results import ResultRoutes
from bot.sandbox.ai_now.state import Record, State

DRAIN = 0.1  # seconds that open streams get when the simulator stops


class AiNowServer:
    """The simulator. Use `start()` and `stop()`, or `async with`.

    `scale` multiplies the documented durations (a minute or more), 0 is no waiting; `seed` chooses them. `public_url`
    stands before `/dl/<file>` in results where clients reach the simulator under another address.
    """

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
        self.state = State(frozenset(keys), tokens, scale, seed, prompt_max)
        self.base_url = ""
        self._public_url = public_url
        self._runner: web.AppRunner | None = None

    @property
    def faults(self) -> FaultQueue:
        return self.state.faults

    @property
    def violations(self) -> list[str]:
        """What clients asked for and should not have, oldest first."""
        return list(self.state.violations)

    @property
    def requests(self) -> list[Record]:
        """Every POST /api/generate, oldest first, also refused ones."""
        return list(self.state.records)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listens and returns the base URL; port 0 takes a free one. Raises OSError if the port is taken."""
        if self._runner is not None:
            raise RuntimeError("the simulator runs already")
        self.state.stopping = False
        # A client that leaves in a long silence is noticed only because its handler gets cancelled.
        runner = web.AppRunner(self._app(), access_log=None, handler_cancellation=True, shutdown_timeout=DRAIN)
        await runner.setup()
        self._runner = runner
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError:
            await self.stop()
            raise
        self.base_url = f"http://{host}:{runner.addresses[0][1]}"
        return self.base_url

    async def stop(self) -> None:
        """Ends open streams and stops listening; harmless when it does not run."""
        runner, self._runner = self._runner, None
        if runner is not None:
            self.state.stopping = True
            await runner.cleanup()

    async def __aenter__(self) -> "AiNowServer":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def _app(self) -> web.Application:
        app = web.Application()
        GenerateRoutes(self.state, self._result_url).add_to(app.router)
        ResultRoutes(self.state, lambda: f"{self.base_url}/private/secret").add_to(app.router)
        ControlRoutes(self.state).add_to(app.router)
        app.router.add_route("*", "/{path:.*}", self._undocumented)
        return app

    def _result_url(self, name: str) -> str:
        return f"{(self._public_url or self.base_url).rstrip('/')}/dl/{name}"

    async def _undocumented(self, request: web.Request) -> web.Response:
        if request.path.startswith("/api"):
            self.state.violations.append(f"{request.method} {request.path}: not documented")
        return failure(404, "Not Found")
