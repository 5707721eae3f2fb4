"""The server of the local Telegram: puts bot, client and control routes on one port."""

import aiohttp
from aiohttp import web

from sandbox.listener import Listener
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


class TelegramServer(Listener):
    """One emulated Telegram with one bot. `core` gives tests in the same process direct access to its state, which
    stays readable when it has stopped."""

    def __init__(self, config: Config | None = None) -> None:
        super().__init__()
        self.config = config or Config()
        self.core = Core(self.config)
        self._api = BotApi(self.core)
        self._session: aiohttp.ClientSession | None = None

    @property
    def token(self) -> str:
        """The token the bot must use."""
        return self.config.token

    def app(self) -> web.Application:
        app = web.Application(client_max_size=self.config.file_upload + BODY_SLACK)
        app.add_routes(self._api.routes())
        for routes in (ClientRoutes, ControlRoutes, InlineRoutes, TopicRoutes):
            app.add_routes(routes(self.core).routes())
        return app

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        self._session = aiohttp.ClientSession()
        self.core.inputs = InputFiles(self.core.files, self.config, self._session)
        self.core.webhook.session = self._session
        self.core.webhook.reply = self._webhook_reply
        return await super().start(host, port)

    async def stop(self) -> None:
        await self.core.webhook.stop()
        await super().stop()
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _webhook_reply(self, method: str, values: Json) -> None:
        await self._api.run(method, Params(values))
