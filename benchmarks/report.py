"""How benchmarks tell their results: the machine in one line, medians of runs as a Markdown table."""

import os
import platform
import sqlite3
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One measured thing: its median, the single runs, and its goal in words ("≥ 5,000") or empty."""

    what: str
    median: float
    runs: tuple[float, ...]
    unit: str
    goal: str = ""


def machine() -> str:
    """Processor count, its name, kernel, Python and SQLite: what a number depends on."""
    python = ".".join(map(str, sys.version_info[:3]))
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    kernel = f"{platform.system()} {platform.release()}"
    return f"{cores} cores, {_processor()}, {kernel}, Python {python}, SQLite {sqlite3.sqlite_version}"


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as facts:
            names = [line.partition(":")[2].strip() for line in facts if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.machine()


def line(what: str, runs: Sequence[float], unit: str, *, goal: str = "") -> Line:
    return Line(what, statistics.median(runs), tuple(runs), unit, goal)


def column(runs: Sequence[object], what: str, name: str, unit: str, *, goal: str = "") -> Line:
    """What each of the runs has under that name."""
    return line(what, [getattr(run, name) for run in runs], unit, goal=goal)


def measure(what: str, run: Callable[[], float], *, unit: str, times: int = 3, goal: str = "") -> Line:
    """Runs it so many times; `run` returns its own number."""
    return line(what, [run() for _ in range(times)], unit, goal=goal)


def ratio(of: Line, to: Line) -> str:
    return f"{of.what} / {to.what}: **{of.median / to.median:.2f}×**"


def show(title: str, lines: Sequence[Line], *, ratios: Sequence[str] = (), notes: Sequence[str] = ()) -> None:
    """Prints the section as Markdown."""
    print(f"## {title}\n\n{machine()}\n")
    print("| what | median | runs | goal |\n|---|---:|---|---|")
    for one in lines:
        runs = ", ".join(_number(run) for run in one.runs)
        print(f"| {one.what} | {_number(one.median)} {one.unit} | {runs} | {one.goal} |")
    for text in (*ratios, *notes):
        print(f"\n{text}")
    print()


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}"
