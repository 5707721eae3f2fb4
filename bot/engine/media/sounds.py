"""Looks at recordings that people send: what they are and how long, whatever was said of them."""

import asyncio
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bot.domain.catalog.models import Kind
from bot.providers.base import BadResult
from bot.providers.kit.media_type import HEAD, sniff
from bot.providers.proof.films import check_film, opened

_thread = ThreadPoolExecutor(1, thread_name_prefix="sounds")
# One at a time: a decoder of hostile bytes may take its time, and holds up no other work.


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording that can be listened to."""

    mime: str
    seconds: float


async def listened(data: bytes) -> Sound | None:
    """None for what is no recording, or a broken one. Never raises."""
    return await asyncio.get_running_loop().run_in_executor(_thread, _listen, data)


def _listen(data: bytes) -> Sound | None:
    found = sniff(data[:HEAD], Kind.AUDIO)
    if found is None:
        return None
    import av  # noqa: PLC0415  # 15 MB, loaded with the first recording

    try:
        with tempfile.NamedTemporaryFile(suffix=found.suffix) as file:
            file.write(data)
            file.flush()
            path = Path(file.name)
            check_film(path, found.mime, len(data), sound=True)
            with opened(path, found.mime) as container:
                seconds = container.duration / av.time_base if container.duration else 0.0
    except (BadResult, OSError, ValueError, ArithmeticError):  # FFmpeg's errors are OSError or ValueError
        return None
    return Sound(found.mime, seconds) if seconds > 0 else None
