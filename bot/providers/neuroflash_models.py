"""neuroflash's list of models, as discovery wants it."""

from dataclasses import replace

from bot.domain.catalog import Kind
from bot.providers.base import Listed


def models(data: list[object]) -> tuple[Listed, ...]:
    """Those that can be read, in the service's own order. One that makes pictures and edits them is listed as both."""
    found = [(_whole(one.get("order")) or 0, _listed(one)) for one in data if isinstance(one, dict)]
    return tuple(one for _, listed in sorted(found, key=lambda pair: pair[0]) for one in listed)


def _listed(data: dict[str, object]) -> tuple[Listed, ...]:
    """One model of /models; empty for what names none."""
    name = data.get("id")
    if not isinstance(name, str) or not name:
        return ()
    makes = _texts(data.get("capabilities"))
    edits = any("image-to-image" in each or "edit" in each for each in makes)
    choices = {"aspect_ratio": _texts(data.get("aspect_ratios")), "output_format": _texts(data.get("output_formats"))}
    title, description = data.get("name"), data.get("description")
    listed = Listed(
        upstream_id=name,
        title=title if isinstance(title, str) else "",
        kind=Kind.IMAGE,
        required=("prompt",),
        parameters={"prompt": "string", "num_images": "integer", **dict.fromkeys(choices, "string")},
        choices={name: values for name, values in choices.items() if values},
        max_results=_whole(data.get("max_images")) or 1,
        allowed=data.get("allowed") is not False,
        description=description if isinstance(description, str) else "",
    )
    if makes and "text-to-image" not in makes:
        return (replace(listed, kind=Kind.EDIT),)
    if not edits:
        return (listed,)
    ratios = {"aspect_ratio": ("auto", *listed.choices["aspect_ratio"])} if "aspect_ratio" in listed.choices else {}
    title = f"{listed.title or name} Edit"
    return listed, replace(listed, kind=Kind.EDIT, title=title, choices={**listed.choices, **ratios})


def _texts(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str) and one) if isinstance(value, list) else ()


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 10**6 else None
