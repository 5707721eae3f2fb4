"""Pictures without what they tell of people: place, time, camera, names, previews of what was cut away.

Works on the bytes, so that the picture itself is the same to the last bit. Only what is needed to show it is kept, by
name: what is not known may tell anything. A file's form is trusted no further than its length.
"""

import re
from collections.abc import Iterator
from typing import Final

_SCAN_END: Final = re.compile(rb"\xff+[\x01-\xcf\xd8-\xfe]")
"""Where the picture's own bytes end in a JPEG: at a marker that is no restart and no escaped 0xFF."""
_SOI, _EOI, _SOS, _COM = 0xD8, 0xD9, 0xDA, 0xFE
_APPS: Final = range(0xE0, 0xF0)
_KEPT_APPS: Final = ((0xE0, b"JFIF\0"), (0xE2, b"ICC_PROFILE\0"), (0xEE, b"Adobe"))
_JFIF_PLAIN: Final = 16
"""Bytes of a JFIF header that has no preview in it."""
_PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT: Final = frozenset(
    {
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"iCCP",
        b"cICP",
        b"sBIT",
        b"bKGD",
        b"pHYs",
    }
)
_WEBP_KEPT: Final = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP"})
_WEBP_TOLD: Final = 0x08 | 0x04
"""The bits of VP8X that announce EXIF and XMP."""


def stripped(data: bytes) -> bytes | None:
    """A JPEG, PNG or WebP with nothing but its picture. None where its form is not understood."""
    parts = _parts(data)
    try:
        return b"".join(parts) if parts is not None else None
    except (IndexError, ValueError):
        return None


def _parts(data: bytes) -> Iterator[bytes] | None:
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    if data.startswith(_PNG_HEAD):
        return _png(data)
    return _webp(data) if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def _jpeg(data: bytes) -> Iterator[bytes]:
    """Ends at the end of the first picture: what some cameras append is a second one, or a film."""
    yield data[:2]
    at = 2
    while True:
        if data[at] != 0xFF:
            raise ValueError("no marker")
        while data[at] == 0xFF:
            at += 1
        marker = data[at]
        at += 1
        if marker == _EOI:
            yield b"\xff\xd9"
            return
        end = at + int.from_bytes(data[at : at + 2])
        if marker == _SOI or end < at + 2 or end > len(data):
            raise ValueError("no segment")
        if marker == _SOS:
            found = _SCAN_END.search(data, end)
            if found is None:
                raise ValueError("no end")
            end = found.start()
        if _needed(marker, data[at + 2 : at + 14], end - at):
            yield bytes((0xFF, marker)) + data[at:end]
        at = end


def _needed(marker: int, head: bytes, size: int) -> bool:
    if marker == 0xE0 and size > _JFIF_PLAIN:
        return False
    if marker in _APPS:
        return any(marker == app and head.startswith(name) for app, name in _KEPT_APPS)
    return marker != _COM


def _png(data: bytes) -> Iterator[bytes]:
    yield _PNG_HEAD
    at = len(_PNG_HEAD)
    while True:
        end = at + 12 + int.from_bytes(data[at : at + 4])
        name = data[at + 4 : at + 8]
        if end > len(data):
            raise ValueError("no chunk")
        if name in _PNG_KEPT:
            yield data[at:end]
        if name == b"IEND":
            return
        at = end


def _webp(data: bytes) -> Iterator[bytes]:
    kept: list[bytes] = []
    at, last = 12, min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    while at + 8 <= last:
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        if at + 8 + size > len(data):
            raise ValueError("no chunk")
        if name == b"VP8X":
            kept.append(data[at : at + 8] + bytes((data[at + 8] & ~_WEBP_TOLD,)) + data[at + 9 : end])
        elif name in _WEBP_KEPT:
            kept.append(data[at:end].ljust(end - at, b"\0"))
        at = end
    body = b"WEBP" + b"".join(kept)
    yield b"RIFF" + len(body).to_bytes(4, "little") + body
