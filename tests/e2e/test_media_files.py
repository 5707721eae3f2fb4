"""What services give that is no result, and what is one although it begins unusually: as people see it and pay."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.jobs import Job, JobState
from bot.domain.money import CREDIT
from sandbox.client import Msg
from tests.drivers.app import World
from tests.e2e.media_kit import album, ordered, studio
from tests.providers import files
from tests.providers.files import HEIC, HTML, SVG, coded, film, song


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with studio(database_url, tmp_path, ready_after_seconds=0) as started:
        yield started


def serves(simulator: Any, make: Callable[[int], bytes | None]) -> None:
    """What the service's links lead to from now on, by the number of the result; None: what it would have made."""
    keep, numbers = simulator.state.keep, iter(range(1000))

    def kept(name: str, result: Any) -> None:
        data = make(next(numbers))
        keep(name, result if data is None else replace(result, make=lambda: data))

    simulator.state.keep = kept


async def order(world: World, command: str) -> tuple[Job, Msg, float]:
    """The job, its message, and what it cost the person."""
    ann = await world.person()
    before = (await world.balance(ann))[0]
    job, message = await ordered(world, ann.private(), command)
    after, held = await world.balance(ann)
    await world.clean()
    assert held == 0
    return job, message, before - after


async def test_one_that_is_no_picture_among_four_is_not_paid_for(world: World) -> None:
    serves(world.services.naive, lambda number: b"\x89PNG\r\n\x1a\n" + HTML if number == 1 else None)
    ann = await world.person()
    job, message = await ordered(world, ann.private(), "/naive_schnell --n 4 a fox")
    assert job.state is JobState.DONE
    assert "3 of 4 arrived: you are charged for 3 only." in message.text
    assert len(await album(ann.private())) == 3
    assert job.charged is not None
    assert job.charged * 4 <= job.quote * 3
    assert (await world.balance(ann))[0] == 1000 - job.charged / CREDIT
    await world.clean()


@pytest.mark.parametrize(
    "data",
    [
        film()[:24] + HTML,
        files.with_noise(film(first=True)),
        film(first=True)[: len(film()) // 2],
        song("mp4", "aac"),
    ],
    ids=["a page", "noise", "cut", "no picture"],
)
async def test_rubbish_with_the_right_first_bytes_costs_nothing(world: World, data: bytes) -> None:
    serves(world.ai_now, lambda _: data)
    job, message, cost = await order(world, "/pika --style 4 a lake")
    assert job.state is JobState.FAILED
    assert "sent no usable file. You were not charged." in message.text
    assert cost == 0


@pytest.mark.parametrize(
    ("command", "data"),
    [
        ("/pika --style 4 a lake", film("mpegts")),
        ("/pika --style 4 a lake", files.late_ftyp(film())),
        ("/suno a song of the lake", bytes(300) + files.bare(song())),
        ("/suno a song of the lake", song("aiff", "pcm_s16be")),
        ("/naive_schnell a fox", SVG),
        ("/naive_schnell a fox", HEIC),
        ("/naive_schnell a fox", coded("TIFF")),
        ("/naive_schnell a fox", files.moving("PNG")),
    ],
    ids=["ts", "box before ftyp", "zeros before mp3", "aiff", "svg", "heic", "tiff", "moving png"],
)
async def test_a_good_file_of_another_form_arrives_as_a_file(
    sqlite_url: str, tmp_path: Path, command: str, data: bytes
) -> None:
    async with studio(sqlite_url, tmp_path, ready_after_seconds=0) as world:
        serves(world.services.naive if "naive" in command else world.ai_now, lambda _: data)
        job, message, cost = await order(world, command)
        assert (job.state, message.kind) == (JobState.DONE, "document")
        assert job.charged is not None
        assert round(cost * CREDIT) == job.charged > 0


async def test_a_film_that_lies_on_its_side_is_shown_as_it_is_seen(sqlite_url: str, tmp_path: Path) -> None:
    async with studio(sqlite_url, tmp_path, ready_after_seconds=0) as world:
        serves(world.ai_now, lambda _: files.turned(film()))
        _, message, _ = await order(world, "/pika --style 4 a lake")
        assert (message.kind, message.message["video"]["width"], message.message["video"]["height"]) == (
            "video",
            180,
            320,
        )
