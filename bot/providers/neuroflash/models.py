"""neuroflash's list of models, as discovery wants it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.catalog.models import Kind
from bot.providers.base import Listed
from bot.providers.neuroflash.history import DEFAULT

_EDITS = re.compile(
    r"(?<![a-z])(edit(s|ing)?|(image|img)[^a-z0-9]*(to|2)[^a-z0-9]*(image|img))(?![a-z])", re.IGNORECASE
)
"""The word in a capability that makes an editor; the document names none."""


def models(data: list[object]) -> tuple[Listed, ...]:
    """Those that can be read, in the service's own order. One that makes pictures and edits them is listed as both.

    Last comes the service's own choice, under DEFAULT: with the limits of the first that is allowed, which for edits is
    the first that is an editor, if any is."""
    found = [(_whole(one.get("order")) or 0, _listed(one)) for one in data if isinstance(one, dict)]
    known = tuple(one for _, listed in sorted(found, key=lambda pair: pair[0]) for one in listed)
    return (*known, *_default(known))


def _default(known: Sequence[Listed]) -> Iterator[Listed]:
    allowed = [one for one in known if one.allowed]
    for kind in (Kind.IMAGE, Kind.EDIT) if known else ():
        like = next((one for one in allowed if one.kind is kind), next(iter(allowed), known[0]))
        choices = like.choices if like.kind is kind or kind is Kind.IMAGE else _of_edits(like)
        yield replace(like, upstream_id=DEFAULT, title="", description="", kind=kind, choices=choices)


def _listed(data: dict[str, object]) -> tuple[Listed, ...]:
    """One model of /models; empty for what names none."""
    name = data.get("id")
    if not isinstance(name, str) or not name:
        return ()
    makes = _texts(data.get("capabilities"))
    edits = any(_EDITS.search(each) for each in makes)
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
    if not edits:
        return (listed,)
    if "text-to-image" not in makes:
        return (replace(listed, kind=Kind.EDIT, choices=_of_edits(listed)),)
    return listed, replace(listed, kind=Kind.EDIT, title=f"{listed.title or name} Edit", choices=_of_edits(listed))


def _of_edits(listed: Listed) -> dict[str, tuple[str, ...]]:
    """The model's choices and `auto`, the aspect that only edits have."""
    ratios = listed.choices.get("aspect_ratio", ())
    auto = {"aspect_ratio": ("auto", *(ratio for ratio in ratios if ratio != "auto"))} if ratios else {}
    return {**listed.choices, **auto}


def _texts(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str) and one) if isinstance(value, list) else ()


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 10**6 else None
