"""What the engine needs of the chat: progress goes up through these protocols only; telegram implements them.

DatabaseLost and StorageError are passed on for who handles updates: what they interrupt is begun anew."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from bot.domain.jobs import Delivered, Job, Target
from bot.domain.results import Fetched, ResultFile, TooLarge
from bot.storage.errors import DatabaseLost, StorageError

__all__ = [
    "NOTHING_SEEN",
    "Alerts",
    "ChatView",
    "DatabaseLost",
    "Delivery",
    "Fetched",
    "Keep",
    "NotAllowed",
    "NotShown",
    "NotWanted",
    "Progress",
    "ResultFile",
    "Seen",
    "Stage",
    "StorageError",
    "TargetGone",
    "TooLarge",
    "TryLater",
]


class Stage(StrEnum):
    QUEUED = "queued"
    STARTING = "starting"
    RUNNING = "running"
    RESUMED = "resumed"
    AWAITED = "awaited"
    """It is made, and its file is not here yet."""
    DELIVERING = "delivering"


@dataclass(frozen=True, slots=True)
class Progress:
    """What the message shows while a job is under way."""

    stage: Stage
    position: int = 0
    """Place in our queue, 1 = next; 0 outside the queue."""
    fraction: float | None = None
    """0..1 where the provider says it; None: the bar runs on elapsed / typical and never shows 100 %."""
    elapsed: float = 0.0
    """Seconds since the provider was called; of a file that is awaited: since the provider said that it is made."""
    typical: float = 0.0
    """Typical seconds of the model, learned or from the catalogue."""
    text: str = ""
    """A streamed answer as far as it goes."""
    held: float | None = None
    """In the queue: seconds until an order is let through to a provider that does not work; None: it works."""
    lasts: float | None = None
    """Seconds after which it is shown no more, for another process may have the job by then; None: it is ours."""
    restarting: bool = False
    """This process ends and no other lives: the job goes on when the next one has begun."""


class TargetGone(Exception):
    """The chat vanished or the bot is blocked: nothing can be written there any more."""


class NotWanted(TargetGone):
    """What the result was for, such as an order whose words it betters, was placed or given up meanwhile."""


class NotShown(TargetGone):
    """Telegram takes the result in no form, and it has no link that people could open."""


class NotAllowed(NotShown):
    """NotShown because the chat's own rights keep files out: that is its members' doing."""


class TryLater(Exception):
    """Telegram could not be reached or asks to wait: the same call may succeed after `seconds`. `unknown`: this one may
    have arrived all the same, so that a message sent again may stand there twice."""

    def __init__(self, seconds: float, *, unknown: bool = False) -> None:
        super().__init__(f"{seconds:.1f}s")
        self.seconds = seconds
        self.unknown = unknown


@dataclass(frozen=True, slots=True)
class Delivery:
    """The outcome of a delivery: where it stands now (a vanished message is sent anew) and what Telegram keeps."""

    target: Target
    delivered: tuple[Delivered, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person read of an answer while this process streamed it."""

    text: str = ""
    """As far as Telegram took it."""
    gone: bool = False
    """Telegram took no more: the chat vanished, or the bot was blocked or sent away."""


NOTHING_SEEN: Final = Seen()

Keep = Callable[[Sequence[Delivered]], Awaitable[None]]
"""Notes which results stand in the chat already."""


class ChatView(Protocol):
    """The one message of a job. Every method may be called again after a crash: edits are idempotent."""

    async def open(self, job: Job) -> Target:
        """Sends the job's message when it has none yet. Raises TargetGone (refused for good) or TryLater."""
        ...

    def progress(self, job: Job, progress: Progress) -> None:
        """Shows progress: never blocks, never raises; newer progress replaces older that was not sent yet."""
        ...

    def drop(self, job: Job) -> bool:
        """This process carries the job no more: what waits to be shown of it is dropped, for another may have its last
        word by now. Whether something is on its way to Telegram, for 10 seconds at most. Never blocks, never raises."""
        ...

    def seen(self, job: Job) -> Seen:
        """What of the job's answer stood in its chat while it was streamed. Never blocks, never raises."""
        ...

    async def deliver(self, job: Job, results: tuple[Fetched, ...], keep: Keep | None = None) -> Delivery:
        """Turns the message into the result and drops waiting progress. Reuses job.delivered file ids when present.

        Idempotent for the same message; a message deleted by the user is sent anew. Several results are messages of
        their own: `keep` is told each time that more of them stand there, and a crash repeats what was not told.
        Raises TargetGone or TryLater.
        """
        ...

    async def final(self, job: Job) -> Target | None:
        """The last word of a finished job: failure or cancellation is edited into the message; a done job gets its
        buttons, and "Ready" as a reply when it took long and job.ready_sent is False. Where that is True the word is
        said once more, for something may have been written over it: what the message says is written again, too.
        Returns the target when it moved.

        Raises TryLater; a vanished chat is not an error here.
        """
        ...


class Alerts(Protocol):
    """Tells the admins. Rate limited: once per hour per key."""

    async def alert(self, key: str, message: str, **values: str) -> bool:
        """`message` names a text of the admins' language files, `values` fills it. False: no admin could be told. Never
        raises."""
        ...
