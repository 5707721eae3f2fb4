"""What is asked of the world before the bot begins: a start that cannot succeed fails before it takes over any job."""

import errno
from pathlib import Path
from typing import Any, Final

import structlog

from bot.http.server import WebServer
from bot.providers.kit.download import Downloader
from bot.settings import Settings, SettingsError
from bot.telegram.api.aiogram_types import (
    GetMe,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramNotFound,
    TelegramUnauthorizedError,
)
from bot.telegram.outbox.bot import EaselBot

log = structlog.get_logger(__name__)

ASK_SECONDS: Final = 5
"""For Telegram to say whether it knows the token. No answer is no refusal: the start goes on."""


async def check_token(bot: EaselBot, settings: Settings) -> None:
    """Raises SettingsError where Telegram does not know the token."""
    try:
        await bot.direct(GetMe(), request_timeout=ASK_SECONDS)
    except (TelegramUnauthorizedError, TelegramNotFound):
        raise SettingsError(
            "Easel cannot start. BOT_TOKEN: Telegram refuses this token. It was revoked, or a part of it is missing:"
            f" get the present one from @BotFather (asked at {settings.telegram_api_url})."
        ) from None
    except (TelegramAPIError, TimeoutError) as error:
        log.warning("telegram.not_reached", why=str(error)[:200])


async def take_port(server: WebServer, settings: Settings) -> None:
    """Takes the web server's port. Raises SettingsError where it cannot be had."""
    try:
        await server.bind()
    except OSError as error:
        raise SettingsError(f"Easel cannot start. {_why(error, settings)}") from None


def moved_in(folder: Path, **settings: Any) -> Downloader:
    """A Downloader there. Raises SettingsError where the folder cannot be written."""
    try:
        return Downloader(folder, **settings)
    except OSError as error:
        raise SettingsError(
            f"Easel cannot start. WORK_DIR {folder} cannot be used: {error.strerror}. Name a folder that the bot may"
            " write to, such as /data/easel-work."
        ) from None


def _why(error: OSError, settings: Settings) -> str:
    host, port = settings.http_host, settings.http_port
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"HTTP_PORT {port} at {host} is taken by another program, perhaps by another Easel: stop that, or name"
                " another port, such as 8081."
            )
        case errno.EACCES:
            return f"HTTP_PORT {port} may not be used by this user: name one above 1023, such as 8080."
        case _:
            return f"HTTP_HOST {host!r} is no address of this machine: name one, such as 127.0.0.1 or 0.0.0.0."


def hook_refused(error: TelegramBadRequest, settings: Settings) -> SettingsError:
    """What an operator does about a webhook that Telegram does not take."""
    return SettingsError(
        f"Easel cannot start. WEBHOOK_URL {settings.webhook_url}: Telegram does not take it ({error.message[:200]})."
        " Give an https address that leads to this machine, such as https://bot.example.com/telegram, or none."
    )
