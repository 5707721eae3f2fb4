"""The NeuroArtist simulator as a server, and what its requests make."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Literal
from uuid import uuid4

from aiohttp import web

from sandbox import media
from sandbox.kit.api import Controls, Order
from sandbox.kit.server import SimServer
from sandbox.kit.state import Result
from sandbox.neuroartist.contract import SIZES, Request
from sandbox.neuroartist.endpoints import Endpoints, failure
from sandbox.neuroartist.models import Makes
from sandbox.neuroartist.state import State

_FILES = {"png": "image/png", "jpeg": "image/jpeg", "mp4": "video/mp4", "mp3": "audio/mpeg", "glb": "model/gltf-binary"}


class NeuroArtistServer(SimServer[Order]):
    """`scale` multiplies the documented durations (2 to 90 s), 0 is no waiting; `seed` chooses them; `balance` is in
    RUB."""

    prefix = api = "/api/v1"

    def __init__(
        self,
        keys: Iterable[str] = ("na_live_sandbox",),
        *,
        balance: float = 100_000,
        scale: float = 0.05,
        seed: int = 1,
        public_url: str | None = None,
    ) -> None:
        self.state = State(keys, balance, scale, seed)
        super().__init__(self.state, public_url)

    def add_routes(self, router: web.UrlDispatcher) -> None:
        Endpoints(self.state, self.result_url, partial(make, self.state)).add_to(router, self.prefix)
        Controls(self.state).add_to(router)

    def failure(self, status: int, message: str) -> web.Response:
        return failure(status, "not found" if status == 404 else message)


def make(state: State, request: Request, record: Order, picture: bytes | None) -> tuple[str, Result]:
    """A file name and what will be downloaded under it."""
    extension, maker = _maker(state, request, picture)
    return f"{uuid4().hex}.{extension}", Result(record, _FILES[extension], maker)


def _maker(state: State, request: Request, picture: bytes | None) -> tuple[str, Callable[[], bytes]]:
    given, prompt, data = request.input, request.prompt or "a picture", picture or b""
    label = request.model.removeprefix("fal-ai/")
    size = SIZES[str(given.get("image_size", "landscape_4_3"))]
    fmt: Literal["png", "jpeg"] = "png" if given.get("output_format") == "png" else "jpeg"
    words = f"{prompt} #{given['seed']}" if "seed" in given else prompt
    makers: dict[Makes, tuple[str, Callable[[], bytes]]] = {
        "enlarged": ("png", partial(media.upscale, data)),
        "cut out": ("png", partial(media.cutout, data)),
        "video": ("mp4", partial(media.video, prompt, label)),
        "audio": ("mp3", partial(media.song, prompt)),
        "solid": ("glb", partial(media.solid, prompt)),
        "restyled": (fmt, partial(media.edit, prompt, (data,), size, fmt, label)),
        "image": (fmt, partial(media.image, words, size, fmt, label)),
    }
    return makers[state.models[request.model].makes]
