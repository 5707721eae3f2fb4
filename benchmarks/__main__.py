"""Runs every benchmark, one at a time, and writes docs/benchmarks.md: python -m benchmarks [name ...].

With names, only these are run and their sections renewed, if the rest was measured on such a machine too.
"""

import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import report

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
LONGEST = 900
"""Seconds for one of them."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    name: str
    reading: str
    """How its numbers are to be read."""


ALL = (
    Benchmark(
        "ledger",
        "Two durable transactions for each job, its hold and its capture, from 200 callers that each wait for the"
        " answer. Waiting transactions share one COMMIT and one fsync; plain sqlite3 pays for each.",
    ),
    Benchmark(
        "verify",
        "What the bot proves every ten minutes, with the seal that it moves on, and what it proves once a night. The"
        " jobs that moved are spread over all people, so that a third of them is touched.",
    ),
    Benchmark(
        "churn",
        "The whole bot by webhook: each job is a command, a confirmation, a generation of a moment, a download, an"
        " upload and a last word.",
    ),
    Benchmark(
        "latency",
        "The whole bot by webhook. The numbers include every commit on the way: the update in the inbox, the order"
        " with its hold, the claim, and the intent before the provider is called.",
    ),
    Benchmark(
        "crowd",
        "The whole bot, aiogram included. “Upstream at a polled service” are jobs that a service works on and that are"
        " asked about now and then, ever more seldom; meanwhile their bars are edited as the flood limits allow.",
    ),
    Benchmark(
        "flood",
        "The bot's own way to Telegram, over real sockets, to the sandbox's; the lives of the jobs are played, by a"
        " seed. “Permitted” is the first moment at which the chat's limit takes the result: progress and notices sent"
        " after it was ready are no excuse. Results are words here; every second one goes the way of uploads.",
    ),
    Benchmark(
        "strangers",
        "The whole bot by webhook with its default limits. The waiting is from the POST of the question to the bot's"
        " sendMessage. What a stranger sends beyond the throttle is left out; the made-up people are all answered,"
        " after those who were served before.",
    ),
    Benchmark(
        "streams",
        "The AI-Now adapter alone, its simulator silent in another process. In the whole bot a job is added to each"
        " stream: see the jobs upstream above.",
    ),
    Benchmark(
        "polling",
        "The adapters' own code decides when to look, on a clock that the waits move on. The lag is the time from the"
        " end of the work upstream to our knowing it. The learned time is the median of the durations, or half or"
        " twice as much. With the memory, each order has a task of its own and the adapter's generator.",
    ),
    Benchmark(
        "webhook",
        "Every update is an unknown command: it passes all routers down to the last, which answers it. Easel commits"
        " each update to disk before the 200 and notes who wrote; the other two keep nothing. One generator loads all"
        " of them and costs a fraction of what it measures. “Bare aiohttp” receives a POST and makes one, no bot.",
    ),
    Benchmark(
        "libraries",
        "Processor time, before and after in turns, a new process for each run. Before is the code of the history"
        " that the library took the place of; of markdown-it-py the parser is measured alone, and Easel's way with"
        " the HTML that it makes (docs/decisions/0028-our-own-markdown.md).",
    ),
)
HEAD = """# Benchmarks

Written by `make bench` (`python -m benchmarks`): run it again and this page is new. The measured process is always one
of its own and the load comes from another; each number is the median of the runs beside it. What a run is compared with
was measured in the same minutes on the same machine: trust the ratios, not the figures.

Machine: {machine}
"""


def run(benchmark: Benchmark) -> str:
    """Its section of the page. Raises CalledProcessError when it fails."""
    command = [sys.executable, "-m", f"benchmarks.{benchmark.name}"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=LONGEST, check=True)
    tables = done.stdout.replace(f"{report.machine()}\n\n", "").strip()
    return f"{tables}\n\n{benchmark.reading} Command: `python -m benchmarks.{benchmark.name}`\n"


def known() -> dict[str, str]:
    """The sections that the page has; none when another machine measured them."""
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    head = HEAD.format(machine=report.machine()) + "\n"
    if not page.startswith(head):
        return {}
    found = re.finditer(r"(.*?Command: `python -m benchmarks\.(\w+)`\n)\n?", page.removeprefix(head), re.DOTALL)
    return {section[2]: section[1] for section in found}


def main() -> None:
    wanted = sys.argv[1:]
    names = [benchmark.name for benchmark in ALL]
    if unknown := [name for name in wanted if name not in names]:
        sys.exit(f"there is no benchmark {unknown[0]}; there are {', '.join(names)}")
    sections = known() if wanted else {}
    others = not wanted or bool(sections)
    for benchmark in ALL:
        if wanted and benchmark.name not in wanted:
            continue
        began = time.monotonic()
        sections[benchmark.name] = run(benchmark)
        print(sections[benchmark.name])
        print(f"({benchmark.name}: {time.monotonic() - began:.0f} s)\n", flush=True)
    if not others:
        print(f"{PAGE.relative_to(ROOT)} stays: another machine measured the rest")
        return
    ordered = [sections[each.name] for each in ALL if each.name in sections]
    PAGE.write_text("\n".join([HEAD.format(machine=report.machine()), *ordered]), encoding="utf-8")
    print(f"Written to {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
