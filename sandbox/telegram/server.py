"""The server of the local Telegram: puts bot, client and control routes on one port."""

import aiohttp
from aiohttp import web

from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.files import InputFiles
from sandbox.telegram.chats.model import Json
from sandbox.telegram.control.config import Config
from sandbox.telegram.control.routes_control import ControlRoutes
from sandbox.telegram.inline.routes_inline import InlineRoutes
from sandbox.telegram.people.routes_client import ClientRoutes
from sandbox.telegram.people.routes_topics import TopicRoutes
from sandbox.telegram.wire.params import Params
from sandbox.telegram.wire.routes_bot import BotApi

BODY_SLACK = 1024 * 1024


class TelegramServer:
    """One emulated Telegram with one bot. `core` gives tests in the same process direct access to its state."""

    def __init__(self, config: Config | None = None) -> None:
        self.config = config or Config()
        self.core = Core(self.config)
        self.base_url = ""
        self._api = BotApi(self.core)
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    @property
    def token(self) -> str:
        """The token the bot must use."""
        return self.config.token

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listens (port 0: a free one) and returns the base URL, without a trailing slash."""
        self._session = aiohttp.ClientSession()
        self.core.inputs = InputFiles(self.core.files, self.config, self._session)
        self.core.webhook.session = self._session
        self.core.webhook.reply = self._webhook_reply
        app = web.Application(client_max_size=self.config.file_upload + BODY_SLACK)
        app.add_routes(self._api.routes())
        app.add_routes(ClientRoutes(self.core).routes())
        app.add_routes(ControlRoutes(self.core).routes())
        app.add_routes(InlineRoutes(self.core).routes())
        app.add_routes(TopicRoutes(self.core).routes())
        # a caller that hangs up must not leave a long poll or a hanging fault behind
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        bound = self._runner.addresses[0][1]
        self.base_url = f"http://{host}:{bound}"
        return self.base_url

    async def stop(self) -> None:
        """Ends deliveries and connections; the state stays readable through `core`."""
        await self.core.webhook.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _webhook_reply(self, method: str, values: Json) -> None:
        await self._api.run(method, Params(values))
