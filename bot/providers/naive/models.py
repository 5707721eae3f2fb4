"""What Naive lists of its models, and what its document says of the parameters that a list only names."""

from collections.abc import Mapping

from bot.domain.catalog.models import Kind
from bot.providers.base import Listed, UpstreamDown
from bot.providers.kit.json_api import Said
from bot.providers.kit.json_reading import amount, member, name, plain

MODELS_LIMIT = 1000
PARAMETERS_LIMIT = 100
TITLE_LIMIT = 200
MOST_IMAGES = 4
_TYPES: Mapping[str, str] = {
    "prompt": "string",
    "image_size": "string",
    "num_images": "integer",
    "seed": "integer",
    "guidance_scale": "number",
    "num_inference_steps": "integer",
    "output_format": "string",
    "enable_safety_checker": "boolean",
}
"""The document's common parameters; a model lists only their names."""
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "image_size": ("square_hd", "square", "landscape_4_3", "landscape_16_9", "portrait_4_3", "portrait_16_9"),
    "output_format": ("jpeg", "png"),
}


def listings(said: Said, kind: Kind) -> tuple[Listed, ...]:
    """The models of a list; rows of another form are left out. Raises UpstreamDown for what is no list."""
    rows = said.data if isinstance(said.data, list) else said.get("models")
    if not isinstance(rows, list):
        raise UpstreamDown("a list of models without models")
    known = tuple(_listing(row, kind) for row in rows[:MODELS_LIMIT] if name(member(row, "id")))
    if rows and not known:  # or every model would seem gone
        raise UpstreamDown("a list of models that cannot be read")
    return known


def _listing(row: Mapping[str, object], kind: Kind) -> Listed:
    title, keys, seconds = row.get("name"), row.get("key_params"), amount(row.get("estimated_seconds"))
    names = [key for key in keys if name(key)][:PARAMETERS_LIMIT] if isinstance(keys, list | dict) else []
    return Listed(
        name(row.get("id")),
        title=plain(title)[:TITLE_LIMIT] if isinstance(title, str) else "",
        kind=kind,
        typical_seconds=float(seconds) if seconds else None,
        required=("prompt",),
        parameters={key: _TYPES.get(key, "") for key in names},
        choices={key: _CHOICES[key] for key in names if key in _CHOICES},
        max_results=MOST_IMAGES if "num_images" in names else 1,
    )
