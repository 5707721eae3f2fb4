"""Files from Telegram. Its addresses of files hold the bot's token: they never leave this module."""

from typing import Final

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramNetworkError, TelegramServerError
from aiogram.methods import GetFile

from bot.telegram.api.session import DownloadFailed

log = structlog.get_logger(__name__)

DOWNLOAD_MAX: Final = 20 * 1024 * 1024
"""Bytes of a file that a bot can fetch (Bot API, getFile)."""
SECONDS: Final = 60


class TooLargeFile(Exception):
    """Telegram does not give bots files of that size."""


class FileNotHad(Exception):
    """Telegram does not give the file, or not now: it is gone, or the way to it is."""


async def download(bot: Bot, file_id: str) -> bytes:
    """The bytes of a file. Raises TooLargeFile, FileNotHad, and TelegramRetryAfter for a penalty."""
    try:
        return await _download(bot, file_id)
    except (DownloadFailed, TelegramBadRequest, TelegramNetworkError, TelegramServerError) as error:
        log.info("file.not_had", error=str(error)[:200])
        raise FileNotHad(type(error).__name__) from None


async def _download(bot: Bot, file_id: str) -> bytes:
    try:
        file = await bot(GetFile(file_id=file_id))
    except TelegramBadRequest as error:
        if "too big" in error.message.lower():
            raise TooLargeFile from error
        raise
    if (file.file_size or 0) > DOWNLOAD_MAX:
        raise TooLargeFile
    if not file.file_path:
        raise DownloadFailed("no path")
    data = bytearray()
    url = bot.session.api.file_url(bot.token, file.file_path)
    async for chunk in bot.session.stream_content(url, timeout=SECONDS):
        data += chunk
        if len(data) > DOWNLOAD_MAX:
            raise TooLargeFile
    return bytes(data)
