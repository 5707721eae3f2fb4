"""Brings the results of a job to our disk: from their provider with its credentials, or from what was put aside."""

from collections.abc import Sequence
from dataclasses import replace

import structlog
from sqlalchemy import Connection

from bot.domain.catalog.models import Kind
from bot.domain.jobs import BLOB, Asset, Delivered, Job, JobState
from bot.domain.results import Fetched, TooLarge
from bot.engine.catalog import operator_faults, pauses
from bot.engine.jobs import store
from bot.engine.jobs.run.run_context import Fetcher, RunContext, RunningJob, writing
from bot.engine.media import blobs
from bot.engine.ports import Delivery, Stage
from bot.providers.base import BadResult, GuardsResults, NotThere, ProviderError
from bot.storage import job_rows
from bot.storage.database import Database

log = structlog.get_logger(__name__)


class _Lost(Exception):
    """Another process has the job: it brings the rest, and nothing more is sent from here."""


async def fetch_asset(db: Database, fetcher: Fetcher, provider: object, job: Job, asset: Asset) -> Fetched:
    """One result as a file, which the caller discards. Raises ProviderError; BadResult when it is gone for good."""
    if not asset.url.startswith(BLOB):
        headers = provider.headers_for(asset.url) if isinstance(provider, GuardsResults) else {}
        return await fetcher.fetch(asset.url, expect=job.kind, headers=headers)
    key = asset.url.removeprefix(BLOB)
    blob = await db.read(lambda conn: blobs.get(conn, key))
    if blob is None:
        raise BadResult("the result that was put aside is gone")
    return await fetcher.store(blob.data, expect=job.kind)


async def collect(ctx: RunContext, job: Job, results: list[Fetched], *, patient: bool = True) -> Job | None:
    """Fills `results` as they come, so that the caller can discard those that came before a failure.

    Of several results those that are no usable file are given up where others are: the job that is returned has none of
    them, and the user pays for what came. `patient`: one that may come in a moment is not among them, its error is
    raised. None: another process has the job now. Raises ProviderError.
    """
    if not job.assets:
        raise BadResult("no result was stored")
    provider = ctx.providers.get(job.provider)
    good: list[Asset] = []
    bad: ProviderError | None = None
    for asset in job.assets:
        try:
            if asset.url or job.kind is not Kind.ASK:  # words need no file
                results.append(await fetch_asset(ctx.db, ctx.fetcher, provider, job, asset))
        except ProviderError as error:
            passing = isinstance(error, NotThere) or not isinstance(error, BadResult)
            if job.delivered or (patient and passing):  # those that stand in the chat are known by their numbers
                raise
            bad = error
        else:
            good.append(asset)
    if bad is None:
        return job
    if not good:
        raise bad
    log.warning("job.fewer_results", job=job.id, came=len(good), of=len(job.assets), detail=bad.detail)

    def keep_the_good(conn: Connection) -> Job | None:
        return store.change(conn, job, states=[JobState.DELIVERING], assets=job_rows.assets_json(good))

    return await ctx.db.transaction(keep_the_good)


async def bring(ctx: RunContext, live: RunningJob, results: list[Fetched], *, patient: bool = True) -> Delivery | None:
    """Fetches what of the live job does not stand in the chat yet, into `results`, and shows it there. `patient`: see
    collect.

    None: another process has the job now, or it was cancelled while its file was waited for. Raises ProviderError,
    TargetGone, TryLater."""
    if not live.job.delivered or not all(each.media for each in live.job.delivered):
        collected = await collect(ctx, live.job, results, patient=patient)
        if collected is not None and collected.awaited:
            # From here on something may stand in the chat: a Cancel that comes first fences this off, a later one is
            # refused. Without it a result could be had for nothing.
            here = collected
            collected = await ctx.db.transaction(lambda conn: store.file_came(conn, here))
        if collected is None:
            return None
        live.job, live.stage = collected, Stage.DELIVERING
    if live.probe is not False:
        await _proved(ctx, live)

    async def keep(found: Sequence[Delivered]) -> None:
        """Some of several results stand in the chat: after a crash they are not sent again."""
        job = live.job

        def keep_delivered(conn: Connection) -> Job | None:
            return store.record_delivery(conn, job, job.target, found)

        kept = await ctx.db.transaction(keep_delivered)
        if kept is None:
            raise _Lost
        live.job = kept

    shown = as_shown(ctx, live.job)
    there = tuple(TooLarge(shown.assets[i]) if isinstance(r, TooLarge) else r for i, r in enumerate(results))
    try:
        with writing(live):
            return await ctx.view.deliver(shown, there, keep)
    except _Lost:
        return None


async def _proved(ctx: RunContext, live: RunningJob) -> None:
    """The provider works: its result is here. Whether Telegram takes it, perhaps hours later, says nothing of that."""
    job = live.job
    if live.probe is None and all(pause.probe_job != job.id for pause in await ctx.db.read(pauses.everything)):
        return

    def probe_worked(conn: Connection) -> list[str]:
        return pauses.probe_ended(conn, job.id, succeeded=True)

    live.probe = False
    back = await ctx.db.transaction(probe_worked)
    await operator_faults.tell_back(ctx.alerts, ctx.shop.catalog, job, back)


def as_shown(ctx: RunContext, job: Job) -> Job:
    """The job with the addresses that people may see, which are not always those that we fetch from."""
    assets = enumerate(job.assets)
    return replace(job, assets=tuple(replace(asset, url=ctx.address(job, asset, i)) for i, asset in assets))
