"""Reads size and length of a media file, so that Telegram shows a player that works at once."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

log = structlog.get_logger(__name__)

LIMIT: Final = 10.0
"""Seconds; a file that takes longer to look at goes out without the figures."""


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """Pixels and whole seconds; None where the file does not say."""

    width: int | None = None
    height: int | None = None
    duration: int | None = None


async def media_info(path: Path) -> MediaInfo:
    """The figures of a video or audio file; empty for a file that cannot be read. Never raises."""
    try:
        async with asyncio.timeout(LIMIT):
            return await asyncio.to_thread(_read, path)
    except (OSError, ValueError, TimeoutError) as error:
        log.info("media.unreadable", file=path.name, error=type(error).__name__)
        return MediaInfo()


def _read(path: Path) -> MediaInfo:
    import av  # noqa: PLC0415  # 15 MB: whoever never delivers a file does without

    try:
        with av.open(str(path)) as container:
            seconds = container.duration / av.time_base if container.duration else None
            video = next(iter(container.streams.video), None)
            return MediaInfo(
                width=(video.width or None) if video is not None else None,
                height=(video.height or None) if video is not None else None,
                duration=max(1, round(seconds)) if seconds else None,
            )
    except av.FFmpegError as error:
        raise ValueError(str(error)) from error
