"""What a library does where our own code did: processor time of each operation, before and after.

    python -m benchmarks.libraries [--runs 5]

Before and after run in turns, each in a process of its own, so that what else the machine does meets both. The code
before is taken from the history; where there is none (an archive of the source), what stands today is measured alone.
"""

import argparse
import json
import os
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from benchmarks import report
from benchmarks.process import ROOT, folder

CHILD: Final = ROOT / "benchmarks" / "measured" / "libraries.py"


@dataclass(frozen=True, slots=True)
class Comparison:
    title: str
    subject: str
    before: str
    """What the old way is called."""
    after: str
    commit: str = ""
    """The one that brought the library: its parent is measured as before. Empty: this tree measures `other`."""
    other: str = ""


ALL: Final = (
    Comparison(
        "Drafts of orders read and written: pydantic's TypeAdapter", "codecs", "by hand", "TypeAdapter", "3df5d0e"
    ),
    Comparison("What is remembered for a while: cachetools", "caches", "OrderedDict", "cachetools", "a3dcaab"),
    Comparison("A model's Markdown: markdown-it-py", "markdown", "Easel's", "markdown-it-py", other="markdown-it"),
)


def measured(tree: Path, subject: str) -> dict[str, float]:
    """Processor µs of each operation, in a new process. Raises CalledProcessError."""
    env = {**os.environ, "PYTHONPATH": str(tree)}
    done = subprocess.run([sys.executable, "-P", str(CHILD), subject], env=env, capture_output=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def unpacked(commit: str, into: Path) -> bool:
    """Whether the history has the tree before the commit; it is put into the folder then."""
    done = subprocess.run(["git", "archive", f"{commit}^", "bot"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        return False
    with tarfile.open(fileobj=BytesIO(done.stdout)) as tree:
        tree.extractall(into, filter="data")
    return True


def compare(comparison: Comparison, runs: int) -> None:
    """Prints the section."""
    with folder() as old:
        trees = {comparison.after: (ROOT, comparison.other or comparison.subject)}
        if comparison.other:
            trees = {comparison.before: (ROOT, comparison.subject), **trees}
        elif unpacked(comparison.commit, old):
            trees = {comparison.before: (old, comparison.subject), **trees}
        found: dict[str, list[dict[str, float]]] = {way: [] for way in trees}
        for _ in range(runs):
            for way, (tree, subject) in trees.items():
                found[way].append(measured(tree, subject))
    lines: list[report.Line] = []
    ratios: list[str] = []
    unit, factor = ("ms", 1e-3) if comparison.other else ("µs", 1.0)
    for what in found[comparison.after][0]:
        of = {way: report.line(f"{what}: {way}", [run[what] * factor for run in found[way]], unit) for way in found}
        lines += of.values()
        if comparison.before in of:
            times = of[comparison.after].median / of[comparison.before].median
            ratios.append(f"{what} **{times:.2f}×**")
    told = [f"{comparison.after} / {comparison.before}: {'; '.join(ratios)}."] if ratios else []
    report.show(comparison.title, lines, ratios=told)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    for comparison in ALL:
        compare(comparison, args.runs)


if __name__ == "__main__":
    main()
