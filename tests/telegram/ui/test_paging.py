"""Long lists a page at a time."""

from bot.telegram.ui.callbacks import MenuAction
from bot.telegram.ui.paging import PER_PAGE, cut, ring


def labels(total: int, number: int) -> list[tuple[str, str | None]]:
    _, page = cut(range(total), number)
    rows = ring(page, lambda n: MenuAction(act="jobs", arg=str(n)))
    return [(button.text, button.callback_data) for row in rows for button in row]


def test_a_page_beyond_the_last_is_the_last() -> None:
    items = range(PER_PAGE + 3)
    assert list(cut(items, 0)[0]) == list(range(PER_PAGE))
    assert list(cut(items, 1)[0]) == list(cut(items, 99)[0]) == [PER_PAGE, PER_PAGE + 1, PER_PAGE + 2]
    assert list(cut(range(0), 5)[0]) == []


def test_the_last_page_leads_to_the_first_and_one_page_has_no_row() -> None:
    assert labels(PER_PAGE, 0) == []
    assert labels(PER_PAGE + 1, 1) == [("‹", "m:jobs:0"), ("2/2", "m:jobs:1"), ("›", "m:jobs:0")]
    assert labels(2 * PER_PAGE + 1, 0) == [("‹", "m:jobs:2"), ("1/3", "m:jobs:0"), ("›", "m:jobs:1")]
