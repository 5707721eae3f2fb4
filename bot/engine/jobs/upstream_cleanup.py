"""What happens upstream after the user changed their mind: orders that are called off, results that are deleted."""

import asyncio
from collections.abc import Mapping

import structlog

from bot.domain.jobs import Asset, Job, JobState
from bot.engine.media import ownership
from bot.providers.base import CancelsUpstream, DeletesResults, Provider, ProviderError
from bot.storage.database import Database

log = structlog.get_logger(__name__)

CANCEL_SECONDS = 30.0
"""For telling a provider that its result is not wanted any more; the user's hold went back before."""


def to_call_off(providers: Mapping[str, Provider], job: Job) -> bool:
    """Whether a provider still works on what its user cancelled, and can be told so."""
    known = job.state is JobState.CANCELLED and job.upstream_ref is not None
    return known and isinstance(providers.get(job.provider), CancelsUpstream)


async def call_off(providers: Mapping[str, Provider], job: Job) -> None:
    """Tells the provider of a cancelled job to stop, once and bounded. Best effort: never raises, changes nothing."""
    provider: object = providers.get(job.provider)
    ref = job.upstream_ref
    if not isinstance(provider, CancelsUpstream) or ref is None:
        return
    try:
        async with asyncio.timeout(CANCEL_SECONDS):
            await provider.cancel(ref)
    except (ProviderError, TimeoutError) as error:
        log.info("job.not_called_off", job=job.id, why=str(error) or type(error).__name__)
    else:
        log.info("job.called_off", job=job.id)


async def delete_result(db: Database, providers: Mapping[str, Provider], job: Job, index: int) -> bool:
    """Deletes one result (from 0) of a job upstream and forgets its name there; doing it again is harmless.

    False: there is nothing to delete there. Raises ProviderError when the service cannot be reached or refuses: then
    nothing changed. Whether the person may delete it is the caller's question.
    """
    asset = job.assets[index] if 0 <= index < len(job.assets) else Asset()
    own = asset.own
    provider: object = providers.get(job.provider)
    if not isinstance(provider, DeletesResults):
        return False
    if not own:  # the service did not name it in time: its address was told to this job alone
        if asset.url.startswith("http"):
            await provider.delete(asset.url)
        return asset.url.startswith("http")
    if await db.read(lambda conn: ownership.owner(conn, job.provider, own)) != job.id:
        return False
    await provider.delete(own)  # first: a forgotten result that is still there would belong to no job

    await db.transaction(lambda conn: ownership.forget(conn, job.provider, own))
    return True
