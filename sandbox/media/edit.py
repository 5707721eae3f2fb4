"""Pictures made from other pictures: enlarged, cut out, combined. What they are given is the client's, so it is decoded
first and may be anything."""

from functools import lru_cache
from io import BytesIO
from typing import Literal

from PIL import Image, ImageOps, UnidentifiedImageError

from sandbox.media.scene import Scene

PIXELS_MAX = 2_500_000  # enlarged four times each way: 40 million


class NotAnImage(ValueError):
    """The bytes are no picture, a broken one, or one with too many pixels."""


def decode(data: bytes, pixels: int = 50_000_000) -> Image.Image:
    """The picture, wholly decoded. Raises NotAnImage."""
    try:
        picture = Image.open(BytesIO(data))
        if picture.width * picture.height > pixels:
            raise NotAnImage(f"{picture.width}x{picture.height} pixels are too many")
        picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as broken:
        raise NotAnImage(str(broken)) from broken
    return picture


@lru_cache(maxsize=4)
def upscale(data: bytes, factor: int = 4) -> bytes:
    """A PNG `factor` times as wide and as high, transparency kept. Raises NotAnImage."""
    picture = decode(data, PIXELS_MAX)
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    size = (picture.width * factor, picture.height * factor)
    return _file(picture.convert(mode).resize(size, Image.Resampling.BILINEAR), "png")


@lru_cache(maxsize=8)
def cutout(data: bytes) -> bytes:
    """A PNG in which only a soft disc in the middle is not transparent. Raises NotAnImage."""
    picture = decode(data).convert("RGBA")
    disc = ImageOps.invert(Image.radial_gradient("L")).point([0] * 100 + [min(255, n * 8) for n in range(156)])
    picture.putalpha(disc.resize(picture.size))
    return _file(picture, "png")


@lru_cache(maxsize=16)
def edit(
    prompt: str, sources: tuple[bytes, ...], size: tuple[int, int], fmt: Literal["png", "jpeg"] = "png", label: str = ""
) -> bytes:
    """The sources side by side under the prompt's light. Raises NotAnImage."""
    scene = Scene(prompt, label, "edit", size).at(0.3)
    canvas = Image.new("RGB", size)
    width = size[0] // max(1, len(sources))
    for number, source in enumerate(sources):
        canvas.paste(ImageOps.fit(decode(source).convert("RGB"), (width, size[1])), (number * width, 0))
    return _file(Image.blend(canvas, scene, 0.35), fmt)


def _file(picture: Image.Image, fmt: Literal["png", "jpeg"]) -> bytes:
    file = BytesIO()
    picture.save(file, fmt.upper(), **({"compress_level": 1} if fmt == "png" else {}))
    return file.getvalue()
