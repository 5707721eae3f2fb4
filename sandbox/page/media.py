"""Files of people and bots for a browser: what it can play comes as that, all else as a download, never as a page."""

from urllib.parse import quote

from aiohttp import web

from sandbox.telegram.chats.model import FileRecord

SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Pictures that cannot hold a script, as an SVG can."""


def serve(request: web.Request, file: FileRecord) -> web.Response:
    """The file, or the part that a Range header asks for: 206, and 416 for one that it does not have."""
    total = len(file.data)
    headers = {"Accept-Ranges": "bytes"}
    kind = (file.mime or "").split(";")[0].strip().lower()
    if kind not in SHOWN and not kind.startswith(("video/", "audio/")):
        kind = "application/octet-stream"
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name or 'file', safe='')}"
    if "Range" not in request.headers:
        return web.Response(body=file.data, content_type=kind, headers=headers)
    try:
        start, stop, _ = request.http_range.indices(total)
    except ValueError:
        start = stop = 0
    if start >= stop:
        return web.Response(status=416, headers={"Content-Range": f"bytes */{total}"})
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{total}"
    return web.Response(status=206, body=file.data[start:stop], content_type=kind, headers=headers)
