"""From a press of Confirm to the provider being called, on SQLite with synchronous=FULL: the whole way from the POST to
the webhook, and the engine's part of it from the order to the call.

    python -m benchmarks.latency [--orders 200] [--runs 3] [--per-second 20]
"""

import argparse
import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import uvloop

from benchmarks import report
from benchmarks.process import Measured, folder, measured
from benchmarks.telegram import SECRET_HEADER, NullTelegram, fields, message, place, press
from benchmarks.wire import Connection
from bot.storage.migrate import migrate

FIRST_PERSON = 10_000
CONFIRM = "d:"
"""The prefix of a draft's buttons; Confirm is the one that says `ok`."""
AT_ONCE = 8


@dataclass
class People:
    """Everybody asks for the same video and waits with a finger on Confirm."""

    telegram: NullTelegram
    count: int
    shown: dict[int, tuple[int, dict[str, Any], str]] = field(default_factory=dict)
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    def sent(self, chat: int, message_id: int, body: bytes) -> None:
        """A message with a Confirm button under it."""
        markup: dict[str, Any] = fields(body).get("reply_markup") or {"inline_keyboard": []}
        for button in (b for row in markup["inline_keyboard"] for b in row):
            data = button.get("callback_data", "")
            if data.startswith(CONFIRM) and ":ok" in data and chat not in self.shown:
                self.shown[chat] = (message_id, markup, data)
        if len(self.shown) == self.count:
            self.ready.set()

    async def ask(self, line: Connection) -> None:
        self.telegram.sent = self.sent
        for n in range(self.count):
            text = f"/pika --style 4 A serene lake surrounded by mountains, number {n}"
            status = await line.post("/telegram", message(1 + n, FIRST_PERSON + n, text), SECRET_HEADER)
            assert status == 200, status
        async with asyncio.timeout(60):
            await self.ready.wait()

    async def confirm(self, lines: list[Connection], per_second: float) -> dict[str, float]:
        """Presses at an even pace; returns when each was posted, by the job's id."""
        posted: dict[str, float] = {}
        began = time.monotonic()
        posts = []
        for n, (chat, (message_id, markup, data)) in enumerate(sorted(self.shown.items())):
            await asyncio.sleep(max(0.0, began + n / per_second - time.monotonic()))
            body = press(1_000_000 + n, chat, message_id, markup, data)
            posted[data.split(":")[1]] = time.monotonic()
            posts.append(asyncio.create_task(lines[n % len(lines)].post("/telegram", body, SECRET_HEADER)))
        assert set(await asyncio.gather(*posts)) == {200}
        return posted


async def called(bot: Measured, orders: int) -> tuple[dict[str, float], dict[str, float]]:
    """When each order reached the engine, and when its provider was called."""
    submitted: dict[str, float] = {}
    calls: dict[str, float] = {}
    while len(calls) < orders:
        told = await bot.hear("submitted", "called", timeout=30)
        (submitted if told["event"] == "submitted" else calls)[told["job"]] = told["at"]
    return submitted, calls


@dataclass(frozen=True, slots=True)
class Run:
    whole: list[float]
    engine: list[float]


async def one_run(orders: int, per_second: float) -> Run:
    telegram = NullTelegram()
    await telegram.start()
    with folder() as made:
        url = f"sqlite:///{made / 'easel.db'}"
        migrate(url)
        arguments = (telegram.url, url, "--concurrency", 2 * orders, "--each", "--unlimited")
        async with measured("benchmarks.measured.easel", *arguments) as bot:
            where = place((await bot.hear("ready"))["url"])
            lines = [await Connection.open(*where) for _ in range(AT_ONCE)]
            people = People(telegram, orders)
            await people.ask(lines[0])
            await asyncio.sleep(0.5)
            hearing = asyncio.create_task(called(bot, orders))
            try:
                posted = await people.confirm(lines, per_second)
                submitted, calls = await hearing
            finally:
                hearing.cancel()
                with suppress(asyncio.CancelledError):
                    await hearing
            for line in lines:
                line.close()
    await telegram.stop()
    whole = sorted(1000 * (calls[job] - posted[job]) for job in posted)
    return Run(whole, sorted(1000 * (calls[job] - submitted[job]) for job in submitted))


def percentile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


async def main(options: argparse.Namespace) -> None:
    runs = [await one_run(options.orders, options.per_second) for _ in range(options.runs)]

    def line(what: str, name: str, share: float, goal: str = "") -> report.Line:
        return report.line(what, [percentile(getattr(run, name), share) for run in runs], "ms", goal=goal)

    report.show(
        f"Confirm to provider called, {options.per_second:g} a second",
        [
            line("webhook POST → provider called, p50", "whole", 0.5, "≤ 10"),
            line("webhook POST → provider called, p99", "whole", 0.99),
            line("order in the engine → provider called, p50", "engine", 0.5, "≤ 10"),
            line("order in the engine → provider called, p99", "engine", 0.99),
        ],
        notes=["On the whole way every press passes the inbox: it is on disk before its 200."],
    )


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--orders", type=int, default=200)
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--per-second", type=float, default=20.0)
    uvloop.run(main(asked.parse_args()))
