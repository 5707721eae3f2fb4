"""Base64 as services spell it: padded or not, in either alphabet, broken into lines, behind the head of an address."""

import base64
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.providers.kit.encoded import decoded

SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda code: code,
    "no padding": lambda code: code.rstrip("="),
    "too much padding": lambda code: code + "==",
    "alphabet of addresses": lambda code: code.translate(str.maketrans("+/", "-_")),
    "lines": lambda code: "\r\n".join(code[i : i + 7] for i in range(0, len(code), 7)) + "\n",
    "data address": lambda code: "data:image/png;base64," + code,
    "another type": lambda code: "DATA:application/octet-stream;name=a.png;BASE64, " + code,
    "without its first word": lambda code: "image/png;base64," + code,
    "percent signs": lambda code: code.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D"),
}


@pytest.mark.parametrize("name", SPELLINGS)
@given(data=st.binary(max_size=200))
def test_every_spelling(name: str, data: bytes) -> None:
    assert decoded(SPELLINGS[name](base64.b64encode(data).decode())) == data


@pytest.mark.parametrize("text", ["A", "AAAAA", "not base64 at all!", "data:image/png;base64,{}", "ÄÖ==", "AA==AA"])
def test_what_is_none(text: str) -> None:
    assert decoded(text) is None
