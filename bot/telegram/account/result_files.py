"""The results that go into the archive of a person's data."""

import asyncio
from pathlib import Path
from typing import Final

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError

from bot.domain.jobs import Job
from bot.domain.results import ResultFile
from bot.engine.results.originals import Originals, ResultUnavailable
from bot.telegram.api.download import FileNotHad, TooLargeFile, download
from bot.telegram.jobs.message.media_forms import file_name

log = structlog.get_logger(__name__)

ONE_SECONDS: Final = 15.0
SUFFIXES: Final = {"photo": ".jpg", "video": ".mp4", "animation": ".mp4", "audio": ".mp3"}


class Files:
    """The results from Telegram, where it has them, else from the service that made them."""

    def __init__(self, bot: Bot, originals: Originals) -> None:
        self._bot = bot
        self._originals = originals

    async def one(self, job: Job, index: int) -> tuple[str, bytes] | None:
        """Name and bytes."""
        known = job.delivered[index]
        try:
            async with asyncio.timeout(ONE_SECONDS):
                if known.file_id and known.media in SUFFIXES:
                    try:
                        data = await download(self._bot, known.file_id)
                        return file_name(job, index, Path(f"x{SUFFIXES[known.media]}")), data
                    except (TooLargeFile, FileNotHad, AiogramError) as error:
                        log.info("archive.not_at_telegram", job=job.id, error=type(error).__name__)
                return await self._original(job, index)
        except ResultUnavailable as error:
            log.info("archive.not_had", job=job.id, error=error.why)
        except TimeoutError:
            log.info("archive.not_had", job=job.id, error="TimeoutError")
        return None

    async def _original(self, job: Job, index: int) -> tuple[str, bytes] | None:
        async with self._originals.file(job, index) as found:
            if not isinstance(found, ResultFile):
                return None
            return file_name(job, index, found.path), await asyncio.to_thread(found.path.read_bytes)
