"""The pictures of an order as its provider gets them: inside the request, or behind a link of ours that expires.

Made before the intent (T2): an order whose pictures are gone fails before anything was asked of the provider.
"""

import asyncio
import base64
from collections.abc import Callable
from typing import Final

from bot.domain.catalog.models import Model
from bot.domain.jobs import Input, Job
from bot.engine.media import blobs
from bot.engine.media.blobs import Blob
from bot.engine.media.imaging import BadPicture, shown
from bot.providers.base import Picture
from bot.storage.database import Database

INLINE_MAX: Final = 512 * 1024
"""Bytes of a picture that go inside the request where a link could be given instead."""
INLINE_TOTAL: Final = 60 * 1024 * 1024
"""Bytes of all of an order's pictures inside one request."""
LINK_SECONDS: Final = 1800.0
"""The longest a link is good for; a service fetches the picture when it begins to work."""

Link = Callable[[str, float], str]
"""Makes the address of an object for so many seconds."""


class PicturesGone(Exception):
    """A picture of the order is not here any more, or they are too large to be sent."""


async def named_only(job: Job, model: Model) -> tuple[Picture, ...]:
    """Pictures that the provider has itself. Raises PicturesGone where there are others."""
    if any(each.blob for each in job.inputs):
        raise PicturesGone("nobody can bring the pictures")
    return tuple(Picture(own=each.own) for each in job.inputs)


class Pictures:
    """`link` None: no outside host can reach us (PUBLIC_URL is not set), so that pictures go inside the request."""

    def __init__(self, db: Database, link: Link | None = None) -> None:
        self._db = db
        self._link = link

    async def of(self, job: Job, model: Model) -> tuple[Picture, ...]:
        """In the order's own order. Raises PicturesGone."""
        total = 0
        made: list[Picture] = []
        for each in job.inputs:
            if not each.blob:
                made.append(Picture(own=each.own))
                continue
            blob = await self._blob(each)
            if model.sees:
                made.append(Picture(await asyncio.to_thread(_inline, Blob("image/jpeg", await _small(blob)))))
                continue
            if self._link is not None and not model.hears and len(blob.data) > INLINE_MAX:
                made.append(Picture(self._link(each.blob, min(model.longest_seconds, LINK_SECONDS)), each.own))
                continue
            total += len(blob.data)
            if total > INLINE_TOTAL:
                raise PicturesGone("the pictures are too large to go inside a request, and PUBLIC_URL is not set")
            made.append(Picture(await asyncio.to_thread(_inline, blob), each.own))
        return tuple(made)

    async def _blob(self, each: Input) -> Blob:
        blob = await self._db.read(lambda conn: blobs.get(conn, each.blob))
        if blob is None:
            raise PicturesGone("a picture that the order works on is gone")
        return blob


async def _small(blob: Blob) -> bytes:
    try:
        return await shown(blob.data)
    except BadPicture as bad:
        raise PicturesGone(f"a picture that cannot be made smaller: {bad}") from bad


def _inline(blob: Blob) -> str:
    return f"data:{blob.mime};base64,{base64.b64encode(blob.data).decode()}"
