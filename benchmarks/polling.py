"""How soon the end of a polled order is known, and at how many requests, against a poll every second.

    python -m benchmarks.polling [--jobs 500] [--runs 3] [--waiting 10000]

Nothing waits for real: the clock is moved on by the waits themselves. Durations are drawn, see `durations`.
"""

import argparse
import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import uvloop

from benchmarks import report
from benchmarks.process import measured
from bot.domain.catalog.models import Makes, Model
from bot.engine.catalog.file import load_catalog
from bot.providers.kit.polling import Looks, Timing

POLLED = ("neuroartist", "naive")
TRIP = 0.1
"""Seconds from a look's start to its answer; the service answers half-way."""
SPREAD, WIDE = 0.25, 0.4
"""Of the logarithm: two thirds of the durations lie within 0.78 to 1.28 times the middle one, and 0.67 to 1.49."""
OUTLIERS = 0.03


def durations(middle: float, count: int, chance: Random, spread: float = SPREAD) -> list[float]:
    """Log-normal around `middle`, and three in a hundred take two to four times as long."""
    drawn = []
    for _ in range(count):
        seconds = middle * math.exp(chance.gauss(0, spread))
        drawn.append(seconds * chance.uniform(2, 4) if chance.random() < OUTLIERS else seconds)
    return drawn


@dataclass(slots=True)
class Followed:
    """The lags in seconds and the number of requests over many orders."""

    lags: list[float]
    requests: int = 0

    @property
    def median(self) -> float:
        return statistics.median(self.lags)

    @property
    def most(self) -> float:
        return statistics.quantiles(self.lags, n=10)[8]


class Virtual:
    """A clock that its sleepers move on."""

    def __init__(self) -> None:
        self.now = 0.0

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


async def adaptive(model: Model, taken: Sequence[float], learned: float, chance: Random, *, tells: bool) -> Followed:
    """Follows orders that took so long; `tells`: the service says how far it is."""
    found = Followed([])
    for seconds in taken:
        clock = Virtual()
        timing = Timing(clock.clock, clock.clock, clock.sleep, chance.random)
        looks = Looks(learned, 10 * seconds, kind=model.kind, timing=timing)

        async def look(clock: Virtual = clock, seconds: float = seconds) -> float:
            clock.now += TRIP / 2
            done = clock.now / seconds
            clock.now += TRIP / 2
            return done

        done = 0.0
        while done < 1:
            done = await looks.next(look)
            found.requests += 1
            if tells and done < 1:
                looks.heard(int(100 * done) / 100)
        found.lags.append(clock.now - seconds)
    return found


def every_second(taken: Sequence[float]) -> Followed:
    """A look on each second, the first after one."""
    looks = [max(1, math.ceil(seconds - TRIP / 2)) for seconds in taken]
    return Followed([n + TRIP - seconds for n, seconds in zip(looks, taken, strict=True)], sum(looks))


@dataclass(frozen=True, slots=True)
class Case:
    """One way the world may be: how wrong the learned time is, how wide the spread, whether progress is told."""

    wrong: float = 1.0
    spread: float = SPREAD
    tells: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    median: float
    most: float
    share: float
    """Of the requests of a poll every second."""
    plain: float
    """The median lag of that poll."""


async def one_run(models: Sequence[Model], case: Case, jobs: int, seed: int) -> Run:
    chance = Random(seed)
    ours, plain = Followed([]), Followed([])
    for model in models:
        taken = durations(model.typical_seconds, jobs, chance, case.spread)
        learned = statistics.median(taken) * case.wrong
        mine, fixed = await adaptive(model, taken, learned, chance, tells=case.tells), every_second(taken)
        for total, part in ((ours, mine), (plain, fixed)):
            total.lags += part.lags
            total.requests += part.requests
    return Run(ours.median, ours.most, ours.requests / plain.requests, plain.median)


async def lines(
    what: str, models: Sequence[Model], case: Case, options: argparse.Namespace, *, goal: str = "", brief: bool = False
) -> list[report.Line]:
    runs = [await one_run(models, case, options.jobs, seed) for seed in range(1, options.runs + 1)]
    share_goal = "≤ 0.5" if goal else ""
    told = [
        report.line(f"{what}: lag, median", [run.median for run in runs], "s", goal=goal),
        report.line(f"{what}: requests, of those of that poll", [run.share for run in runs], "×", goal=share_goal),
    ]
    if not brief:
        told[1:1] = [
            report.line(f"{what}: lag, p90", [run.most for run in runs], "s"),
            report.line(f"{what}: lag of a poll every second, median", [run.plain for run in runs], "s"),
        ]
    return told


def polled() -> Iterator[Model]:
    """What the catalogue sells of services that are polled."""
    return (model for model in load_catalog(None).models if model.provider in POLLED)


def _time(model: Model) -> float:
    return model.typical_seconds


async def memory(count: int) -> float:
    """Kilobytes for each order that waits between two looks, its task with it."""
    async with measured("benchmarks.measured.polled", count) as adapter:
        await adapter.hear("ready")
        before = adapter.memory()
        await adapter.hear("waiting", timeout=120)
        return (adapter.memory() - before) * 1000 / count


async def main(options: argparse.Namespace) -> None:
    models = list(polled())
    pictures = [model for model in models if model.kind.makes is Makes.PICTURE]
    films = [model for model in models if model.kind.makes is Makes.VIDEO]
    told = await lines("images", pictures, Case(), options, goal="≤ 0.5")
    told += await lines("video", films, Case(), options, goal="≤ 2")
    for model in (min(pictures, key=_time), max(pictures, key=_time)):
        what = f"images, the model of {model.typical_seconds:g} s alone"
        told += await lines(what, [model], Case(), options, brief=True)
    for what, case in (
        ("learned time half the true one", Case(wrong=0.5)),
        ("learned time twice the true one", Case(wrong=2)),
        ("the same, progress told", Case(wrong=2, tells=True)),
        ("durations spread wider", Case(spread=WIDE)),
    ):
        told += await lines(f"images, {what}", pictures, case, options, brief=True)
        told += await lines(f"video, {what}", films, case, options, brief=True)
    waits = [await memory(options.waiting) for _ in range(options.runs)]
    told.append(report.line(f"memory of each of {options.waiting:,} orders that wait for a look", waits, "kB"))
    note = (
        f"{len(pictures)} image and {len(films)} video models of the catalogue, {options.jobs:,} orders each in every"
        " run. The durations are no recordings of the services, which publish one figure for a model: they are drawn,"
        " by a seed, log-normally around the catalogue's typical time, two thirds within 0.78 to 1.28 of it (0.67 to"
        " 1.49 where spread wider), and three in a hundred take two to four times as long. A look takes 0.1 s."
    )
    report.show("Looks at polled orders", told, notes=[note])


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--jobs", type=int, default=500)
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--waiting", type=int, default=10_000)
    uvloop.run(main(asked.parse_args()))
