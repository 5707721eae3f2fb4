"""The chat: handlers, texts, keyboards and the outbox."""

from bot.telegram.api.lazy_models import import_aiogram

import_aiogram()  # before any module of this package does
