"""The strict check of a POST /generate against NeuroArtist's document and the model's schema."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.kit.check import Refused, Rule, flag, json_object, members, number, one_of, text, whole
from sandbox.neuroartist.models import SEVERAL, Model

PROMPT_MAX = 10_000
IMAGE_URL_MAX = 30_000_000  # characters; a data URI of a 20 MB picture
IMAGE_URLS_MAX = 10
STATUSES: Mapping[str, int] = {
    "invalid json": 400,
    "missing model": 400,
    "missing input": 400,
    "unknown model": 404,
    "not found": 404,
    "provider error": 502,
}
_FORMS = (("m", "i", "s"), ("model", "input", "sync"))
SIZES: Mapping[str, tuple[int, int]] = {
    "square_hd": (1024, 1024),
    "square": (512, 512),
    "portrait_4_3": (768, 1024),
    "portrait_16_9": (576, 1024),
    "landscape_4_3": (1024, 768),
    "landscape_16_9": (1024, 576),
}


def _urls(value: object) -> str | None:
    """One to ten addresses of pictures."""
    if not isinstance(value, list) or not 1 <= len(value) <= IMAGE_URLS_MAX:
        return f"not a list of 1 to {IMAGE_URLS_MAX} addresses"
    return next((wrong for url in value if (wrong := text(IMAGE_URL_MAX)(url))), None)


_BY_TYPE: Mapping[str, Rule] = {
    SEVERAL: _urls,
    "string": text(PROMPT_MAX),
    "integer": whole(-(2**31), 2**53),
    "number": number(-1e6, 1e6),
    "boolean": flag,
}
_BY_NAME: Mapping[str, Rule] = {
    "image_size": one_of(*SIZES),
    "output_format": one_of("jpeg", "png"),
    "num_images": one_of(1),  # one request yields one url
    "num_inference_steps": whole(1, 50),
    "guidance_scale": number(0, 20),
    "strength": number(0, 1),
    "seed": whole(0, 2**32 - 1),
    "upscaling_factor": one_of(4),
    "aspect_ratio": one_of("16:9", "9:16", "1:1"),
    "duration": one_of("5", "10"),
    "seconds_total": whole(1, 47),
    "image_url": text(IMAGE_URL_MAX),
}


@dataclass(frozen=True, slots=True)
class Request:
    """A request that passed the check."""

    body: dict[str, object]
    model: str
    input: Mapping[str, object]
    sync: bool

    @property
    def prompt(self) -> str:
        """The words of the input, whatever their field is called."""
        return str(self.input.get("prompt") or self.input.get("gen_text") or "")

    @property
    def pictures(self) -> list[str]:
        """The addresses of the pictures to work on, in their order."""
        one, several = self.input.get("image_url"), self.input.get("image_urls")
        found = [one] if one is not None else several if isinstance(several, list) else []
        return [str(url) for url in found]


def check(content_type: str, raw: bytes, models: Mapping[str, Model]) -> Request:
    """The order in `raw`. Raises Refused with one of the documented errors as its code."""
    try:
        body = json_object(content_type, raw)
    except Refused as refused:
        raise Refused(str(refused), "invalid json") from refused
    form = next((names for names in _FORMS if set(body) <= set(names)), None)
    if form is None:
        raise Refused(f"the keys {', '.join(sorted(body))} are of no form, or of both", "invalid json")
    m, i, s = form
    if m not in body:
        raise Refused(f"{m} is missing", "missing model")
    if i not in body:
        raise Refused(f"{i} is missing", "missing input")
    model, given, sync = body[m], body[i], body.get(s, False)
    if not isinstance(given, dict) or not isinstance(sync, bool):
        raise Refused(f"{i} is not an object, or {s} not true or false", "invalid json")
    if not isinstance(model, str) or model not in models:
        raise Refused(f"{model!r} is no model", "unknown model")
    _check_input(given, models[model])
    return Request(body, model, given, sync)


def _check_input(given: Mapping[str, object], model: Model) -> None:
    rules = {name: _BY_NAME.get(name, _BY_TYPE[kind]) for name, kind in model.properties.items()}
    try:
        members(given, rules, model.required)
    except Refused as refused:
        raise Refused(f"input: {refused}", "provider error") from refused
