"""Looks at pictures with Pillow, in one thread of its own: what comes from outside may be anything, also a bomb.

What people send goes on to services as a picture and nothing else: upright, and without what a camera wrote into it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import structlog

from bot.engine.media.metadata import stripped
from bot.providers.kit.media_type import HEAD, sniff
from bot.providers.proof.stills import JPEG_END, PIXELS_MAX, know_heif, lacks_only_its_end

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.Image import Image

log = structlog.get_logger(__name__)
T = TypeVar("T")

ORIENTATION: Final = 0x0112
"""The tag by which a camera says how it was held."""
QUALITY: Final = 92
"""Of a JPEG or WebP that is turned: what phones themselves use."""
LONGEST_SIDE: Final = 1024
"""Pixels of a picture that a chat model is shown: it sees no more of it, and more costs more."""
PREVIEW_SIDE: Final = 320
PREVIEW_BYTES: Final = 200_000
"""Bounds of a thumbnail (Bot API, sendDocument)."""
MIMES: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
"""What services are given."""
OTHERS: Final = ("GIF", "AVIF", "TIFF", "BMP")
"""What is taken from people besides, as a JPEG or PNG made of it; HEIF, too, which libheif opens. Pillow itself would
open far more."""
MAY_MOVE: Final = frozenset({"GIF", "PNG", "WEBP", "AVIF"})
"""Forms whose further pictures are a film; those of a TIFF are pages, those of a HEIF are takes."""
SEVERAL: Final = "MPO"
"""What Pillow calls a JPEG with more pictures behind the first, as phones make them: depth, the other eye."""

_thread = ThreadPoolExecutor(1, thread_name_prefix="pictures")
# One at a time on purpose: each may take 200 MB, and the other threads have the database to serve.


class Flaw(StrEnum):
    """Why a picture is not taken."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    """No picture of a kind that services take, or a broken one."""
    ANIMATED = "animated"
    TOO_MANY_PIXELS = "too_many_pixels"


class BadPicture(Exception):
    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class Look:
    """What a picture is; pixels."""

    mime: str
    width: int
    height: int


async def cleaned(data: bytes) -> tuple[Look, bytes]:
    """A picture that was decoded to its end: as JPEG, PNG or WebP, one frame, of at most PIXELS_MAX; turned the way it
    is to be seen, and with its pixels and colours only: no place, no camera, no words. Raises BadPicture."""
    return await _in_thread(lambda: _clean(data))


async def measured(path: Path) -> Look | None:
    """What a file's head says of it; None when it is no picture that can be read. Never raises."""
    return await _in_thread(lambda: _measure(path))


async def preview(path: Path) -> bytes | None:
    """A JPEG of at most 320 pixels a side and 200 kB; None where none can be made. Never raises."""
    return await _in_thread(lambda: _preview(path))


async def shown(data: bytes) -> bytes:
    """A picture of ours for a model to look at: a JPEG of at most LONGEST_SIDE pixels a side. Raises BadPicture."""
    return await _in_thread(lambda: _shown(data))


async def _in_thread(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_thread, work)


@contextmanager
def _opened(source: bytes | Path) -> "Iterator[Image]":
    """The picture, not decoded yet. Raises BadPicture, also for whatever fails while it is being used."""
    from PIL import Image  # noqa: PLC0415  # a process without pictures does without

    try:
        formats = _formats(source)
        with Image.open(source if isinstance(source, Path) else BytesIO(source), formats=formats) as picture:
            if picture.width * picture.height > PIXELS_MAX:
                raise BadPicture(Flaw.TOO_MANY_PIXELS)
            yield picture
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadPicture(Flaw.TOO_MANY_PIXELS) from None
    except BadPicture:
        raise
    except Exception as error:  # a decoder may fail in any way on hostile bytes
        raise BadPicture(Flaw.UNREADABLE) from error


def _formats(source: bytes | Path) -> tuple[str, ...]:
    """As what Pillow may open it: HEIF only what says to be one, so that its library is loaded for nothing else."""
    if isinstance(source, Path):
        with source.open("rb") as file:
            source = file.read(HEAD)
    found = sniff(source[:HEAD])
    if found is None or found.mime != "image/heic":
        return (*MIMES, *OTHERS)
    know_heif()
    return ("HEIF",)


