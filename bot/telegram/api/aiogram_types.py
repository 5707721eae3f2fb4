"""What modules outside this package need of aiogram. They take it from here, and never import aiogram themselves: this
package has to come first, for it makes aiogram's models light (docs/decisions/0006)."""

from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import GetMe

__all__ = [
    "GetMe",
    "TelegramAPIError",
    "TelegramBadRequest",
    "TelegramNetworkError",
    "TelegramNotFound",
    "TelegramRetryAfter",
    "TelegramServerError",
    "TelegramUnauthorizedError",
]
