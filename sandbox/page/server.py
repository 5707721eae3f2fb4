"""The page's server: the people's routes of a local Telegram, their events as a stream, and the panels."""

import secrets
from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

from sandbox.kit.control import json_body
from sandbox.listener import Listener
from sandbox.page.guard import Guard
from sandbox.page.media import serve
from sandbox.page.panels import Panel, ServicesPanel, TelegramPanel
from sandbox.page.stream import Viewer, stream
from sandbox.page.world import show_world
from sandbox.services import Services
from sandbox.telegram.chats.core import Core
from sandbox.telegram.control.routes_control import ControlRoutes
from sandbox.telegram.inline.routes_inline import InlineRoutes
from sandbox.telegram.people.media_shown import media_shown
from sandbox.telegram.people.routes_client import ClientRoutes
from sandbox.telegram.people.routes_topics import TopicRoutes
from sandbox.telegram.server import BODY_SLACK
from sandbox.telegram.wire.errors import ApiError
from sandbox.telegram.wire.params import Params

STATIC = Path(__file__).parent / "static"
LOOPBACK = "127.0.0.1"


class PageServer(Listener):
    """Runs in the process of the local Telegram whose `core` it shows. `base_url` is the link to open: its random token
    is the first part of every path, and every other path is a 404. `static` has the page's own files."""

    def __init__(
        self,
        core: Core,
        services: Services | None = None,
        panels: Mapping[str, Panel] | None = None,
        token: str | None = None,
        *,
        static: Path = STATIC,
    ) -> None:
        super().__init__()
        self._core = core
        self._services = services
        shown: dict[str, Panel] = {"services": ServicesPanel(services)} if services is not None else {}
        self.panels: Mapping[str, Panel] = {**shown, "telegram": TelegramPanel(core), **(panels or {})}
        self._static = static
        self._token = token or secrets.token_urlsafe()
        self.prefix = f"/{self._token}/"

    async def start(self, host: str = LOOPBACK, port: int = 0) -> str:
        if host != LOOPBACK:
            raise ValueError(f"the page is for this machine only: {LOOPBACK}")
        return await super().start(host, port)

    def app(self) -> web.Application:
        app = web.Application(client_max_size=self._core.config.file_upload + BODY_SLACK)
        Guard(self._token).protect(app)
        below = f"/{self._token}"
        app.router.add_get(below, self._to_index)
        app.router.add_get(self.prefix, self._file)
        app.router.add_get(f"{below}/world", self._world)
        app.router.add_get(f"{below}/stream", self._stream)
        app.router.add_get(f"{below}/client/media", self._media)
        app.router.add_get(f"{below}/panels", self._names)
        app.router.add_get(f"{below}/panels/{{name}}", self._panel)
        app.router.add_post(f"{below}/panels/{{name}}", self._act)
        app.router.add_get(f"{below}/static/{{path:.+}}", self._file)
        for routes in (ClientRoutes, ControlRoutes, InlineRoutes, TopicRoutes):
            for route in routes(self._core).routes():
                if (route.method, route.path) != ("GET", "/client/media"):  # the page's own is safe for browsers
                    app.router.add_route(route.method, below + route.path, route.handler)
        return app

    async def _to_index(self, _request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(self.prefix)  # the page's links are relative to the folder

    async def _file(self, request: web.Request) -> web.StreamResponse:
        folder = self._static.resolve()
        path = (folder / request.match_info.get("path", "index.html")).resolve()
        if not path.is_relative_to(folder) or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path)

    async def _world(self, _request: web.Request) -> web.Response:
        return web.json_response(show_world(self._core, self._services))

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        params, last = Params(dict(request.query)), request.headers.get("Last-Event-ID", "")
        user_id = params.integer("user_id")
        if user_id is None or user_id not in self._core.store.chats or user_id < 0:
            return refuse("user_id must be a person's")
        after = int(last) if last.isdecimal() else params.integer("after", self._core.events.last) or 0
        return await stream(request, Viewer(self._core, self._services, user_id, after))

    async def _media(self, request: web.Request) -> web.Response:
        try:
            return serve(request, media_shown(self._core, Params(dict(request.query))))
        except ApiError as error:
            return web.json_response(error.body(), status=error.code)

    async def _names(self, _request: web.Request) -> web.Response:
        return web.json_response({"panels": list(self.panels)})

    async def _panel(self, request: web.Request) -> web.Response:
        return web.json_response(await self._find(request).show())

    async def _act(self, request: web.Request) -> web.Response:
        panel, order = self._find(request), await json_body(request)
        if not isinstance(order, dict):
            return refuse("the body must be a JSON object")
        try:
            return web.json_response(await panel.do(order))
        except ApiError as error:
            return refuse(error.description)
        except ValueError as error:
            return refuse(str(error))

    def _find(self, request: web.Request) -> Panel:
        found = self.panels.get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound(text="there is no such panel")
        return found


def refuse(description: str) -> web.Response:
    """400 with a sentence."""
    return web.json_response({"ok": False, "description": description}, status=400)