def _check(data: bytes) -> Look:
    with _opened(data) as picture:
        look = Look(MIMES[_form(picture)], picture.width, picture.height)
        picture.draft("RGB", (PREVIEW_SIDE, PREVIEW_SIDE))  # JPEG: reads all of it, keeps an eighth
        picture.load()
        return look


def _clean(data: bytes) -> tuple[Look, bytes]:
    data = _taken(data)
    look = _check(data)
    upright = _turned(data)
    plain = stripped(upright if upright is not None else data)
    if plain is None:  # Pillow is more patient with a file's form than we are
        plain = stripped(_saved(data, lambda picture: picture.copy()) or b"")
    if plain is None:
        raise BadPicture(Flaw.UNREADABLE)
    return (look if upright is None else _check(plain)), plain


def _taken(data: bytes) -> bytes:
    """The picture in a form that services take, to the last bit where it is in one."""
    if not data:
        raise BadPicture(Flaw.EMPTY)
    with _opened(data) as picture:
        form = _form(picture)
        if form in MAY_MOVE and getattr(picture, "is_animated", False):
            raise BadPicture(Flaw.ANIMATED)
        if form not in MIMES:
            return _converted(picture)
    if form == "JPEG" and not data.rstrip(b"\0").endswith(JPEG_END) and lacks_only_its_end(data):
        return data + JPEG_END
    return data


def _converted(picture: "Image") -> bytes:
    """Upright, with its colours: PNG where something shows through or few colours are exact, JPEG for all others."""
    from PIL import ImageOps  # noqa: PLC0415

    upright = ImageOps.exif_transpose(picture)
    profile = picture.info.get("icc_profile") if picture.mode in ("RGB", "RGBA") else None
    see_through, exact = upright.has_transparency_data, picture.format in ("GIF", "BMP")
    file = BytesIO()
    made = upright.convert("RGBA" if see_through else "RGB")
    made.save(file, "PNG" if see_through or exact else "JPEG", quality=QUALITY, icc_profile=profile)
    return file.getvalue()


def _turned(data: bytes) -> bytes | None:
    """The picture as its note says it is to be held; None where it says nothing."""
    from PIL import ImageOps  # noqa: PLC0415

    def turn(picture: "Image") -> "Image | None":
        return ImageOps.exif_transpose(picture) if picture.getexif().get(ORIENTATION, 1) in range(2, 9) else None

    return _saved(data, turn)


def _saved(data: bytes, change: "Callable[[Image], Image | None]") -> bytes | None:
    """The picture that `change` makes, in the same form; None where it makes none."""
    with _opened(data) as picture:
        made = change(picture)
        if made is None:
            return None
        file = BytesIO()
        made.save(file, _form(picture), quality=QUALITY, icc_profile=picture.info.get("icc_profile"))
        return file.getvalue()


def _form(picture: "Image") -> str:
    return "JPEG" if picture.format == SEVERAL else str(picture.format)


def _measure(path: Path) -> Look | None:
    try:
        with _opened(path) as picture:
            return Look(f"image/{str(picture.format).lower()}", picture.width, picture.height)
    except BadPicture:
        return None


def _preview(path: Path) -> bytes | None:
    try:
        with _opened(path) as picture:
            picture.draft("RGB", (2 * PREVIEW_SIDE, 2 * PREVIEW_SIDE))
            picture.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
            return _jpeg(_on_white(picture))
    except BadPicture as error:
        log.info("preview.none", file=path.name, why=error.flaw.value)
        return None


def _shown(data: bytes) -> bytes:
    with _opened(data) as picture:
        picture.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        file = BytesIO()
        _on_white(picture).save(file, "JPEG", quality=85)
        return file.getvalue()


def _on_white(picture: "Image") -> "Image":
    """JPEG has no transparency: what shows through is white, as a page would be."""
    from PIL import Image  # noqa: PLC0415

    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    page = Image.new("RGBA", layer.size, "white")
    page.alpha_composite(layer)
    return page.convert("RGB")


def _jpeg(picture: "Image") -> bytes | None:
    for quality in (85, 60, 30):
        file = BytesIO()
        options: dict[str, Any] = {"quality": quality}
        picture.save(file, "JPEG", **options)
        if file.tell() < PREVIEW_BYTES:
            return file.getvalue()
    return None
