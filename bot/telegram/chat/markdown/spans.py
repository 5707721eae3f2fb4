"""The inline Markdown of a model as Telegram's HTML: bold, italic, struck, code, links. Never unbalanced, linear time.

What is no proper markup stays text: every marker is written as text first, and becomes a tag when its partner comes.
"""

import html
import re
from bisect import bisect_right
from typing import Final

LINK_LOOK: Final = 3_000
"""Characters within which a link must end."""
DEPTH: Final = 8
"""Open markers of one kind that a closing one is compared with."""
_SPECIAL: Final = re.compile(r"[\\`*_~\[!<]")
_TICKS: Final = re.compile(r"`+")
_RUN: Final = re.compile(r"\*+|_+|~+")
_LINK: Final = re.compile(
    r"!?\[(?P<label>[^\[\]\n]{1,500})\]\(\s*<?(?P<url>https?://[^\s<>()/]+\.[^\s<>()]+(?:\([^\s<>()]*\)[^\s<>()]*)*)>?"
    r"(?:\s+\"[^\"\n]{0,200}\")?\s*\)"
)
_AUTOLINK: Final = re.compile(r"<(https?://[^\s<>]{1,2000})>")
_ESCAPABLE: Final = frozenset("\\`*_{}[]()#+-.!|~>\"'&<:")
_TAGS: Final = {"*": "i", "_": "i", "**": "b", "__": "b", "~~": "s"}


def escape(text: str) -> str:
    """Text made safe between tags; quotes stay as they are, for Telegram bounds the length of the source too."""
    return html.escape(text, quote=False)


def spans(text: str, *, links: bool = True) -> str:
    """The text as HTML. Any text is taken."""
    writer = _Writer(text, links=links)
    writer.run()
    return "".join(writer.out)


def left_open(text: str) -> tuple[str, bool]:
    """The last marker that has no partner and so would be seen, and whether the text ends with it; "" for none."""
    writer = _Writer(text, links=True)
    writer.run()
    found = [*writer.loose, *((place, mark) for mark, place in writer.unmatched)]
    if not found:
        return "", False
    place, mark = max(found)
    return mark, "".join(writer.out[place:]) == mark


class _Writer:
    """One pass over the text. `_open` are the markers without a partner yet: their text and their place in `out`."""

    def __init__(self, text: str, *, links: bool) -> None:
        self.out: list[str] = []
        self._text = text
        self._links = links
        self._open: list[tuple[str, int]] = []
        self.loose: list[tuple[int, str]] = []
        """What was written as text although it looks like a marker: its place in `out`, and itself."""
        self._of: dict[str, list[int]] = {"*": [], "_": [], "~": []}
        self._ticks: dict[int, list[int]] = {}
        for run in _TICKS.finditer(text):
            self._ticks.setdefault(len(run.group()), []).append(run.start())

    def run(self) -> None:
        at, text = 0, self._text
        while found := _SPECIAL.search(text, at):
            self.out.append(escape(text[at : found.start()]))
            at = self._special(found.start())
        self.out.append(escape(text[at:]))

    @property
    def unmatched(self) -> list[tuple[str, int]]:
        """The markers without a partner, and their places in `out`."""
        return self._open

    def _special(self, at: int) -> int:
        """Writes what begins at a special character and returns where the text goes on."""
        char = self._text[at]
        match char:
            case "\\":
                return self._escaped(at)
            case "`":
                return self._code(at)
            case "[" | "!":
                return self._link(at)
            case "<":
                return self._autolink(at)
            case _:
                return self._marker(at)

    def _escaped(self, at: int) -> int:
        following = self._text[at + 1 : at + 2]
        if following in _ESCAPABLE and following:
            self.out.append(escape(following))
            return at + 2
        return self._literal(at)

    def _literal(self, at: int, length: int = 1) -> int:
        self.out.append(escape(self._text[at : at + length]))
        return at + length

    def _code(self, at: int) -> int:
        run = _TICKS.match(self._text, at)
        assert run is not None
        length = len(run.group())
        starts = self._ticks.get(length, [])
        index = bisect_right(starts, at)
        if index >= len(starts):
            self.loose.append((len(self.out), run.group()))
            return self._literal(at, length)
        inside = self._text[at + length : starts[index]]
        if len(inside) > 2 and inside[0] == inside[-1] == " ":
            inside = inside[1:-1]
        if not inside.strip():
            return self._literal(at, length)
        self.out.append(f"<code>{escape(inside)}</code>")
        return starts[index] + length

    def _link(self, at: int) -> int:
        found = _LINK.match(self._text, at, at + LINK_LOOK) if self._links else None
        if found is None or not found["label"].strip():
            return self._literal(at)
        self.out.append(f'<a href="{html.escape(found["url"])}">{spans(found["label"], links=False)}</a>')
        return found.end()

    def _autolink(self, at: int) -> int:
        found = _AUTOLINK.match(self._text, at)
        if found is None:
            return self._literal(at)
        self.out.append(escape(found[1]))
        return found.end()

    def _marker(self, at: int) -> int:
        run = _RUN.match(self._text, at)
        assert run is not None
        char, left = run.group()[0], len(run.group())
        opens, closes = self._flanks(char, at, run.end(), left)
        if left > 3 or (char == "~" and left != 2) or not (opens or closes):
            if run.end() == len(self._text) and left <= 3:  # nothing follows: what it would mark is still to come
                self.loose.append((len(self.out), run.group()))
            return self._literal(at, left)
        while left and closes and (found := self._partner(char, left)) is not None:
            left -= self._close(found)
        while left:
            length = 2 if left >= 2 else 1
            if not opens and run.end() == len(self._text):
                self.loose.append((len(self.out), char * length))
            if opens:
                self._of[char].append(len(self._open))
                self._open.append((char * length, len(self.out)))
            self.out.append(char * length)
            left -= length
        return run.end()

    def _flanks(self, char: str, start: int, end: int, length: int) -> tuple[bool, bool]:
        """Whether such a run may open and may close: never at a space, and not within a word where words have it."""
        before, after = self._text[start - 1 : start] if start else "", self._text[end : end + 1]
        opens, closes = bool(after) and not after.isspace(), bool(before) and not before.isspace()
        if char == "_" or (char == "*" and length == 1):
            inside = before.isalnum() and after.isalnum()
            opens, closes = opens and not inside, closes and not inside
        return opens, closes

    def _partner(self, char: str, left: int) -> int | None:
        """Which open marker a closing one of `left` characters belongs to: the nearest as long, else a shorter one; of
        three characters simply the nearest."""
        newest = self._of[char][: -DEPTH - 1 : -1]
        if left > 2:
            return newest[0] if newest else None
        for length in (left, 1):
            for place in newest:
                if len(self._open[place][0]) == length:
                    return place
        return None

    def _close(self, place: int) -> int:
        """Makes tags of the open marker and of its end here; markers opened between the two stay text."""
        marker, index = self._open[place]
        while len(self._open) > place:
            dropped, at = self._open.pop()
            self._of[dropped[0]].pop()
            if len(self._open) > place:  # it stays text
                self.loose.append((at, dropped))
        tag = _TAGS[marker]
        self.out[index] = f"<{tag}>"
        self.out.append(f"</{tag}>")
        return len(marker)
