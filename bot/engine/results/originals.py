"""The results of jobs after their delivery: fetched again as they were made, put aside for other orders, deleted."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.jobs import BLOB, Asset, Input, Job, JobState
from bot.domain.results import Fetched, ResultFile
from bot.engine.jobs.fetch_results import fetch_asset
from bot.engine.jobs.result_links import plain_address
from bot.engine.jobs.run.run_context import Fetcher
from bot.engine.jobs.upstream_cleanup import delete_result
from bot.engine.media import blobs
from bot.engine.media.imaging import cleaned
from bot.providers.base import (
    BadResult,
    DeletesResults,
    Forbidden,
    GuardsResults,
    Provider,
    ProviderError,
    UpstreamDown,
)
from bot.providers.kit.download import discard
from bot.storage.database import Database
from bot.storage.tables import jobs

PICTURE_MAX = 20 * 1024 * 1024
"""Bytes of a picture that services are given."""


DELETED = "deleted"
"""The fact of a job whose results its owner deleted."""


class TooLargePicture(Exception):
    """The picture has more bytes than PICTURE_MAX."""


class ResultUnavailable(Exception):
    """A result cannot be had, or not be deleted, at this moment. `why` is a name and `detail` a text, both for logs."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}")
        self.why = why
        self.detail = detail


class ResultLost(ResultUnavailable):
    """It is gone for good, which it is not while only the operator's key for it is missing or refused."""


class Originals:
    """Brings results again after they were delivered, as long as their provider or we keep them."""

    def __init__(
        self,
        db: Database,
        fetcher: Fetcher,
        providers: Mapping[str, Provider],
        address: Callable[[Job, Asset, int], str] = plain_address,
        folder: Path | None = None,
    ) -> None:
        """`folder` is where files lie on their way; None: where the system has its temporary ones."""
        self.folder = folder
        self._address = address
        self._db = db
        self._fetcher = fetcher
        self._providers = providers

    @asynccontextmanager
    async def file(self, job: Job, index: int, *, within: float | None = None) -> AsyncIterator[Fetched]:
        """One result as a file that is there inside the context only; TooLarge above the size that is ever fetched.
        Raises ResultLost, and ResultUnavailable also when fetching takes longer than `within` seconds."""
        try:
            async with asyncio.timeout(within):
                found = await self._fetch(job, index)
        except BadResult as error:
            raise ResultLost(type(error).__name__, error.detail) from error
        except ProviderError as error:
            raise ResultUnavailable(type(error).__name__, error.detail) from error
        except TimeoutError as error:
            raise ResultUnavailable("TimeoutError") from error
        try:
            yield found
        finally:
            discard(found)

    async def _fetch(self, job: Job, index: int) -> Fetched:
        if index >= len(job.assets):
            raise BadResult("no such result")
        asset = job.assets[index]
        provider: object = self._providers.get(job.provider)
        if asset.own and provider is None and not asset.url.startswith(BLOB):
            raise UpstreamDown(f"{job.provider} is not in use")
        try:
            return await fetch_asset(self._db, self._fetcher, provider, job, asset)
        except Forbidden as error:
            if isinstance(provider, GuardsResults) and provider.headers_for(asset.url):
                raise UpstreamDown(error.detail) from error
            raise

    def address(self, job: Job, index: int) -> str:
        """Where people may fetch one result by themselves, "" for nowhere."""
        return self._address(job, job.assets[index], index) if index < len(job.assets) else ""

    async def data(self, job: Job, index: int, *, within: float | None = None) -> bytes:
        """The bytes of a picture. Raises TooLargePicture, and what `file` raises."""
        async with self.file(job, index, within=within) as found:
            if not isinstance(found, ResultFile) or found.size > PICTURE_MAX:
                raise TooLargePicture
            return await asyncio.to_thread(found.path.read_bytes)

    async def put_aside(self, data: bytes) -> Input:
        """Keeps a picture for an order, without what it tells of its maker; the same one twice is kept once. Raises
        BadPicture, TooLargePicture."""
        if len(data) > PICTURE_MAX:
            raise TooLargePicture
        look, data = await cleaned(data)
        if len(data) > PICTURE_MAX:
            raise TooLargePicture
        key = await asyncio.to_thread(blobs.name_of, data)
        await self._db.transaction(lambda conn: blobs.put(conn, key, look.mime, data))
        return Input(key, look.mime)

    async def kept(self, picture: Input) -> bool:
        """Whether a picture of an earlier order can be worked on again as it is."""
        if not picture.blob:
            return True
        return await self._db.read(lambda conn: blobs.get(conn, picture.blob)) is not None

    def deleted_upstream(self, job: Job) -> bool:
        """Whether the service that made the job's results deletes them when they are deleted here."""
        provider: object = self._providers.get(job.provider)
        return isinstance(provider, DeletesResults)

    async def delete(self, job: Job) -> None:
        """Deletes the results of a finished job where its provider keeps them, and forgets here what they were; the job
        and its money stay. Doing it again is harmless. Raises ResultUnavailable: then some may still be there."""
        try:
            for index in range(len(job.assets)):
                await delete_result(self._db, self._providers, job, index)
        except ProviderError as error:
            raise ResultUnavailable(type(error).__name__, error.detail) from error

        def forget(conn: Connection) -> None:
            facts = {**job.facts, DELETED: "on"}
            mine = sa.and_(jobs.c.id == job.id, jobs.c.state == JobState.DONE.value)
            conn.execute(sa.update(jobs).where(mine).values(assets=[], delivered=[], facts=facts))
            blobs.drop(conn, [asset.url.removeprefix(BLOB) for asset in job.assets if asset.url.startswith(BLOB)])

        await self._db.transaction(forget)
