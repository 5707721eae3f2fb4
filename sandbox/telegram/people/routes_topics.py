"""The people's side of forum topics, under /client too: opening, closing, opening again and deleting them."""

from aiohttp import web

from sandbox.telegram.chats import topics
from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.model import Json
from sandbox.telegram.people.routes_client import ClientRoutes
from sandbox.telegram.wire.errors import bad
from sandbox.telegram.wire.params import Params


class TopicRoutes:
    def __init__(self, core: Core) -> None:
        self._core = core

    def routes(self) -> list[web.RouteDef]:
        """The routes people use."""
        route = ClientRoutes(self._core).route
        return [web.post("/client/topics", route(self.open)), web.post("/client/topic", route(self.rule))]

    async def open(self, params: Params) -> Json:
        """A forum topic: chat_id, user_id, name."""
        chat, user_id = self._core.store.chat(params.text("chat_id")), ClientRoutes.need(params, "user_id")
        return {"message_thread_id": topics.open_topic(self._core, chat, user_id, params.text("name") or "Topic")}

    async def rule(self, params: Params) -> bool:
        """What becomes of it: chat_id, user_id, message_thread_id (1: the general one), act."""
        chat = self._core.store.chat(params.text("chat_id"))
        which = ClientRoutes.need(params, "user_id"), ClientRoutes.need(params, "message_thread_id")
        match params.text("act"):
            case "close" | "reopen" as act:
                topics.close_topic(self._core, chat, *which, closed=act == "close")
            case "delete":
                topics.delete_topic(self._core, chat, *which)
            case _:
                raise bad("act must be close, reopen or delete")
        return True
