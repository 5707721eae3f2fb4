"""A model's tables as monospace text: Telegram's messages have none of their own."""

import re
from typing import Final

from bot.telegram.chat.markdown.spans import spans
from bot.telegram.i18n.lengths import without_markup

COLUMNS: Final = 20
WIDTH: Final = 40
"""Characters to which the cells of a column are padded at most: wider ones stand as they are."""
_RULER: Final = re.compile(r"^\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?$")


def is_table(lines: list[str], at: int) -> bool:
    """Whether a table begins at this line: a row of cells above a ruler."""
    return "|" in lines[at] and at + 1 < len(lines) and len(lines[at + 1]) < 500 and bool(_RULER.match(lines[at + 1]))


def table_text(lines: list[str]) -> str:
    """Rows with their columns one below the other; the ruler becomes a line of dashes."""
    rows = [cells(line) for number, line in enumerate(lines) if number != 1]
    count = min(COLUMNS, max(len(row) for row in rows))
    widths = [min(WIDTH, max((len(row[n]) for row in rows if n < len(row)), default=0)) for n in range(count)]
    shown = [
        " | ".join(cell.ljust(widths[n] if n < count else 0) for n, cell in enumerate(row)).rstrip() for row in rows
    ]
    return "\n".join([shown[0], "-+-".join("-" * width for width in widths), *shown[1:]])


def cells(line: str) -> list[str]:
    """The cells of a row, as plain text."""
    bare = line.strip()
    bare = bare.removeprefix("|")
    bare = bare[:-1] if bare.endswith("|") and not bare.endswith("\\|") else bare
    return [_plain(cell.replace("\\|", "|")) for cell in re.split(r"(?<!\\)\|", bare)]


def _plain(cell: str) -> str:
    return without_markup(spans(cell.strip()))
