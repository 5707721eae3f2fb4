"""What happens, as Server-Sent Events for one person's page."""

import json
import time

from aiohttp import web

from sandbox.page.world import is_in, show_world
from sandbox.services import Services
from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.model import Json

LOOK = 0.5
"""Seconds between two looks at what no event tells of: a changed world, a draft whose time is over."""
ALIVE = 15.0
AT_ONCE = 200


class Viewer:
    """One open stream of a person: which events it has had, and what world it knows."""

    def __init__(self, core: Core, services: Services | None, user_id: int, after: int) -> None:
        self._core = core
        self._services = services
        self._user_id = user_id
        self._after = after
        self._world = ""  # so that the first thing told is the world: it may have changed since the page asked for it
        self._drafting = core.drafts.get(user_id) is not None

    async def next(self) -> list[Json]:
        """What is new, after half a second at most; empty when nothing is."""
        core = self._core
        found = await core.events.wait(self._after, None, AT_ONCE, LOOK, self._user_id)
        if found:
            self._after = found[-1]["seq"]
        events = [event for event in found if self._sees(event["chat_id"])]
        return [*events, *self._draft_over(events), *self._changes()]

    def _sees(self, chat_id: int) -> bool:
        chat = self._core.store.chats.get(chat_id)
        return chat is not None and is_in(chat, self._user_id)

    def _draft_over(self, events: list[Json]) -> list[Json]:
        before, self._drafting = self._drafting, self._core.drafts.get(self._user_id) is not None
        if not before or self._drafting or any(event["type"] == "draft" for event in events):
            return []
        return [{"seq": self._after, "type": "draft", "chat_id": self._user_id, "draft": None}]

    def _changes(self) -> list[Json]:
        before, self._world = self._world, self._look()
        return [{"seq": self._after, "type": "world"}] if self._world != before else []

    def _look(self) -> str:
        # Compared as a whole: people, members, topics and commands change in many places, and none can be forgotten.
        return json.dumps({**show_world(self._core, self._services), "last_event": 0})


async def stream(request: web.Request, viewer: Viewer) -> web.StreamResponse:
    """Writes until the reader leaves. Every event has its `seq` as id; a comment line comes in a long silence."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
    await response.prepare(request)
    try:
        await response.write(b": open\n\n")
        written = time.monotonic()
        while True:
            text = "".join(f"id: {event['seq']}\ndata: {json.dumps(event)}\n\n" for event in await viewer.next())
            if not text and time.monotonic() - written < ALIVE:
                continue
            await response.write(text.encode() or b": alive\n\n")
            written = time.monotonic()
    except ConnectionResetError:
        return response
