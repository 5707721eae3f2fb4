"""A person's data as a ZIP: the list of everything, and the files of their results as far as they fit one upload."""

import asyncio
import time
import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final, Protocol

from bot.domain.jobs import Job
from bot.engine.privacy import export

JOBS: Final = 1_000
"""The newest orders, whose files are looked for."""
FILES: Final = 500
AT_ONCE: Final = 4
SECONDS: Final = 60.0
"""For fetching all files; what is not there by then is named in the list only."""
SPARE: Final = 512
"""Bytes that the archive needs for each file beside its contents."""
places: Final = asyncio.Semaphore(2)
"""Archives that are made or sent at the same time, for all people: each holds a few files in memory while it is made,
and takes up to the largest upload on the disk until it is sent."""


class Source(Protocol):
    """Brings one result; None: it cannot be had."""

    async def one(self, job: Job, index: int) -> tuple[str, bytes] | None: ...


async def pack(path: Path, data: export.Data, jobs: Sequence[Job], source: Source, *, limit: int) -> None:
    """Writes the archive; only the list itself may make it larger than `limit` bytes. Within `places`."""
    deadline = time.monotonic() + SECONDS
    room = limit - await asyncio.to_thread(_list_size, path, data)
    listed: dict[str, Any] = {job["id"]: job for job in data["jobs"]}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        wanted = islice(_results(jobs), FILES)
        while room > 0 and time.monotonic() < deadline and (some := list(islice(wanted, AT_ONCE))):
            found = await asyncio.gather(*(source.one(job, index) for job, index in some))
            for (job, index), file in zip(some, found, strict=True):
                if job.id not in listed:
                    continue
                line = listed[job.id]["results"][index]
                if file is None or len(file[1]) + SPARE > room:
                    line.setdefault("why", export.NOT_HAD if file is None else export.NO_ROOM)
                    continue
                line["file"] = name = f"files/{file[0]}"
                line.pop("why", None)
                await asyncio.to_thread(archive.writestr, name, file[1], zipfile.ZIP_STORED)
                room -= len(file[1]) + SPARE
        await asyncio.to_thread(export.into_zip, archive, data)


def _results(jobs: Sequence[Job]) -> Iterator[tuple[Job, int]]:
    """The newest first."""
    for job in jobs:
        yield from ((job, index) for index, each in enumerate(job.delivered) if each.media not in ("text", "none", ""))


def _list_size(path: Path, data: export.Data) -> int:
    """What the list alone takes, with the names of files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        export.into_zip(archive, data)
    return path.stat().st_size + SPARE * 32
