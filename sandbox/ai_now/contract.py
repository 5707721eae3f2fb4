"""What AI-Now documents about requests: models, token costs, styles; and the strict check of a request against it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from sandbox.kit.check import Refused, json_object


@dataclass(frozen=True, slots=True)
class Model:
    """One generator: its cost in tokens, its typical time in seconds (least, most), its styles by wire value."""

    title: str
    kind: Literal["audio", "video"]
    cost: int
    seconds: tuple[float, float]
    styles: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Order:
    """A request that passed the check."""

    model: str
    prompt: str
    style: str | None


_PIKA = ("Anime", "Moody", "3D", "Watercolor", "Natural", "Claymation", "Black & White")
_RUN = (
    *("Abandoned", "Abstract Sculpture", "Anime", "Cartoon", "Cine Lens", "Claymation", "Concept Art", "Digital Art"),
    *(
        "Forestpunk",
        "Frost",
        "Graphic Novel",
        "Graphite",
        "Isometric 3D",
        "Low Poly 3D",
        "Marker Drawing",
        "Moody Film",
    ),
    *("Pixel Art", "Retro", "Sci-fi Art", "Stickers", "Storyboard", "Thriller", "3D Cartoon", "3D Render"),
    "80s Vaporwave",
)

MODELS: Mapping[str, Model] = MappingProxyType(
    {
        "suno": Model("Suno", "audio", 10, (60, 180)),
        "luma": Model("Luma", "video", 30, (45, 300)),  # documented as "variable"
        "pika": Model("Pika", "video", 10, (60, 180), {str(n): name for n, name in enumerate(_PIKA, 1)}),
        "run": Model(
            "Run", "video", 30, (60, 180), {name.lower().replace(" ", "_").replace("-", "_"): name for name in _RUN}
        ),
    }
)
PROMPT_MAX = 4096  # characters; the documentation names no limit
_KEYS = frozenset({"model", "prompt", "style"})


def check(content_type: str, body: bytes, prompt_max: int) -> Order:
    """The order in `body`. Raises Refused for anything the documentation does not allow."""
    data = json_object(content_type, body)
    if strange := sorted(set(data) - _KEYS):
        raise Refused(f"unknown keys: {', '.join(strange)}")
    model, prompt = data.get("model"), data.get("prompt")
    if not isinstance(model, str) or model not in MODELS:
        raise Refused(f"unknown model {model!r}")
    if not isinstance(prompt, str) or not prompt.strip():
        raise Refused("prompt is not a text")
    if len(prompt) > prompt_max:
        raise Refused(f"prompt has {len(prompt)} characters, at most {prompt_max} are taken")
    return Order(model, prompt, _style(data, model))


def _style(data: dict[str, object], model: str) -> str | None:
    if "style" not in data:
        return None
    style, styles = data["style"], MODELS[model].styles
    if not styles:
        raise Refused(f"{model} takes no style")
    if not isinstance(style, str) or style not in styles:
        raise Refused(f"{style!r} is no style of {model}")
    return style
