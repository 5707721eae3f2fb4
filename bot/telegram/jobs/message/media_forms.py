"""The ways to show a result, best first: what Telegram keeps already, an upload that plays, a plain file, a link."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from aiogram.methods import SendAnimation, SendAudio, SendDocument, SendPhoto, SendVideo
from aiogram.types import (
    InputMediaAnimation,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    Message,
)

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Delivered, Job
from bot.domain.results import Fetched, ResultFile
from bot.engine.media.imaging import measured

PHOTO_LIMIT: Final = 10 * 1024 * 1024
"""Bytes of an uploaded photo (Bot API, sendPhoto); above it the picture goes out as a file, as it does when its width
and height add up to more than PHOTO_SIDES or one is more than PHOTO_RATIO times the other."""
PHOTO_SIDES: Final = 10_000
PHOTO_RATIO: Final = 20
UNTOUCHED: Final = frozenset({Kind.UPSCALE, Kind.CUTOUT})
"""Kinds whose pictures go out as files: Telegram shrinks photos and fills what is transparent."""
UPLOAD_SECONDS: Final = 60
UPLOAD_BYTES_PER_SECOND: Final = 200_000
"""The slowest line on which an upload is still given time to end."""
INPUTS: Final[dict[str, Any]] = {
    "video": InputMediaVideo,
    "audio": InputMediaAudio,
    "photo": InputMediaPhoto,
    "animation": InputMediaAnimation,
    "document": InputMediaDocument,
}
SENDS: Final[dict[str, Any]] = {
    "video": SendVideo,
    "audio": SendAudio,
    "photo": SendPhoto,
    "animation": SendAnimation,
    "document": SendDocument,
}


@dataclass(frozen=True, slots=True)
class Form:
    """One way to show a result: a file_id or a file as `media`, else the `url` as a link."""

    media: str
    file_id: str = ""
    path: Path | None = None
    mime: str = ""
    size: int = 0
    url: str = ""
    too_large: bool = False
    name: str = ""
    """The name under which people save the file."""
    cover: str = ""
    """The file_id of a film's cover, where Telegram keeps it already."""

    @classmethod
    def of(cls, known: Delivered) -> "Form":
        """What Telegram keeps already."""
        return cls(known.media, file_id=known.file_id, cover=known.cover)

    @property
    def seconds(self) -> int | None:
        """The time an upload gets; None: an ordinary call."""
        return UPLOAD_SECONDS + self.size // UPLOAD_BYTES_PER_SECOND if self.path is not None else None


async def forms(job: Job, index: int, results: tuple[Fetched, ...], upload_limit: int) -> list[Form]:
    """The ways to show a result, best first; the last is a link where the result still has an address."""
    found: list[Form] = []
    known = job.delivered[index] if index < len(job.delivered) else None
    if known is not None and known.file_id:
        found.append(Form.of(known))
    result = results[index] if index < len(results) else None
    url = job.assets[index].url if index < len(job.assets) else ""
    too_large = not isinstance(result, ResultFile) and (known is None or known.media == "link")
    if isinstance(result, ResultFile) and (known is None or known.media != "link"):
        too_large = result.size > upload_limit
        if not too_large:
            name = file_name(job, index, result.path)
            kinds = dict.fromkeys([await _media(job, result), "document"])
            found += [Form(k, path=result.path, mime=result.mime, size=result.size, name=name) for k in kinds]
    elif result is not None and not isinstance(result, ResultFile):
        url = result.asset.url
    if url.startswith(("http://", "https://")):
        found.append(Form("link", url=url, too_large=too_large))
    return found


async def _media(job: Job, result: ResultFile) -> str:
    """The kind of Telegram media that shows the file best."""
    if result.media not in INPUTS:
        return "document"
    if result.media != "photo":
        return result.media
    if job.kind in UNTOUCHED or result.size > PHOTO_LIMIT:
        return "document"
    look = await measured(result.path)
    if look is None or look.width + look.height > PHOTO_SIDES:
        return "document"
    long, short = max(look.width, look.height), min(look.width, look.height)
    return "photo" if long <= PHOTO_RATIO * short else "document"


def file_name(job: Job, index: int, path: Path) -> str:
    """The name a result is saved under; numbered where there are several."""
    number = f"-{index + 1}" if len(job.assets) > 1 else ""
    return f"{job.model}-{job.id}{number}{path.suffix}"


def kept(answer: Message | bool, form: Form, *, own: bool = False) -> Delivered:
    """What Telegram keeps of it. It may see things its own way: a silent short video comes back as an animation.

    `own`: the message is the result's alone, beside the job's."""
    if not isinstance(answer, Message):
        return Delivered(form.file_id, form.media, cover=form.cover)
    message_id = answer.message_id if own else 0
    for kind in ("video", "audio", "animation", "photo", "document"):
        file = getattr(answer, kind)
        if file:
            cover = (file.cover or []) if kind == "video" else []
            last = file[-1] if isinstance(file, list) else file
            return Delivered(last.file_id, kind, message_id, cover=cover[-1].file_id if cover else "")
    return Delivered(form.file_id, form.media, message_id)
