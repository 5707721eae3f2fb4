"""What a file is: kind, type, size in pixels and length in seconds, read from its bytes with Pillow and PyAV."""

import io
import warnings
from dataclasses import dataclass

import av
from PIL import Image

from sandbox.telegram.wire.errors import bad

THUMBNAIL = 320
PHOTO_SIDES_MAX = 10_000
PHOTO_RATIO_MAX = 20
STICKER_SIDE = 512
SONG_TYPES = {"mp3": "audio/mpeg", "mov": "audio/mp4", "ogg": "audio/ogg", "flac": "audio/flac"}
VOICE_CODECS = {"opus", "mp3", "mp3float", "aac"}


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What the bytes are; pixels, whole seconds, and a JPEG preview for photos."""

    kind: str
    mime: str
    width: int = 0
    height: int = 0
    duration: int = 0
    title: str | None = None
    performer: str | None = None
    preview: bytes | None = None
    preview_size: tuple[int, int] = (0, 0)


def sniff(kind: str, data: bytes, mime: str) -> Sniffed:
    """Reads `data` sent as `kind`. Like the real server, what is no video, song or voice becomes a document; what is
    no photo is refused (IMAGE_PROCESS_FAILED, PHOTO_INVALID_DIMENSIONS)."""
    if not data:
        raise bad("file must be non-empty")
    match kind:
        case "photo":
            return _photo(data)
        case "sticker":
            return _sticker(data)
        case "video" | "animation" | "audio" | "voice":
            return _playable(kind, data, mime) or Sniffed("document", mime)
        case _:
            return Sniffed("document", mime)


def _photo(data: bytes) -> Sniffed:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as image:
                width, height = image.size
                if width + height > PHOTO_SIDES_MAX or max(width, height) > PHOTO_RATIO_MAX * min(width, height):
                    raise bad("PHOTO_INVALID_DIMENSIONS")
                small = image.convert("RGB")
                small.thumbnail((THUMBNAIL, THUMBNAIL))
                buffer = io.BytesIO()
                small.save(buffer, "JPEG")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise bad("PHOTO_INVALID_DIMENSIONS") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise bad("IMAGE_PROCESS_FAILED") from error
    return Sniffed("photo", "image/jpeg", width, height, preview=buffer.getvalue(), preview_size=small.size)


def _sticker(data: bytes) -> Sniffed:
    """A still one: WebP of at most 512 pixels a side."""
    try:
        with Image.open(io.BytesIO(data), formats=("WEBP",)) as image:
            width, height = image.size
    except (OSError, ValueError, SyntaxError) as error:
        raise bad("wrong file type: STICKER_FILE_INVALID") from error
    if max(width, height) > STICKER_SIDE:
        raise bad("STICKER_PNG_DIMENSIONS")
    return Sniffed("sticker", "image/webp", width, height)


def _playable(kind: str, data: bytes, mime: str) -> Sniffed | None:
    try:
        with av.open(io.BytesIO(data), "r") as container:
            duration = round(container.duration / av.time_base) if container.duration else 0
            names = set(container.format.name.split(","))
            videos = [stream for stream in container.streams.video if stream.width and stream.frames != 1]
            codecs = {stream.codec_context.name for stream in container.streams.audio}
            tags = {key.lower(): value for key, value in container.metadata.items()}
            sides = (videos[0].width, videos[0].height) if videos else (0, 0)
    except (av.FFmpegError, ValueError, IndexError):
        return None
    if kind in {"video", "animation"}:
        if not videos or not names & {"mp4", "mov", "gif", "webm", "matroska"}:
            return None
        found = "image/gif" if "gif" in names else mime if mime.startswith("video/") else "video/mp4"
        return Sniffed(kind, found, *sides, duration)
    song = next((SONG_TYPES[name] for name in SONG_TYPES if name in names), None)
    if song is None or not codecs or (kind == "voice" and not codecs & VOICE_CODECS):
        return None
    if kind == "voice":
        return Sniffed(kind, song, duration=duration)
    return Sniffed(kind, song, duration=duration, title=tags.get("title"), performer=tags.get("artist"))
