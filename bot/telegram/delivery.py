"""Puts a result into a chat: an edit of the job's message where it still is, a new message where it is gone.

Each result has several forms, best first: what Telegram keeps already, an upload that plays, a plain file, a link.
"""

import mimetypes
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import structlog
from aiogram.exceptions import TelegramBadRequest, TelegramEntityTooLarge
from aiogram.methods import EditMessageMedia, SendAnimation, SendAudio, SendDocument, SendPhoto, SendVideo
from aiogram.types import (
    FSInputFile,
    InlineKeyboardMarkup,
    InputMediaAnimation,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    Message,
    ReplyParameters,
)

from bot.domain.jobs import Delivered, Job, Target
from bot.domain.results import Fetched, ResultFile
from bot.engine.ports import TargetGone
from bot.telegram.bot import EaselBot
from bot.telegram.captions import Words
from bot.telegram.media_info import media_info
from bot.telegram.message import edit_words, send_words
from bot.telegram.refusals import Refusal, refusal
from bot.telegram.texts import Speech

log = structlog.get_logger(__name__)

PHOTO_LIMIT: Final = 10 * 1024 * 1024
"""Bytes of an uploaded photo (Bot API, "Sending files"); above it the picture goes out as a file."""
UPLOAD_SECONDS: Final = 60
UPLOAD_BYTES_PER_SECOND: Final = 200_000
"""The slowest line on which an upload is still given time to end."""
EDITS: Final[dict[str, Any]] = {
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
    size: int = 0
    url: str = ""
    too_large: bool = False

    @property
    def seconds(self) -> int | None:
        """The time an upload gets; None: an ordinary call."""
        return UPLOAD_SECONDS + self.size // UPLOAD_BYTES_PER_SECOND if self.path is not None else None


def forms(job: Job, index: int, results: tuple[Fetched, ...], upload_limit: int) -> list[Form]:
    """The ways to show a result, best first; the last is a link where the result still has an address."""
    found: list[Form] = []
    known = job.delivered[index] if index < len(job.delivered) else None
    if known is not None and known.file_id:
        found.append(Form(known.media, file_id=known.file_id))
    result = results[index] if index < len(results) else None
    url = job.assets[index].url if index < len(job.assets) else ""
    too_large = not isinstance(result, ResultFile) and (known is None or known.media == "link")
    if isinstance(result, ResultFile) and (known is None or known.media != "link"):
        too_large = result.size > upload_limit
        if not too_large:
            photo = result.media == "photo" and result.size > PHOTO_LIMIT
            kinds = ["document"] if photo or result.media not in EDITS else [result.media, "document"]
            found += [Form(kind, path=result.path, size=result.size) for kind in dict.fromkeys(kinds)]
    elif result is not None and not isinstance(result, ResultFile):
        url = result.asset.url
    if url:
        found.append(Form("link", url=url, too_large=too_large))
    return found


class Placer:
    """Shows forms of results; see the module."""

    def __init__(self, bot: EaselBot, words: Words, upload_limit: int) -> None:
        self._bot = bot
        self._words = words
        self._limit_mb = upload_limit // (1024 * 1024)

    async def place(
        self, job: Job, target: Target, ways: list[Form], speech: Speech, markup: InlineKeyboardMarkup | None
    ) -> tuple[Target, Delivered]:
        """The first form that Telegram takes. Raises TargetGone when it takes none, and Telegram's other failures."""
        too_large = False
        for way in ways:
            if too_large and way.path is not None:
                continue
            form = replace(way, too_large=way.too_large or too_large)
            try:
                return await self._show(job, target, form, speech, markup)
            except TelegramEntityTooLarge:
                too_large = True
            except TelegramBadRequest as error:
                if refusal(error) is not Refusal.OTHER:
                    raise
                log.warning("delivery.refused", job=job.id, media=form.media, error=error.message[:200])
        raise TargetGone("Telegram takes the result in no form")

    async def _show(
        self, job: Job, target: Target, form: Form, speech: Speech, markup: InlineKeyboardMarkup | None
    ) -> tuple[Target, Delivered]:
        if target.message_id:
            try:
                return target, await self._edit(job, target, form, speech, markup)
            except TelegramBadRequest as error:
                if refusal(error) is not Refusal.MESSAGE_GONE:
                    raise
                log.info("delivery.message_gone", job=job.id)
        try:
            return await self._send(job, target, form, speech, markup)
        except TelegramBadRequest as error:
            if refusal(error) is not Refusal.THREAD_GONE or target.thread_id is None:
                raise
            return await self._send(job, replace(target, thread_id=None), form, speech, markup)

    async def _edit(
        self, job: Job, target: Target, form: Form, speech: Speech, markup: InlineKeyboardMarkup | None
    ) -> Delivered:
        if form.media == "link":
            await edit_words(self._bot, target, self._link(job, form, speech), markup)
            return Delivered("", "link")
        media = EDITS[form.media](**await self._fields(job, form, speech, "media"))
        edit = EditMessageMedia(chat_id=target.chat_id, message_id=target.message_id, media=media, reply_markup=markup)
        return _kept(await self._bot(edit, form.seconds), form)

    async def _send(
        self, job: Job, target: Target, form: Form, speech: Speech, markup: InlineKeyboardMarkup | None
    ) -> tuple[Target, Delivered]:
        if form.media == "link":
            return await send_words(self._bot, target, self._link(job, form, speech), markup), Delivered("", "link")
        send = SENDS[form.media](
            chat_id=target.chat_id,
            message_thread_id=target.thread_id,
            reply_markup=markup,
            reply_parameters=_reply_to(job, target),
            **await self._fields(job, form, speech, form.media),
        )
        message: Message = await self._bot(send, form.seconds)
        return Target(message.chat.id, target.thread_id, message.message_id), _kept(message, form)

    async def _fields(self, job: Job, form: Form, speech: Speech, name: str) -> dict[str, Any]:
        fields: dict[str, Any] = {"caption": self._words.caption(speech, job)}
        fields[name] = form.file_id if form.path is None else FSInputFile(form.path, filename=_name(job, form.path))
        if form.media == "audio":
            fields["title"], fields["performer"] = self._words.song(speech, job)
        if form.media == "video":
            fields["supports_streaming"] = True
        if form.path is not None and form.media in {"video", "audio"}:
            info = await media_info(form.path)
            fields["duration"] = info.duration
            if form.media == "video":
                fields["width"], fields["height"] = info.width, info.height
        return fields

    def _link(self, job: Job, form: Form, speech: Speech) -> str:
        return self._words.link(speech, job, form.url, limit_mb=self._limit_mb if form.too_large else None)


def _reply_to(job: Job, target: Target) -> ReplyParameters | None:
    """Further results of a job answer its message; a message sent anew answers nothing."""
    known = job.target.message_id
    return None if target.message_id or not known else ReplyParameters(message_id=known)


def _name(job: Job, path: Path) -> str:
    suffix = path.suffix if path.suffix in mimetypes.types_map else ""
    return f"{job.model}-{job.id}{suffix}"


def _kept(answer: Message | bool, form: Form) -> Delivered:
    """What Telegram keeps of it. It may see things its own way: a silent short video comes back as an animation."""
    if isinstance(answer, Message):
        for kind in ("video", "audio", "animation", "photo", "document"):
            file = getattr(answer, kind)
            if file:
                return Delivered((file[-1] if isinstance(file, list) else file).file_id, kind)
    return Delivered(form.file_id, form.media)
