"""The demo's bot: `python -m bot run` as a process of its own, so that it can be killed and started again."""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

import bot
from bot.engine.supervisor import Supervisor
from bot.providers.registry import FACTORIES
from bot.settings import Settings

AFTER_KILL: Final = 3.0
"""Seconds until a bot that ended is started again: long enough to see that it is away."""
LONGEST_END: Final = 10.0
"""Seconds that the bot gets to end by itself; then it is killed."""
SOONEST: Final = 30.0
"""Seconds that the bot may take until it first calls Telegram."""
STATES: Final = ("running", "killed", "starting")


class BotProcess:
    """Use `async with`: it starts the bot and ends it. `settings` by their lower-case names; what the bot writes goes
    to the file `log`. `calls` counts the bot's calls to Telegram: with the first one after a start it runs.

    A bot that ends by itself, or is killed, is started again after AFTER_KILL seconds.
    """

    def __init__(self, settings: Mapping[str, str], log: Path, work: Path, calls: Callable[[], int]) -> None:
        self._environment = _environment(settings)
        self._log, self._work, self._calls = log, work, calls
        self._process: asyncio.subprocess.Process | None = None
        self._sooner, self._ran = asyncio.Event(), asyncio.Event()
        self._tasks = Supervisor()
        self._state, self._starts, self._since = "starting", 0, _now()

    async def __aenter__(self) -> Self:
        self._tasks.spawn(self._live(), name="bot")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._tasks.stop()
        await self._end()

    @property
    def starts(self) -> int:
        """How often it was started."""
        return self._starts

    async def running(self) -> None:
        """Waits until the bot runs. Raises TimeoutError after SOONEST seconds."""
        async with asyncio.timeout(SOONEST):
            await self._ran.wait()

    async def show(self) -> dict[str, Any]:
        """The panel: state (one of STATES), pid (None while there is no process), starts, since (ISO 8601)."""
        pid = self._process.pid if self._process is not None and self._process.returncode is None else None
        return {"state": self._state, "pid": pid, "starts": self._starts, "since": self._since}

    async def do(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """`{"do": "kill"}` sends SIGKILL, `{"do": "start"}` starts a killed bot at once. Raises ValueError for others
        and for what cannot be done now."""
        match order.get("do"):
            case "kill":
                self._kill()
            case "start":
                if self._state != "killed":
                    raise ValueError("The bot was not killed.")
                self._sooner.set()
            case other:
                raise ValueError(f"There is no action {other!r}: kill or start.")
        return await self.show()

    def _kill(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            raise ValueError("The bot does not run.")
        process.kill()
        self._is_gone()

    async def _live(self) -> None:
        while True:
            self._now_is("starting")
            before = self._calls()
            process = await self._start()
            while not await _ended(process, 0.05 if self._state == "starting" else None):
                if self._state == "starting" and self._calls() > before:
                    self._now_is("running")
                    self._ran.set()
            if self._state != "killed":
                self._is_gone()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._sooner.wait(), AFTER_KILL)

    def _is_gone(self) -> None:
        self._ran.clear()
        self._sooner.clear()
        self._now_is("killed")

    async def _start(self) -> asyncio.subprocess.Process:
        """In a session of its own: Ctrl+C is the demo's to hear, which then ends the bot in order."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run",
                cwd=self._work, env=self._environment, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self._starts += 1
        return self._process

    async def _end(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        if not await _ended(process, LONGEST_END):
            process.kill()
            await process.wait()

    def _now_is(self, state: str) -> None:
        self._state, self._since = state, _now()


async def _ended(process: asyncio.subprocess.Process, seconds: float | None) -> bool:
    """Waits for its end, at most so long; whether it ended."""
    with suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), seconds)
    return process.returncode is not None


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The demo's settings alone: those of a real bot in this environment, or its `.env`, must not reach it."""
    names = {name.upper() for name in Settings.model_fields}
    prefixes = tuple(f"{name.upper()}_" for name in FACTORIES)
    here = os.environ  # noqa: TID251  # handed on to another process, not read as settings
    kept = {n: v for n, v in here.items() if n.upper() not in names and not n.upper().startswith(prefixes)}
    path = os.pathsep.join(filter(None, [str(Path(bot.__file__).resolve().parents[1]), kept.get("PYTHONPATH")]))
    return {**kept, "PYTHONPATH": path, **{name.upper(): value for name, value in settings.items()}}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
