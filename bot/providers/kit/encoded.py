"""Bytes that come as text: base64 in any of its spellings, with or without the head of a data: address."""

import binascii
from typing import Final
from urllib.parse import unquote

_PLAIN: Final = str.maketrans("-_", "+/")


def decoded(text: str) -> bytes | None:
    """What `text` stands for, None where it is no base64. Blanks and line ends, missing padding, the alphabet of
    addresses (RFC 4648, section 5), percent signs and whatever stands before a comma do not matter."""
    code = text.rpartition(",")[2]
    if "%" in code:
        code = unquote(code)
    code = "".join(code.split()).rstrip("=").translate(_PLAIN)
    try:
        return binascii.a2b_base64(code + "=" * (-len(code) % 4), strict_mode=True)
    except ValueError:
        return None
