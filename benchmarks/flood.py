"""200 jobs in private chats and groups at a Telegram that enforces its flood limits: how many calls it refuses, how
long results wait beyond what their chat allows, and how evenly progress is shared.

python -m benchmarks.flood [--scale 4] [--runs 3]
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import uvloop

from benchmarks import report
from benchmarks.lives import share
from benchmarks.process import measured
from sandbox.client import TelegramClient
from sandbox.telegram import Config, Limits, TelegramServer

PEOPLE = 112
GROUPS = 15
EACH = 5


@dataclass(frozen=True, slots=True)
class Run:
    floods: float
    calls: float
    p50: float
    p99: float
    slowest: float
    private: tuple[float, float, float]
    """Edits of a job's message a minute: of the tenth of jobs with the fewest, the middle, the tenth with the most."""
    groups: tuple[float, float, float]
    lost: float
    processor: float


async def one_run(scale: float) -> Run:
    server = TelegramServer(Config(limits=Limits(scale=scale)))
    base = await server.start()
    try:
        async with TelegramClient(base) as tg:
            people = [await tg.user(f"P{n}") for n in range(PEOPLE)]
            for person in people:
                await person.private().send("/start")
            groups = [await tg.group(f"G{n}", [people[n]]) for n in range(GROUPS)]
            chats = [*(person.id for person in people), *(group.id for group in groups)]
            async with measured("benchmarks.measured.lives", base, server.token, scale, *chats) as bot:
                jobs = (await bot.hear("ready"))["jobs"]
                told = await bot.hear("played")
            views = [person.private() for person in people]
            views += [people[n].in_(group) for n, group in enumerate(groups)]
            shown = [m.text for view in views for m in await view.messages() if m.from_bot]
            refused = server.core.calls.by_status[429]
    finally:
        await server.stop()
    ends = [text for text in shown if text and text.startswith("done ")]
    assert len(ends) == len(set(ends)) <= jobs
    return Run(
        floods=max(refused, told["floods"]),
        calls=told["calls"],
        p50=share(told["delays"], 0.5),
        p99=share(told["delays"], 0.99),
        slowest=max(told["delays"]),
        private=_often(told["often"], True),
        groups=_often(told["often"], False),
        lost=jobs - len(ends),
        processor=told["processor"] * 1000 / told["calls"],
    )


def _often(told: Sequence[Any], private: bool) -> tuple[float, float, float]:
    rates = [edits * 60 / takes for alone, edits, takes in told if alone == private]
    return share(rates, 0.1), share(rates, 0.5), share(rates, 0.9)


async def main(options: argparse.Namespace) -> None:
    runs = [await one_run(options.scale) for _ in range(options.runs)]

    line = partial(report.column, runs)
    shared = [
        report.line(f"edits of progress in {where}, {which}", [getattr(run, name)[at] for run in runs], "a minute")
        for where, name in (("private chats", "private"), ("groups", "groups"))
        for at, which in enumerate(("the tenth with the fewest", "median", "the tenth with the most"))
    ]
    report.show(
        "200 jobs at a Telegram that enforces its limits",
        [
            line("calls refused for a flood (429)", "floods", "", goal="0"),
            line("results lost or doubled", "lost", "", goal="0"),
            line("result beyond the later of ready and permitted, p50", "p50", "s"),
            line("result beyond the later of ready and permitted, p99", "p99", "s", goal="≤ 1"),
            line("the slowest of all", "slowest", "s"),
            *shared,
            line("calls in all", "calls", ""),
            line("processor of each call", "processor", "ms"),
        ],
        notes=[
            f"{PEOPLE} private chats, each eighth with two jobs, and {GROUPS} groups with {EACH} each; a job takes 20"
            " to 70 s, and two answers a second go to people meanwhile. Both sides run"
            f" {options.scale:g} times as fast; the seconds are Telegram's, so a delay on this machine counts as many"
            " times."
        ],
    )


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--scale", type=float, default=4.0)
    asked.add_argument("--runs", type=int, default=3)
    uvloop.run(main(asked.parse_args()))
