"""10,000 jobs in the whole bot: waiting in the queue, and upstream at a service that is polled. Memory, idle processor
time, and how soon everything goes on after kill -9.

    python -m benchmarks.crowd [--jobs 10000] [--runs 3] [--idle 8]
"""

import argparse
import asyncio
import shutil
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import uvloop
from sqlalchemy import Connection

from benchmarks import report
from benchmarks.process import Measured, folder, measured
from benchmarks.telegram import NullTelegram
from bot import ledger
from bot.domain.catalog.models import Model
from bot.domain.jobs import Order, Target
from bot.domain.money import CREDIT, Credits
from bot.engine.accounts import users
from bot.engine.catalog.file import load_catalog
from bot.engine.jobs import store
from bot.storage.database import open_database
from bot.storage.migrate import migrate

PER_PERSON = 5
SETTLE = 3.0
"""Seconds after the last start before anything is measured."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run. Seconds after kill -9 count from the new process's start, and from the moment its imports were done."""

    started: float
    memory: float
    peak: float
    idle: float
    edits: float
    resumed_process: float
    resumed_engine: float


@dataclass(frozen=True, slots=True)
class Crowd:
    """What is measured: how many are called at once, and so how many calls prove that the bot is at work."""

    provider: str
    concurrency: int
    calls: int


async def prepare(path: Path, jobs: int) -> None:
    """A database with so many paid, queued jobs: five for each person."""
    url = f"sqlite:///{path}"
    migrate(url)
    model = load_catalog(None).get("pika")
    assert model is not None
    db = await open_database(url)
    for first in range(0, jobs // PER_PERSON, 100):
        await db.transaction(lambda conn, f=first: fill(conn, model, range(f, f + 100)))  # type: ignore[misc]
    await db.close()


def fill(conn: Connection, model: Model, numbers: range) -> None:
    price = Credits(10 * CREDIT)
    for n in numbers:
        user, _ = users.seen(conn, user_id=1000 + n, username=None, name=f"User {n}", language_code="en")
        amount = Credits(PER_PERSON * price)
        ledger.top_up(conn, key=f"start{n}", account_id=user.account_id, amount=amount, actor=None)
        for k in range(PER_PERSON):
            order = Order(
                id=f"job{n}x{k}",
                account_id=user.account_id,
                user_id=user.id,
                model=model.slug,
                prompt=f"A serene lake surrounded by mountains, number {n} of them, in the light of the morning",
                options={"style": "4"},
                quote=price,
                locale="en",
                target=Target(user.id, None, 1 + k),
            )
            ledger.hold(conn, job_id=order.id, account_id=user.account_id, amount=price)
            store.insert(conn, order, model)


def start(url: str, path: Path, crowd: Crowd) -> AbstractAsyncContextManager[Measured]:
    return measured(
        "benchmarks.measured.easel",
        *(url, f"sqlite:///{path}", "--provider", crowd.provider),
        *("--concurrency", crowd.concurrency, "--expected", crowd.calls),
    )


async def one_run(template: Path, crowd: Crowd, idle: float) -> Run:
    telegram = NullTelegram()
    await telegram.start()
    with folder() as place:
        path = place / "easel.db"
        shutil.copy(template, path)
        async with start(telegram.url, path, crowd) as first:
            began = (await first.hear("starting"))["at"]
            started = (await first.hear("all_called"))["at"] - began
            await asyncio.sleep(SETTLE)
            edits = telegram.calls.get("editMessageText", 0)
            cores = await first.cores(idle)
            edits = telegram.calls.get("editMessageText", 0) - edits
            memory, peak = first.memory(), first.peak()
            await first.kill()
        async with start(telegram.url, path, crowd) as second:
            began = (await second.hear("starting"))["at"]
            at = (await second.hear("all_called"))["at"]
            peak = max(peak, second.peak())
    await telegram.stop()
    return Run(started, memory, peak, cores, edits / idle, at - second.started, at - began)


def show(title: str, runs: list[Run], notes: list[str]) -> None:
    line = partial(report.column, runs)

    report.show(
        title,
        [
            line("resident memory, all at rest", "memory", "MB", goal="≤ 220"),
            line("highest resident memory of either process", "peak", "MB"),
            line("processor, idle", "idle", "cores", goal="≈ 0"),
            line("edits of messages sent meanwhile", "edits", "per s"),
            line("first start to the last claim", "started", "s"),
            line("kill -9, then: bot's start to all at work", "resumed_engine", "s", goal="≤ 2"),
            line("the same from the process's start (with Python's imports)", "resumed_process", "s"),
        ],
        notes=notes,
    )


async def main(options: argparse.Namespace) -> None:
    queued = Crowd("silent", concurrency=4, calls=4)
    polled = Crowd("polled", concurrency=2 * options.jobs, calls=options.jobs)
    with folder() as place:
        template = place / "template.db"
        await prepare(template, options.jobs)
        runs = [await one_run(template, queued, options.idle) for _ in range(options.runs)]
        show(
            f"{options.jobs:,} queued jobs, 4 upstream, none finishes",
            runs,
            ["After the kill “all at work” means: the four interrupted jobs are settled and the next four upstream."],
        )
        runs = [await one_run(template, polled, options.idle) for _ in range(options.runs)]
        show(
            f"{options.jobs:,} jobs upstream at a polled service",
            runs,
            ["“All at work” means: every job is claimed, and its provider follows it by its reference again."],
        )


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--jobs", type=int, default=10_000)
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--idle", type=float, default=8.0, help="seconds over which idle processor time is taken")
    uvloop.run(main(asked.parse_args()))
