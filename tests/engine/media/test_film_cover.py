"""A film's figures and the pictures that stand for it, as it is seen: turned, stretched, broken and hostile ones."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.engine.media.film_cover import COVER_SIDE, seen_size
from bot.engine.media.media_info import MediaInfo, media_info
from tests.providers.files import HTML, film, index_bomb, turned, with_noise

BLUE, RED = (20, 20, 220), (200, 30, 30)


def looks(data: bytes | None, x: float, y: float) -> str:
    assert data is not None
    with Image.open(BytesIO(data)) as picture:
        found = picture.convert("RGB").getpixel((int(picture.width * x), int(picture.height * y)))
    assert isinstance(found, tuple)
    return "blue" if found[2] > found[0] else "red"


def size(data: bytes | None) -> tuple[int, int]:
    assert data is not None
    with Image.open(BytesIO(data)) as picture:
        assert picture.format == "JPEG"
        return picture.size


async def of(path: Path, data: bytes, mime: str = "video/mp4") -> MediaInfo:
    file = path / "film"
    file.write_bytes(data)
    return await media_info(file, mime)


async def test_a_film_has_its_first_frame_as_its_cover(tmp_path: Path) -> None:
    info = await of(tmp_path, film())
    assert (info.width, info.height, info.duration) == (320, 180, 1)
    assert size(info.cover) == size(info.preview) == (320, 180)
    assert [looks(info.cover, x, 0.2) for x in (0.2, 0.8)] == ["blue", "red"]


async def test_a_film_that_lies_on_its_side_stands_upright(tmp_path: Path) -> None:
    info = await of(tmp_path, turned(film()))
    assert (info.width, info.height) == (180, 320)
    assert size(info.cover) == (180, 320)
    assert [looks(info.cover, x, 0.2) for x in (0.2, 0.8)] == ["red", "blue"]  # turned by the clock


@pytest.mark.parametrize("data", [with_noise(film()), index_bomb(), HTML, b"", film()[:200]])
async def test_what_is_broken_has_no_cover_and_costs_nothing(tmp_path: Path, data: bytes) -> None:
    info = await of(tmp_path, data)
    assert (info.cover, info.preview) == (None, None)


async def test_the_shape_of_pixels_counts_and_nonsense_does_not() -> None:
    class Frame:
        width, height, rotation = 720, 576, 0

    frame: object = Frame()
    for shape, seen in ((1.0, 720), (16 / 15, 768), (1000.0, 720), (0.0, 720)):
        assert seen_size(frame, shape) == (seen, 576)  # type: ignore[arg-type]
    assert COVER_SIDE > 576
