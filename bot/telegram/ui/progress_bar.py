"""The moving bar of a job: it always creeps on and never claims 100 % before the result is there."""

import math
from typing import Final

from bot.engine.ports import Progress

CELLS: Final = 10
AT_TYPICAL: Final = 0.9
"""Where the bar stands when the typical time has passed; what is left is approached ever more slowly."""
MOST: Final = 0.99


def share(progress: Progress) -> float:
    """0..0.99: what the provider says, else elapsed against typical time, asymptotic once that has passed."""
    if progress.fraction is not None:
        return min(MOST, max(0.0, progress.fraction))
    if progress.typical <= 0:
        return 0.0
    passed = max(0.0, progress.elapsed) / progress.typical
    if passed <= 1:
        return AT_TYPICAL * passed
    return AT_TYPICAL + (MOST - AT_TYPICAL) * (1 - math.exp(1 - passed))


def bar(progress: Progress) -> tuple[str, int]:
    """The bar and its whole per cent, at most 99."""
    part = share(progress)
    full = min(CELLS - 1, int(part * CELLS))
    return "▰" * full + "▱" * (CELLS - full), min(99, int(part * 100))
