"""The bar always moves and never claims the end; prompts are cut without breaking a character."""

from itertools import pairwise

import pytest

from bot.engine.ports import Progress, Stage
from bot.telegram.i18n.lengths import shorten, units
from bot.telegram.ui.progress_bar import bar, share


def running(elapsed: float, typical: float = 100.0, fraction: float | None = None) -> Progress:
    return Progress(Stage.RUNNING, elapsed=elapsed, typical=typical, fraction=fraction)


def test_the_bar_creeps_on_for_ever_and_never_arrives() -> None:
    shares = [share(running(elapsed)) for elapsed in range(0, 1500, 10)]
    assert all(later > sooner for sooner, later in pairwise(shares))
    assert shares[0] == 0
    assert shares[10] == pytest.approx(0.9)
    assert bar(running(1e9)) == ("▰▰▰▰▰▰▰▰▰▱", 99)


@pytest.mark.parametrize("fraction", [1.0, 7.0, 0.999])
def test_a_provider_that_says_done_is_not_done(fraction: float) -> None:
    cells, percent = bar(running(1, fraction=fraction))
    assert (cells.endswith("▱"), percent) == (True, 99)


def test_odd_figures_are_harmless() -> None:
    assert bar(running(5, typical=0)) == ("▱" * 10, 0)
    assert bar(running(-5)) == ("▱" * 10, 0)
    assert bar(running(1, fraction=-1)) == ("▱" * 10, 0)


@pytest.mark.parametrize("text", ["🌊" * 50, "a" * 100, "слово " * 30, "👨‍👩‍👧 " * 20])
@pytest.mark.parametrize("limit", range(2, 40))
def test_shortening_keeps_to_the_limit_and_to_whole_characters(text: str, limit: int) -> None:
    cut = shorten(text, limit)
    assert units(cut) <= limit
    assert cut.endswith("…")
    cut.encode()  # no half of a surrogate pair is left


def test_a_cut_prefers_the_end_of_a_word() -> None:
    assert shorten("a serene mountain lake", 20) == "a serene mountain…"
    assert shorten("short", 20) == "short"
