"""The feed of everything visible that happened, for clients: numbered, bounded, with long polling."""

import asyncio
from collections import deque

from sandbox.telegram.chats.model import Json

EVENTS_KEPT = 20_000


class EventFeed:
    """Events carry "seq" (1, 2, …), "type" and "chat_id"; readers ask for what came after a number."""

    def __init__(self) -> None:
        self._events: deque[Json] = deque(maxlen=EVENTS_KEPT)
        self._changed = asyncio.Event()
        self.last = 0

    def next_seq(self) -> int:
        """The number the next event will get."""
        return self.last + 1

    def add(self, kind: str, chat_id: int, **details: object) -> int:
        """Appends an event and wakes the readers; returns its number."""
        self.last += 1
        self._events.append({"seq": self.last, "type": kind, "chat_id": chat_id, **details})
        self._changed.set()
        self._changed = asyncio.Event()
        return self.last

    def after(self, seq: int, chat_id: int | None, limit: int, viewer: int | None = None) -> list[Json]:
        """The first `limit` kept events with a number above `seq`, oldest first; of ephemeral messages the viewer's."""
        start = max(0, seq - (self.last - len(self._events)))
        found: list[Json] = []
        for index in range(start, len(self._events)):
            event = self._events[index]
            if (chat_id is None or event["chat_id"] == chat_id) and event.get("only") in (None, viewer):
                found.append(event)
                if len(found) >= limit:
                    break
        return found

    async def wait(
        self, seq: int, chat_id: int | None, limit: int, timeout: float, viewer: int | None = None
    ) -> list[Json]:
        """Like `after`, but waits up to `timeout` seconds for the first event."""
        try:
            async with asyncio.timeout(timeout):
                while not (found := self.after(seq, chat_id, limit, viewer)):
                    seq = max(seq, self.last)
                    await self._changed.wait()
                return found
        except TimeoutError:
            return []
