"""A single simulated picture."""

from functools import lru_cache
from io import BytesIO
from typing import Literal

from sandbox.media.scene import Scene


@lru_cache(maxsize=32)
def image(
    prompt: str,
    size: tuple[int, int] = (512, 512),
    fmt: Literal["png", "jpeg"] = "png",
    label: str = "image",
    style: str | None = None,
) -> bytes:
    """A PNG or JPEG of `size` pixels (16 to 4096 a side). Raises ValueError outside of that."""
    if not all(16 <= side <= 4096 for side in size):
        raise ValueError(f"an image side is 16 to 4096 pixels, not {size}")
    file = BytesIO()
    Scene(prompt, label, style, size).at(0.3).save(file, fmt.upper())
    return file.getvalue()
