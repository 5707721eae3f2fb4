"""What is left to do for a job whose task ended otherwise than it should: by a fault of ours, or because the job was
taken away meanwhile."""

import asyncio

from sqlalchemy import Connection

from bot.domain.jobs import Cause, Job, JobState
from bot.engine.dialogs import inline_cards
from bot.engine.jobs import settlement, store
from bot.engine.jobs.run.run_context import RunContext
from bot.storage.outage import PATIENCE

DELIVERY_TRIES = 60
LAST_WORD_TRIES = 20
"""How often a fault of ours may come back before a delivery fails, and before a last word is given up."""
AGAIN_AFTER = 60.0
"""Seconds."""
TOLD_PATIENCE = 3600.0
"""Seconds for which a last word that is to be repeated waits for a lost database."""
ON_ITS_WAY = 11.0
"""Seconds after which an edit of progress has arrived or never will."""


async def crashed(ctx: RunContext, job: Job, error: Exception) -> None:
    """A fault of ours: before delivery the job fails and is released, later it is tried again for its day."""
    detail = f"{type(error).__name__}: {error}"[:300]

    def give_up(conn: Connection) -> None:
        kept: Job | None = job
        if job.state.finished and job.tries >= LAST_WORD_TRIES:
            # A last word that fails for ever would be claimed again and again: it counts as said.
            store.close_notice(conn, job)
        elif job.state.finished or (job.state is JobState.DELIVERING and job.tries < DELIVERY_TRIES):
            store.postpone(conn, job, AGAIN_AFTER)
        elif job.state is JobState.DELIVERING:
            terms = ctx.shop.catalog.terms.get(job.provider)
            settled = settlement.undelivered(conn, job, Cause.INTERNAL, detail, terms)
            kept = settled.job if settled is not None else None
        else:
            kept = settlement.failed(conn, job, Cause.INTERNAL, detail)
        if (
            kept is not None
            and kept.state is JobState.FAILED
            and not job.state.finished
            and job.submitted_at is not None
        ):
            store.reconcile(conn, job, Cause.INTERNAL)
        if kept is not None:
            store.hand_back(conn, kept)
        ctx.db.notify(conn, store.WAKE)

    await ctx.db.transaction(give_up)
    await ctx.alerts.alert(f"job_fault:{type(error).__name__}", "alert-job-fault", job=job.id, detail=detail)


async def told_again(ctx: RunContext, job_id: str) -> None:
    """An edit was on its way when the job was lost, and may come after its last word from another process: that one, or
    the process that owns the job then, says it once more. A job that is carried on has its last word still to come."""
    PATIENCE.set(TOLD_PATIENCE)  # in this task alone: without it a bar would stand for ever over the last word
    await asyncio.sleep(ON_ITS_WAY)

    def say_again(conn: Connection) -> None:
        job = store.get(conn, job_id, lock=True)
        if job is None or not job.state.finished:
            return
        if job.target.placed and not job.forgotten and not inline_cards.followed(conn, job):
            store.repeat_notice(conn, job)
            ctx.db.notify(conn, store.WAKE)

    await ctx.db.transaction(say_again)
