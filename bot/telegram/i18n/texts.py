"""Everything the bot says, from locales/*.ftl: one Speech per language, values escaped for HTML by default."""

import html
import logging
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Final

from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.types import fluent_number
from fluent.syntax import ast

from bot.domain.catalog.models import Translations
from bot.domain.money import Credits, to_decimal
from bot.telegram.i18n.html_check import broken

LOCALES: Final = Path(__file__).parent / "locales"
ENGLISH: Final = "en"
"""What another language lacks is said in it."""
GROUPED: Final = 10_000
CODE: Final = re.compile(r"[a-z]{2}(-[a-z]{2})?")
DATE_AND_TIME: Final = "dt"
"""A date in figures and a time without seconds (Bot API, date-time entity formatting)."""
log = logging.getLogger(__name__)


class Html(str):
    """Text that is valid HTML already and is not escaped again."""

    __slots__ = ()


Value = str | int | float


class TextsError(Exception):
    """A language file that cannot be read as written, or in strict mode a text or value that is missing."""


class Speech:
    """One language. `speech(key, **values)` is HTML for messages; `speech.plain(...)` is for buttons and toasts."""

    def __init__(self, language: str, bundle: FluentBundle, *, other: FluentBundle | None, strict: bool) -> None:
        """`other`: the language in which texts are said that this one lacks; None: they are errors."""
        self.language = language
        self._bundle = bundle
        self._other = other
        self._strict = strict
        self._still: dict[str, str] = {}  # texts without values, formatted once

    def __call__(self, key: str, /, **values: Value) -> Html:
        """The text as HTML: str values are escaped unless they are Html; numbers choose plural forms."""
        return Html(self._format(key, {name: _safe(value) for name, value in values.items()}))

    def plain(self, key: str, /, **values: Value) -> str:
        """The text with values as they are: for button labels, toasts and commands, which Telegram never parses."""
        return self._format(key, values)

    def money(self, amount: Credits) -> str:
        """An amount of credits without the word: at most two places, grouped thousands, a proper minus sign."""
        value = to_decimal(amount)
        return ("−" if value < 0 else "") + self.number(abs(value))

    def duration(self, seconds: float) -> str:
        """Like "45 s", "2 min 10 s", "1 h 5 min"; whole seconds, never negative."""
        minutes, rest = divmod(max(0, round(seconds)), 60)
        hours, minutes = divmod(minutes, 60)
        if hours:
            return self.plain("unit-hours" if not minutes else "unit-hours-minutes", hours=hours, minutes=minutes)
        if minutes:
            return self.plain("unit-minutes" if not rest else "unit-minutes-seconds", minutes=minutes, seconds=rest)
        return self.plain("unit-seconds", seconds=rest)

    def about(self, seconds: float) -> str:
        """A duration behind "about": less than a second is "a second"."""
        return self.duration(seconds) if seconds >= 1.5 else self.plain("unit-about-a-second")

    def moment(self, unix: float) -> Html:
        """A moment to the minute for a message: clients show it in their reader's own zone and manner. Those that
        cannot, and readers of a copy, have it in UTC, which is named."""
        return Html(f'<tg-time unix="{int(unix)}" format="{DATE_AND_TIME}">{html.escape(self.when(unix))}</tg-time>')

    def when(self, unix: float) -> str:
        """A moment to the minute in UTC, where there is no markup: on buttons, in toasts and files."""
        moment = datetime.fromtimestamp(unix, UTC)
        return self.plain(
            "unit-moment",
            year=f"{moment:%Y}",
            month=f"{moment:%m}",
            day=f"{moment:%d}",
            time=f"{moment:%H:%M}",
        )

    def title(self, words: Translations) -> str:
        """A text of the catalogue in this language, as it is."""
        return words.of(self.language)

    def has(self, key: str) -> bool:
        """Whether there is such a text."""
        return self._home(key) is not None

    def number(self, value: Decimal) -> str:
        """At most two places, thousands grouped."""
        whole, _, places = f"{value.quantize(Decimal('0.01')):,f}".partition(".")
        whole = whole.replace(",", self.plain("unit-group"))
        places = places.rstrip("0")
        return f"{whole}{self.plain('unit-decimal')}{places}" if places else whole

    def _format(self, key: str, values: Mapping[str, Value]) -> str:
        if not values and key in self._still:
            return self._still[key]
        bundle = self._home(key)
        if bundle is None:
            return self._wrong(key, "there is no such text")
        pattern = bundle.get_message(key).value
        if pattern is None:
            return self._wrong(key, "has no value")
        arguments = {n: _argument(v) for n, v in values.items()}
        text, errors = bundle.format_pattern(pattern, arguments)
        if errors:
            self._wrong(key, "; ".join(map(str, errors)))
            other = self._other if self._other is not None and self._other.has_message(key) else None
            english = other.get_message(key).value if other is not None else None
            if other is not None and english is not None:  # a translation that asks for what it is not given
                text, _ = other.format_pattern(english, arguments)
        if not values:
            self._still[key] = str(text)
        return str(text)

    def _home(self, key: str) -> FluentBundle | None:
        """Where the text is: in this language, else in the other."""
        if self._bundle.has_message(key):
            return self._bundle
        return self._other if self._other is not None and self._other.has_message(key) else None

    def _wrong(self, key: str, problem: str) -> str:
        if self._strict:
            raise TextsError(f"{self.language}: {key}: {problem}")
        log.error("text %s in %s: %s", key, self.language, problem)
        return key


