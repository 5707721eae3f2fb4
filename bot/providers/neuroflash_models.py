"""neuroflash's list of models, as discovery wants it."""

from bot.domain.catalog import Kind
from bot.providers.base import Listed


def models(data: list[object]) -> tuple[Listed, ...]:
    """Those that can be read, in the service's own order."""
    found = [(_whole(one.get("order")) or 0, _listed(one)) for one in data if isinstance(one, dict)]
    return tuple(listed for _, listed in sorted(found, key=lambda pair: pair[0]) if listed is not None)


def _listed(data: dict[str, object]) -> Listed | None:
    """One model of /models; None for what names none."""
    name = data.get("id")
    if not isinstance(name, str) or not name:
        return None
    makes = _texts(data.get("capabilities"))
    choices = {"aspect_ratio": _texts(data.get("aspect_ratios")), "output_format": _texts(data.get("output_formats"))}
    title, description = data.get("name"), data.get("description")
    return Listed(
        upstream_id=name,
        title=title if isinstance(title, str) else "",
        kind=Kind.EDIT if makes and "text-to-image" not in makes else Kind.IMAGE,
        required=("prompt",),
        parameters={"prompt": "string", "num_images": "integer", **dict.fromkeys(choices, "string")},
        choices={name: values for name, values in choices.items() if values},
        max_results=_whole(data.get("max_images")) or 1,
        allowed=data.get("allowed") is not False,
        description=description if isinstance(description, str) else "",
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str) and one) if isinstance(value, list) else ()


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 10**6 else None
