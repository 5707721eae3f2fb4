"""The demo in a terminal: it stays, with the page, the panels and the tour on demand, until Ctrl+C."""

import asyncio
import os
import pty
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

LONG = 60.0
HEARS_CTRL_C = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("bot", run_name="__main__", alter_sys=True)
"""
"""As in a terminal, where nothing ignores Ctrl+C: tests that run in the background inherit that it is ignored."""


@asynccontextmanager
async def demo_in_a_terminal(folder: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """The process and the link that it printed first."""
    ours, theirs = pty.openpty()
    without = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    demo = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HEARS_CTRL_C, "demo",
        cwd=folder, env={**without, "PYTHONPATH": str(Path(__file__).parents[2])}, stdout=theirs,
    )  # fmt: skip
    os.close(theirs)
    try:
        said = await asyncio.wait_for(asyncio.to_thread(os.read, ours, 4096), LONG)
        yield demo, said.decode().splitlines()[0].rpartition(" ")[2]
    finally:
        if demo.returncode is None:
            demo.terminate()
            await asyncio.wait_for(demo.wait(), LONG)
        os.close(ours)


async def test_in_a_terminal_the_demo_stays_with_panels_that_kill_the_bot_and_play_the_tour(tmp_path: Path) -> None:
    async with demo_in_a_terminal(tmp_path) as (demo, link), aiohttp.ClientSession() as session:

        async def panel(name: str, **order: Any) -> tuple[int, Any]:
            call = session.post(f"{link}panels/{name}", json=order) if order else session.get(f"{link}panels/{name}")
            async with call as answer:
                return answer.status, await answer.json()

        async with session.get(f"{link}panels") as answer:
            names = (await answer.json())["panels"]
        assert names == ["services", "telegram", "jobs", "ledger", "process", "tour"]
        async with session.get(f"{link}world") as answer:
            assert {person["first_name"] for person in (await answer.json())["people"]} == {"Olga (admin)", "Ann"}
        before = (await panel("process"))[1]
        assert (await panel("process", do="kill"))[1]["state"] == "killed"
        async with asyncio.timeout(LONG):  # by itself, after its pause
            while (after := (await panel("process"))[1])["state"] != "running":
                await asyncio.sleep(0.1)
        assert (after["starts"], after["pid"] != before["pid"]) == (2, True)
        assert (await panel("ledger"))[1]["verify"] == []
        assert await panel("tour") == (200, {"state": "idle", "scene": ""})
        assert (await panel("tour", do="start"))[1]["state"] == "playing"
        status, refused = await panel("tour", do="start")
        assert (status, refused["description"]) == (400, "The tour plays already.")
        demo.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(demo.wait(), LONG) == 0
