"""The parent's side of the nursery: starts bots, hears of them, kills them."""

import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]
IMPORTING = 120.0
"""Seconds that the nursery gets for its imports."""


@dataclass
class Bot:
    """One process. `ended` holds its exit code, negative for a signal."""

    pid: asyncio.Future[int]
    ready: asyncio.Event
    frozen: asyncio.Event
    ended: asyncio.Future[int]
    seen: set[str] = field(default_factory=set)

    @property
    def alive(self) -> bool:
        return not self.ended.done()

    async def signal(self, number: signal.Signals) -> None:
        """Sends a signal unless it is dead already."""
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(await asyncio.shield(self.pid), number)

    async def kill(self) -> int:
        """SIGKILL; returns the exit code."""
        await self.signal(signal.SIGKILL)
        return await asyncio.shield(self.ended)

    def hear(self, news: dict[str, Any]) -> None:
        match news:
            case {"pid": pid}:
                self.pid.set_result(pid)
            case {"ready": True}:
                self.ready.set()
            case {"seen": name}:
                self.seen.add(name)
            case {"frozen": _}:
                self.frozen.set()
            case {"ended": code}:
                self.ended.set_result(code)


class Bots:
    """`async with Bots() as bots`: leaving kills whatever still runs."""

    def __init__(self) -> None:
        self._bots: dict[int, Bot] = {}
        self._numbers = count(1)
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __aexit__
        self._process: asyncio.subprocess.Process
        self._listener: asyncio.Task[None]

    async def __aenter__(self) -> Self:
        pipe = asyncio.subprocess.PIPE
        command = (sys.executable, "-m", "tests.crash.nursery")
        self._process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=self._words
        )
        self._listener = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        async with asyncio.timeout(IMPORTING):
            await self._process.wait()
            await self._listener
        self._words.close()

    async def start(self, **plan: Any) -> Bot:
        """A new process; see runner.run for the plan."""
        if self._listener.done():
            raise RuntimeError("the nursery is gone")
        loop = asyncio.get_running_loop()
        bot = Bot(loop.create_future(), asyncio.Event(), asyncio.Event(), loop.create_future())
        number = next(self._numbers)
        self._bots[number] = bot
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"bot": number, **plan}).encode() + b"\n")
        async with asyncio.timeout(IMPORTING):
            await self._process.stdin.drain()
            await asyncio.shield(bot.pid)  # who waits may be cancelled; the news of this bot come all the same
        return bot

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            news = json.loads(line)
            self._bots[news["bot"]].hear(news)
        left = [future for bot in self._bots.values() for future in (bot.pid, bot.ended) if not future.done()]
        if left:
            self._words.seek(0)
            last = self._words.read().decode(errors="replace")[-2000:]
            code = await self._process.wait()
            for future in left:
                future.set_exception(RuntimeError(f"the nursery ended with {code}\n{last}"))
                future.exception()  # whoever waits hears it, nobody has to
