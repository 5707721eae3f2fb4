"""What NeuroArtist offers: the models of its guide, and a few more of each category that only /models tells of."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

CATEGORIES = ("text-to-image", "image-to-image", "text-to-video", "audio", "3d")
Makes = Literal["image", "restyled", "enlarged", "cut out", "video", "audio", "solid"]


@dataclass(frozen=True, slots=True)
class Model:
    """`seconds` is its typical time, `rub` its price, `required` and `properties` its schema (name: type)."""

    category: str
    makes: Makes
    seconds: float
    rub: float
    required: tuple[str, ...]
    properties: Mapping[str, str]


SEVERAL = "array"
"""The type of `image_urls`."""


def _p(*texts: str, **others: str) -> Mapping[str, str]:
    return MappingProxyType({**dict.fromkeys(texts, "string"), **others})


_FLUX = {"num_inference_steps": "integer", "seed": "integer", "guidance_scale": "number", "num_images": "integer"}
_SAFE = {"enable_safety_checker": "boolean"}
_T2I, _I2I, _T2V, _SOUND, _SOLID = CATEGORIES
_PROMPT, _URL = ("prompt",), ("image_url",)
_BOTH = ("prompt", "image_url")
_FILM = _p("prompt", "aspect_ratio", "duration", "negative_prompt")

MODELS: Mapping[str, Model] = MappingProxyType(
    {
        "fal-ai/flux/schnell": Model(
            _T2I, "image", 2, 0.27, _PROMPT, _p("prompt", "image_size", "output_format", **_FLUX, **_SAFE)
        ),
        "fal-ai/flux/dev": Model(
            _T2I, "image", 10, 1.35, _PROMPT, _p("prompt", "image_size", "output_format", **_FLUX, **_SAFE)
        ),
        "fal-ai/flux-pro": Model(_T2I, "image", 15, 5, _PROMPT, _p("prompt", "image_size", "output_format", **_FLUX)),
        "fal-ai/fast-sdxl": Model(_T2I, "image", 3, 0.4, _PROMPT, _p("prompt", "image_size")),
        "fal-ai/recraft-v3": Model(_T2I, "image", 12, 4.2, _PROMPT, _p("prompt", "image_size", "style")),
        "fal-ai/face-swap-portrait": Model(
            _T2I, "image", 9, 2.5, ("prompt", "face_embedding"), _p("prompt", "face_embedding", "image_size")
        ),
        "fal-ai/aura-sr": Model(
            _I2I, "enlarged", 6, 0.9, _URL, _p("image_url", upscaling_factor="integer", overlapping_tiles="boolean")
        ),
        "fal-ai/birefnet": Model(_I2I, "cut out", 3, 0.5, _URL, _p("image_url", "output_format")),
        "fal-ai/flux/dev/image-to-image": Model(
            _I2I,
            "restyled",
            11,
            1.6,
            ("image_url", "prompt"),
            _p("image_url", "prompt", "output_format", strength="number", **_FLUX),
        ),
        "fal-ai/flux-pro/kontext": Model(
            _I2I,
            "restyled",
            7,
            4,
            _BOTH,
            _p("prompt", "image_url", "aspect_ratio", "output_format", seed="integer", guidance_scale="number"),
        ),
        "fal-ai/nano-banana/edit": Model(
            _I2I,
            "restyled",
            8,
            3.9,
            ("prompt", "image_urls"),
            _p("prompt", "output_format", image_urls=SEVERAL, num_images="integer"),
        ),
        "fal-ai/flux-pro/fill": Model(
            _I2I, "restyled", 9, 4.5, (*_BOTH, "mask_url"), _p("prompt", "image_url", "mask_url", seed="integer")
        ),
        "fal-ai/clarity-upscaler": Model(_I2I, "enlarged", 10, 2.7, _URL, _p("image_url", "prompt")),
        "fal-ai/minimax-video": Model(_T2V, "video", 60, 45, _PROMPT, _p("prompt", prompt_optimizer="boolean")),
        "fal-ai/kling-video": Model(_T2V, "video", 90, 60, _PROMPT, _FILM),
        "fal-ai/wan-t2v": Model(_T2V, "video", 75, 38, _PROMPT, _p("prompt", "aspect_ratio", seed="integer")),
        "fal-ai/minimax-video/image-to-video": Model("", "video", 70, 48, _BOTH, _p("prompt", "image_url")),
        "fal-ai/kling-video/image-to-video": Model(
            _T2V, "video", 80, 55, _URL, _p("prompt", "image_url", "duration", "negative_prompt")
        ),
        "fal-ai/veo3/image-to-video": Model("", "video", 90, 290, _BOTH, _p("prompt", "image_url", "aspect_ratio")),
        "fal-ai/stable-audio": Model(_SOUND, "audio", 20, 3, _PROMPT, _p("prompt", seconds_total="integer")),
        "fal-ai/f5-tts": Model(
            _SOUND, "audio", 8, 2, ("gen_text", "ref_audio_url"), _p("gen_text", "ref_audio_url", "model_type")
        ),
        "fal-ai/triposr": Model(_SOLID, "solid", 12, 7, _URL, _p("image_url")),
        "fal-ai/hyper3d": Model(_SOLID, "solid", 60, 35, _PROMPT, _p("prompt", seed="integer")),
    }
)
