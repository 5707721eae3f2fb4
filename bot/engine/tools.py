"""What carrying a job takes, and what its message shows meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.domain.jobs import Job
from bot.domain.results import Fetched
from bot.engine.ports import Alerts, ChatView, Progress, Stage
from bot.engine.shop import Shop
from bot.providers.base import Provider
from bot.storage.database import Database


class Fetcher(Protocol):
    """Brings a result to our disk; raises ProviderError."""

    async def fetch(self, url: str) -> Fetched: ...


@dataclass(slots=True)
class Live:
    """A job that this process is working on, for the ticker: what its message shows next."""

    job: Job
    stage: Stage = Stage.STARTING
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class Tools:
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


def show(tools: Tools, live: Live, job: Job) -> None:
    """Shows where a job of this process stands."""
    model = tools.shop.catalog.get(job.model)
    elapsed = tools.now() - job.submitted_at if job.submitted_at is not None else 0.0
    typical = tools.shop.typical(model) if model is not None else 0.0
    tools.view.progress(job, Progress(live.stage, fraction=live.fraction, elapsed=max(0.0, elapsed), typical=typical))
