"""What a file claims to be, told from its first bytes: a service's word for it is not taken.

`media` follows what Telegram documents to play: MPEG-4 as video, MP3 and M4A as audio, still pictures as photo. Other
media, and what begins in an unusual way, is delivered as a document. Text of any kind (an error page, JSON) is no
result. Whether a file is what it claims to be is for bot/providers/proof to say.
"""

import re
from dataclasses import dataclass, replace

from bot.domain.catalog.models import Kind, Makes

SOLIDS = ("model/gltf-binary", "application/zip")
HEAD = 4096
"""Bytes that are looked at."""


@dataclass(frozen=True, slots=True)
class Sniffed:
    """As in ResultFile; `suffix` is the usual file extension with its dot."""

    media: str
    mime: str
    suffix: str


_MP4 = Sniffed("video", "video/mp4", ".mp4")
_M4A = Sniffed("audio", "audio/mp4", ".m4a")
_WEBM = Sniffed("document", "video/webm", ".webm")
_MOV = Sniffed("document", "video/quicktime", ".mov")
_MP3 = Sniffed("audio", "audio/mpeg", ".mp3")
_OGG = Sniffed("document", "audio/ogg", ".ogg")
_AAC = Sniffed("document", "audio/aac", ".aac")
_AVIF = Sniffed("document", "image/avif", ".avif")
_HEIC = Sniffed("document", "image/heic", ".heic")
_TIFF = Sniffed("document", "image/tiff", ".tiff")
_BMP = Sniffed("document", "image/bmp", ".bmp")
_SVG = Sniffed("document", "image/svg+xml", ".svg")
_TS = Sniffed("document", "video/mp2t", ".ts")
_AIFF = Sniffed("document", "audio/aiff", ".aiff")

_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", Sniffed("photo", "image/png", ".png")),
    (b"\xff\xd8\xff", Sniffed("photo", "image/jpeg", ".jpg")),
    (b"GIF87a", Sniffed("document", "image/gif", ".gif")),
    (b"GIF89a", Sniffed("document", "image/gif", ".gif")),
    (b"ID3", _MP3),
    (b"fLaC", Sniffed("document", "audio/flac", ".flac")),
    (b"II*\0", _TIFF),
    (b"MM\0*", _TIFF),
    (b"OggS", _OGG),
    (b"glTF", Sniffed("document", "model/gltf-binary", ".glb")),
    (b"PK\x03\x04", Sniffed("document", "application/zip", ".zip")),
)
_RIFF = {
    b"WAVE": Sniffed("document", "audio/wav", ".wav"),
    b"WEBP": Sniffed("photo", "image/webp", ".webp"),
    b"AVI ": Sniffed("document", "video/x-msvideo", ".avi"),
}
_BRANDS = {
    b"M4A ": _M4A,
    b"M4B ": _M4A,
    b"qt  ": _MOV,
    **dict.fromkeys((b"avif", b"avis"), _AVIF),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), _HEIC),
}
"""ISO/IEC 14496-12 (ftyp), 23008-12 (HEIF: hevc and hevx are its sequences, no films) and the AVIF specification."""
_MAY_COME_FIRST = (b"free", b"skip", b"wide", b"uuid")
"""Boxes that some writers put before `ftyp`."""
_BMP_HEADERS = (12, 40, 52, 56, 64, 108, 124)
_DRAWING = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>(?:\s+|<\?[^>]*\?>|<!--.*?-->|<!DOCTYPE\s+svg[^>\[]*>)*)<(?:svg:)?svg[\s>/]", re.DOTALL
)
_PACKETS = ((0, 188), (4, 192))
"""Where the first packet's sync byte stands and how far the next one is: a transport stream, and one of a disc."""
_SOUND_OF = {_MP4: _M4A, _WEBM: Sniffed("document", "audio/webm", ".weba")}
"""Containers that hold a film or a song alike: what was ordered decides."""


