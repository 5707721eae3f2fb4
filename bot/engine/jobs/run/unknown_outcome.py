"""Orders whose answer never came, at providers that can be asked afterwards what they made: whose is what is found?

A picture given to the wrong person is worse than an order released: whatever else may have made it counts as a rival.
"""

from collections.abc import Collection
from contextlib import aclosing

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.catalog.models import Model
from bot.domain.jobs import Cause, Job
from bot.engine.jobs.run.run_context import RunContext
from bot.engine.media import ownership
from bot.providers.base import ConnectionLost, Lost, ProviderOrder, Recovers, Succeeded
from bot.storage import job_rows
from bot.storage.tables import jobs, own_results

RIVALS_MAX = 1000
_MADE_NOTHING = (
    Cause.REFUSED.value,
    Cause.UNAVAILABLE.value,
    Cause.UNKNOWN_MODEL.value,
    Cause.BUSY.value,
    Cause.WAITED_TOO_LONG.value,
)


def count_rivals(conn: Connection, job: Job, slugs: Collection[str], longest_seconds: float) -> int:
    """How many other jobs may have made what is found for this one: with the same words for one of these models and on
    the same pictures, upstream at the same time, and with results that are not all known by name.

    Options are not compared: the history may not tell them.
    """
    # Both ways in time: an order made earlier may end later than this one.
    at = job.submitted_at or job.created_at
    named = sa.select(sa.func.count()).where(own_results.c.job_id == jobs.c.id).scalar_subquery()
    same = sa.and_(
        jobs.c.model.in_(slugs),
        jobs.c.provider == job.provider,
        jobs.c.prompt == job.prompt,
        jobs.c.id != job.id,
        jobs.c.submitted_at > at - longest_seconds,
        jobs.c.submitted_at < at + longest_seconds,
        sa.or_(jobs.c.cause.is_(None), jobs.c.cause.not_in(_MADE_NOTHING)),
    )
    found = conn.execute(sa.select(jobs.c.inputs, jobs.c.ordered, named.label("named")).where(same).limit(RIVALS_MAX))
    mine = job_rows.inputs_json(job.inputs)
    # A job whose results are all known by name has its own: what is found without a name is not of it.
    return sum(1 for row in found if row.inputs == mine and row.named < row.ordered)


def same_models(ctx: RunContext, model: Model) -> tuple[str, ...]:
    """The slugs under which that provider may be asked for the same thing: a default may be any of its models."""
    return tuple(
        one.slug for one in ctx.shop.catalog.models if (one.provider, one.kind) == (model.provider, model.kind)
    )


async def find(ctx: RunContext, provider: Recovers, job: Job, model: Model, order: ProviderOrder) -> Succeeded:
    """What became of the order, once it is known. Never submits. Raises ProviderError: nothing, or nothing certain."""
    slugs = same_models(ctx, model)

    def count(conn: Connection) -> int:
        return count_rivals(conn, job, slugs, model.longest_seconds)

    async def free(names: Collection[str]) -> frozenset[str]:
        return await ctx.db.read(lambda conn: ownership.free(conn, job.provider, names))

    # Counted before the look, and again in the transaction that keeps what is found (ProviderRun._alone): the same
    # may be ordered while the provider is asked.
    lost = Lost(job.submitted_at or job.created_at, free, await ctx.db.read(count))
    async with aclosing(provider.recover(order, job_id=job.id, lost=lost)) as events:
        async for event in events:
            if isinstance(event, Succeeded):
                return event
    raise ConnectionLost("the look-up ended without a result")
