"""The ZIP of a person's data: files as long as they fit, the list of everything always."""

import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.domain.jobs import NOWHERE, Delivered, Job
from bot.engine.privacy.archive import pack
from bot.engine.privacy.export import NO_ROOM, NOT_HAD
from tests.telegram.order_kit import job_of

KB = 1024


class Shelf:
    """Files by their size; what it does not know cannot be had."""

    def __init__(self, sizes: Mapping[str, int]) -> None:
        self._sizes = sizes
        self.asked: list[str] = []

    async def one(self, job: Job, index: int) -> tuple[str, bytes] | None:
        name = job.delivered[index].file_id
        self.asked.append(name)
        return (f"{name}.jpg", os.urandom(self._sizes[name])) if name in self._sizes else None


def job(id: str, *files: Delivered) -> Job:
    return replace(job_of("pika", {}), id=id, delivered=files)


def photos(*names: str) -> tuple[Delivered, ...]:
    return tuple(Delivered(name, "photo") for name in names)


def listed(jobs: list[Job]) -> dict[str, Any]:
    def results(job: Job) -> list[dict[str, str]]:
        return [{"media": d.media, "file_id": d.file_id, "link": ""} for d in job.delivered]

    return {"jobs": [{"id": job.id, "results": results(job)} for job in jobs]}


async def test_files_go_in_newest_first_as_long_as_they_fit(tmp_path: Path) -> None:
    jobs = [
        job("new", *photos("a", "gone", "b")),
        job("nowhere", Delivered("", NOWHERE), Delivered("", "text")),
        job("large", *photos("c")),
        job("old", *photos("d")),
    ]
    shelf = Shelf({"a": 30 * KB, "b": 30 * KB, "c": 500 * KB, "d": 10 * KB})
    data, path = listed(jobs), tmp_path / "data.zip"
    await pack(path, data, jobs, shelf, limit=100 * KB)
    assert path.stat().st_size <= 100 * KB
    assert shelf.asked == ["a", "gone", "b", "c", "d"]
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {"files/a.jpg", "files/b.jpg", "files/d.jpg", "data.json", "results.tsv"}
        kept = json.loads(archive.read("data.json"))
        assert [each.get("file") for each in kept["jobs"][0]["results"]] == ["files/a.jpg", None, "files/b.jpg"]
        assert [each.get("why") for each in kept["jobs"][0]["results"]] == [None, NOT_HAD, None]
        assert f"\tc\t\t\t{NO_ROOM}\n" in archive.read("results.tsv").decode()


async def test_without_room_there_is_the_list_alone(tmp_path: Path) -> None:
    jobs = [job("new", *photos("a"))]
    shelf, path = Shelf({"a": 10}), tmp_path / "data.zip"
    await pack(path, listed(jobs), jobs, shelf, limit=100)
    assert shelf.asked == []
    with zipfile.ZipFile(path) as archive:
        assert set(archive.namelist()) == {"data.json", "results.tsv"}
