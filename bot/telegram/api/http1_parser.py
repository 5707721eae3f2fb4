"""One HTTP/1.1 answer as its bytes come in: the part of RFC 9112 that a client needs who asks for nothing special."""

from typing import Final

HEAD_MOST: Final = 64 * 1024
"""Bytes of an answer's head, and of a line between chunks, at most."""
BODY_MOST: Final = 64 * 1024 * 1024
"""Bytes of a body at most; a hundred updates are a few."""


class Unreadable(Exception):
    """What came is no answer that this can read: nothing more may be read from its connection."""


class Answer:
    """`feed` what comes in until it says that the answer is whole, then look at `status`, `body` and `keep`."""

    __slots__ = ("_body", "_buffer", "_chunked", "_last", "_length", "keep", "status")

    def __init__(self) -> None:
        self.status = 0
        self.keep = True
        """Whether the connection may be used again."""
        self._buffer = bytearray()
        self._body = bytearray()
        self._length: int | None = None
        self._chunked = False
        self._last = False  # the last chunk was there: what follows are trailers

    @property
    def body(self) -> bytes:
        return bytes(self._body)

    def feed(self, data: bytes) -> bool:
        """Whether the answer is whole. Raises Unreadable."""
        self._buffer += data
        if not self.status and not self._head():
            return False
        if self._chunked:
            whole = self._chunks()
        else:
            whole = self._length is not None and len(self._buffer) >= self._length
            if whole or self._length is None:
                self._take(len(self._buffer) if self._length is None else self._length)
        if whole and self._buffer:  # more than was asked for: what comes next on this connection is anybody's guess
            self.keep = False
        return whole

    def end(self) -> bool:
        """The connection ended: whether that makes the answer whole."""
        self.keep = False
        return bool(self.status) and not self._chunked and self._length is None

    def _head(self) -> bool:
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            lines = bytes(self._buffer[:end]).split(b"\r\n")
            del self._buffer[: end + 4]
            version, _, rest = lines[0].partition(b" ")
            status = rest[:3]
            if not version.startswith(b"HTTP/1.") or not status.isdigit():
                raise Unreadable("not HTTP/1")
            if not status.startswith(b"1"):  # else a word in between: the answer is still to come
                self.status = int(status)
                self._read_fields(version, lines[1:])
                return True
        if len(self._buffer) > HEAD_MOST:
            raise Unreadable("too long a head")
        return False

    def _read_fields(self, version: bytes, lines: list[bytes]) -> None:
        fields: dict[bytes, bytes] = {}
        for line in lines:
            name, _, value = line.partition(b":")
            name, value = name.lower(), value.strip()
            if name == b"content-length" and fields.get(name, value) != value:
                raise Unreadable("two lengths")
            fields[name] = value
        connection = fields.get(b"connection", b"").lower()
        self.keep = b"close" not in connection and (version != b"HTTP/1.0" or b"keep-alive" in connection)
        coding = fields.get(b"transfer-encoding", b"").lower()
        if coding not in (b"", b"chunked") or fields.get(b"content-encoding", b"identity") != b"identity":
            raise Unreadable("a coding that was not asked for")
        self._chunked = bool(coding)
        length = fields.get(b"content-length", b"0" if self.status in (204, 304) else b"")
        if length and not self._chunked:
            self._length = _number(length, 10)

    def _chunks(self) -> bool:
        while (end := self._buffer.find(b"\r\n")) >= 0:
            if self._last:
                del self._buffer[: end + 2]
                if end == 0:
                    return True
                continue
            size = _number(bytes(self._buffer[:end]).partition(b";")[0].strip(), 16)
            if size == 0:
                self._last = True
                del self._buffer[: end + 2]
                continue
            if len(self._buffer) < end + size + 4:
                return False
            if self._buffer[end + size + 2 : end + size + 4] != b"\r\n":
                raise Unreadable("a chunk without an end")
            del self._buffer[: end + 2]
            self._take(size)
            del self._buffer[:2]
        if len(self._buffer) > HEAD_MOST:
            raise Unreadable("too long a line")
        return False

    def _take(self, size: int) -> None:
        if len(self._body) + size > BODY_MOST:
            raise Unreadable("too long a body")
        self._body += self._buffer[:size]
        del self._buffer[:size]


def _number(digits: bytes, base: int) -> int:
    if not digits.isalnum() or len(digits) > 12:
        raise Unreadable("not a length")
    try:
        number = int(digits, base)
    except ValueError:
        raise Unreadable("not a length") from None
    if number > BODY_MOST:
        raise Unreadable("too long a body")
    return number