def sniff(head: bytes, expect: Kind | None = None) -> Sniffed | None:
    """What begins with `head` (HEAD bytes, or a whole shorter file). None: no media, or not of the kind expected."""
    found = _found(head)
    match expect.makes if expect is not None else None:
        case None:
            return found
        case Makes.SOUND:
            found = _SOUND_OF.get(found, found) if found else None
            return found if found and found.mime.startswith("audio/") else None
        case Makes.VIDEO:
            moving = found is not None and (found.mime.startswith("video/") or found.mime == "image/gif")
            return found if moving else None
        case Makes.PICTURE:
            return found if found is not None and found.mime.startswith("image/") else None
        case Makes.SOLID:
            return found if found is not None and found.mime in SOLIDS else None
        case Makes.TEXT:
            return None


def _found(head: bytes) -> Sniffed | None:
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    return _by_form(head) or _boxed(head) or _bare_frames(head)


def _by_form(head: bytes) -> Sniffed | None:
    """Forms that the first four bytes alone do not tell."""
    found: Sniffed | None = None
    if head[:4] == b"RIFF":
        found = _RIFF.get(head[8:12])
    elif head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        found = _AIFF
    elif head[:4] == b"\x1aE\xdf\xa3":
        found = _WEBM if b"webm" in head[:64] else Sniffed("document", "video/x-matroska", ".mkv")
    elif head[:2] == b"BM" and head[6:10] == bytes(4) and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        found = _BMP
    elif any(len(head) > at + 2 * step and {head[at + i * step] for i in range(3)} == {0x47} for at, step in _PACKETS):
        found = _TS
    elif _DRAWING.match(head):
        found = _SVG
    return found


def _boxed(head: bytes) -> Sniffed | None:
    """MP4, QuickTime and HEIF: by the brand of their `ftyp`, which is the first box of most of them."""
    at = 0
    while at + 8 <= len(head):
        size, name = int.from_bytes(head[at : at + 4]), head[at + 4 : at + 8]
        if name == b"ftyp":
            kind = _branded(head[at : at + size])
            return replace(kind, media="document") if at else kind
        if name in (b"moov", b"mdat"):
            return _MOV
        if name not in _MAY_COME_FIRST or size < 8:
            return None
        at += size
    return _MOV if at else None  # the first box is longer than what is looked at


def _branded(ftyp: bytes) -> Sniffed:
    """Pictures of either coding may call themselves mif1, and then name it among the compatible brands."""
    kind = _BRANDS.get(ftyp[8:12], _MP4)
    return _AVIF if kind is _HEIC and b"avif" in ftyp[16:] else kind


_KBITS = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
"""Of layer III by the version's bits: 3 is MPEG-1, 2 is MPEG-2, 0 is MPEG-2.5 (ISO/IEC 11172-3, 13818-3)."""


def _bare_frames(head: bytes) -> Sniffed | None:
    """MPEG audio without a header of its own: the bits of its first frame must make sense, and those of the second one,
    too, where something else stands before the first."""
    if head[:1] == b"\xff" and len(head) >= 4:
        if head[1] & 0xF6 == 0xF0:
            return _AAC
        if _frame_length(head[:4]) is not None:
            return _MP3
    at = head.find(b"\xff", 1)
    while at >= 0:
        length = _frame_length(head[at : at + 4])
        if length and _frame_length(head[at + length : at + length + 4]) is not None:
            return replace(_MP3, media="document")
        at = head.find(b"\xff", at + 1)
    return None


def _frame_length(header: bytes) -> int | None:
    """Bytes of the MP3 frame that begins so, 0 where the frame does not say; None: this is no frame."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2 or header[1] & 0x18 == 0x08:
        return None
    if header[2] & 0xF0 == 0xF0 or header[2] & 0x0C == 0x0C:
        return None
    version = header[1] >> 3 & 3
    kbits, rate = _KBITS[3 if version == 3 else 2][header[2] >> 4], _RATES[version][header[2] >> 2 & 3]
    return (144_000 if version == 3 else 72_000) * kbits // rate + (header[2] >> 1 & 1) if kbits else 0
