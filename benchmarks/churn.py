"""What 10,000 finished jobs leave behind in the memory of the whole bot: ordered in chats, made, downloaded, delivered.

    python -m benchmarks.churn [--jobs 10000] [--warm 2000] [--people 200] [--at-once 24]

The first jobs warm up: pools, caches and the allocator's arenas fill. Growth is taken from there on.
"""

import argparse
import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvloop
from aiohttp import web

from benchmarks import report
from benchmarks.process import Measured, folder, measured
from benchmarks.telegram import SECRET_HEADER, NullTelegram, fields, message, place, press
from benchmarks.wire import Connection
from bot.storage.migrate import migrate
from sandbox.media.video import video

FIRST_PERSON = 10_000
CONFIRM = "d:"
LONGEST = 60.0
"""Seconds for one job."""
SETTLE = 35.0
"""Seconds of rest before memory is read: free pages are given back every 30."""


@dataclass
class Chats:
    """People who order one thing after the other, each when the one before was delivered."""

    telegram: NullTelegram
    cards: dict[int, asyncio.Future[tuple[int, dict[str, Any], str]]] = field(default_factory=dict)
    results: dict[int, asyncio.Future[None]] = field(default_factory=dict)
    updates: int = 0

    def __post_init__(self) -> None:
        self.telegram.sent = self.sent
        self.telegram.delivered = self.delivered

    def sent(self, chat: int, message_id: int, body: bytes) -> None:
        """A message with a Confirm button under it."""
        markup: dict[str, Any] = fields(body).get("reply_markup") or {"inline_keyboard": []}
        for button in (b for row in markup["inline_keyboard"] for b in row):
            data = button.get("callback_data", "")
            if data.startswith(CONFIRM) and ":ok" in data and chat in self.cards and not self.cards[chat].done():
                self.cards[chat].set_result((message_id, markup, data))

    def delivered(self, chat: int) -> None:
        if chat in self.results and not self.results[chat].done():
            self.results[chat].set_result(None)

    async def order(self, line: Connection, chat: int, number: int) -> None:
        """From the command to the result in the chat."""
        loop = asyncio.get_running_loop()
        card = self.cards[chat] = loop.create_future()
        result = self.results[chat] = loop.create_future()
        text = f"/pika --style 4 A serene lake surrounded by mountains, number {number}"
        async with asyncio.timeout(LONGEST):
            assert await self._post(line, message(self._next(), chat, text)) == 200
            message_id, markup, data = await card
            assert await self._post(line, press(self._next(), chat, message_id, markup, data)) == 200
            await result

    def _next(self) -> int:
        self.updates += 1
        return self.updates

    @staticmethod
    async def _post(line: Connection, body: bytes) -> int:
        return await line.post("/telegram", body, SECRET_HEADER)


async def serve_file(data: bytes) -> tuple[web.AppRunner, str]:
    """A server that answers every request with that film."""
    app = web.Application()

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=data, content_type="video/mp4")

    app.router.add_get("/film.mp4", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}/film.mp4"


async def churn(chats: Chats, lines: list[Connection], numbers: range, people: int) -> None:
    """So many orders, from as many people at once as there are lines, in turns."""
    left = iter(numbers)

    async def one(which: int, line: Connection) -> None:
        for turn, number in enumerate(left):
            person = which + len(lines) * (turn % max(1, people // len(lines)))
            await chats.order(line, FIRST_PERSON + person, number)

    await asyncio.gather(*(one(which, line) for which, line in enumerate(lines)))


@dataclass(frozen=True, slots=True)
class Run:
    before: float
    after: float
    grown: float
    each: float


async def one_run(path: Path, options: argparse.Namespace) -> Run:
    telegram = NullTelegram()
    await telegram.start()
    files, film = await serve_file(video("a lake", "film", seconds=1.0))
    migrate(f"sqlite:///{path}")
    arguments = (telegram.url, f"sqlite:///{path}", "--concurrency", 64, "--unlimited")
    async with measured("benchmarks.measured.easel", *arguments, "--provider", "finishing", "--film", film) as bot:
        where = place((await bot.hear("ready"))["url"])
        lines = [await Connection.open(*where) for _ in range(options.at_once)]
        chats = Chats(telegram)
        await churn(chats, lines, range(options.warm), options.people)
        before = await rested(bot)
        await churn(chats, lines, range(options.warm, options.warm + options.jobs), options.people)
        after = await rested(bot)
        for line in lines:
            line.close()
    await files.cleanup()
    await telegram.stop()
    return Run(before, after, after - before, 1000 * (after - before) / options.jobs)


async def rested(bot: Measured) -> float:
    """Resident megabytes, a while after the last thing happened."""
    await asyncio.sleep(SETTLE)
    return bot.memory()


async def main(options: argparse.Namespace) -> None:
    with folder() as made:
        runs = [await one_run(made / f"easel{n}.db", options) for n in range(options.runs)]
    report.show(
        f"{options.jobs:,} jobs ordered, made and delivered, one after the other in {options.at_once} chats",
        [
            report.column(runs, f"resident memory after the first {options.warm:,} jobs", "before", "MB"),
            report.column(runs, f"after {options.jobs:,} more", "after", "MB"),
            report.column(runs, "grown by", "grown", "MB", goal="≤ 10"),
            report.column(runs, "of each finished job", "each", "kB"),
        ],
    )


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--jobs", type=int, default=10_000)
    asked.add_argument("--warm", type=int, default=2_000, help="jobs before memory is read for the first time")
    asked.add_argument("--people", type=int, default=240)
    asked.add_argument("--at-once", type=int, default=24)
    asked.add_argument("--runs", type=int, default=1)
    uvloop.run(main(asked.parse_args()))
