"""Generation services for benchmarks only: two take orders and never finish them, one finishes each in a moment."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable

from bot.domain.jobs import Asset
from bot.providers.base import Accepted, Event, ProviderOrder, Resume, Running, Succeeded

FIRST_POLL = 30.0
LONGEST_POLL = 300.0
Called = Callable[[str, float, bool], None]
"""Hears the job, the moment (monotonic) and whether it was resumed."""


class Silent:
    """Accepts and says nothing more. Stands in for AI-Now."""

    name = "ai_now"
    resumable = False

    def __init__(self, called: Called) -> None:
        self._called = called

    async def run(
        self, order: ProviderOrder, *, job_id: str, resume: Resume | None = None
    ) -> AsyncGenerator[Event, None]:
        self._called(job_id, time.monotonic(), resume is not None)
        yield Accepted(None)
        await asyncio.sleep(order.longest_seconds)


class Finishing:
    """Takes the order, works a little, and hands over the same film each time."""

    name = "ai_now"
    resumable = False

    def __init__(self, called: Called, film: str) -> None:
        self._called = called
        self._film = film

    async def run(
        self, order: ProviderOrder, *, job_id: str, resume: Resume | None = None
    ) -> AsyncGenerator[Event, None]:
        self._called(job_id, time.monotonic(), resume is not None)
        yield Accepted(None)
        yield Running(0.5)
        await asyncio.sleep(0.05)
        yield Succeeded((Asset(self._film),))


class Polled:
    """Submit and poll: a reference at once, then a look now and then, ever more seldom; asked at once when resumed."""

    name = "ai_now"
    resumable = True

    def __init__(self, called: Called) -> None:
        self._called = called

    async def run(
        self, order: ProviderOrder, *, job_id: str, resume: Resume | None = None
    ) -> AsyncGenerator[Event, None]:
        if resume is None:
            yield Accepted(f"ref-{job_id}")
        else:
            yield Running()
        self._called(job_id, time.monotonic(), resume is not None)
        pause = FIRST_POLL
        while True:
            await asyncio.sleep(pause)
            pause = min(LONGEST_POLL, 2 * pause)
            yield Running()
