"""Reads size and length of a media file, so that Telegram shows a player that works at once."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from bot.engine.media.film_cover import seen_size, stills
from bot.engine.media.imaging import preview
from bot.providers.proof.films import first_frame, opened

if TYPE_CHECKING:
    from av.container import InputContainer

log = structlog.get_logger(__name__)

LIMIT: Final = 10.0
"""Seconds; a file that takes longer to look at goes out without the figures."""


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """Pixels and whole seconds; None where the file does not say. Of a film a JPEG that stands for it before it plays,
    and a small one."""

    width: int | None = None
    height: int | None = None
    duration: int | None = None
    cover: bytes | None = None
    preview: bytes | None = None


async def media_info(path: Path, mime: str) -> MediaInfo:
    """The figures of a video or audio file, a film's as it is seen; empty for a file that cannot be read. Never
    raises."""
    try:
        async with asyncio.timeout(LIMIT):
            return await asyncio.to_thread(_read, path, mime)
    except (OSError, ValueError, TimeoutError) as error:
        log.info("media.unreadable", file=path.name, error=type(error).__name__)
        return MediaInfo()


async def small_picture(path: Path, mime: str) -> bytes | None:
    """A JPEG that shows what is in a picture or film that goes out as a file; None where there is nothing to be seen.
    Never raises."""
    if mime.startswith("image/"):
        return await preview(path)
    return (await media_info(path, mime)).preview if mime.startswith("video/") else None


def _read(path: Path, mime: str) -> MediaInfo:
    import av  # noqa: PLC0415  # 15 MB, which a process that delivers no file saves

    try:
        with opened(path, mime) as container:
            length = container.duration / av.time_base if container.duration else None
            seconds = max(1, round(length)) if length else None
            return _film(container, seconds) or MediaInfo(duration=seconds)
    except av.FFmpegError as error:
        raise ValueError(str(error)) from error


def _film(container: "InputContainer", seconds: int | None) -> MediaInfo | None:
    """None where the file is no film."""
    import av  # noqa: PLC0415

    video = next(iter(container.streams.video), None)
    if video is None or not video.width or not video.height:
        return None
    frame = first_frame(container, video)
    if not isinstance(frame, av.VideoFrame):
        return MediaInfo(video.width, video.height, seconds)
    size = seen_size(frame, float(video.sample_aspect_ratio or 1))
    try:
        cover, preview = stills(frame, size)
    except (av.FFmpegError, OSError, ValueError) as error:  # a frame of a form that cannot be made a picture of
        log.info("media.no_cover", error=type(error).__name__)
        cover = preview = None
    return MediaInfo(*size, seconds, cover, preview)
