"""What the requests of NeuroArtist make."""

from collections.abc import Callable
from functools import partial
from typing import Literal
from uuid import uuid4

from sandbox import media
from sandbox.kit.faults import Fault
from sandbox.kit.state import Record, Result
from sandbox.neuroartist.contract import SIZES, Request
from sandbox.neuroartist.models import Makes, Model

_FILES = {"png": "image/png", "jpeg": "image/jpeg", "mp4": "video/mp4", "mp3": "audio/mpeg", "glb": "model/gltf-binary"}


def make(
    model: Model, request: Request, record: Record, pictures: tuple[bytes, ...], fault: Fault | None
) -> tuple[str, Result]:
    """A file name and what will be downloaded under it."""
    picture = pictures[0] if pictures else b""
    given, prompt = request.input, request.prompt or "a picture"
    label = request.model.removeprefix("fal-ai/")
    size = SIZES[str(given.get("image_size", "landscape_4_3"))]
    fmt: Literal["png", "jpeg"] = "png" if given.get("output_format") == "png" else "jpeg"
    words = f"{prompt} #{given['seed']}" if "seed" in given else prompt
    makers: dict[Makes, tuple[str, Callable[[], bytes]]] = {
        "enlarged": ("png", partial(media.upscale, picture)),
        "cut out": ("png", partial(media.cutout, picture)),
        "video": ("mp4", partial(media.video, prompt, label)),
        "audio": ("mp3", partial(media.song, prompt)),
        "solid": ("glb", partial(media.solid, prompt)),
        "restyled": (fmt, partial(media.edit, prompt, pictures, size, fmt, label)),
        "image": (fmt, partial(media.image, words, size, fmt, label)),
    }
    extension, maker = makers[model.makes]
    return f"{uuid4().hex}.{extension}", Result(record, _FILES[extension], maker, fault)
