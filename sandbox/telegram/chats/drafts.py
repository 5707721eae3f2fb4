"""Message drafts: what a person sees of an answer while the bot is still writing it, for 30 seconds at a time."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.telegram.chats.model import Json
from sandbox.telegram.wire.errors import bad

TTL = 30.0
"""Seconds for which a draft is shown after its last change (Bot API, sendMessageDraft)."""
CHATS_KEPT = 10_000
STOPPED_KEPT = 10_000


@dataclass(slots=True)
class Draft:
    """What is shown now; an empty text stands for the "Thinking…" placeholder."""

    draft_id: int
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    can_stop: bool = False
    keep_on_stop: bool = False
    thread_id: int | None = None
    at: float = 0.0
    changes: int = 1
    stopped: bool = False

    def shown(self) -> Json:
        """As a person sees it."""
        return {
            "draft_id": self.draft_id,
            "text": self.text,
            "entities": self.entities,
            "can_stop": self.can_stop and not self.stopped,
            "changes": self.changes,
        }


class Drafts:
    """At most one draft per chat; a new id replaces the old one, a message of the bot ends it."""

    def __init__(self, clock: Callable[[], float], ttl: float = TTL) -> None:
        self._clock = clock
        self._ttl = ttl
        self._shown: OrderedDict[int, Draft] = OrderedDict()
        self._stopped: OrderedDict[tuple[int, int], None] = OrderedDict()

    def show(self, chat_id: int, draft: Draft) -> bool:
        """Shows a draft; False when the person stopped this one: nothing more of it is shown."""
        if (chat_id, draft.draft_id) in self._stopped:
            return False
        before = self.get(chat_id)
        draft.at = self._clock()
        if before is not None and before.draft_id == draft.draft_id:
            draft.changes = before.changes + 1
        self._shown[chat_id] = draft
        self._shown.move_to_end(chat_id)
        while len(self._shown) > CHATS_KEPT:
            self._shown.popitem(last=False)
        return True

    def get(self, chat_id: int) -> Draft | None:
        """The draft that is shown, None when there is none or its time is over."""
        draft = self._shown.get(chat_id)
        if draft is not None and self._clock() - draft.at > self._ttl:
            del self._shown[chat_id]
            return None
        return draft

    def end(self, chat_id: int) -> bool:
        """The bot sent a message: its draft goes. Whether there was one."""
        shown = self.get(chat_id) is not None
        self._shown.pop(chat_id, None)
        return shown

    def stop(self, chat_id: int) -> Draft:
        """The person presses Stop on what is shown; raises when there is no such button."""
        draft = self.get(chat_id)
        if draft is None or not draft.can_stop or draft.stopped:
            raise bad("there is no draft that can be stopped")
        self._stopped[chat_id, draft.draft_id] = None
        while len(self._stopped) > STOPPED_KEPT:
            self._stopped.popitem(last=False)
        draft.stopped = True
        if not draft.keep_on_stop:
            self.end(chat_id)
        return draft
