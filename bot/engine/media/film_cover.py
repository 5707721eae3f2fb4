"""The picture that stands for a film before it plays: its first frame, upright, in its true shape.

It is the first one because a player that starts with it does not jump."""

from io import BytesIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from av import VideoFrame
    from PIL.Image import Image

COVER_SIDE: Final = 1280
"""Pixels of a cover: what clients show on a whole screen; Telegram keeps no larger photo for them."""
PREVIEW_SIDE: Final = 320
PREVIEW_BYTES: Final = 200_000
"""Bounds of a thumbnail (Bot API, sendVideo)."""
RATIO: Final = 20
"""A photo's longer side is at most that many times the shorter one, else Telegram refuses it, and the film with it."""
SHAPE_MOST: Final = 4
"""Pixels that are further from a square are a mistake of the file's, not a shape."""


def seen_size(frame: "VideoFrame", shape: float) -> tuple[int, int]:
    """Width and height as players show the frame: a film may be kept lying on its side, with a matrix that turns it,
    and with pixels that are no squares (`shape`: width through height of one)."""
    width, height = frame.width, frame.height
    if 1 / SHAPE_MOST <= shape <= SHAPE_MOST:
        width = max(1, round(width * shape))
    return (height, width) if frame.rotation % 180 == 90 else (width, height)


def stills(frame: "VideoFrame", size: tuple[int, int]) -> tuple[bytes | None, bytes | None]:
    """A cover and a preview as JPEG of a frame that is seen in that `size`; None for each that cannot be made."""
    if max(size) > RATIO * min(size):
        return None, None
    upright = _upright(frame, size)
    cover = _jpeg(upright, 88)
    upright.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    preview = _jpeg(upright, 80)
    return cover, preview if len(preview) < PREVIEW_BYTES else None


def _upright(frame: "VideoFrame", size: tuple[int, int]) -> "Image":
    """Made small before it is turned and before it becomes a picture: a frame of 8K would take 100 MB."""
    scale = min(1.0, COVER_SIDE / max(size))
    width, height = (max(2, round(side * scale)) for side in size)
    turn = frame.rotation % 360  # degrees against the clock
    lying = (height, width) if turn % 180 == 90 else (width, height)
    image = frame.reformat(width=lying[0], height=lying[1], format="rgb24").to_image()  # type: ignore[no-untyped-call]
    made: Image = image.rotate(turn, expand=True) if turn in (90, 180, 270) else image
    return made


def _jpeg(picture: "Image", quality: int) -> bytes:
    file = BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return file.getvalue()
