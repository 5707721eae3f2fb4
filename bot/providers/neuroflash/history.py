"""What neuroflash's history tells of an image, and which of its entries a given order may have made.

Fields that the document types "object" may be anything: what cannot be read is unknown, and unknown is no match where
a match would give another user's picture away.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from bot.providers.base import ProviderOrder
from bot.providers.kit.json_reading import plain, reference

DEFAULT = "default"
"""The catalogue's name of the service's own choice of model, which is ordered by naming none."""
SKEW = 5.0
"""Seconds by which clocks may differ; the history's has whole seconds."""
PATH_LIMIT = 500
_VIEW = re.compile(r"/image_generation/([^/?#]+)/view")


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One image of the history. `path` is what an edit needs; "" and None are what it does not tell."""

    id: str
    path: str
    batch: str = ""
    prompt: str = ""
    model: str = ""
    parameters: Mapping[str, object] | None = None
    inputs: tuple[str, ...] | None = None
    created_at: float | None = None
    """Unix seconds."""


def entry(data: object) -> HistoryEntry | None:
    """An entry as the service tells it; None for what names no image."""
    if not isinstance(data, dict):
        return None
    ref, path = reference(data.get("output_image_id")), relative(data.get("output_image_url"))
    if ref is None or not path:
        return None
    return HistoryEntry(
        id=ref,
        path=path,
        batch=_text(data.get("batch_id")),
        prompt=_text(data.get("prompt")),
        model=_text(data.get("model")),
        parameters=_mapping(data.get("parameters")),
        inputs=_paths(data.get("input_images")),
        created_at=_moment(data.get("created_at")),
    )


def entries(data: object) -> tuple[HistoryEntry, ...]:
    """Those of a list that can be read."""
    found = map(entry, data) if isinstance(data, list) else ()
    return tuple(one for one in found if one is not None)


def relative(url: object) -> str:
    """The path of an image on the service's own host as edits want it, never with a host; "" for anything else."""
    if not isinstance(url, str) or not 1 < len(url) <= PATH_LIMIT or plain(url) != url or not url.isprintable():
        return ""
    return url if url.startswith("/") and not url.startswith("//") and " " not in url else ""


def id_in(url: object) -> str | None:
    """The image id in its address or path, whatever prefix that has; None for another form."""
    try:
        found = _VIEW.search(urlsplit(url).path) if isinstance(url, str) else None
    except ValueError:
        return None
    return reference(found[1]) if found is not None else None


def matches(found: HistoryEntry, order: ProviderOrder, submitted_at: float) -> bool:
    """Whether the entry may be of this order, submitted at that time (Unix seconds)."""
    if found.created_at is None or found.prompt.strip() != plain(order.prompt).strip():
        return False
    if not submitted_at - SKEW <= found.created_at <= submitted_at + order.longest_seconds + SKEW:
        return False
    if order.model not in (DEFAULT, found.model):
        return False
    if not _same_parameters(found.parameters or {}, order.parameters):
        return False
    wanted = tuple(picture.own for picture in order.pictures)
    if not wanted:
        return not found.inputs
    return found.inputs is not None and _named(found.inputs) == _named(wanted)


def newest_first(found: Sequence[HistoryEntry]) -> bool:
    """Whether a page is sorted so, which the document does not say: then older pages need no look."""
    times = [one.created_at for one in found if one.created_at is not None]
    return len(times) > 1 and times[0] > times[-1] and times == sorted(times, reverse=True)


def _same_parameters(told: Mapping[str, object], sent: Mapping[str, object]) -> bool:
    """Nothing that both sides name differs."""
    return all(name not in told or told[name] is None or str(told[name]) == str(value) for name, value in sent.items())


def _named(paths: Iterable[str]) -> list[str]:
    """The pictures an edit worked on, by id where the path has one: its prefix may be either."""
    return sorted(id_in(path) or path for path in paths)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _json(value: object) -> object:
    """Objects may come as the text of their JSON."""
    if not isinstance(value, str):
        return value
    try:
        data: object = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return data


def _mapping(value: object) -> Mapping[str, object] | None:
    data = _json(value)
    return data if isinstance(data, dict) else None


def _paths(value: object) -> tuple[str, ...] | None:
    data = _json(value)
    if isinstance(data, str) and data.startswith("/"):
        return (data,)
    if not isinstance(data, list):
        return None
    return tuple(one for one in data if isinstance(one, str)) if all(isinstance(one, str) for one in data) else None


def _moment(value: object) -> float | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is None:
            return None
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
