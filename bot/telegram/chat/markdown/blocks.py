"""A model's Markdown as messages that Telegram takes: blocks become HTML, long answers are split between paragraphs.

Headings are bold, tables monospace, rules a dash; what is no known markup stays text, and no marker breaks a message.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.domain.visible import visible
from bot.telegram.chat.markdown.spans import escape, spans
from bot.telegram.chat.markdown.tables import is_table, table_text
from bot.telegram.i18n.lengths import first, units, without_markup

LIMIT: Final = 3_900
"""UTF-16 units of one message: Telegram takes 4,096 after parsing; the rest is for what is added below."""
SOURCE_LIMIT: Final = 28_000
"""Bytes of one message's HTML: the server refuses sources of more than 32 KiB."""
_FENCE: Final = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})\s*(?P<language>[^\s`]*)[^`]*$")
_HEADING: Final = re.compile(r"^ {0,3}#{1,6}\s+(?P<text>.*?)[\s#]*$")
_RULE: Final = re.compile(r"^ {0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$")
_QUOTE: Final = re.compile(r"^ {0,3}(?:>\s?)+")
_ITEM: Final = re.compile(r"^(?P<indent>\s*)(?P<mark>[-*+]|\d{1,9}[.)])\s+(?P<text>\S.*)$")
_LANGUAGE: Final = re.compile(r"[^A-Za-z0-9_+#.-]")
_TASK: Final = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}


@dataclass(frozen=True, slots=True)
class Part:
    """One message: as HTML, and as plain text should Telegram refuse that."""

    html: str
    plain: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is not divided any more. `gap`: what stands between it and the piece before."""

    html: str
    gap: str = "\n"
    heading: bool = False

    @property
    def plain(self) -> str:
        return without_markup(self.html)


def render(text: str) -> tuple[Part, ...]:
    """The messages of an answer, none when nothing of it can be seen. Any text is taken, in linear time."""
    kept = "".join(c for c in text if c in "\n\t" or c.isprintable() or unicodedata.category(c) in ("Zs", "Cf"))
    pieces = list(_pieces(kept.split("\n")))
    return tuple(part for part in _packed(pieces) if visible(part.plain))


def _packed(pieces: list[_Piece]) -> Iterator[Part]:
    page: list[_Piece] = []
    room = source = 0
    for piece in pieces:
        plain = units(piece.plain) + len(piece.gap)
        size = len(piece.html.encode()) + len(piece.gap)
        if page and (room + plain > LIMIT or source + size > SOURCE_LIMIT):
            carried = [page.pop()] if len(page) > 1 and page[-1].heading else []
            yield _part(page)
            page = carried
            room = sum(units(p.plain) + len(p.gap) for p in page)
            source = sum(len(p.html.encode()) + len(p.gap) for p in page)
        page.append(piece)
        room += plain
        source += size
    if page:
        yield _part(page)


def _part(page: list[_Piece]) -> Part:
    whole = "".join((piece.gap if number else "") + piece.html for number, piece in enumerate(page))
    plain = "".join((piece.gap if number else "") + piece.plain for number, piece in enumerate(page))
    return Part(whole, plain)


def _pieces(lines: list[str]) -> Iterator[_Piece]:
    at, gap = 0, "\n"
    while at < len(lines):
        if not lines[at].strip():
            at, gap = at + 1, "\n\n"
            continue
        end, pieces = _block(lines, at)
        for number, piece in enumerate(pieces):
            yield _Piece(piece.html, gap if number == 0 else piece.gap, piece.heading)
        at, gap = end, "\n"


def _block(lines: list[str], at: int) -> tuple[int, list[_Piece]]:
    """The block that begins at a line: where it ends, and its pieces."""
    line = lines[at]
    if fence := _FENCE.match(line):
        return _code(lines, at, fence)
    if (heading := _HEADING.match(line)) and heading["text"]:
        return at + 1, [_Piece(f"<b>{spans(chunk)}</b>", heading=True) for chunk in _chunks(heading["text"])]
    if _RULE.match(line):
        return at + 1, [_Piece("———")]
    if _QUOTE.match(line):
        return _quote(lines, at)
    if is_table(lines, at):
        end = at
        while end < len(lines) and "|" in lines[end]:
            end += 1
        return end, [_Piece(f"<pre>{escape(chunk)}</pre>") for chunk in _chunks(table_text(lines[at:end]), code=True)]
    return _words(lines, at)


def _code(lines: list[str], at: int, fence: re.Match[str]) -> tuple[int, list[_Piece]]:
    mark = fence["fence"]
    end = at + 1
    while end < len(lines) and not _closes(lines[end], mark):
        end += 1
    code = "\n".join(lines[at + 1 : end])
    language = _LANGUAGE.sub("", fence["language"])[:32]
    opening = f'<pre><code class="language-{language}">' if language else "<pre>"
    closing = "</code></pre>" if language else "</pre>"
    chunks = _chunks(code, code=True) if code.strip() else []
    return end + 1, [_Piece(opening + escape(chunk) + closing) for chunk in chunks]


def _closes(line: str, mark: str) -> bool:
    bare = line.strip()
    return len(bare) >= len(mark) and set(bare) == {mark[0]} and len(line) - len(line.lstrip()) <= 3


def _quote(lines: list[str], at: int) -> tuple[int, list[_Piece]]:
    end = at
    said = []
    while end < len(lines) and (found := _QUOTE.match(lines[end])):
        said += _within_quote(lines[end][found.end() :])
        end += 1
    text = "\n".join(said).strip("\n")
    chunks = _chunks(text) if text.strip() else []
    return end, [_Piece(f"<blockquote>{spans(chunk)}</blockquote>") for chunk in chunks]


def _within_quote(line: str) -> list[str]:
    """A line of a quote, whose headings, lists and code Telegram's quotes do not have."""
    if _FENCE.match(line):
        return []
    if (heading := _HEADING.match(line)) and heading["text"]:
        return [f"**{heading['text'].replace('**', '')}**"]
    if item := _ITEM.match(line):
        prefix, text = _item(item)
        return [prefix + text[0]]
    return [line]


