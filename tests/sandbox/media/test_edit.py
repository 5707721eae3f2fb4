"""Pictures made from pictures, and 3D models: decoded here as a viewer would."""

import json
import struct

import pytest

from sandbox import media
from tests.sandbox.wire import picture


def test_an_upscale_is_four_times_as_large_and_keeps_transparency() -> None:
    small = media.image("a cat", (40, 30))
    assert picture(media.upscale(small)).size == (160, 120)
    assert picture(media.upscale(media.cutout(small))).mode == "RGBA"


def test_an_upscale_of_a_large_picture_exceeds_what_a_photo_may_have() -> None:
    large = picture(media.upscale(media.image("a cat", (1536, 1024), "jpeg")))
    assert sum(large.size) > 10_000


@pytest.mark.parametrize("data", [b"", b"<html>", b"\x89PNG\r\n\x1a\n", media.image("x", (64, 64))[:900]])
def test_what_is_no_picture_is_told(data: bytes) -> None:
    for make in (media.upscale, media.cutout, media.decode):
        with pytest.raises(media.NotAnImage):
            make(data)


def test_too_many_pixels_are_refused() -> None:
    with pytest.raises(media.NotAnImage, match="too many"):
        media.upscale(media.image("x", (1700, 1700), "jpeg"))


def test_an_edit_depends_on_its_words_and_its_sources() -> None:
    one, two = media.image("one", (64, 64)), media.image("two", (64, 64))
    made = {media.edit(words, sources, (96, 64)) for words in ("a", "b") for sources in ((one,), (two,), (one, two))}
    assert len(made) == 6
    assert {picture(data).size for data in made} == {(96, 64)}
    assert picture(media.edit("a", (one,), (64, 64), "jpeg")).format == "JPEG"


def test_a_solid_is_a_valid_binary_gltf() -> None:
    data = media.solid("a castle")
    magic, version, length = struct.unpack_from("<4sII", data)
    assert (magic, version, length) == (b"glTF", 2, len(data))
    size, kind = struct.unpack_from("<I4s", data, 12)
    document = json.loads(data[20 : 20 + size])
    binary, tag = struct.unpack_from("<I4s", data, 20 + size)
    assert (kind, tag, 28 + size + binary) == (b"JSON", b"BIN\0", len(data))
    assert document["nodes"][0]["name"] == "a castle"
    assert document["buffers"][0]["byteLength"] <= binary
    points, _, faces = document["accessors"]
    view = document["bufferViews"][2]
    start = 28 + size + view["byteOffset"]
    indices = struct.unpack_from(f"<{faces['count']}H", data, start)
    assert max(indices) == points["count"] - 1
    assert faces["count"] % 3 == 0
    assert media.solid("a castle") != media.solid("a ship")
