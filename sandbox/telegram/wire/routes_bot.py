"""The bot's side of the server: /bot<token>/<method> and /file/bot<token>/<path>, with faults and flood limits."""

import asyncio
import time
from typing import Any

from aiohttp import hdrs, web

from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.model import Chat, Json
from sandbox.telegram.control.faults import Call, Fault
from sandbox.telegram.methods import METHODS, NAMES
from sandbox.telegram.wire.errors import ApiError, bad, too_many
from sandbox.telegram.wire.limits import is_counted
from sandbox.telegram.wire.params import Params, read_params

GONE = frozenset({"disable_web_page_preview"})
"""Fields that the Bot API had until 7.0: a bot that sends them means what is no longer heard."""
BROKEN = {"500": (500, "Internal Server Error"), "502": (502, "Bad Gateway"), "429": (429, "")}


class BotApi:
    """Runs Bot API calls against a core."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def routes(self) -> list[web.RouteDef]:
        """The routes a bot uses."""
        return [
            web.route(hdrs.METH_ANY, "/bot{token:[^/]+}/{method}", self._handle),
            web.get("/file/bot{token:[^/]+}/{path:.+}", self._download),
        ]

    async def run(self, method: str, params: Params) -> tuple[int, Json]:
        """One call by its lower-case name: HTTP status and body. Flood limits apply, faults do not."""
        core = self._core
        chat = self._chat(params)
        try:
            handler = METHODS.get(method)
            if handler is None:
                raise ApiError(404, "Not Found: method not found")
            if gone := GONE & params.values.keys():
                raise bad(f"{', '.join(sorted(gone))} is no field of the Bot API any more")
            if is_counted(method) and (wait := core.flood_check(method, chat, self._cost(method, params))):
                raise too_many(wait)
            status, body = 200, {"ok": True, "result": await handler(core, params)}
        except ApiError as error:
            status, body = error.code, error.body()
        self._log(method, chat, params, status, str(body.get("description", "")))
        return status, body

    def _chat(self, params: Params) -> Chat | None:
        return self._core.chat_or_none(params.text("chat_id")) if params.text("chat_id") else None

    @staticmethod
    def _cost(method: str, params: Params) -> int:
        if method != "sendmediagroup":
            return 1
        items: Any = params.json("media")
        return max(1, len(items)) if isinstance(items, list) else 1

    def _log(self, method: str, chat: Chat | None, params: Params, status: int, description: str = "") -> None:
        chat_id = chat.id if chat else params.integer("chat_id")
        self._core.calls.add(Call(NAMES.get(method, method), chat_id, time.time(), status, description))

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"].lower()
        try:
            self._authorize(request)
            params = await read_params(request, self._core.config.file_upload)
        except ApiError as error:
            self._log(method, None, Params(), error.code, error.description)
            return web.json_response(error.body(), status=error.code)
        chat = self._chat(params)
        fault = self._core.faults.take(method, chat.id if chat else None)
        if fault is not None:
            return await self._break(request, method, params, fault)
        status, body = await self.run(method, params)
        return web.json_response(body, status=status)

    def _authorize(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if ":" not in token:
            raise ApiError(404, "Not Found")
        if token != self._core.config.token:
            raise ApiError(401, "Unauthorized")

    async def _break(self, request: web.Request, method: str, params: Params, fault: Fault) -> web.StreamResponse:
        chat = self._chat(params)
        match fault.kind:
            case "429" | "500" | "502":
                code, description = BROKEN[fault.kind]
                error = too_many(fault.retry_after) if fault.kind == "429" else ApiError(code, description)
                self._log(method, chat, params, error.code, error.description)
                return web.json_response(error.body(), status=error.code)
            case "timeout" | "drop_after":
                await self.run(method, params)
            case "hang" | "drop_before":
                self._log(method, chat, params, 0, fault.kind)
        if fault.kind in {"timeout", "hang"}:
            await asyncio.sleep(fault.seconds)
        if fault.kind == "timeout":
            return web.json_response(ApiError(504, "Gateway Timeout").body(), status=504)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def _download(self, request: web.Request) -> web.Response:
        try:
            self._authorize(request)
        except ApiError as error:
            return web.json_response(error.body(), status=error.code)
        file = self._core.files.by_path(request.match_info["path"])
        if file is None or len(file.data) > self._core.config.download:
            return web.json_response(ApiError(404, "Not Found").body(), status=404)
        return web.Response(body=file.data, content_type="application/octet-stream")
