"""The people's side of inline mode, under /client too: typing behind the bot's name and tapping a result."""

import asyncio

from aiohttp import web

from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.model import Json
from sandbox.telegram.people import acts_inline
from sandbox.telegram.people.routes_client import WAIT_MAX, ClientRoutes
from sandbox.telegram.wire.params import Params
from sandbox.telegram.wire.render import render_for_client


class InlineRoutes:
    def __init__(self, core: Core) -> None:
        self._core = core

    def routes(self) -> list[web.RouteDef]:
        """The routes people use."""
        route = ClientRoutes(self._core).route
        return [web.post("/client/inline", route(self.ask)), web.post("/client/choose", route(self.choose))]

    async def ask(self, params: Params) -> Json:
        """Types behind the bot's name: chat_id, user_id, text, offset, and wait (seconds for the bot's answer)."""
        chat, user_id = self._core.store.chat(params.text("chat_id")), params.integer("user_id", 0) or 0
        query = acts_inline.ask(self._core, chat, user_id, params.text("text"), params.text("offset"))
        try:
            async with asyncio.timeout(min(WAIT_MAX, float(params.text("wait") or 0))):
                await query.done.wait()
        except TimeoutError:
            pass
        return acts_inline.shown(query)

    async def choose(self, params: Params) -> Json:
        """Taps a result: user_id, query_id, result_id. Returns the message that it became."""
        user_id = params.integer("user_id", 0) or 0
        message = acts_inline.choose(self._core, user_id, params.text("query_id"), params.text("result_id"))
        return render_for_client(self._core.store, message)
