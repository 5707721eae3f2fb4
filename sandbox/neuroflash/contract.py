"""What neuroflash documents about models and parameters, and the strict check of an order against it.

The document's own examples carry "string" and {} in place of values: they are taken as "the default".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from sandbox.kit.check import Refused, Rule, flag, json_object, members, text, whole

PREFIX = "/api/ds-prototypes"
PROMPT_MAX = 5_000
SOURCES_MAX = 10
DEFAULT = "nano-banana"
SIZES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "1:1": (1024, 1024),
        "16:9": (1344, 768),
        "9:16": (768, 1344),
        "4:3": (1184, 864),
        "3:4": (864, 1184),
        "3:2": (1248, 832),
        "2:3": (832, 1248),
    }
)
_VIEW = re.compile(r"(?:/api/ds-prototypes)?/image_generation/([\w-]{1,64})/view")
_PLACEHOLDER = "string"


@dataclass(frozen=True, slots=True)
class Model:
    """One entry of /models; `seconds` is its typical time."""

    name: str
    provider: str
    description: str
    capabilities: tuple[str, ...]
    max_images: int
    aspect_ratios: tuple[str, ...]
    output_formats: tuple[str, ...]
    allowed: bool
    seconds: float

    def as_json(self, ref: str, order: int) -> dict[str, object]:
        """As /models tells it."""
        lists = {name: list(getattr(self, name)) for name in ("capabilities", "aspect_ratios", "output_formats")}
        plain = {name: getattr(self, name) for name in ("name", "provider", "description", "max_images", "allowed")}
        return {"id": ref, **plain, **lists, "order": order}


_BOTH = ("text-to-image", "image-to-image")
_FORMATS = ("png", "jpeg")
MODELS: Mapping[str, Model] = MappingProxyType(
    {
        DEFAULT: Model("Nano Banana", "google", "Fast, edits well", _BOTH, 4, tuple(SIZES), _FORMATS, True, 8),
        "nano-banana-pro": Model(
            "Nano Banana Pro", "google", "Finer detail", _BOTH, 2, tuple(SIZES), _FORMATS, True, 20
        ),
        "seedream": Model(
            "Seedream", "bytedance", "Photographs", _BOTH[:1], 3, ("1:1", "16:9", "9:16"), ("jpeg",), True, 12
        ),
        "gpt-image": Model("GPT Image", "openai", "Follows long prompts", _BOTH, 1, ("1:1",), ("png",), False, 30),
    }
)


@dataclass(frozen=True, slots=True)
class Request:
    """A request that passed the check; `sources` are the ids of the images to edit, `parameters` what is kept."""

    body: dict[str, object]
    prompt: str
    model: str
    count: int
    aspect: str
    fmt: Literal["png", "jpeg"]
    sources: tuple[str, ...]

    @property
    def parameters(self) -> dict[str, object]:
        return {"num_images": self.count, "aspect_ratio": self.aspect, "output_format": self.fmt}

    @property
    def paths(self) -> object:
        """`image_urls` as they were sent; null where there were none."""
        return self.body.get("image_urls")


def check(content_type: str, raw: bytes, models: Mapping[str, Model], *, edit: bool) -> tuple[Request, str | None]:
    """The order in `raw`, and what is wrong with it though it is carried out. Raises Refused with a status."""
    body = json_object(content_type, raw)
    given = {name: value for name, value in body.items() if value not in (_PLACEHOLDER, {}) or name == "prompt"}
    name = given.get("model", DEFAULT)
    model = models.get(name) if isinstance(name, str) else None
    if model is None or not isinstance(name, str):
        raise Refused(f"model: {name!r} is none of /models")
    if not model.allowed:
        raise Refused(f"model: {name} is not allowed", status=403)
    if edit and "image-to-image" not in model.capabilities:
        raise Refused(f"model: {name} edits no images")
    ratios = model.aspect_ratios + (("auto",) if edit else ())
    rules: dict[str, Rule] = {
        "prompt": text(PROMPT_MAX),
        "num_images": whole(1, model.max_images),
        "aspect_ratio": _listed(ratios),
        "output_format": _listed(model.output_formats),
        "model": text(),
        "limit_generations": flag,
        **({"image_urls": _sources} if edit else {}),
    }
    members(given, rules, ("prompt", "image_urls") if edit else ("prompt",))
    sources = tuple(_source(path) for path in _strings(given.get("image_urls")))
    count = int(str(given.get("num_images", 1)))
    wrong = None
    if count > 1 and given.get("limit_generations", True):
        wrong, count = "num_images above 1 without limit_generations false makes one image", 1
    aspect = str(given.get("aspect_ratio", "auto" if edit else "1:1"))
    fmt: Literal["png", "jpeg"] = "png" if given.get("output_format", model.output_formats[0]) == "png" else "jpeg"
    return Request(body, str(given["prompt"]), name, count, aspect, fmt, sources), wrong


def _strings(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _listed(allowed: tuple[str, ...]) -> Rule:
    def rule(value: object) -> str | None:
        return None if isinstance(value, str) and value in allowed else f"{value!r} is not one of {', '.join(allowed)}"

    return rule


def _sources(value: object) -> str | None:
    if not isinstance(value, list) or not 1 <= len(value) <= SOURCES_MAX:
        return f"a list of 1 to {SOURCES_MAX} paths is wanted"
    return None if all(isinstance(path, str) and path for path in value) else "a path is not a text"


def _source(path: str) -> str:
    """The id in a relative path; anything else is what the service stumbles over."""
    found = _VIEW.fullmatch(path)
    if found is None:
        raise Refused(f"image_urls: {path!r} is no relative path of /history", status=500)
    return found[1]
