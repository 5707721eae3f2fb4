"""One bot as a process of its own that dies where it is told to: `python -m tests.crash.runner '{"settings": …}'`.

Its news go to a file descriptor as JSON lines; the nursery runs the same in a fork of a warm process.
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvloop

from bot.app import Easel
from bot.settings import Settings
from bot.telegram.outbox.flood_limits import Rates
from bot.wiring.parts import configure_logs
from tests.crash.failpoints import Trap

RATES = Rates(scale=1000.0, progress_private=0.05, progress_group=0.1)
"""Limits off, in effect."""
Plan = dict[str, Any]
Tell = Callable[[dict[str, Any]], None]


def run(plan: Plan, tell: Tell) -> None:
    """Runs until SIGTERM, or until the failpoint `at`. `lease` in seconds; `folder` for results under way."""
    settings = Settings(_env_file=None, **plan["settings"], work_dir=Path(plan["folder"]) / "work")
    configure_logs(settings)
    death = (plan.get("at", ""), plan.get("hit", 1), plan.get("freeze", False))
    trap = Trap(tell, *death, plan.get("record", False), plan.get("thaw", False))

    async def serve() -> None:
        async with Easel(settings, wrap=trap.wrap(), rates=RATES, lease=plan["lease"]) as easel:
            stopped = asyncio.create_task(easel.until_stopped())
            await asyncio.sleep(0)  # from here a SIGTERM is a request, not an end
            tell({"ready": True})
            await stopped

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve())


def teller(fd: int, **about: Any) -> Tell:
    """News as lines on `fd`, each in one write."""

    def tell(news: dict[str, Any]) -> None:
        os.write(fd, json.dumps({**about, **news}).encode() + b"\n")

    return tell


if __name__ == "__main__":
    run(json.loads(sys.argv[1]), teller(1))
