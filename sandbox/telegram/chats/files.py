"""The file store, and getting a file from what a bot names: an upload, a file_id or a URL the server fetches."""

import asyncio
import base64
import hashlib
import mimetypes
from collections import OrderedDict
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import aiohttp

from sandbox.telegram.chats.media import THUMBNAIL, Sniffed, sniff
from sandbox.telegram.chats.model import FileRecord
from sandbox.telegram.control.config import Config
from sandbox.telegram.wire.errors import ApiError, bad, too_large
from sandbox.telegram.wire.params import Params, Upload

PREFIXES = {
    "photo": "AgAC",
    "video": "BAAC",
    "audio": "CQAC",
    "document": "BQAC",
    "animation": "CgAC",
    "voice": "AwAC",
    "sticker": "CAAC",
}
FOLDERS = {
    "photo": "photos",
    "audio": "music",
    "voice": "voice",
    "animation": "animations",
    "video": "videos",
    "sticker": "stickers",
}
SUFFIXES = {
    "photo": ".jpg",
    "video": ".mp4",
    "animation": ".mp4",
    "audio": ".mp3",
    "voice": ".oga",
    "sticker": ".webp",
}
THUMBNAIL_BYTES = 200 * 1024
WRONG_FILE = "wrong file identifier/HTTP URL specified"


