"""A result stands in its chat with its buttons a moment before it is noted as done: a tap in between waits for that."""

import asyncio
from typing import Final

from bot.domain.jobs import Job, JobState
from bot.telegram.context.context import Context

LOOKS: Final = 30
EVERY: Final = 0.1
"""Number of looks, and seconds between two of them."""


async def wait_until_done(ctx: Context, job: Job) -> Job:
    """The job once it is noted as done; as it stands after three seconds at the latest."""
    found: Job | None = job
    for _ in range(LOOKS):
        if found is None or found.state is not JobState.DELIVERING:
            break
        await asyncio.sleep(EVERY)
        found = await ctx.engine.jobs.get(job.id)
    return found or job
