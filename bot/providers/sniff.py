"""What a file is, told from its first bytes: a service's word for it is not taken.

`media` follows what Telegram documents to play: MPEG-4 as video, MP3 and M4A as audio, still pictures as photo. Other
media is delivered as a document. Text of any kind (an error page, JSON) is no result.
"""

from dataclasses import dataclass

from bot.domain.catalog import Kind, Makes

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

_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", Sniffed("photo", "image/png", ".png")),
    (b"\xff\xd8\xff", Sniffed("photo", "image/jpeg", ".jpg")),
    (b"GIF87a", Sniffed("document", "image/gif", ".gif")),
    (b"GIF89a", Sniffed("document", "image/gif", ".gif")),
    (b"ID3", _MP3),
    (b"fLaC", Sniffed("document", "audio/flac", ".flac")),
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
    b"avif": Sniffed("document", "image/avif", ".avif"),
    b"heic": Sniffed("document", "image/heic", ".heic"),
    b"mif1": Sniffed("document", "image/heic", ".heic"),
}
_SOUND_OF = {_MP4: _M4A, _WEBM: Sniffed("document", "audio/webm", ".weba")}
"""Containers that hold a film or a song alike: what was ordered decides."""


def sniff(head: bytes, expect: Kind | None = None) -> Sniffed | None:
    """What begins with `head` (HEAD bytes, or a whole shorter file). None: no media, or not the kind expected."""
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
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], _MP4)
    if head[4:8] in (b"moov", b"mdat", b"wide"):
        return _MOV
    if head[:4] == b"\x1aE\xdf\xa3":
        return _WEBM if b"webm" in head[:64] else Sniffed("document", "video/x-matroska", ".mkv")
    return _bare_frames(head)


def _bare_frames(head: bytes) -> Sniffed | None:
    """MPEG audio without a header of its own: the bits of its first frame must make sense."""
    if len(head) < 4 or head[0] != 0xFF:
        return None
    if head[1] & 0xF6 == 0xF0:
        return Sniffed("document", "audio/aac", ".aac")
    layer_three = head[1] & 0xE6 == 0xE2 and head[1] & 0x18 != 0x08
    return _MP3 if layer_three and head[2] & 0xF0 != 0xF0 and head[2] & 0x0C != 0x0C else None
