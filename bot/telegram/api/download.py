"""Files from Telegram. Its addresses of files hold the bot's token: they never leave this module."""

from typing import Final

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import GetFile

from bot.telegram.api.session import DownloadFailed

DOWNLOAD_MAX: Final = 20 * 1024 * 1024
"""Bytes of a file that a bot can fetch (Bot API, getFile)."""
SECONDS: Final = 60


class TooLargeFile(Exception):
    """Telegram does not give bots files of that size."""


async def download(bot: Bot, file_id: str) -> bytes:
    """The bytes of a file. Raises TooLargeFile, DownloadFailed and what Telegram answers to getFile."""
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
