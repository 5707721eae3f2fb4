"""Results on their way take up a bounded part of the disk, whatever their number, and leave nothing behind."""

import asyncio
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.domain.results import ResultFile
from bot.providers.kit.disk_budget import Room
from bot.providers.kit.download import Downloader, discard
from tests.providers.files import coded
from tests.providers.provider_kit import QUICK

PNG = coded("PNG").ljust(100_000, b"\0")


async def test_what_does_not_fit_waits_until_another_is_gone(tmp_path: Path) -> None:
    fetcher = Downloader(tmp_path, max_bytes=200_000, limit=250_000, backoff=QUICK)
    try:
        first, second = [await fetcher.store(PNG) for _ in range(2)]
        third = asyncio.ensure_future(fetcher.store(PNG))
        await asyncio.sleep(0.3)
        assert not third.done()
        lying = list(tmp_path.rglob("*.png"))
        assert sum(path.stat().st_size for path in lying) == 200_000
        discard(first)
        found = await asyncio.wait_for(third, 5.0)
        assert isinstance(found, ResultFile)
        assert found.path.read_bytes() == PNG
        discard(second)
    finally:
        await fetcher.aclose()


async def test_no_two_wait_for_one_another_and_a_large_one_gets_its_turn(tmp_path: Path) -> None:
    room = Room(tmp_path, 100)
    order: list[int] = []

    async def bring(size: int, seconds: float) -> None:
        async with room.place(size) as name:
            order.append(size)
            (tmp_path / f"{name}.bin").write_bytes(b"x" * size)
            await asyncio.sleep(seconds)
            assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 100
            (tmp_path / f"{name}.bin").unlink()

    async with asyncio.timeout(10.0), asyncio.TaskGroup() as group:
        for size in (60, 90, 10, 500):
            group.create_task(bring(min(size, 100), 0.1))
            await asyncio.sleep(0.01)
    assert order == [60, 90, 10, 100], "first come, first served"
    assert room.taken == 0


async def test_a_file_counts_with_its_own_size_and_a_failed_one_not_at_all(tmp_path: Path) -> None:
    room = Room(tmp_path, 100)
    async with room.place(80) as name:
        (tmp_path / f"{name}.png").write_bytes(b"x" * 30)
    assert room.taken == 30
    with pytest.raises(ConnectionError):
        async with room.place(70):
            raise ConnectionError
    assert room.taken == 30


async def test_a_file_that_ends_while_the_folder_is_looked_at_goes_on_counting(tmp_path: Path) -> None:
    """The look was before its file was written: what is forgotten then is room given twice."""
    room = Room(tmp_path, 100)
    written, looked = threading.Event(), threading.Event()
    names = room._names

    def look_early() -> set[str]:
        found = names()
        looked.set()
        written.wait(5.0)
        return found

    room._names = look_early  # type: ignore[method-assign]

    async def wait_for_room() -> None:
        async with room.place(80):
            pass

    async with room.place(60) as name:
        waiting = asyncio.create_task(wait_for_room())
        await asyncio.to_thread(looked.wait, 5.0)
        (tmp_path / f"{name}.png").write_bytes(b"x" * 60)
    written.set()
    await asyncio.sleep(0.3)
    assert room.taken == 60
    assert not waiting.done()
    (tmp_path / f"{name}.png").unlink()
    await asyncio.wait_for(waiting, 5.0)


def test_what_a_killed_process_left_is_removed_at_the_next_start(tmp_path: Path) -> None:
    killed = "import os, sys; from pathlib import Path; from bot.providers.kit.temp_folder import move_in; "
    killed += "home, lock = move_in(Path(sys.argv[1])); (home / 'film.mp4').write_bytes(b'x'); os._exit(9)"
    root = str(Path(__file__).parents[3])
    subprocess.run(
        [sys.executable, "-c", killed, str(tmp_path)], env={**os.environ, "PYTHONPATH": root}, timeout=60, check=False
    )
    (tmp_path / "theirs.txt").write_text("not a result")
    assert len([*tmp_path.rglob("film.mp4")]) == 1
    fetcher = Downloader(tmp_path, max_bytes=1000)
    asyncio.run(fetcher.aclose())
    assert not [*tmp_path.rglob("film.mp4")]
    assert (tmp_path / "theirs.txt").exists()
