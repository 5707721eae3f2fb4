"""What Naive documents about models, prices and parameters, and the strict check of an order against it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from sandbox.kit.check import Refused, Rule, flag, json_object, members, number, one_of, text, whole

CREDIT_USD = 0.5
PROMPT_MAX = 10_000
SIZES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "square_hd": (1024, 1024),
        "square": (512, 512),
        "landscape_4_3": (1024, 768),
        "landscape_16_9": (1024, 576),
        "portrait_4_3": (768, 1024),
        "portrait_16_9": (576, 1024),
    }
)
_COMMON: Mapping[str, Rule] = {
    "prompt": text(PROMPT_MAX),
    "image_size": one_of(*SIZES),
    "num_images": whole(1, 4),
    "seed": whole(0, 2**32 - 1),
    "output_format": one_of("jpeg", "png"),
    "enable_safety_checker": flag,
}
_GUIDED: Mapping[str, Rule] = {**_COMMON, "guidance_scale": number(1, 20)}
_FILM: Mapping[str, Rule] = {"prompt": text(PROMPT_MAX)}


@dataclass(frozen=True, slots=True)
class Model:
    """`seconds` is its typical time, `usd` the price of one image or video, `rules` what its input may have."""

    kind: Literal["image", "video"]
    title: str
    seconds: int
    usd: float
    rules: Mapping[str, Rule]


DEFAULT = "fal-ai/flux/schnell"
MODELS: Mapping[str, Model] = MappingProxyType(
    {
        DEFAULT: Model("image", "FLUX Schnell", 8, 0.003, {**_GUIDED, "num_inference_steps": whole(1, 12)}),
        "fal-ai/flux/dev": Model("image", "FLUX Dev", 15, 0.025, {**_GUIDED, "num_inference_steps": whole(1, 50)}),
        "fal-ai/flux-pro/v1.1": Model("image", "FLUX Pro v1.1", 20, 0.04, _COMMON),
        "fal-ai/fast-sdxl": Model("image", "Fast SDXL", 6, 0.02, _COMMON),
        "fal-ai/minimax/video-01": Model("video", "MiniMax Video", 120, 0.5, _FILM),
        "fal-ai/kling-video/v1.6/standard/text-to-video": Model(
            "video",
            "Kling 1.6",
            180,
            0.225,
            {**_FILM, "duration": one_of("5", "10"), "aspect_ratio": one_of("16:9", "9:16", "1:1")},
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Request:
    """A request that passed the check."""

    body: dict[str, object]
    model: str
    input: Mapping[str, object]

    @property
    def prompt(self) -> str:
        return str(self.input["prompt"])

    @property
    def images(self) -> int:
        """How many files are ordered."""
        return int(str(self.input.get("num_images", 1)))


def check(content_type: str, raw: bytes, models: Mapping[str, Model], kind: str) -> Request:
    """The order in `raw`. Raises Refused for anything the documentation does not allow."""
    body = json_object(content_type, raw)
    if strange := sorted(set(body) - {"model", "input"}):
        raise Refused(f"unknown keys: {', '.join(strange)}")
    name, given = body.get("model", DEFAULT), body.get("input")
    if not isinstance(name, str):
        raise Refused(f"model: {name!r} is not a text")
    model = offered(models, name, kind)
    if not isinstance(given, dict):
        raise Refused("input is not an object")
    try:
        members(given, model.rules, ("prompt",))
    except Refused as refused:
        raise Refused(f"input of {name}: {refused}") from refused
    return Request(body, name, given)


def offered(models: Mapping[str, Model], name: str, kind: str) -> Model:
    """The model of that name and kind. Raises Refused where there is none."""
    model = models.get(name)
    if model is None or model.kind != kind:
        raise Refused(f"no {kind} model {name!r}", "model_not_found", 404)
    return model


def credits_for(model: Model, count: int) -> float:
    """The estimate for `count` images (or one video), a fraction of a credit where it is one."""
    return round(model.usd * count / CREDIT_USD, 6)
