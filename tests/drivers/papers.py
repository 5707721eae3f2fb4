"""PDFs of a few lines: with words, as a scan, locked, and such as want to break their reader."""

import zlib
from collections.abc import Sequence
from io import BytesIO


def pdf(pages: Sequence[str]) -> bytes:
    """A page for each text of Latin and Cyrillic letters, in a font that says which letter each code is."""
    cmap = b"1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <04FF> <0000> endbfrange"
    return with_streams([f"BT /F1 12 Tf 50 700 Td {_shown(text)} ET".encode() for text in pages], cmap)


def with_streams(streams: Sequence[bytes], cmap: bytes = b"") -> bytes:
    """A page for each stream of what is drawn on it."""
    font = b"<</Type/Font/Subtype/Type0/BaseFont/Plain/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>"
    below = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Plain/CIDSystemInfo<</Registry(A)/Ordering(I)/Supplement 0>>>>"
    numbers = range(6, 6 + 2 * len(streams), 2)
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    made = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(streams), kids),
        font,
        below,
        _stream(cmap),
    ]
    for number, stream in zip(numbers, streams, strict=True):
        page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>"
        made += [page % (number + 1), _stream(stream)]
    return _file(made)


def locked(data: bytes, password: str) -> bytes:
    """The same behind a password; behind "" it opens without one, as what may only not be printed does."""
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415

    writer, file = PdfWriter(PdfReader(BytesIO(data))), BytesIO()
    writer.encrypt(password, "owner", algorithm="RC4-128")
    writer.write(file)
    return file.getvalue()


def scan() -> bytes:
    """A page that is a picture."""
    from PIL import Image  # noqa: PLC0415

    file = BytesIO()
    Image.new("RGB", (60, 80), "white").save(file, "PDF")
    return file.getvalue()


def _shown(text: str) -> str:
    return " 0 -14 Td ".join(f"<{line.encode('utf-16-be').hex()}> Tj" for line in text.splitlines() or [""])


def _stream(data: bytes) -> bytes:
    packed = zlib.compress(data, 9)
    return b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed)


def _file(objects: Sequence[bytes]) -> bytes:
    data, at = bytearray(b"%PDF-1.7\n"), []
    for number, each in enumerate(objects, 1):
        at.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(at) + 1)
    data += b"".join(b"%010d 00000 n \n" % each for each in at)
    data += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(at) + 1, start)
    return bytes(data)
