"""One TLS context for all bots of a test process: aiogram reads every certificate authority for each of its sessions,
20 ms a time, and the local Telegram is spoken to in plain HTTP."""

import ssl
from functools import cache
from types import SimpleNamespace
from typing import Any

from aiogram.client.session import aiohttp

from bot.providers.kit import http


def share_tls() -> None:
    """Idempotent."""
    module: Any = aiohttp
    if module.ssl is ssl:
        module.ssl = SimpleNamespace(create_default_context=cache(ssl.create_default_context))
        module.ssl.create_default_context(cafile=module.certifi.where())
        http.tls()