class Texts:
    """All languages: one for each code that the files begin with, named by itself in `language-name`.

    `more` is a folder with further files. `strict` (tests) raises TextsError for a missing text or value instead of
    logging it; what a language lacks and English has is no error. Raises TextsError for files that cannot be read as
    written, for tags that Telegram would not take, for a language without a name, and for a default that has no file.
    """

    def __init__(
        self, *, default: str = ENGLISH, strict: bool = False, folder: Path = LOCALES, more: Path | None = None
    ) -> None:
        bundles = _load([folder, *([more] if more is not None else [])])
        english = bundles.get(ENGLISH)
        self._speeches = {
            code: Speech(code, bundle, other=english if bundle is not english else None, strict=strict)
            for code, bundle in bundles.items()
        }
        self.languages: tuple[str, ...] = tuple(self._speeches)
        nameless = [code for code, bundle in bundles.items() if not bundle.has_message("language-name")]
        if nameless:
            raise TextsError(f"{nameless[0]}: language-name is missing, which says what the language calls itself")
        if default not in self._speeches:
            raise TextsError(f"there is no language {default!r}; there are: {', '.join(self.languages)}")
        self._default = self._speeches[default]

    def speaks(self, language: str) -> bool:
        """Whether that language, or the one of a code like "ru-RU", is among them."""
        code = language.replace("_", "-").lower()
        return code in self._speeches or code.split("-")[0] in self._speeches

    def name(self, language: str) -> str:
        """What a language calls itself."""
        return self._speeches[language].plain("language-name")

    def of(self, language: str | None) -> Speech:
        """The speech of a language or a code like "ru-RU"; the default language for anything unknown."""
        if not language:
            return self._default
        found = self._speeches.get(language)
        if found is None:
            code = language.replace("_", "-").lower()
            found = self._speeches.get(code) or self._speeches.get(code.split("-")[0], self._default)
        return found


@lru_cache(maxsize=256)
def _read(text: str) -> ast.Resource:
    """A file's messages. Reading all files takes half of a start: who starts often in one process reads once."""
    return FluentResource(text)


def _load(folders: Sequence[Path]) -> dict[str, FluentBundle]:
    bundles: dict[str, FluentBundle] = {}
    seen: dict[tuple[str, str], str] = {}
    for folder in folders:
        if not folder.is_dir():
            raise TextsError(f"{folder}: there is no such folder")
    for path in [path for folder in folders for path in sorted(folder.glob("*.ftl"))]:
        language = path.name.split(".", 1)[0].lower()
        if CODE.fullmatch(language) is None:
            raise TextsError(f"{path.name}: does not begin with the code of a language, as de.ftl or pt-br.ftl do")
        resource = _read(_text(path))
        for entry in resource.body:
            if isinstance(entry, ast.Junk):
                raise TextsError(f"{path.name}: cannot be read: {(entry.content or '')[:80]!r}")
            if isinstance(entry, ast.Message):
                before = seen.get((language, entry.id.name))
                if before is not None:
                    raise TextsError(f"{path.name}: {entry.id.name} is also in {before}")
                if path.parent != LOCALES and (problem := broken(entry)):  # tests look at ours
                    raise TextsError(f"{path.name}: {entry.id.name}: {problem}")
                seen[language, entry.id.name] = path.name
        bundle = bundles.get(language)
        if bundle is None:
            bundle = bundles[language] = FluentBundle([language], use_isolating=False)
        bundle.add_resource(resource)
    return bundles


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")  # with or without the mark that some editors put first
    except UnicodeDecodeError:
        raise TextsError(f"{path.name}: not UTF-8") from None


def escape(text: str) -> str:
    """Text made safe inside HTML and its attributes."""
    return html.escape(text, quote=True)


def _safe(value: Value) -> Value:
    return value if isinstance(value, Html) or not isinstance(value, str) else escape(value)


def _argument(value: Value) -> object:
    """Numbers of five digits and more are grouped as the language does it. Ids are texts: 123,456 could not be copied.
    Amounts come formatted by `money`."""
    if isinstance(value, str):
        return str(value)
    return fluent_number(value, useGrouping=abs(value) >= GROUPED)
