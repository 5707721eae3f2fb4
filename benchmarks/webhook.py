"""A webhook update answered by one message: Easel's whole router tree, with the update durable before its 200, against
aiogram's stock echo and against aiohttp alone. One generator of load for all of them, in a process of its own.

    python -m benchmarks.webhook [--updates 6000] [--runs 3] [--text /nonsense]
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path

import uvloop

from benchmarks import report
from benchmarks.process import Measured, folder, measured
from benchmarks.telegram import SECRET_HEADER, NullTelegram, message, place
from benchmarks.wire import Connection
from bot.storage.migrate import migrate

CONNECTIONS = 40
"""What Telegram opens to a webhook unless told otherwise."""
WINDOW = 100
"""Updates under way at most, from their POST to the bot's sendMessage: both limit the load."""
PEOPLE = 3000
WARM_UP = 1000
FIRST_PERSON = 10_000


@dataclass
class Load:
    """Posts updates and waits for the message that answers each."""

    url: str
    text: str
    telegram: NullTelegram
    window: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(WINDOW))
    posted: dict[int, float] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)
    update_id: int = 0

    def sent(self, chat: int, _message: int, _body: bytes) -> None:
        began = self.posted.pop(chat, None)
        if began is not None:
            self.took.append(time.perf_counter() - began)
            self.window.release()

    async def run(self, updates: int) -> float:
        """Answered updates per second."""
        self.telegram.sent = self.sent
        self.took.clear()
        connections = [await Connection.open(*place(self.url)) for _ in range(CONNECTIONS)]
        numbers = iter(range(updates))
        began = time.perf_counter()
        await asyncio.gather(*(self._post(connection, numbers) for connection in connections))
        for _ in range(WINDOW):  # the last answers
            await self.window.acquire()
        took = time.perf_counter() - began
        for _ in range(WINDOW):
            self.window.release()
        for connection in connections:
            connection.close()
        assert len(self.took) == updates
        return updates / took

    async def _post(self, connection: Connection, numbers: Iterator[int]) -> None:
        for _ in numbers:
            await self.window.acquire()
            self.update_id += 1
            person = FIRST_PERSON + self.update_id % PEOPLE
            self.posted[person] = time.perf_counter()
            body = message(self.update_id, person, self.text)
            status = await connection.post("/telegram", body, SECRET_HEADER)
            assert status == 200, status


@dataclass(frozen=True, slots=True)
class Run:
    rate: float
    p50: float
    p99: float
    cost: float
    """Milliseconds of processor time per update: what a busy machine spoils least."""


def start(who: str, telegram: str, database: Path) -> AbstractAsyncContextManager[Measured]:
    match who:
        case "easel":
            url = f"sqlite:///{database}"
            migrate(url)
            return measured("benchmarks.measured.easel", telegram, url, "--unlimited")
        case "stock":
            return measured("benchmarks.measured.stock", telegram)
        case _:
            return measured("benchmarks.measured.bare", telegram, who)


async def one_run(who: str, updates: int, text: str) -> Run:
    telegram = NullTelegram()
    await telegram.start()
    with folder() as made:
        async with start(who, telegram.url, made / "easel.db") as bot:
            load = Load((await bot.hear("ready"))["url"], text, telegram)
            await load.run(PEOPLE if who == "easel" else WARM_UP)  # everybody has an account before it counts
            before = bot.cpu()
            rate = await load.run(updates)
            cost = 1000 * (bot.cpu() - before) / updates
    await telegram.stop()
    ordered = sorted(load.took)
    return Run(rate, 1000 * statistics.median(ordered), 1000 * ordered[int(len(ordered) * 0.99)], cost)


async def main(options: argparse.Namespace) -> None:
    names = {
        "easel": "Easel",
        "stock": "stock aiogram echo",
        "asyncio": "bare aiohttp, asyncio",
        "uvloop": "bare aiohttp, uvloop",
    }
    runs: dict[str, list[Run]] = {who: [] for who in options.only or names}
    for _ in range(options.runs):  # in turns: what disturbs the machine disturbs all
        for who, found in runs.items():
            found.append(await one_run(who, options.updates, options.text))
    rates = {w: report.line(names[w], [r.rate for r in found], "updates/s") for w, found in runs.items()}
    waits = [report.line(f"{names[w]}: p50", [r.p50 for r in found], "ms") for w, found in runs.items()]
    waits += [report.line(f"{names[w]}: p99", [r.p99 for r in found], "ms") for w, found in runs.items()]
    waits += [report.line(f"{names[w]}: processor", [r.cost for r in found], "ms each") for w, found in runs.items()]
    goals = {
        "stock": "goal ≥ 1.5×",
        "asyncio": "no goal: what no bot costs",
        "uvloop": "no goal: the same on Easel's loop",
    }
    ratios = [
        f"{report.ratio(rates['easel'], rates[w])} ({goal})"
        for w, goal in goals.items()
        if w in rates and "easel" in rates
    ]
    report.show(
        f"A webhook update answered, at most {WINDOW} under way", [*rates.values(), *waits], ratios=ratios, notes=[]
    )


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--updates", type=int, default=6000)
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--text", default="/nonsense", help="what every person writes")
    asked.add_argument("--only", nargs="*", help="easel, stock, asyncio, uvloop")
    uvloop.run(main(asked.parse_args()))
