"""The life of a server of the sandbox: it binds its routes to a port and lets go of it."""

from typing import Self

from aiohttp import web

DRAIN = 0.1  # seconds that open streams get when a server stops


class Listener:
    """Use `start()` and `stop()`, or `async with`; a subclass says in `app` what is served. `prefix` is the path that
    the base URL has."""

    prefix = ""

    def __init__(self) -> None:
        self.base_url = ""
        self.origin = ""
        self._runner: web.AppRunner | None = None

    def app(self) -> web.Application:
        """What is served from now on."""
        raise NotImplementedError

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listens and returns the base URL; port 0 takes a free one. Raises OSError if the port is taken."""
        if self._runner is not None:
            raise RuntimeError("the server runs already")
        # A client that leaves in a long silence is noticed only because its handler gets cancelled.
        self._runner = web.AppRunner(self.app(), access_log=None, handler_cancellation=True, shutdown_timeout=DRAIN)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError:
            await self.stop()
            raise
        self.origin = f"http://{host}:{self._runner.addresses[0][1]}"
        self.base_url = self.origin + self.prefix
        return self.base_url

    async def stop(self) -> None:
        """Ends open streams and stops listening; harmless when it does not run."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
