"""Answers in JSON, as they should be or spoilt by a fault in one of the ways any answer can be."""

import asyncio
import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from aiohttp import web

from sandbox.kit.faults import Fault, Kind, Stage
from sandbox.kit.results import break_off

STALL_MAX = 3600.0  # seconds; even a silence for ever has an end
ERROR_DETAIL = "worker gpu-17: CUDA out of memory"  # never meant for a user's eyes
_PAGE = "<html><body><h1>{}</h1><hr>nginx</body></html>"
_SPOILS = {
    "html": ("200 with a proxy's HTML page", None),
    "reset_after_body": ("the request was carried out, then the connection breaks without an answer", None),
    "cut_body": ("the connection breaks within the answer's body", None),
    "stall": ("silence for VALUE real seconds, then the answer; 0: until the client leaves", 0.0),
    "malformed_json": ("the answer is broken JSON", None),
    "wrong_types": ("every value has another type; VALUE: only the field of that number, from 1", 0.0),
    "missing_fields": ("an object without fields; VALUE: only the field of that number is missing, from 1", 0.0),
    "empty_body": ("200 and no body", None),
    "not_an_object": ("valid JSON that is only a text", None),
    "extra_fields": ("unknown fields beside the documented ones", None),
}
Path = tuple[str | int, ...]


def answer_faults(stage: Stage, prefix: str = "") -> dict[str, Kind]:
    """The catalogue's entries for spoilt answers at this stage."""
    return {prefix + name: Kind(stage, what, value) for name, (what, value) in _SPOILS.items()}


def status_faults(stage: Stage, prefix: str, *statuses: int) -> dict[str, Kind]:
    """The catalogue's entries for error statuses in the service's own form, and for a proxy's 503 page."""
    listed = {f"{prefix}{status}": Kind(stage, f"error {status} in the service's form") for status in statuses}
    return listed | {f"{prefix}503_html": Kind(stage, "503 with a proxy's HTML page")}


def html_page(status: int, title: str) -> web.Response:
    """What a proxy says in place of the service."""
    return web.Response(status=status, text=_PAGE.format(title), content_type="text/html")


async def send(
    request: web.Request, data: object, fault: Fault | None = None, *, status: int = 200
) -> web.StreamResponse:
    """`data` as JSON; faults that are no matter of the answer's form change nothing."""
    name = fault.plain if fault else None
    text = json.dumps(spoilt(data, fault))
    match name:
        case "html":
            return html_page(200, "Please wait")
        case "reset_after_body":
            return break_off(request, web.Response())
        case "cut_body":
            return await _cut(request, text.encode(), status)
        case "stall":
            await asyncio.sleep(min((fault and fault.value) or STALL_MAX, STALL_MAX))
        case "empty_body":
            text = ""
        case "malformed_json":
            text = text[: len(text) * 2 // 3]
        case "not_an_object":
            text = '"ok"'
        case _:
            pass
    return web.Response(status=status, text=text, content_type="application/json")


def spoilt(data: object, fault: Fault | None) -> object:
    """The same data with the fault's change to its content; `data` itself is left alone."""
    number = fault.count if fault else 0
    match fault.plain if fault else None:
        case "wrong_types" if number:
            return _changed(data, list(paths(data)), number, drop=False)
        case "wrong_types":
            return _all_wrong(data)
        case "missing_fields" if number:
            return _changed(data, list(paths(data)), number, drop=True)
        case "missing_fields":
            return [] if isinstance(data, list) else {}
        case "extra_fields":
            return _extra(data)
        case _:
            return data


def paths(data: object, before: Path = ()) -> Iterator[Path]:
    """Where each field of nested JSON stands, outer ones first."""
    items = enumerate(data) if isinstance(data, list) else data.items() if isinstance(data, dict) else ()
    for key, value in items:
        yield (*before, key)
        yield from paths(value, (*before, key))


def _changed(data: object, all_paths: list[Path], number: int, *, drop: bool) -> object:
    if not all_paths:
        return data
    *way, last = all_paths[(number - 1) % len(all_paths)]
    copy = deepcopy(data)
    inner: Any = copy
    for key in way:
        inner = inner[key]
    if drop:
        del inner[last]
    else:
        inner[last] = _other_type(inner[last])
    return copy


def _all_wrong(data: object) -> object:
    if isinstance(data, dict) and data:
        return {key: _all_wrong(value) for key, value in data.items()}
    if isinstance(data, list) and data:
        return [_all_wrong(value) for value in data]
    return _other_type(data)


def _other_type(value: object) -> object:
    match value:
        case bool():
            return "yes"
        case str():
            return 42
        case int() | float():
            return ["a list", None]
        case None:
            return {"not": "null"}
        case list():
            return "a text"
        case _:
            return [17]


def _extra(data: object) -> object:
    match data:
        case dict():
            inner = {key: _extra(value) for key, value in data.items()}
            return {"trace": "c0ffee", **inner, "x-future": {"deep": [1, None, "2"]}}
        case list():
            return [_extra(value) for value in data]
        case _:
            return data


async def _cut(request: web.Request, body: bytes, status: int) -> web.StreamResponse:
    response = web.StreamResponse(status=status, headers={"Content-Type": "application/json"})
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    return break_off(request, response)
