"""What carrying a job takes, and what its message shows meanwhile."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

from bot.domain.catalog.models import Kind, Model
from bot.domain.jobs import Asset, Job, Target
from bot.domain.results import Fetched
from bot.engine.catalog.shop import Shop
from bot.engine.conversations.prompt import Chat
from bot.engine.jobs.result_links import plain_address
from bot.engine.media.job_inputs import named_only
from bot.engine.ports import Alerts, ChatView, Progress, Stage
from bot.providers.base import Picture, Provider
from bot.storage.database import Database

DELIVERIES = 16
"""Results on our disk at the same time: each may be as large as the operator allows."""


class Fetcher(Protocol):
    """Brings a result to our disk; raises ProviderError."""

    async def fetch(
        self, url: str, *, expect: Kind | None = None, headers: Mapping[str, str] | None = None
    ) -> Fetched: ...

    async def store(self, data: bytes, *, expect: Kind | None = None) -> Fetched: ...


@dataclass(slots=True)
class RunningJob:
    """A job that this process is working on, for the ticker: what its message shows next."""

    job: Job
    clock: float
    """The database's clock less this process's monotonic one, at the claim: thousands resumed at once must not each ask
    the database what time it is."""
    stage: Stage = Stage.STARTING
    fraction: float | None = None
    probe: bool | None = None
    """Whether a pause of the provider hangs on it; None: not asked yet, as for a job that was picked up."""
    expected: float = 0.0
    """Seconds that the provider expects this very order to take; 0: it did not say."""
    text: str = ""
    """A streamed answer as far as it goes."""
    place: Target = field(init=False)
    """Where this process has shown it; another until it hears that the message moved, even if a write of its own was
    first to bring the new place."""
    writing: bool = False
    """Whether a write that ends in its message is under way, or was when the job was lost."""
    stopper: asyncio.Timeout | None = None
    """Ends the reading of an answer that can be stopped; None while nothing of it is read."""

    def __post_init__(self) -> None:
        self.place = self.job.target

    def stop(self) -> None:
        """Ends the answer with what is there, if one is being read."""
        if self.stopper is not None and not self.stopper.expired():
            self.stopper.reschedule(asyncio.get_running_loop().time())

    def now(self) -> float:
        """Unix seconds, as the database told them at the claim."""
        return self.clock + time.monotonic()


async def _nothing_left(_job: Job, _old: Target) -> None:
    """Where messages do not move."""


async def _waits(_job: Job) -> None:
    """Where every job has a message."""


@dataclass(frozen=True, slots=True)
class RunContext:
    """What carrying a job takes."""

    db: Database
    shop: Shop
    providers: dict[str, Provider]
    view: ChatView
    alerts: Alerts
    fetcher: Fetcher
    now: Callable[[], float]
    """Unix seconds, for what is shown only: the database's clock decides."""
    probe_after: float
    """Seconds from a refusal for lack of funds to the next order that is let through."""
    ended: Callable[[str, str], None] = lambda _provider, _outcome: None
    """Hears the end of every run: provider and "done" or the cause of the failure."""
    pictures: Callable[[Job, Model], Awaitable[tuple[Picture, ...]]] = named_only
    """An order's pictures as its provider gets them; raises PicturesGone."""
    address: Callable[[Job, Asset, int], str] = plain_address
    """What people may open where Telegram does not take a result, "" for nothing; by the result's place in the job."""
    left: Callable[[Job, Target], Awaitable[None]] = _nothing_left
    """Says in a message where the job's message stands now; see message_moves.py."""
    restarting: Callable[[Job], Awaitable[None]] = _waits
    """Tells the person that a job without a message of its own waits for the next process."""
    chat: Chat = field(default_factory=Chat)
    deliveries: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(DELIVERIES))


@contextmanager
def writing(live: RunningJob) -> Iterator[None]:
    """Around such a write. One that is cut off stays noted: Telegram may have taken it."""
    live.writing = True
    try:
        yield
    except Exception:
        # An error is an answer. A cancellation is none: it passes by here and leaves the write noted.
        live.writing = False
        raise
    live.writing = False


def unshow(ctx: RunContext, live: RunningJob) -> bool:
    """What waits to be shown of a job that this process carries no more is not shown. Whether some is on its way."""
    # At both places: the message may have moved since this process showed something in it.
    on_its_way = [ctx.view.drop(replace(live.job, target=place)) for place in {live.place, live.job.target}]
    return any(on_its_way)


def show(ctx: RunContext, live: RunningJob, job: Job) -> None:
    """Shows where a job of this process stands."""
    model = ctx.shop.catalog.get(job.model)
    since = job.delivering_at if live.stage is Stage.AWAITED else job.submitted_at
    elapsed = ctx.now() - since if since is not None else 0.0
    typical = live.expected or (ctx.shop.typical(model) if model is not None else 0.0)
    stage, fraction = live.stage, live.fraction
    ctx.view.progress(job, Progress(stage, 0, fraction, max(0.0, elapsed), typical, live.text))
