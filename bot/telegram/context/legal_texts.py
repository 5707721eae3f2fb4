"""The texts of /terms and /privacy: the operator's own files, checked at the start, or ours."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from bot.telegram.i18n.lengths import MESSAGE_MAX, units
from bot.telegram.i18n.texts import Html, Speech

LARGEST: Final = 64 * 1024
"""Bytes of a file."""
TAGS: Final = frozenset(
    {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "a", "blockquote", "tg-spoiler"}
)
"""What Telegram's HTML has and a text of rules may need (Bot API, formatting options)."""
ATTRIBUTES: Final = {"a": {"href"}, "blockquote": {"expandable"}, "code": {"class"}}
_ENTITY: Final = re.compile(r"&(?!(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_STRAY: Final = re.compile(r"<(?![a-zA-Z/])")


class BadText(ValueError):
    """The file cannot be shown; the text says why."""


@dataclass(frozen=True, slots=True)
class Legal:
    """The operator's texts by language, "" for all; empty: ours are shown."""

    terms: Mapping[str, Html] = field(default_factory=dict)
    privacy: Mapping[str, Html] = field(default_factory=dict)

    def text(self, t: Speech, name: str) -> Html | None:
        """`name`: terms or privacy. None: the operator has none."""
        texts = self.terms if name == "terms" else self.privacy
        return texts.get(t.language, texts.get(""))


def read_texts(path: Path | None, languages: tuple[str, ...]) -> dict[str, Html]:
    """The file, and those for single languages beside it: `rules.html`, `rules.ru.html`. Raises BadText."""
    if path is None:
        return {}
    texts = {"": _read(path)}
    for language in languages:
        beside = path.with_name(f"{path.stem}.{language}{path.suffix}")
        if beside.exists():
            texts[language] = _read(beside)
    return texts


def _read(path: Path) -> Html:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise BadText(f"{path}: larger than {LARGEST} bytes")
        return checked(data.decode("utf-8-sig").strip())
    except OSError as error:
        raise BadText(f"{path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise BadText(f"{path}: not UTF-8") from None
    except BadText as error:
        raise BadText(f"{path}: {error}") from None


def checked(text: str) -> Html:
    """Text that Telegram will take as HTML. Raises BadText."""
    for problem, pattern in (("& must be written &amp;", _ENTITY), ("< must be written &lt;", _STRAY)):
        found = pattern.search(text)
        if found is not None:
            raise BadText(f"line {text.count(chr(10), 0, found.start()) + 1}: {problem}")
    reader = _Reader()
    reader.feed(text)
    reader.close()
    if reader.open:
        raise BadText(f"<{reader.open[-1]}> is never closed")
    shown = "".join(reader.shown)
    if not shown.strip():
        raise BadText("it is empty")
    if units(shown) > MESSAGE_MAX:
        raise BadText(f"{units(shown)} characters; a message has at most {MESSAGE_MAX}")
    return Html(text)


class _Reader(HTMLParser):
    """Tags that Telegram knows, each closed in its order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.shown: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        if tag not in TAGS:
            raise BadText(f"line {line}: Telegram has no <{tag}>")
        strange = {name for name, _ in attrs} - ATTRIBUTES.get(tag, set())
        if strange:
            raise BadText(f"line {line}: <{tag}> has no {', '.join(sorted(strange))}")
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        raise BadText(f"line {self.getpos()[0]}: <{tag}/> is not Telegram's")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            raise BadText(f"line {self.getpos()[0]}: </{tag}> closes nothing")
        self.open.pop()

    def handle_comment(self, data: str) -> None:
        raise BadText(f"line {self.getpos()[0]}: comments are not Telegram's")

    def handle_decl(self, decl: str) -> None:
        raise BadText(f"line {self.getpos()[0]}: <!{decl[:20]}> is not Telegram's")

    def handle_data(self, data: str) -> None:
        self.shown.append(data)
