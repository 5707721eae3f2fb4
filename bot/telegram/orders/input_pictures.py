"""Pictures to work on, from wherever they are: a result of the person's own, or a photo in the chat."""

from dataclasses import replace
from typing import Final

import structlog
from aiogram import Bot
from aiogram.types import Message

from bot.domain.catalog.models import Makes, Source
from bot.domain.jobs import Input, Job, JobState
from bot.engine.catalog.shop import Offer
from bot.engine.dialogs.cooldowns import Cooldowns
from bot.engine.media.imaging import BadPicture, Flaw
from bot.engine.orders.own_jobs import OwnJobs
from bot.engine.results.originals import DELETED, Originals, ResultUnavailable, TooLargePicture
from bot.telegram.api.download import DOWNLOAD_MAX, FileNotHad, TooLargeFile, download

log = structlog.get_logger(__name__)

PATIENCE: Final = 30.0
"""Seconds for which a result is waited for at its provider before Telegram's copy is taken."""
UNKNOWN_MIME: Final = "application/octet-stream"
DRAWING: Final = "image/svg"
GIF: Final = "image/gif"


PHOTOS_PER_HOUR: Final = 40
"""Of one person: each may have 20 MB, and they are kept for days whether something is ordered or not."""
HOUR: Final = 3600.0
NONE: Final = "media-photo-none"
"""The sentence for a file that nothing here works on."""


class NoPicture(Exception):
    """There is no picture to be had; `text` names the sentence that says why."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class InputPictures:
    """Where handlers get the pictures of an order."""

    def __init__(self, bot: Bot, originals: Originals, jobs: OwnJobs, cooldowns: Cooldowns) -> None:
        self._bot = bot
        self._originals = originals
        self._jobs = jobs
        self._cooldowns = cooldowns

    async def of_result(self, job: Job, index: int, offers: tuple[Offer, ...]) -> Input:
        """A result of a job as a picture for these models: by its provider's name, and its bytes where one needs them.

        Raises NoPicture.
        """
        if not usable_result(job, index):
            raise NoPicture("media-result-gone")
        named = Input(own=job.assets[index].own, provider=job.provider, job_id=job.id, index=index)
        if not any(o.model.inputs.source is Source.ANY and o.model.inputs.maximum for o in offers):
            return named
        kept = await self._put_aside(await self._bytes(job, index))
        return replace(named, blob=kept.blob, mime=kept.mime)

    async def to_show(self, job: Job, index: int) -> Input:
        """A result of a job for a chat model to look at: its bytes, whoever made it. Raises NoPicture."""
        if not usable_result(job, index):
            raise NoPicture("media-result-gone")
        kept = await self._put_aside(await self._bytes(job, index))
        return replace(kept, job_id=job.id, index=index)

    async def once_more(self, job: Job, offers: tuple[Offer, ...]) -> tuple[Input, ...]:
        """The pictures of an earlier order for another like it: those that are not kept any more are made anew of the
        results they were. Raises NoPicture."""
        found: list[Input] = []
        for picture in job.inputs:
            if await self._originals.kept(picture):
                found.append(picture)
                continue
            source = await self._jobs.get(picture.job_id) if picture.job_id else None
            if source is None or source.account_id != job.account_id:
                raise NoPicture("media-photo-gone")
            found.append(await self.of_result(source, picture.index, offers))
        return tuple(found)

    async def of_message(self, message: Message, user_id: int) -> Input:
        """Gives the photo of a message, its largest size. Raises NoPicture with the reason, before anything is held;
        also beyond the user's hourly limit."""
        if not await self._cooldowns.take_turn(f"photo:{user_id}", PHOTOS_PER_HOUR, every=HOUR):
            raise NoPicture("media-photos-too-many")
        file_id, size, flaw = _file_of(message)
        if flaw:
            raise NoPicture(flaw)
        if size > DOWNLOAD_MAX:
            raise NoPicture("media-photo-too-large")
        try:
            data = await download(self._bot, file_id)
        except TooLargeFile:
            raise NoPicture("media-photo-too-large") from None
        except FileNotHad:
            raise NoPicture("media-photo-not-had") from None
        return await self._put_aside(data)

    async def _bytes(self, job: Job, index: int) -> bytes:
        """As its provider made it; Telegram's copy where that is not to be had any more."""
        try:
            return await self._originals.data(job, index, within=PATIENCE)
        except TooLargePicture:
            raise NoPicture("media-result-too-large") from None
        except ResultUnavailable as error:
            log.info("original.not_had", job=job.id, error=error.why)
        known = job.delivered[index] if index < len(job.delivered) else None
        if known is None or not known.file_id:
            raise NoPicture("media-result-gone")
        try:
            return await download(self._bot, known.file_id)
        except (TooLargeFile, FileNotHad):
            raise NoPicture("media-result-gone") from None

    async def _put_aside(self, data: bytes) -> Input:
        try:
            return await self._originals.put_aside(data)
        except TooLargePicture:
            raise NoPicture("media-photo-too-large") from None
        except BadPicture as bad:
            texts = {
                Flaw.ANIMATED: "media-photo-animated",
                Flaw.TOO_MANY_PIXELS: "media-photo-too-many-pixels",
                Flaw.EMPTY: "media-photo-broken",
                Flaw.UNREADABLE: "media-photo-broken",
            }
            raise NoPicture(texts[bad.flaw]) from None


def usable_result(job: Job, index: int) -> bool:
    """Whether that result of the job is a picture that still is there."""
    made = job.state is JobState.DONE and job.kind.makes is Makes.PICTURE and DELETED not in job.facts
    return made and 0 <= index < len(job.assets)


def carries_file(message: Message) -> bool:
    """Whether the message holds something that may be meant as a picture."""
    return bool(message.photo or message.document or message.sticker or message.animation or message.video)


def carries_other(message: Message) -> bool:
    """Whether the message holds something that is none, and that no words can be about here: a paper, a song."""
    heard = message.audio or message.voice or message.video_note
    return bool(heard) or (carries_file(message) and _file_of(message)[2] == NONE)


def _file_of(message: Message) -> tuple[str, int, str]:
    """File id, bytes as far as Telegram says, and the sentence for what is no picture."""
    sticker, document = message.sticker, message.document
    moving = message.video or (message.animation and message.animation.mime_type != GIF)
    if moving or (sticker and (sticker.is_animated or sticker.is_video)):
        return "", 0, "media-photo-animated"
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return largest.file_id, largest.file_size or 0, ""
    if sticker:
        return sticker.file_id, sticker.file_size or 0, ""
    if document is None or not _may_be_picture(document.mime_type or UNKNOWN_MIME):
        return "", 0, NONE
    return document.file_id, document.file_size or 0, ""


def _may_be_picture(mime: str) -> bool:
    """By what Telegram calls a file, which goes by its name; what it is its bytes will tell."""
    return mime == UNKNOWN_MIME or (mime.startswith("image/") and not mime.startswith(DRAWING))
