"""The demo's world: the local Telegram and the services in this process, the bot beside it on a fresh SQLite file."""

import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.demo.folder import DemoFolder
from bot.demo.panels import JobsPanel, LedgerPanel, Reader
from bot.demo.process import BotProcess
from bot.demo.scenes import ADMIN_ID
from bot.domain.catalog.models import Catalog
from bot.engine.catalog.file import DEFAULT_FILE, load_catalog
from sandbox.client import TelegramClient
from sandbox.services import Services
from sandbox.telegram import TelegramServer
from sandbox.telegram.chats.core import Core

DATABASE: Final = "easel.db"


@dataclass(frozen=True, slots=True)
class World:
    """What runs. The bot's data are seen through `jobs` and `ledger` alone, which read."""

    tg: TelegramClient
    services: Services
    catalog: Catalog
    bot: BotProcess
    jobs: JobsPanel
    ledger: LedgerPanel
    core: Core


@asynccontextmanager
async def world(folder: DemoFolder, scale: float) -> AsyncIterator[World]:
    """Runs it, and returns when the bot does. `scale` multiplies the services' documented durations."""
    telegram, services = TelegramServer(), Services(scale=scale, seed=7)
    await telegram.start()
    await services.start()
    try:
        with tempfile.TemporaryDirectory(prefix="easel-demo-") as work:
            catalog, database = _scaled_catalog(folder.file("catalog.toml"), scale), _database(folder)
            settings = {
                **_settings(telegram, services),
                "catalog_file": str(catalog),
                "database_url": f"sqlite:///{database}",
                "work_dir": work,
            }
            calls = telegram.core.calls
            process = BotProcess(settings, folder.file("easel.log"), Path(work), lambda: sum(calls.by_method.values()))
            reader = Reader(database)
            async with TelegramClient(telegram.base_url) as tg, process:
                await process.running()
                panels = JobsPanel(reader), LedgerPanel(reader)
                yield World(tg, services, load_catalog(catalog), process, *panels, telegram.core)
    finally:
        await services.stop()
        await telegram.stop()


def _database(folder: DemoFolder) -> Path:
    for beside in ("-wal", "-shm", ".lock.pid", ".new"):
        folder.file(DATABASE + beside)
    return folder.file(DATABASE)


def _settings(telegram: TelegramServer, services: Services) -> dict[str, str]:
    return {
        **services.settings(),
        "bot_token": telegram.token,
        "telegram_api_url": telegram.base_url,
        "admin_ids": str(ADMIN_ID),
        "welcome_credits": "60",
        "topup_contact": "@olga_easel",
        "default_language": "en",
        "http_host": "127.0.0.1",
        "http_port": "0",
        "drain_seconds": "1",
    }


def _scaled_catalog(path: Path, scale: float) -> Path:
    """The packaged catalogue with typical times on the sandbox's clock, so that the bars tell the truth there too."""

    def scaled(match: re.Match[str]) -> str:
        return f"typical_seconds = {float(match[1]) * scale:.1f}"

    text = DEFAULT_FILE.read_text(encoding="utf-8")
    path.write_text(re.sub(r"typical_seconds = ([\d.]+)", scaled, text), encoding="utf-8")
    return path
