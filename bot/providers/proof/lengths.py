"""Files that say in their first bytes how long they are."""

import struct
from pathlib import Path

STREAMED = 0x7FFF_0000
"""From here on a RIFF length is what a writer puts that does not know it: 0x7FFFFFFF, 0xFFFFFFFF, or a bit less."""
PADDING = 8
"""Bytes at the end that some writers count and do not write."""
HEAD = 64 * 1024
"""Bytes that are looked at: pictures in an ID3 tag are skipped by its own length."""


def ends_early(path: Path, mime: str, size: int) -> bool:
    """Whether a file of `size` bytes says itself that it is longer. False where its form does not say."""
    with path.open("rb") as file:
        head = file.read(HEAD)
        if mime == "audio/mpeg":
            file.seek(_tag(head))
            return _frames_told(file.read(HEAD)) > size
    return _told(head) > size + PADDING


def _told(head: bytes) -> int:
    """The length in bytes that the head tells, 0 for none."""
    if head[:4] == b"RIFF":
        told = int.from_bytes(head[4:8], "little")
        return 8 + told if 0 < told < STREAMED else 0
    if head[:4] == b"FORM":
        return 8 + int.from_bytes(head[4:8])
    if head[:4] == b"\x1aE\xdf\xa3":
        return _segment(head)
    return 0


def _segment(head: bytes) -> int:
    """Where the segment of a Matroska file ends, which follows the EBML header (RFC 8794, RFC 9559)."""
    header, at = _number(head, 4)
    if header is None or head[at + header : at + header + 4] != b"\x18\x53\x80\x67":
        return 0
    told, at = _number(head, at + header + 4)
    return at + told if told is not None else 0


def _number(head: bytes, at: int) -> tuple[int | None, int]:
    """A variable-size number and where it ends; None for one that says "unknown", or is none."""
    if at >= len(head) or head[at] == 0:
        return None, at
    length = 9 - head[at].bit_length()
    value = int.from_bytes(head[at : at + length]) & ((1 << 7 * length) - 1)
    return (None if value == (1 << 7 * length) - 1 else value), at + length


def _tag(head: bytes) -> int:
    """Bytes of an ID3v2 tag: its length has seven bits a byte."""
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    length = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    return 10 + length + (10 if head[5] & 0x10 else 0)


def _frames_told(frames: bytes) -> int:
    """Bytes of all frames as the first one tells that encoders put there for players (Xing, Info); 0 for none. Some
    count the tag before it, too."""
    at = next((found for name in (b"Xing", b"Info") if (found := frames.find(name, 4, 200)) >= 0), -1)
    if at < 0 or frames[:1] != b"\xff" or len(frames) < at + 16:
        return 0
    flags, count, told = struct.unpack_from(">III", frames, at + 4)
    if flags & 0b11 == 0b11:
        return int(told)
    return int(count) if flags & 0b10 else 0
