"""Films and sounds: opened by PyAV within bounds, which hold as well for what later reads their figures."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bot.providers.proof.flaws import Cut, Rubbish

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.frame import Frame

SECONDS: Final = 20.0
"""For opening a file, and for finding its first frame."""
PACKETS_MAX: Final = 2000
"""Looked at for a first frame; a recording may begin between two whole pictures."""
FRAME_PIXELS: Final = 50_000_000
"""Of one frame: 8K has 33 millions."""
TAIL: Final = 1000
"""Entries of an index that are held against the file's end: its last ones are those that a cut leaves without data."""
FORMATS: Final = {
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "audio/mp4": "mov",
    "video/webm": "matroska",
    "audio/webm": "matroska",
    "video/x-matroska": "matroska",
    "video/x-msvideo": "avi",
    "video/mp2t": "mpegts",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "audio/aac": "aac",
    "audio/aiff": "aiff",
}
"""libavformat's names: what a file claims is what it is opened as, never a playlist that leads to other files."""
_OPTIONS: Final = {"max_pixels": str(FRAME_PIXELS), "max_streams": "32", "protocol_whitelist": "file"}


@contextmanager
def opened(path: Path, mime: str) -> "Iterator[InputContainer]":
    """The file as a container. Raises av.FFmpegError, ValueError for a form that is none of FORMATS."""
    import av  # noqa: PLC0415  # 15 MB, loaded with the first film

    if mime not in FORMATS:
        raise ValueError(f"{mime} is no film and no sound")
    with av.open(str(path), format=FORMATS[mime], options=dict(_OPTIONS), timeout=SECONDS) as container:
        yield container


def first_frame(container: "InputContainer", stream: Any) -> "Frame | None":
    """The first whole frame of a stream; None where there is none within the bounds."""
    import av  # noqa: PLC0415

    if stream.codec_context is None:
        return None
    stream.codec_context.thread_count = 1
    stream.codec_context.options = {"max_pixels": str(FRAME_PIXELS)}
    latest = time.monotonic() + SECONDS
    for number, packet in enumerate(container.demux(stream)):
        if number >= PACKETS_MAX or time.monotonic() > latest:
            return None
        try:
            frame: Frame | None = next((each for each in packet.decode() if not each.is_corrupt), None)
        except av.FFmpegError:
            continue  # one that needs what came before the file's beginning
        if frame is not None:
            return frame
    return None


def check_film(path: Path, mime: str, size: int, *, sound: bool) -> None:
    """Raises Rubbish where the file does not open or has no frame of the kind wanted, Cut where its index points
    beyond its `size` bytes."""
    import av  # noqa: PLC0415

    try:
        with opened(path, mime) as container:
            streams = container.streams.audio if sound else [s for s in container.streams.video if not _cover(s)]
            if not streams:
                raise Rubbish(f"no {'sound' if sound else 'picture'} in the {mime}")
            if any(_beyond(stream, size) for stream in container.streams):
                raise Cut("its index points beyond the file's end")
            if first_frame(container, streams[0]) is None:
                raise Rubbish(f"the {mime} has no frame that can be decoded")
    except av.FFmpegError as error:
        raise Rubbish(f"the {mime} does not open: {type(error).__name__}") from error


def _cover(stream: Any) -> bool:
    """Whether this is the picture on a song's sleeve."""
    import av  # noqa: PLC0415

    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _beyond(stream: Any, size: int) -> bool:
    entries = stream.index_entries
    last = entries[max(0, len(entries) - TAIL) : len(entries)]
    return any(entry.pos + entry.size > size for entry in last)
