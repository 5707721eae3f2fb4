"""The bot's queue of updates: numbering, allowed types, getUpdates with its offset rules, and redelivery."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.telegram.chats.model import Json
from sandbox.telegram.wire.errors import ApiError

PENDING_KEPT = 100_000
SENT_KEPT = 1_000
OPT_IN = {"chat_member", "message_reaction", "message_reaction_count"}
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
OTHER_POLLER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
BY_WEBHOOK = "Conflict: terminated by setWebhook request"


@dataclass(frozen=True, slots=True)
class Update:
    """One update; `lane` is the chat or user within which order is kept, `again` marks a duplicate delivery."""

    update_id: int
    kind: str
    payload: Json
    lane: int
    again: bool = False

    def body(self) -> Json:
        """The Update object."""
        return {"update_id": self.update_id, self.kind: self.payload}


class UpdateQueue:
    """Pending updates in order. At most one poller: a newer one ends the older with 409."""

    def __init__(self) -> None:
        self.pending: deque[Update] = deque(maxlen=PENDING_KEPT)
        self.allowed: list[str] = []
        self.on_push: Callable[[Update], None] | None = None
        self._recent: deque[Update] = deque(maxlen=SENT_KEPT)
        self._next_id = 100_000_001
        self._changed = asyncio.Event()
        self._poller: asyncio.Future[str] | None = None

    def push(self, kind: str, payload: Json, lane: int) -> None:
        """Queues an update unless its type is not allowed."""
        wanted = kind in self.allowed if self.allowed else kind not in OPT_IN
        if wanted:
            update = Update(self._next_id, kind, payload, lane)
            self._next_id += 1
            self._recent.append(update)
            self._append(update)

    def _append(self, update: Update) -> None:
        self.pending.append(update)
        self._changed.set()
        if self.on_push is not None:
            self.on_push(update)

    def redeliver(self, count: int) -> int:
        """Queues the last `count` updates once more under their old ids; returns how many there were."""
        again = list(self._recent)[-count:] if count > 0 else []
        for update in again:
            self._append(Update(update.update_id, update.kind, update.payload, update.lane, again=True))
        return len(again)

    def set_allowed(self, kinds: object) -> None:
        """Remembers allowed_updates; None keeps the old list, [] restores the default."""
        if isinstance(kinds, list):
            self.allowed = [str(kind) for kind in kinds]

    def end_poller(self, description: str) -> None:
        """Ends a waiting getUpdates with a 409."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(description)

    def confirm(self, offset: int) -> None:
        """Forgets updates below `offset`; a negative offset keeps only the last ones."""
        if offset < 0:
            for _ in range(max(0, len(self.pending) + offset)):
                self.pending.popleft()
        elif offset > 0:
            kept = [update for update in self.pending if update.update_id >= offset or update.again]
            self.pending.clear()
            self.pending.extend(kept)

    def remove(self, update: Update) -> None:
        """Forgets one delivered update."""
        if update in self.pending:
            self.pending.remove(update)

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Json]:
        """getUpdates: waits up to `timeout` seconds for the first update; raises 409 when another poller comes."""
        self.end_poller(OTHER_POLLER)
        self.confirm(offset)
        poller: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._poller = poller
        deadline = asyncio.get_running_loop().time() + timeout
        try:
            while not self.pending:
                self._changed.clear()
                left = deadline - asyncio.get_running_loop().time()
                if left <= 0:
                    return []
                await self._wait(poller, left)
            return [update.body() for update in self._take(limit)]
        finally:
            if self._poller is poller:
                self._poller = None

    async def _wait(self, poller: asyncio.Future[str], timeout: float) -> None:
        change = asyncio.create_task(self._changed.wait())
        waiters: list[asyncio.Future[Any]] = [change, poller]
        try:
            await asyncio.wait(waiters, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        finally:
            change.cancel()
        if poller.done():
            raise ApiError(409, poller.result())

    def _take(self, limit: int) -> list[Update]:
        """The next updates; they stay pending until confirmed, duplicates are given out once."""
        taken = sorted(list(self.pending)[:limit], key=lambda update: update.update_id)
        for update in taken:
            if update.again:
                self.remove(update)
        return taken
