"""The demo: sandbox and bot on a fresh SQLite file, a conversation played and printed as it happens."""

import asyncio
import os
import signal
import sys
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path

from bot.demo.folder import DemoFolder, NotOurs
from bot.demo.scenes import ADMIN_ID, DemoOptions, Stage, conversation, people
from bot.demo.tour import TourPanel
from bot.demo.world import World, world
from bot.engine.supervisor import Supervisor
from sandbox.client import TelegramClient, Unmet
from sandbox.client_views import NoSuchButton
from sandbox.page.panels import Panel
from sandbox.page.server import PageServer
from sandbox.transcript import transcript_of

FOLDER = Path("demo").absolute()
SCALE = 0.03
"""Simulated generations take 0.03 of the documented 1–3 minutes: the bar moves and the demo ends within 30 s."""
WATCHED_SCALE, PACE = 0.06, 2.0
"""For a person who watches: a video takes some 4–11 s, and the tour waits so many seconds at each scene."""


async def play(options: DemoOptions) -> int:
    """Plays the conversation; returns 0 when every step came true and the ledger verifies, 2 where the folder `demo` is
    another's, else 1."""
    folder = DemoFolder(FOLDER)
    try:
        folder.begin()
    except NotOurs as taken:
        sys.stderr.write(f"{taken}\n")
        return 2
    me, told = asyncio.current_task(), asyncio.Event()

    def terminate() -> None:
        told.set()
        if me is not None:
            me.cancel()

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, terminate)  # or the bot would outlive the demo
    try:
        return await _play(options, folder)
    except asyncio.CancelledError:
        if told.is_set():
            return 1
        raise
    finally:
        folder.end()


async def _play(options: DemoOptions, folder: DemoFolder) -> int:
    started, terminal = time.monotonic(), sys.stdout.isatty() and not options.once
    try:
        async with world(folder, WATCHED_SCALE if terminal else SCALE) as made:
            tour = TourPanel(lambda told: _shown(options, folder, made, told))
            await people(made.tg)
            panels: dict[str, Panel] = {"jobs": made.jobs, "ledger": made.ledger, "process": made.bot, "tour": tour}
            try:
                async with PageServer(made.core, made.services, panels) as page:
                    _say(f"The chat in your browser: {page.base_url}")
                    return await (_stay(page.base_url) if terminal else _tour(options, folder, made, started))
            finally:
                await tour.stop()
    except (Unmet, NoSuchButton, TimeoutError) as error:
        _say(f"\nThe demo went wrong: {error}")
        return 1


async def _stay(link: str) -> int:
    _say("Write there as Ann or as Olga, the admin. The panel `tour` plays a conversation. Ctrl+C ends it all.")
    here = os.environ  # noqa: TID251  # of the desktop, no settings
    if sys.platform == "darwin" or here.get("DISPLAY") or here.get("WAYLAND_DISPLAY"):
        await asyncio.to_thread(webbrowser.open, link)
    await asyncio.Event().wait()
    return 0


async def _shown(options: DemoOptions, folder: DemoFolder, made: World, told: Callable[[str], None]) -> None:
    stage = Stage(folder, told, pace=PACE, fresh=False)
    await conversation(options, made.catalog, made.tg, made.services, stage)


async def _tour(options: DemoOptions, folder: DemoFolder, made: World, started: float) -> int:
    feed = Supervisor()
    feed.spawn(_print_events(made.tg, started), name="transcript")
    try:
        await conversation(options, made.catalog, made.tg, made.services, Stage(folder, _scene))
    finally:
        await asyncio.sleep(0.3)
        await feed.stop()
    problems = (await made.ledger.show())["verify"]
    services = made.services
    _say(f"\nLedger: {problems or 'clean'}.")
    _say(f"Simulators: {services.orders} orders upstream, {len(services.violations)} requests outside the documents.")
    _say(f"Ended after {time.monotonic() - started:.0f} s. Media, database and log: {FOLDER}")
    for violation in services.violations:
        _say(violation)
    if options.keep:
        await _keep(made)
    return 1 if problems or services.violations else 0


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


async def _keep(made: World) -> None:
    me = (await made.tg.bot())["me"]["username"]
    _say(f"\n@{me} keeps running at {made.tg.base_url}: sandbox/client.py writes to it. Ctrl+C ends it.")
    await asyncio.Event().wait()


def _scene(title: str) -> None:
    _say(f"\n── {title} " + "─" * max(0, 70 - len(title)))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