class FileStore:
    """Files by file_id and by download path; the oldest go when the bounds of the config are reached."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._files: OrderedDict[str, FileRecord] = OrderedDict()
        self._paths: dict[str, FileRecord] = {}
        self._bytes = 0
        self._number = 0

    def add(self, data: bytes, found: Sniffed, name: str | None) -> FileRecord:
        """Stores a file of a sniffed kind; photos also get a smaller size."""
        sizes: tuple[FileRecord, ...] = ()
        if found.preview is not None and max(found.width, found.height) > max(found.preview_size):
            width, height = found.preview_size
            small = replace(found, width=width, height=height, preview=None)
            sizes = (self.add(found.preview, small, None),)
        self._number += 1
        digest = hashlib.sha256(data + found.kind.encode()).digest()
        label = base64.urlsafe_b64encode(digest[:9] + self._number.to_bytes(6, "big") + digest[9:24]).decode()
        kind = found.kind
        suffix = (PurePosixPath(name).suffix if name else "") or SUFFIXES.get(kind, "")
        record = FileRecord(
            file_id=f"{PREFIXES[kind]}AgIAAxkBAA{label.rstrip('=')}",
            unique_id=f"Ag{base64.urlsafe_b64encode(digest[:9]).decode().rstrip('=')}",
            kind=kind,
            data=data,
            path=f"{FOLDERS.get(kind, 'documents')}/file_{self._number}{suffix}",
            name=None if kind in {"photo", "voice", "sticker"} else name,
            mime=found.mime,
            width=found.width,
            height=found.height,
            duration=found.duration,
            title=found.title,
            performer=found.performer,
            sizes=sizes,
        )
        self._files[record.file_id] = self._paths[record.path] = record
        self._bytes += len(data)
        self._evict()
        return record

    def _evict(self) -> None:
        config = self._config
        while len(self._files) > 1 and (len(self._files) > config.files_kept or self._bytes > config.file_bytes_kept):
            _, gone = self._files.popitem(last=False)
            del self._paths[gone.path]
            self._bytes -= len(gone.data)
            gone.data = b""  # messages may still point at the record

    def forget(self, file_id: str) -> None:
        """Loses a file: from now on its id is wrong."""
        gone = self._files.pop(file_id)
        del self._paths[gone.path]
        self._bytes -= len(gone.data)

    def get(self, file_id: str) -> FileRecord | None:
        """The file of that id, if it is still kept."""
        return self._files.get(file_id)

    def by_path(self, path: str) -> FileRecord | None:
        """The file of that download path, if it is still kept."""
        return self._paths.get(path)


class InputFiles:
    """Resolves a bot's InputFile; needs an open HTTP session for URLs."""

    def __init__(self, store: FileStore, config: Config, session: aiohttp.ClientSession) -> None:
        self._store = store
        self._config = config
        self._session = session

    async def resolve(self, params: Params, name: str, kind: str) -> FileRecord:
        """The file that parameter `name` means as a `kind`; hints (width, duration, title …) come from `params`."""
        upload = params.files.get(name)
        value = params.text(name)
        if upload is None and value.startswith("attach://"):
            upload = params.files.get(value.removeprefix("attach://"))
        if upload is not None:
            if len(upload.data) > (self._config.photo_upload if kind == "photo" else self._config.file_upload):
                raise too_large()
            return await self.store(upload, kind, params)
        if not value or value.startswith("attach://"):
            raise bad(f"there is no {kind} in the request")
        known = self._store.get(value)
        if known is not None:
            if known.kind != kind:
                raise bad(f"can't use file of type {known.kind.capitalize()} as {kind.capitalize()}")
            return known
        if urlsplit(value).scheme not in {"http", "https"}:
            raise bad(WRONG_FILE)
        return await self.store(await self._fetch(value, kind), kind, params)

    async def covered(self, params: Params, name: str, kind: str) -> FileRecord:
        """`resolve`, and a film with the cover that is named beside it: a photo as every other one, refused as such.
        The file sent once more by its id has none unless it is named again."""
        media = await self.resolve(params, name, kind)
        if kind != "video" or not (params.text("cover") or "cover" in params.files):
            return media
        cover = await self.resolve(params, "cover", "photo")
        return replace(media, cover=cover) if media.kind == "video" else media

    async def store(self, upload: Upload, kind: str, params: Params) -> FileRecord:
        """Sniffs and stores bytes sent as `kind`."""
        mime = upload.mime
        if mime == "application/octet-stream":
            mime = mimetypes.guess_type(upload.name)[0] or mime
        found = await asyncio.to_thread(sniff, kind, upload.data, mime)
        if found.kind != "photo":
            found = replace(
                found,
                width=params.integer("width") or found.width,
                height=params.integer("height") or found.height,
                duration=params.integer("duration") or found.duration,
                title=params.text("title") or found.title,
                performer=params.text("performer") or found.performer,
            )
        record = self._store.add(upload.data, found, upload.name)
        if record.kind != "photo":
            record.sizes = await self._thumbnail(params)
        return record

    async def _thumbnail(self, params: Params) -> tuple[FileRecord, ...]:
        """The given thumbnail as a small photo; like the real server, one that breaks the rules is ignored."""
        upload = params.files.get(params.text("thumbnail").removeprefix("attach://") or "thumbnail")
        if upload is None or len(upload.data) > THUMBNAIL_BYTES:
            return ()
        try:
            found = await asyncio.to_thread(sniff, "photo", upload.data, upload.mime)
        except ApiError:
            return ()
        if max(found.width, found.height) > THUMBNAIL:
            return ()
        return (self._store.add(upload.data, replace(found, preview=None), None),)

    async def _fetch(self, url: str, kind: str) -> Upload:
        limit = self._config.photo_by_url if kind == "photo" else self._config.file_by_url
        timeout = aiohttp.ClientTimeout(total=self._config.url_timeout)
        failed = bad("failed to get HTTP URL content")
        try:
            async with self._session.get(url, timeout=timeout) as response:
                if response.status >= 400:
                    raise failed
                data = bytearray()
                async for chunk in response.content.iter_chunked(65536):
                    data += chunk
                    if len(data) > limit:
                        raise failed
                mime = response.content_type
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise failed from error
        if mime.startswith("text/html") or (kind == "photo" and not mime.startswith(("image/", "application/octet"))):
            raise bad("wrong type of the web page content")
        name = unquote(PurePosixPath(urlsplit(url).path).name) or "file"
        return Upload(name, mime, bytes(data))
