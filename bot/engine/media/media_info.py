"""Reads size and length of a media file, so that Telegram shows a player that works at once."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from bot.providers.proof.films import first_frame, opened

if TYPE_CHECKING:
    from av.container import InputContainer

log = structlog.get_logger(__name__)

LIMIT: Final = 10.0
"""Seconds; a file that takes longer to look at goes out without the figures."""


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """Pixels and whole seconds; None where the file does not say."""

    width: int | None = None
    height: int | None = None
    duration: int | None = None


async def media_info(path: Path, mime: str) -> MediaInfo:
    """The figures of a video or audio file, a film's as it is seen; empty for a file that cannot be read. Never
    raises."""
    try:
        async with asyncio.timeout(LIMIT):
            return await asyncio.to_thread(_read, path, mime)
    except (OSError, ValueError, TimeoutError) as error:
        log.info("media.unreadable", file=path.name, error=type(error).__name__)
        return MediaInfo()


def _read(path: Path, mime: str) -> MediaInfo:
    import av  # noqa: PLC0415  # 15 MB, which a process that delivers no file saves

    try:
        with opened(path, mime) as container:
            seconds = container.duration / av.time_base if container.duration else None
            width, height = _seen(container)
            return MediaInfo(width, height, max(1, round(seconds)) if seconds else None)
    except av.FFmpegError as error:
        raise ValueError(str(error)) from error


def _seen(container: "InputContainer") -> tuple[int | None, int | None]:
    """Width and height as players show them: a film may be kept lying on its side, with a matrix that turns it."""
    import av  # noqa: PLC0415

    video = next(iter(container.streams.video), None)
    if video is None or not video.width or not video.height:
        return None, None
    frame = first_frame(container, video)
    quarter = isinstance(frame, av.VideoFrame) and frame.rotation % 180 == 90
    return (video.height, video.width) if quarter else (video.width, video.height)
