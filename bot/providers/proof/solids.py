"""Solids (binary glTF) and archives, by their own form."""

import struct
from pathlib import Path
from typing import Final

from bot.providers.proof.flaws import Cut, Rubbish

_GLB_JSON: Final = 0x4E4F534A
_ZIP_TAIL: Final = 22 + 0xFFFF
"""The record at the end of an archive, with its longest comment."""


def check_glb(path: Path, size: int) -> None:
    """Raises Cut, Rubbish; the header and its first chunk, which tells what is in it (glTF 2.0, section 4.4)."""
    with path.open("rb") as file:
        head = file.read(20)
    if len(head) < 20:
        raise Rubbish("no binary glTF")
    _, version, told, length, kind = struct.unpack("<4sIIII", head)
    if version != 2 or kind != _GLB_JSON or told < 20 + length:
        raise Rubbish("no binary glTF")
    if told > size:
        raise Cut(f"{size} of {told} bytes came")


def check_zip(path: Path, size: int) -> None:
    """Raises Cut where the record at its end is missing, Rubbish where that leads nowhere (APPNOTE 4.3.16)."""
    with path.open("rb") as file:
        file.seek(max(0, size - _ZIP_TAIL))
        tail = file.read()
        at = tail.rfind(b"PK\x05\x06")
        if at < 0 or len(tail) < at + 22:
            raise Cut("the archive has no end")
        entries, length, start = struct.unpack_from("<HII", tail, at + 10)
        if 0xFFFF_FFFF in (length, start) or entries == 0xFFFF:
            return  # its figures stand in a record for larger ones
        file.seek(start)
        if not entries or start + length > size or file.read(4) != b"PK\x01\x02":
            raise Rubbish("the archive has no list of what is in it")
