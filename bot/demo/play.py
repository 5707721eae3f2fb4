"""The demo: sandbox and bot in one process on a fresh SQLite file, a conversation played and printed as it happens."""

import asyncio
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.app import Easel
from bot.demo.folder import DemoFolder, NotOurs
from bot.demo.scenes import ADMIN_ID, DemoOptions, Stage, conversation
from bot.engine.catalog.file import DEFAULT_FILE
from bot.engine.credits.books import Books
from bot.settings import Settings
from bot.storage.migrate import migrate
from bot.wiring.parts import configure_logs
from sandbox.client import TelegramClient, Unmet
from sandbox.client_views import NoSuchButton
from sandbox.services import Services
from sandbox.telegram import TelegramServer
from sandbox.transcript import transcript_of

FOLDER = Path("demo").absolute()
SCALE = 0.03
"""Simulated generations take 0.03 of the documented 1–3 minutes: the bar moves and the demo ends within 30 s."""


async def play(options: DemoOptions) -> int:
    """Plays the conversation; returns 0 when every step came true and the ledger verifies, 2 where the folder `demo` is
    another's."""
    folder = DemoFolder(FOLDER)
    try:
        folder.begin()
        return await _play(options, folder)
    except NotOurs as taken:
        sys.stderr.write(f"{taken}\n")
        return 2
    finally:
        folder.end()


async def _play(options: DemoOptions, folder: DemoFolder) -> int:
    started = time.monotonic()
    async with _world(folder) as (easel, tg, services):
        feed = easel.supervisor.spawn(_print_events(tg, started), name="transcript")
        try:
            await conversation(options, easel, tg, services, Stage(folder, _scene))
        except (Unmet, NoSuchButton, TimeoutError) as error:
            _say(f"\nThe demo went wrong: {error}")
            return 1
        finally:
            await asyncio.sleep(0.3)
            feed.cancel()
        problems = await Books(easel.db).verify()
        _say(f"\nLedger: {problems or 'clean'}.")
        _say(
            f"Simulators: {services.orders} orders upstream, {len(services.violations)} requests outside the documents."
        )
        _say(f"Ended after {time.monotonic() - started:.0f} s. Media, database and log: {FOLDER}")
        if options.keep:
            await _keep(easel, tg)
    for violation in services.violations:
        _say(violation)
    return 1 if problems or services.violations else 0


@asynccontextmanager
async def _world(folder: DemoFolder) -> AsyncIterator[tuple[Easel, TelegramClient, Services]]:
    telegram, services = TelegramServer(), Services(scale=SCALE, seed=7)
    await telegram.start()
    await services.start()
    try:
        with tempfile.TemporaryDirectory(prefix="easel-demo-") as work:
            settings = _settings(telegram, services, folder, Path(work))
            configure_logs(settings, file=folder.file("easel.log"))
            await asyncio.to_thread(migrate, settings.database_url)
            async with Easel(settings) as easel, TelegramClient(telegram.base_url) as tg:
                yield easel, tg, services
    finally:
        await services.stop()
        await telegram.stop()


def _settings(telegram: TelegramServer, services: Services, folder: DemoFolder, work: Path) -> Settings:
    database = folder.file("easel.db")
    for beside in ("-wal", "-shm", ".lock.pid", ".new"):
        folder.file(database.name + beside)
    values: dict[str, Any] = dict(services.settings())
    return Settings(
        _env_file=None,
        bot_token=SecretStr(telegram.token),
        telegram_api_url=telegram.base_url,
        admin_ids=(ADMIN_ID,),
        database_url=f"sqlite:///{database}",
        welcome_credits=Decimal(60),
        topup_contact="@olga_easel",
        catalog_file=_scaled_catalog(folder.file("catalog.toml")),
        default_language="en",
        webhook_url="",
        http_host="127.0.0.1",
        http_port=0,
        drain_seconds=1,
        work_dir=work,
        **values,
    )


def _scaled_catalog(path: Path) -> Path:
    """The packaged catalogue with typical times on the sandbox's clock, so that the bars tell the truth there too."""

    def scaled(match: re.Match[str]) -> str:
        return f"typical_seconds = {float(match[1]) * SCALE:.1f}"

    text = DEFAULT_FILE.read_text(encoding="utf-8")
    path.write_text(re.sub(r"typical_seconds = ([\d.]+)", scaled, text), encoding="utf-8")
    return path


async def _print_events(tg: TelegramClient, started: float) -> None:
    """Prints every event of every chat as it happens."""
    seen = 0
    while True:
        page = (await tg.call("GET", "events", after=seen, timeout=5))["events"]
        for event in page:
            seen = max(seen, event["seq"])
            text = transcript_of([event])
            if text:
                whose = "Olga's chat" if event["chat_id"] == ADMIN_ID else "Ann's chat"
                first, *rest = text.splitlines()
                _say(
                    "\n".join(
                        [f"{time.monotonic() - started:5.1f} s  {whose:<12} {first}", *(" " * 22 + r for r in rest)]
                    )
                )


async def _keep(easel: Easel, tg: TelegramClient) -> None:
    me = (await tg.bot())["me"]["username"]
    _say(f"\n@{me} keeps running at {tg.base_url}: sandbox/client.py writes to it. Ctrl+C ends it.")
    await easel.until_stopped()


def _scene(title: str) -> None:
    _say(f"\n── {title} " + "─" * max(0, 70 - len(title)))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
