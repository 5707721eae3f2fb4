"""A local Telegram with the bot in it, and results as the simulators make them."""

import logging
from collections.abc import AsyncIterator, Iterator

import pytest
import structlog

from bot.domain.results import ResultFile
from bot.logs import configure_logs
from sandbox.media import song as make_song
from sandbox.media import video as make_video
from tests.telegram.kit import World, telegram


@pytest.fixture(autouse=True)
def _plain_logs() -> Iterator[None]:
    """Logs as the bot writes them: the library's own default draws tracebacks, which takes seconds each."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logs(level="info", style="console")
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with telegram() as started:
        yield started


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> ResultFile:
    path = tmp_path_factory.mktemp("media") / "a.mp4"
    path.write_bytes(make_video("a lake", "Pika"))
    return ResultFile(path, "video", "video/mp4", path.stat().st_size)


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> ResultFile:
    path = tmp_path_factory.mktemp("media") / "a.mp3"
    path.write_bytes(make_song("a song"))
    return ResultFile(path, "audio", "audio/mpeg", path.stat().st_size)
