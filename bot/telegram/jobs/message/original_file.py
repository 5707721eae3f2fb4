"""Results as files: uploaded, or as Telegram keeps them."""

from pathlib import Path
from typing import Final

import structlog
from aiogram.exceptions import (
    TelegramEntityTooLarge,
)
from aiogram.methods import SendDocument
from aiogram.types import BufferedInputFile, FSInputFile, InputFile

from bot.domain.jobs import Job, Target
from bot.domain.results import ResultFile
from bot.engine.media.media_info import small_picture
from bot.telegram.api.download import FileNotHad, TooLargeFile, download
from bot.telegram.i18n.texts import Html
from bot.telegram.jobs.message.media_forms import Form, file_name
from bot.telegram.outbox import sender
from bot.telegram.outbox.bot import EaselBot

log = structlog.get_logger(__name__)

SECONDS: Final = 60


async def send_file(bot: EaselBot, job: Job, at: Target, result: ResultFile, index: int, caption: Html) -> bool:
    """A result as it was made, as a file. False: too large for Telegram."""
    form = Form("document", path=result.path, size=result.size, name=file_name(job, index, result.path))
    small = await small_picture(result.path, result.mime)
    shown = BufferedInputFile(small, "preview.jpg") if small is not None else None
    file = FSInputFile(result.path, filename=form.name)
    return await _send(bot, at, file, caption, shown, form.seconds)


async def send_again(bot: EaselBot, job: Job, at: Target, index: int, caption: Html) -> bool:
    """What Telegram keeps of a result, as a file: the original where it went out as one. False: it keeps none."""
    known = job.delivered[index] if index < len(job.delivered) else None
    if known is None or not known.file_id:
        return False
    if known.media == "document":
        return await _send(bot, at, known.file_id, caption)
    try:
        data = await download(bot, known.file_id)
    except (TooLargeFile, FileNotHad) as error:
        log.info("original.not_kept", job=job.id, error=type(error).__name__)
        return False
    suffix = {"photo": ".jpg", "audio": ".mp3"}.get(known.media, ".mp4")
    return await _send(bot, at, BufferedInputFile(data, file_name(job, index, Path(f"x{suffix}"))), caption)


async def _send(
    bot: EaselBot,
    at: Target,
    file: InputFile | str,
    caption: Html,
    thumbnail: InputFile | None = None,
    seconds: int | None = SECONDS,
) -> bool:
    method = SendDocument(
        chat_id=at.chat_id,
        message_thread_id=at.thread_id,
        document=file,
        caption=caption,
        thumbnail=thumbnail,
        disable_content_type_detection=True,
    )
    try:
        sent, _ = await sender.post(bot.outbox, method, seconds)
    except TelegramEntityTooLarge:
        return False
    return sent.document is not None
