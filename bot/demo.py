"""The demo: sandbox and bot in one process on a fresh SQLite file, a conversation played and printed as it happens."""

import asyncio
import re
import shutil
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pydantic import SecretStr

from bot import ledger
from bot.app import Easel, configure_logs
from bot.domain.catalog import Model
from bot.providers.catalog_file import DEFAULT_FILE
from bot.sandbox.ai_now import AiNowServer
from bot.sandbox.client import ChatView, Msg, Person, TelegramClient, Unmet
from bot.sandbox.client_views import NoSuchButton
from bot.sandbox.telegram import TelegramServer
from bot.sandbox.transcript import transcript_of
from bot.settings import Settings
from bot.storage.migrate import migrate

FOLDER = Path("demo").absolute()
SCALE = 0.07
"""Simulated generations take 0.07 of the documented 1–3 minutes: the bar moves and the demo ends within 30 s."""
ADMIN_ID = 777_000_111
KEY = "sk-sandbox"
PATIENCE = 25.0


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What the visitor may choose. `style` None: Watercolor for Pika, else no style; "none": no style."""

    prompt: str
    model: str
    style: str | None
    keep: bool


async def play(options: DemoOptions) -> int:
    """Plays the conversation; returns 0 when every step came true and the ledger verifies."""
    _fresh_folder()
    started = time.monotonic()
    async with _world() as (easel, tg, simulator):
        feed = easel.supervisor.spawn(_print_events(tg, started), name="transcript")
        try:
            await _conversation(options, easel, tg, simulator)
        except (Unmet, NoSuchButton, TimeoutError) as error:
            _say(f"\nThe demo went wrong: {error}")
            return 1
        finally:
            await asyncio.sleep(0.3)
            feed.cancel()
        problems = await easel.db.read(ledger.verify)
        _say(f"\nLedger: {problems or 'clean'}.")
        _say(
            f"Simulator: {len(simulator.requests)} orders upstream, {len(simulator.violations)} outside the documents."
        )
        _say(f"Ended after {time.monotonic() - started:.0f} s. Media, database and log: {FOLDER}")
        if options.keep:
            await _keep(easel, tg)
    return 1 if problems or simulator.violations else 0


def _fresh_folder() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)


@asynccontextmanager
async def _world() -> AsyncIterator[tuple[Easel, TelegramClient, AiNowServer]]:
    telegram, simulator = TelegramServer(), AiNowServer((KEY,), scale=SCALE, seed=7)
    await telegram.start()
    await simulator.start()
    settings = _settings(telegram, simulator)
    configure_logs(settings, file=FOLDER / "easel.log")
    await asyncio.to_thread(migrate, settings.database_url)
    try:
        async with Easel(settings) as easel, TelegramClient(telegram.base_url) as tg:
            yield easel, tg, simulator
    finally:
        await simulator.stop()
        await telegram.stop()


def _settings(telegram: TelegramServer, simulator: AiNowServer) -> Settings:
    return Settings(
        _env_file=None,
        bot_token=SecretStr(telegram.token),
        telegram_api_url=telegram.base_url,
        admin_ids=(ADMIN_ID,),
        database_url=f"sqlite:///{FOLDER / 'easel.db'}",
        welcome_credits=Decimal(30),
        topup_contact="@olga_easel",
        ai_now_api_key=SecretStr(KEY),
        ai_now_base_url=simulator.base_url,
        allow_private_result_hosts=True,
        catalog_file=_scaled_catalog(),
        default_language="en",
        webhook_url="",
        http_host="127.0.0.1",
        http_port=0,
        drain_seconds=1,
    )


def _scaled_catalog() -> Path:
    """The packaged catalogue with typical times on the sandbox's clock, so that the bars tell the truth there too."""

    def scaled(match: re.Match[str]) -> str:
        return f"typical_seconds = {float(match[1]) * SCALE:.1f}"

    path = FOLDER / "catalog.toml"
    text = DEFAULT_FILE.read_text(encoding="utf-8")
    path.write_text(re.sub(r"typical_seconds = ([\d.]+)", scaled, text), encoding="utf-8")
    return path


async def _conversation(options: DemoOptions, easel: Easel, tg: TelegramClient, simulator: AiNowServer) -> None:
    model = easel.shop.model(options.model)
    if model is None:
        raise Unmet(f"there is no model {options.model}; try {', '.join(m.slug for m in easel.shop.models)}")
    olga = await tg.user("Olga (admin)", language="en", username="olga_easel", id=ADMIN_ID)
    ann = await tg.user("Ann", language="en", username="ann")
    chat = ann.private()
    _scene("Ann starts the bot")
    await chat.send("/start")
    await chat.expect("30")
    _scene(f"Ann orders: {model.title.of('en')}")
    result = await _order(chat, options, model)
    suffix = {"video": "mp4", "audio": "mp3"}.get(result.kind, "bin")
    (FOLDER / f"{model.slug}.{suffix}").write_bytes(await chat.media(result))
    await chat.click("Receipt", on=result)
    await chat.send("/balance")
    await chat.expect("credits")
    await _admin_top_up(olga, chat)
    _scene("A generation fails: the hold goes back")
    simulator.faults.add("error_event", model="luma")
    await chat.send("/luma a storm over the old harbour")
    await chat.wait(button="Confirm")
    await chat.click("Confirm")
    await chat.expect("You were not charged", timeout=PATIENCE)
    await chat.send("/balance")
    await chat.expect("credits")


async def _order(chat: ChatView, options: DemoOptions, model: Model) -> Msg:
    await chat.send(f"/{model.kind.value} {options.prompt}")
    if await _has_button(chat, model.title.of("en")):
        await chat.click(model.title.of("en"))
    if model.options:
        style = options.style or ("Watercolor" if model.slug == "pika" else "none")
        await chat.wait(button="No style")
        await _choose_style(chat, style)
    await chat.wait(button="Confirm")
    await chat.click("Confirm")
    return await chat.wait_for(lambda msg: msg.kind in ("video", "audio"), timeout=PATIENCE, what="the result")


async def _has_button(chat: ChatView, label: str) -> bool:
    """A menu with one model is skipped: then the next step is there already."""
    message = await chat.wait_for(lambda msg: bool(msg.buttons))
    return message.button(f"{label} ·") is not None


async def _choose_style(chat: ChatView, style: str) -> None:
    if style == "none":
        await chat.click("No style")
        return
    for _ in range(5):  # 25 styles are paged
        message = await chat.last()
        if message.button(style) is not None:
            await chat.click(style)
            return
        await chat.click("›")
        await asyncio.sleep(0.3)
    raise Unmet(f"there is no style {style}")


async def _admin_top_up(olga: Person, chat: ChatView) -> None:
    _scene("Olga, the admin, tops Ann up")
    desk = olga.private()
    await desk.send("/start")
    await desk.expect("")
    await desk.send("/topup @ann 25,50 for the demo")
    await desk.wait(button="Confirm")
    await desk.click("Confirm")
    await chat.expect("25.5")


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
    _say(f"\n@{me} keeps running. Write to it over the client routes of the local Telegram; Ctrl+C ends it.")
    await easel.until_stopped()


def _scene(title: str) -> None:
    _say(f"\n── {title} " + "─" * max(0, 70 - len(title)))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
