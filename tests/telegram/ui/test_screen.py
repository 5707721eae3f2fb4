"""How many lines of a phone a text takes, and how long lists become pages."""

import pytest

from bot.telegram.i18n.texts import Html
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.screen import HEIGHT, WIDTH, height, screens


@pytest.mark.parametrize(
    ("text", "high"),
    [
        ("", 1),
        ("one\n\ntwo", 3),
        ("x" * WIDTH, 1),
        ("x" * (WIDTH + 1), 2),
        ("x" * (3 * WIDTH), 3),
        (f"{'x' * 30} {'y' * 7}", 1),
        (f"{'x' * 30} {'y' * 8}", 2),
        (f"<b>{'x' * 30}</b> &amp;&amp;&amp;&amp;&amp;&amp;&amp;", 1),
        ("👩" * 19, 1),
        ("👩" * 20, 2),
    ],
)
def test_lines_are_counted_as_a_phone_wraps_them(text: str, high: int) -> None:
    assert height(text) == high


def test_blocks_become_pages_of_one_screen() -> None:
    blocks = [Html(f"block {n}\nand its second line") for n in range(25)]
    pages = screens(blocks, lambda shown: lines(["title", *shown]))
    assert [block for page in pages for block in page] == blocks
    assert all(height(lines(["title", *page])) <= HEIGHT for page in pages)
    assert len(pages) == 3
    assert screens([], lines) == [[]]


def test_a_block_that_is_too_high_stands_alone() -> None:
    high = Html("\n".join("x" for _ in range(HEIGHT + 5)))
    assert screens([Html("a"), high, Html("b")], lines) == [["a"], [high], ["b"]]
