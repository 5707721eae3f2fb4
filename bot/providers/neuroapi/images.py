"""Images ordered from NeuroAPI: what is sent, and what comes back, as links or as bytes in base64 from any model."""

from collections.abc import Sequence
from urllib.parse import urljoin

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Asset
from bot.providers.base import BadResult, NotTaken, OperatorFault, ProviderError, ProviderOrder, Succeeded
from bot.providers.kit.encoded import decoded
from bot.providers.kit.media_type import HEAD, sniff
from bot.providers.kit.ssrf_guard import tidied, usable

PICTURE_LIMIT = 20 * 1024 * 1024
"""Bytes of one picture that comes as base64: they pass through our database."""


def parameters(order: ProviderOrder) -> dict[str, object]:
    """What is sent beside model and prompt. `response_format` is nothing that gpt-image-1 knows."""
    unknown = {"response_format"} if order.model.startswith("gpt-image") else set()
    return {name: value for name, value in order.parameters.items() if name not in unknown}


def assets(data: object, order: ProviderOrder, base_url: str) -> tuple[Asset, ...]:
    """The usable images of an answer, at most as many as were ordered. Raises BadResult when there is none."""
    entries = data.get("data") if isinstance(data, dict) else None
    listed = entries[: order.results] if isinstance(entries, list) else []
    found = [asset for entry in listed if isinstance(entry, dict) and (asset := _asset(entry, base_url)) is not None]
    if not found:
        raise BadResult(f"no usable image among {len(listed)}")
    return tuple(found)


def together(made: Sequence[tuple[Asset, ...] | BaseException]) -> Succeeded:
    """The end of an order of several requests, with a warning where not all brought something. Raises the first error
    where none did; one after which the order may be sent anew only where that is true of all its requests."""
    found = tuple(asset for each in made if not isinstance(each, BaseException) for asset in each)
    errors = [each for each in made if isinstance(each, BaseException)]
    strange = next((error for error in errors if not isinstance(error, ProviderError)), None)
    if strange is not None or not found:
        raise strange or next((error for error in errors if not isinstance(error, NotTaken)), errors[0])
    known = [error for error in errors if isinstance(error, ProviderError)]
    if not known:
        return Succeeded(found)
    first = f"{type(known[0]).__name__} {known[0].detail}".strip()
    fault = next((error for error in known if isinstance(error, OperatorFault)), None)
    return Succeeded(found, facts={"warning": f"{len(known)} of its requests failed: {first}"}, fault=fault)


def _asset(entry: dict[str, object], base_url: str) -> Asset | None:
    encoded, url = entry.get("b64_json"), entry.get("url")
    if isinstance(encoded, str) and encoded.strip():
        return _bytes(encoded)
    if not isinstance(url, str) or not url:
        return None
    url = tidied(url)
    if url[:5].lower() == "data:":
        return _bytes(url)
    address = urljoin(f"{base_url}/", url)
    return Asset(address) if usable(address) else None


def _bytes(encoded: str) -> Asset | None:
    """A picture, whatever it is called; None for anything else."""
    if len(encoded) > PICTURE_LIMIT * 3 // 2:
        return None
    data = decoded(encoded)
    kind = sniff(data[:HEAD], Kind.IMAGE) if data is not None else None
    if data is None or kind is None or len(data) > PICTURE_LIMIT:
        return None
    return Asset(mime=kind.mime, data=data)
