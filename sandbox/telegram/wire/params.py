"""A bot's request as named values and uploaded files, however it came: query, JSON, urlencoded or multipart."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, MultipartReader, web

from sandbox.telegram.chats.model import Json
from sandbox.telegram.wire.errors import bad, too_large

FIELD_BYTES = 1 << 20
PARTS_MAX = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """A file part of a multipart request."""

    name: str
    mime: str
    data: bytes


@dataclass(slots=True)
class Params:
    """Values by name (strings, or JSON values when the request was JSON) and uploads by part name."""

    values: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def raw(self, name: str) -> Any:
        """The value as it came, or None."""
        return self.values.get(name)

    def text(self, name: str) -> str:
        """The value as text, "" when absent."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def integer(self, name: str, default: int | None = None) -> int | None:
        """The value as an integer; `default` when absent or not a number, as the real server reads it."""
        try:
            return int(str(self.values[name]))
        except (KeyError, ValueError):
            return default

    def boolean(self, name: str) -> bool:
        """True for true, yes, 1."""
        return str(self.values.get(name, "")).lower() in {"true", "yes", "1"}

    def json(self, name: str) -> Any:
        """The value as JSON, None when absent or empty; raises 400 when it does not parse."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from error

    def objects(self, name: str) -> list[Json] | None:
        """A JSON array of objects, None when absent."""
        value = self.json(name)
        return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else None

    def with_values(self, values: Mapping[str, Any]) -> "Params":
        """The same uploads under other values (for nested InputMedia)."""
        return Params(dict(values), self.files)


async def read_params(request: web.Request, upload_limit: int) -> Params:
    """Reads the request once; raises 413 for a part larger than `upload_limit` bytes, 400 for broken bodies."""
    params = Params(dict(request.query))
    kind = request.content_type
    if request.method == "GET" or not request.can_read_body:
        return params
    if kind == "application/json":
        try:
            body = json.loads(await _bounded(request))
        except ValueError as error:
            raise bad("can't parse request JSON object") from error
        if isinstance(body, dict):
            params.values.update(body)
    elif kind.startswith("multipart/"):
        await _read_multipart(request, params, upload_limit)
    else:
        params.values.update(dict(await request.post()))
    return params


async def _bounded(request: web.Request) -> bytes:
    body = await request.content.read(FIELD_BYTES * 8)
    while not request.content.at_eof():
        chunk = await request.content.read(FIELD_BYTES)
        body += chunk
        if len(body) > FIELD_BYTES * 8:
            raise too_large()
    return body


async def _read_multipart(request: web.Request, params: Params, upload_limit: int) -> None:
    try:
        reader = await request.multipart()
        for _ in range(PARTS_MAX):
            part = await reader.next()
            if part is None:
                return
            if isinstance(part, MultipartReader):
                raise bad("nested multipart is not supported")
            await _read_part(part, params, upload_limit)
    except (ValueError, AssertionError) as error:
        raise bad("can't parse multipart body") from error
    raise bad("too many parts")


async def _read_part(part: BodyPartReader, params: Params, upload_limit: int) -> None:
    limit = upload_limit if part.filename is not None else FIELD_BYTES
    data = bytearray()
    while chunk := await part.read_chunk(65536):
        data += chunk
        if len(data) > limit:
            raise too_large()
    name = part.name or ""
    if part.filename is None:
        params.values[name] = data.decode("utf-8", "replace")
    else:
        mime = part.headers.get("Content-Type", "application/octet-stream")
        params.files[name] = Upload(part.filename, mime, bytes(data))