def _words(lines: list[str], at: int) -> tuple[int, list[_Piece]]:
    """Lines of words and of lists, up to the next blank line or other block; each item of a list is by itself."""
    runs: list[tuple[str, list[str]]] = []
    end = at
    while end < len(lines) and lines[end].strip() and (end == at or not _starts(lines, end)):
        item = _ITEM.match(lines[end])
        if item is not None:
            runs.append(_item(item))
        elif runs:
            runs[-1][1].append(lines[end])
        else:
            runs.append(("", [lines[end]]))
        end += 1
    pieces: list[_Piece] = []
    for prefix, said in runs:
        chunks = _chunks("\n".join(said))
        pieces += [_Piece((escape(prefix) if n == 0 else "") + spans(chunk)) for n, chunk in enumerate(chunks)]
    return end, pieces


def _starts(lines: list[str], at: int) -> bool:
    line = lines[at]
    if _FENCE.match(line) or _QUOTE.match(line) or _RULE.match(line) or is_table(lines, at):
        return True
    heading = _HEADING.match(line)
    return heading is not None and bool(heading["text"])


def _item(item: re.Match[str]) -> tuple[str, list[str]]:
    mark, text = item["mark"], item["text"]
    task = _TASK.get(text[:4])
    bullet = task or ("• " if mark in "-*+" else f"{mark} ")
    depth = min(6, len(item["indent"].expandtabs(4)) // 2)
    return "  " * depth + bullet, [text[4:] if task else text]


def _chunks(text: str, *, code: bool = False) -> list[str]:
    """The text in pieces of at most LIMIT units: between lines, else (words) sentences, else words, else anywhere."""
    found: list[str] = []
    while units(text) > LIMIT or len(text.encode()) > SOURCE_LIMIT // 6:
        cut = _cut(text, code=code)
        found.append(text[:cut])
        text = text[cut:]
        text = text.removeprefix("\n") if code else text.lstrip()
    return [*found, text] if text.strip() or not found else found


def _cut(text: str, *, code: bool) -> int:
    room = min(LIMIT, SOURCE_LIMIT // 6)
    most = first(text, room)
    while len(most.encode()) > SOURCE_LIMIT // 6:
        most = most[: len(most) * 3 // 4]
    for border in ("\n",) if code else ("\n", ". ", "! ", "? ", "… ", " "):
        found = most.rfind(border)
        if found > len(most) // 3:
            return found + (0 if border in "\n " else 1)
    return len(most)
