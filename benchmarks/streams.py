"""2,000 event streams of AI-Now open and silent: what each costs.

python -m benchmarks.streams [--streams 2000] [--runs 3] [--idle 4]
"""

import argparse
import asyncio
from dataclasses import dataclass
from functools import partial

import uvloop

from benchmarks import report
from benchmarks.process import measured, raise_file_limit
from sandbox.ai_now import AiNowServer

KEY = "sk-benchmark"
SETTLE = 1.0


@dataclass(frozen=True, slots=True)
class Run:
    opened: float
    each: float
    total: float
    idle: float


async def one_run(count: int, idle: float) -> Run:
    loop = asyncio.get_running_loop()
    async with AiNowServer((KEY,), tokens=10**9, scale=0.001) as server:
        async with measured("benchmarks.measured.streams", server.base_url, KEY, count) as adapter:
            await adapter.hear("ready")
            before, began = adapter.memory(), loop.time()
            await adapter.hear("open")
            opened = loop.time() - began
            await asyncio.sleep(SETTLE)
            cores = await adapter.cores(idle)
            after = adapter.memory()
        assert not server.violations, server.violations[:3]
    return Run(opened, (after - before) * 1000 / count, after, cores)


async def main(options: argparse.Namespace) -> None:
    raise_file_limit()
    runs = [await one_run(options.streams, options.idle) for _ in range(options.runs)]

    line = partial(report.column, runs)

    report.show(
        f"{options.streams:,} open event streams through the AI-Now adapter",
        [
            line("memory of each stream", "each", "kB"),
            line("resident memory of the process", "total", "MB"),
            line("processor while all are silent", "idle", "cores"),
            line("opening all of them", "opened", "s"),
        ],
        notes=["Plain HTTP on loopback: TLS adds its buffers to every stream."],
    )


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--streams", type=int, default=2000)
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--idle", type=float, default=4.0)
    uvloop.run(main(asked.parse_args()))
