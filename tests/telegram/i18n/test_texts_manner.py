"""How texts sound, as far as a test can tell: one voice, the same words for money, no word that only programmers know,
no sentence that one has to read twice. docs/writing-texts.md says how to write them."""

import re
from collections.abc import Iterator

import pytest
from fluent.syntax import FluentParser, ast

from bot.telegram.i18n.lengths import without_markup
from bot.telegram.i18n.texts import LOCALES

FORBIDDEN = {
    "ru": {
        r"удержан": "credits are reserved, charged or refunded: «зарезервированы», «списаны», «возвращены»",
        r"\bфлаг": "«параметр»",
        r"\bпресет": "«набор параметров»",
        r"\bцеп[ьи]\b|замкнут": "«временно отключён после сбоев»",
        r"\bкниг": "«учёт»",
        r"\bнам\b|\bнаш[а-я]* (сторон|ошибк|сервис)": "the bot speaks of itself as «я»",
        r"(?<!\d)–|–(?!\d)": "the Russian dash is —",
        r"делается|\bзадани[ея]\b": "an order «выполняется»",
        r"некого|некому попросить": "a riddle",
        r"осталась бы без дела|движущаяся": "a riddle",
    },
    "en": {
        r"\bus\b|\bour (side|service)": "the bot speaks of itself as I",
        r"\bflags?\b": "options",
        r"\bbooks?\b": "accounts",
        r"\bis not to be had\b|\bshall\b": "not how people talk",
        r"\bon offer\b": "available",
        r"^as usual$": "default",
        r"\btask\b": "order",
    },
}
LONGEST = 17
"""Words of a sentence. One aims at fifteen; what a person must do and why at times takes two more."""
LONG = {"legal-terms", "legal-privacy"}
"""Texts of law."""


def spoken(language: str) -> Iterator[tuple[str, str]]:
    """Every text in each of its variants: values are `…`, choices are tried one by one."""
    for path in sorted(LOCALES.glob(f"{language}.*.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            if isinstance(entry, ast.Message) and entry.value is not None:
                for variant in _variants(entry.value):
                    yield entry.id.name, without_markup(variant)


def _variants(pattern: ast.Pattern) -> list[str]:
    """The texts that a pattern can become; all choices in it take their first, second, … variant together."""
    widest = max((_choices(element) for element in pattern.elements), default=1)
    return ["".join(_said(element, number) for element in pattern.elements) for number in range(widest)]


def _choices(element: ast.TextElement | ast.Placeable) -> int:
    chosen = element.expression if isinstance(element, ast.Placeable) else None
    return len(chosen.variants) if isinstance(chosen, ast.SelectExpression) else 1


def _said(element: ast.TextElement | ast.Placeable, number: int) -> str:
    if isinstance(element, ast.TextElement):
        return element.value
    if isinstance(element.expression, ast.SelectExpression):
        variants = _variants(element.expression.variants[min(number, len(element.expression.variants) - 1)].value)
        return variants[min(number, len(variants) - 1)]
    return "…"


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"[.!?:;]\s|\n|… (?=[A-ZА-Я])", text) if part.strip()]


@pytest.mark.parametrize("language", FORBIDDEN)
def test_no_word_that_is_not_for_people(language: str) -> None:
    found = {
        (key, why)
        for key, text in spoken(language)
        for pattern, why in FORBIDDEN[language].items()
        if re.search(pattern, text, re.IGNORECASE)
    }
    assert sorted(found) == []


@pytest.mark.parametrize("language", FORBIDDEN)
def test_no_sentence_is_read_twice(language: str) -> None:
    long = {
        f"{key} ({count}): {sentence}"
        for key, text in spoken(language)
        if key not in LONG
        for sentence in sentences(text)
        if (count := len(sentence.split())) > LONGEST
    }
    assert sorted(long) == []


def test_what_a_text_can_become_is_found() -> None:
    resource = FluentParser().parse("a = I have { $n ->\n    [one] one <b>hen</b>\n   *[other] { $n } hens\n }. Look!")
    entry = resource.body[0]
    assert isinstance(entry, ast.Message)
    assert entry.value is not None
    assert _variants(entry.value) == ["I have one <b>hen</b>. Look!", "I have … hens. Look!"]
    assert sentences("I have … hens. Look!") == ["I have … hens", "Look!"]
