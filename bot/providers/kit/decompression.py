"""Bodies that come packed although plain ones were asked for: unpacked in small pieces, so that their reader can stop.

A service behind a proxy may answer with gzip whatever Accept-Encoding says. A small packed body can become gigabytes:
never more than PIECE bytes exist at once, and the reader's own limit counts what comes out.
"""

import zlib
from collections.abc import AsyncGenerator, AsyncIterable, Iterator
from typing import Final

PIECE: Final = 64 * 1024
CODINGS: Final = ("gzip", "x-gzip", "deflate")
"""What can be unpacked with what Python brings."""
_GZIP: Final = b"\x1f\x8b"


class Unpacker:
    """Unpacks one body. One that is labelled as packed and is not passes as it is."""

    def __init__(self, coding: str) -> None:
        self._deflate = coding.strip().lower() == "deflate"
        self._begun = b""
        self._machine: zlib._Decompress | None = None
        self._plain = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What comes out of the next bytes, in pieces. Raises ValueError for what is broken."""
        if self._plain:
            yield data
            return
        if self._machine is None:
            self._begun += data
            if len(self._begun) < 2:
                return
            data, self._begun = self._begun, b""
            self._machine = self._of(data)
            if self._machine is None:
                self._plain = True
                yield data
                return
        yield from self._out(data)

    def end(self) -> Iterator[bytes]:
        """What is left at the end. Raises ValueError for a body that ended early."""
        if self._begun:
            yield self._begun
        elif self._machine is not None and not self._machine.eof:
            raise ValueError("a packed body ended early")

    def _of(self, head: bytes) -> "zlib._Decompress | None":
        if not self._deflate:
            return zlib.decompressobj(zlib.MAX_WBITS | 16) if head.startswith(_GZIP) else None
        wrapped = head[0] & 0x0F == 8 and int.from_bytes(head[:2]) % 31 == 0  # RFC 1950; many send bare RFC 1951
        return zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)

    def _out(self, data: bytes) -> Iterator[bytes]:
        assert self._machine is not None
        held = False  # a full piece may leave something within the machine although it took all bytes
        try:
            while data or held:
                if self._machine.eof:  # another member of the same body
                    if not data.startswith(_GZIP):
                        return
                    self._machine = zlib.decompressobj(zlib.MAX_WBITS | 16)
                piece = self._machine.decompress(data, PIECE)
                data = self._machine.unconsumed_tail or self._machine.unused_data
                held = len(piece) == PIECE and not self._machine.eof
                if piece:
                    yield piece
        except zlib.error as error:
            raise ValueError(f"a packed body is broken: {error}") from None


async def unpacked(body: AsyncIterable[bytes], coding: str) -> AsyncGenerator[bytes, None]:
    """The body as it was before it was packed. Raises ValueError for what is broken or ended early."""
    unpacker = Unpacker(coding)
    async for chunk in body:
        for piece in unpacker.feed(chunk):
            yield piece
    for piece in unpacker.end():
        yield piece
