"""Pictures: decoded by Pillow, and by libheif where a camera wrote them."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from bot.providers.proof.flaws import Cut, Rubbish

if TYPE_CHECKING:
    from PIL.Image import Image

PIXELS_MAX: Final = 50_000_000
"""Decoded at once at most: 200 MB with transparency. Of a larger picture only the form is looked at."""
WHOLE_BYTES: Final = 50 * 1024 * 1024
"""Of a JPEG that breaks off and is looked at as a whole."""
FORMATS: Final = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/avif": "AVIF",
    "image/heic": "HEIF",
    "image/tiff": "TIFF",
    "image/bmp": "BMP",
}
"""Pillow's names: what a file claims is what it is opened as."""
_MAY_MOVE: Final = ("image/png", "image/webp")
"""Telegram shows one frame of these as a photo."""
JPEG_END: Final = b"\xff\xd9"
_TAIL: Final = 64 * 1024
_FILLERS: Final = (JPEG_END, bytes(range(1, 255)) * 16 + JPEG_END)


@cache
def know_heif() -> None:
    """Teaches Pillow the form HEIF (the iPhone's own); done once, with the first file that claims to be one."""
    import pi_heif  # noqa: PLC0415

    pi_heif.register_heif_opener(thumbnails=False, decode_threads=1)


def check_picture(path: Path, mime: str) -> bool:
    """Whether a picture that Telegram would show as a photo moves. Raises Cut, Rubbish, and whatever a decoder does."""
    from PIL import Image  # noqa: PLC0415  # loaded with the first picture

    try:
        with opened(path, (FORMATS[mime],)) as picture:
            if picture.width * picture.height > PIXELS_MAX:
                _check_form(path, mime)
            else:
                _decode(picture, path, mime)
            return mime in _MAY_MOVE and getattr(picture, "n_frames", 1) > 1
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        _check_form(path, mime)
        return False


def _decode(picture: "Image", path: Path, mime: str) -> None:
    try:
        picture.load()
    except OSError as error:
        small = path.stat().st_size <= WHOLE_BYTES
        if mime == "image/jpeg" and small and lacks_only_its_end(path.read_bytes()):
            return
        if "truncated" in str(error):
            raise Cut("the picture breaks off") from error
        raise


@contextmanager
def opened(source: IO[bytes] | Path, formats: tuple[str, ...]) -> "Iterator[Image]":
    """The picture, not decoded yet, however many pixels it says to have. Raises whatever Pillow does."""
    from PIL import Image  # noqa: PLC0415

    if "HEIF" in formats:
        know_heif()
    with Image.open(source, formats=formats) as picture:
        yield picture


def lacks_only_its_end(jpeg: bytes) -> bool:
    """Whether a JPEG that breaks off has all its pixels nevertheless: then it looks the same whatever is put behind it,
    while a decoder makes pixels that are missing from what it finds there."""
    looks = set()
    jpeg = jpeg.rstrip(b"\xff")  # half of a marker would make an end of whatever follows
    for filler in _FILLERS:
        try:
            with opened(BytesIO(jpeg + filler), ("JPEG",)) as picture:
                if picture.width * picture.height > PIXELS_MAX:
                    return False
                looks.add(sha256(picture.tobytes()).digest())
        except OSError:
            return False
    return len(looks) == 1


def _check_form(path: Path, mime: str) -> None:
    """The form of a picture that is too large to be decoded here."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        tail = file.read()
    if mime == "image/png" and b"IEND" not in tail:
        raise Cut("the picture has no end")
    if mime == "image/jpeg" and JPEG_END not in tail:
        raise Cut("the picture has no end")
    if mime not in ("image/png", "image/jpeg", "image/webp"):
        raise Rubbish("more pixels than can be looked at")
