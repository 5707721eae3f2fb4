"""Long lists a page at a time: ‹ and › ask for pages by number, and any number asked for is answered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from bot.telegram.ui.callbacks import AdminAction
from bot.telegram.ui.keyboards import Rows, button

T = TypeVar("T")

PER_PAGE = 8
FARTHEST = 5_000
"""Pages of a list whose length is not counted."""


@dataclass(frozen=True, slots=True)
class Page:
    """Page `number` (from 0). `more`: there is a next one; `count`: of how many, None where they are not counted."""

    number: int
    more: bool
    count: int | None = None

    @property
    def offset(self) -> int:
        return self.number * PER_PAGE


def wanted(arg: str) -> int:
    """The page number in a button; 0 for anything that is none."""
    return min(int(arg), FARTHEST) if arg.isascii() and arg.isdigit() and len(arg) <= 6 else 0


def page_of(number: int, total: int, size: int = PER_PAGE) -> Page:
    """That page of a counted list, `size` a page, the last one when it does not go so far."""
    count = max(1, -(-total // size))
    number = min(number, count - 1)
    return Page(number, number + 1 < count, count)


def cut(items: Sequence[T], number: int) -> tuple[Sequence[T], Page]:
    """What is on that page of a list in memory, and the page, the last one when it does not go so far."""
    page = page_of(number, len(items))
    return items[page.offset : page.offset + PER_PAGE], page


def ring(page: Page, data: Callable[[int], CallbackData]) -> Rows:
    """The row of ‹ and › of a counted list, where the last page leads to the first; no row when there is one page
    only. `data`: what the button to a page carries."""
    count = page.count or 1
    turns = (
        ((page.number - 1) % count, "‹"),
        (page.number, f"{page.number + 1}/{count}"),
        ((page.number + 1) % count, "›"),
    )
    return [[button(label, data(number)) for number, label in turns]] if count > 1 else []


def turn_row(page: Page, act: str, subject: str = "") -> list[list[InlineKeyboardButton]]:
    """The row of ‹ and ›; no row when there is one page only."""
    row = []
    if page.number > 0:
        row.append(button("‹", AdminAction(act=act, id=subject, arg=str(page.number - 1))))
    if row or page.more:
        where = f"{page.number + 1}/{page.count}" if page.count is not None else str(page.number + 1)
        row.append(button(where, AdminAction(act=act, id=subject, arg=str(page.number))))
    if page.more:
        row.append(button("›", AdminAction(act=act, id=subject, arg=str(page.number + 1))))
    return [row] if row else []


def page_number(arg: str) -> int | None:
    """The page that callback data names: "" is the first; None for what no keyboard of ours says."""
    if not arg:
        return 0
    return int(arg) if arg.isascii() and arg.isdigit() and len(arg) <= 4 else None
