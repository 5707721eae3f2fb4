"""Bodies that come packed are what they were before, to the last byte, whatever their length is."""

import zlib

import pytest

from bot.providers.kit.decompression import PIECE, Unpacker


@pytest.mark.parametrize(("coding", "window"), [("deflate", -15), ("deflate", 15), ("gzip", 31)])
def test_what_ends_just_behind_a_piece_is_whole(coding: str, window: int) -> None:
    """The last bytes go into the machine together with those before them, and stay there when a piece is full."""
    for size in [PIECE + more for more in (-1, 0, 1, 3, 100, 258, 259)]:
        plain = bytes(size)
        machine = zlib.compressobj(9, zlib.DEFLATED, window)
        unpacker = Unpacker(coding)
        pieces = [*unpacker.feed(machine.compress(plain) + machine.flush()), *unpacker.end()]
        assert b"".join(pieces) == plain
        assert all(len(piece) <= PIECE for piece in pieces)
