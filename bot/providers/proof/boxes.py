"""The boxes of MP4, QuickTime and HEIF files (ISO/IEC 14496-12), read before a decoder sees them.

A few bytes can tell a decoder of billions of samples, for each of which it reserves memory; and an index of a film that
was cut short points to where nothing is.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from sys import byteorder
from typing import BinaryIO, Final

from bot.providers.proof.flaws import Cut, Rubbish

BOXED: Final = frozenset(
    {"video/mp4", "video/quicktime", "audio/mp4", "image/heic", "image/avif"},
)
BOXES_MAX: Final = 100_000
SAMPLES_MAX: Final = 4_000_000
"""Of all tracks, times the entries of edit lists, which repeat them: 96 MB in libavformat. Ten hours at 60 pictures a
second are two millions."""
DEPTH_MAX: Final = 8
PIECE: Final = 512 * 1024
_OUTER: Final = frozenset(
    {
        b"ftyp",
        b"moov",
        b"mdat",
        b"moof",
        b"meta",
        b"free",
        b"skip",
        b"wide",
        b"uuid",
        b"mfra",
        b"sidx",
        b"styp",
        b"pdin",
    }
    | {b"emsg", b"prft", b"ssix", b"udta", b"meco", b"pnot", b"idat"}
)
"""Known boxes of the outermost level; what else stands there is padding behind the file's end."""
_WHOLE: Final = frozenset({b"moov", b"mdat", b"moof", b"meta"})
"""Those without whose end the file is cut."""
_HOLDERS: Final = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf", b"edts"})


@dataclass(slots=True)
class _Tally:
    boxes: int = 0
    samples: int = 0
    edits: int = 1
    furthest: int = 0


@dataclass(frozen=True, slots=True)
class _Box:
    name: bytes
    start: int
    end: int
    """Of its content; the end may lie beyond what holds it."""


def check_boxes(path: Path, size: int) -> None:
    """Raises Cut where a box or an index reaches beyond the `size` bytes of the file, Rubbish where an index is larger
    than any film's or packed."""
    tally = _Tally()
    with path.open("rb") as file:
        for box in _boxes(file, 0, size, tally):
            if box.name not in _OUTER:
                break
            if box.end > size and box.name in _WHOLE:
                raise Cut(f"its {box.name.decode()} ends {box.end - size} bytes beyond the file's end")
            if box.name in _HOLDERS:
                _walk(file, box, tally, 1)
    if tally.samples * tally.edits > SAMPLES_MAX:
        raise Rubbish("its index counts more samples than a film has")
    if tally.furthest >= size:
        raise Cut("its index points beyond the file's end")


def first_box(path: Path, size: int) -> int:
    """Where `ftyp` begins, which belongs in front of all other boxes; 0 also where there is none."""
    with path.open("rb") as file:
        for box in _boxes(file, 0, size, _Tally()):
            if box.name == b"ftyp":
                return box.start - 8
            if box.name not in _OUTER:
                break
    return 0


def _boxes(file: BinaryIO, at: int, end: int, tally: _Tally) -> Iterator[_Box]:
    while at + 8 <= end:
        tally.boxes += 1
        if tally.boxes > BOXES_MAX:
            raise Rubbish("it has more boxes than a film has")
        file.seek(at)
        head = file.read(16)
        size, start = int.from_bytes(head[:4]), at + 8
        if size == 1:
            size, start = int.from_bytes(head[8:16]), at + 16
        elif size == 0:
            size = end - at
        if at + size < start:
            return
        yield _Box(head[4:8], start, at + size)
        at += size


def _walk(file: BinaryIO, holder: _Box, tally: _Tally, depth: int) -> None:
    for box in _boxes(file, holder.start, holder.end, tally):
        if box.end > holder.end:
            raise Rubbish(f"its {box.name!r} is larger than what holds it")
        if box.name == b"cmov":
            raise Rubbish("its index is packed")
        if box.name in _HOLDERS and depth < DEPTH_MAX:
            _walk(file, box, tally, depth + 1)
        elif box.name in (b"stsz", b"stz2"):
            tally.samples += _count(file, box, 8)
        elif box.name == b"trun":
            tally.samples += _count(file, box, 4)
        elif box.name == b"elst":
            tally.edits = max(tally.edits, _count(file, box, 4))
        elif box.name in (b"stco", b"co64"):
            tally.furthest = max(tally.furthest, _furthest(file, box, "I" if box.name == b"stco" else "Q"))


def _count(file: BinaryIO, box: _Box, at: int) -> int:
    file.seek(box.start + at)
    return int.from_bytes(file.read(min(4, max(0, box.end - box.start - at))))


def _furthest(file: BinaryIO, box: _Box, width: str) -> int:
    """The largest place that a table of chunks names."""
    item = array(width).itemsize
    left = min(_count(file, box, 4) * item, (box.end - box.start - 8) // item * item)
    furthest = 0
    file.seek(box.start + 8)
    while left > 0:
        read = file.read(min(PIECE, left))
        places = array(width, read[: len(read) // item * item])
        if not places:
            break
        if byteorder == "little":
            places.byteswap()
        furthest = max(furthest, *places)
        left -= len(read)
    return furthest
