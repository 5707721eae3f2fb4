"""Starts a measured process, hears what it tells, and reads from outside what it costs."""

import asyncio
import contextlib
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import psutil

ROOT = Path(__file__).parents[1]
LONGEST = 120.0
"""Seconds after which a benchmark that hears nothing gives up."""


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A folder for databases on the project's own disk: /tmp may be memory, where fsync costs nothing."""
    base = ROOT / ".venv" / "tmp"
    base.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="bench-", dir=base))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


class Measured:
    """A running process that writes lines of JSON, each with its `event`, to stdout."""

    def __init__(self, process: asyncio.subprocess.Process, started: float, errors: Path) -> None:
        self._process = process
        self._seen = psutil.Process(process.pid)
        self.started = started
        """When it was started, by the monotonic clock that all processes share."""
        self._errors = errors

    async def hear(self, *events: str, timeout: float = LONGEST) -> dict[str, Any]:
        """The next line with one of these events; others before it are dropped."""
        assert self._process.stdout is not None
        async with asyncio.timeout(timeout):
            while line := await self._process.stdout.readline():
                told: dict[str, Any] = orjson.loads(line)
                if told["event"] in events:
                    return told
        raise RuntimeError(f"it ended without {events}:\n{self._errors.read_text()[-2000:]}")

    def memory(self) -> float:
        """Resident megabytes (of 1,000,000 bytes)."""
        return float(self._seen.memory_info().rss) / 1e6

    def peak(self) -> float:
        """The most that was ever resident, in megabytes; 0 where the system does not tell."""
        try:
            facts = Path(f"/proc/{self._process.pid}/status").read_text()
        except OSError:
            return 0.0
        found = re.search(r"VmHWM:\s+(\d+) kB", facts)
        return int(found[1]) * 1024 / 1e6 if found else 0.0

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        times = self._seen.cpu_times()
        return float(times.user + times.system)

    async def cores(self, seconds: float) -> float:
        """The processor time it takes over so many seconds, in cores."""
        before, began = self.cpu(), time.monotonic()
        await asyncio.sleep(seconds)
        return (self.cpu() - before) / (time.monotonic() - began)

    async def kill(self) -> None:
        """kill -9."""
        self._process.kill()
        await self._process.wait()

    async def end(self) -> None:
        """SIGTERM; SIGKILL when that is not enough."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(10):
                await self._process.wait()
        except TimeoutError:
            await self.kill()


@asynccontextmanager
async def measured(module: str, *arguments: object) -> AsyncIterator[Measured]:
    """Runs `python -m module arguments` until the block is left. Its stderr is shown only when it fails."""
    with folder() as place:
        errors = place / "stderr"
        with errors.open("wb") as stderr:
            started = time.monotonic()
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                module,
                *map(str, arguments),
                cwd=ROOT,
                stdout=asyncio.subprocess.PIPE,
                stderr=stderr,
                limit=1 << 24,
            )
        running = Measured(process, started, errors)
        try:
            yield running
        finally:
            await running.end()


def raise_file_limit() -> None:
    """As many open files as this system lets us have: each stream is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
