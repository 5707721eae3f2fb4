"""The language files agree with each other, values are safe, and numbers and times read right in both languages."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from bot.domain.jobs import Cause
from bot.domain.money import CREDIT, Credits
from bot.telegram.i18n.html_check import broken
from bot.telegram.i18n.texts import LOCALES, Html, Texts, TextsError

LANGUAGES = ("en", "ru")
TEXTS = Texts(strict=True)


class _Variables(Visitor):
    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802  # the library's name
        self.found.add(node.id.name)


def entries(language: str) -> dict[str, set[str]]:
    """Every text of a language with the variables it uses, by key."""
    found: dict[str, set[str]] = {}
    for path in [*LOCALES.glob(f"{language}.ftl"), *LOCALES.glob(f"{language}.*.ftl")]:
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ast.Junk), f"{path.name}: {entry.content}"
            if isinstance(entry, ast.Message):
                assert entry.id.name not in found, f"{entry.id.name} is there twice"
                variables = _Variables()
                variables.visit(entry)
                found[entry.id.name] = variables.found
    return found


def test_all_languages_have_the_same_texts_with_the_same_variables() -> None:
    english, russian = entries("en"), entries("ru")
    assert english.keys() == russian.keys()
    assert len(english) > 40
    differing = {key for key in english if english[key] ^ russian[key]}
    # a label may do without a value that another language needs, never the other way round with an unknown one
    assert differing == set()


def test_files_come_in_pairs() -> None:
    names = {path.name for path in LOCALES.glob("*.ftl")}
    assert {name.partition(".")[2] for name in names if name.startswith("en.")} == {
        name.partition(".")[2] for name in names if name.startswith("ru.")
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cause_has_its_sentence(language: str) -> None:
    speech = TEXTS.of(language)
    assert len({speech(f"job-failed-{cause.value}") for cause in Cause}) == len(Cause)


def test_values_are_escaped_unless_they_are_html() -> None:
    speech = TEXTS.of("en")
    assert speech("job-head", model="<b>&\"'") == "<b>&lt;b&gt;&amp;&quot;&#x27;</b>"
    assert speech("job-head", model=Html("<u>x</u>")) == "<b><u>x</u></b>"
    assert speech.plain("job-button-again", count=1, price="<&>") == "Again · <&>"


def test_no_invisible_isolation_marks_around_values() -> None:
    assert "\u2068" not in TEXTS.of("ru")("job-head", model="x")


@pytest.mark.parametrize(
    ("amount", "english", "russian"),
    [
        (0, "0", "0"),
        (12_500_000, "12.5", "12,5"),
        (10_000, "0.01", "0,01"),
        (1_234_567 * CREDIT + 890_000, "1,234,567.89", "1\u00a0234\u00a0567,89"),
        (-3 * CREDIT, "−3", "−3"),
    ],
)
def test_money(amount: int, english: str, russian: str) -> None:
    assert (TEXTS.of("en").money(Credits(amount)), TEXTS.of("ru").money(Credits(amount))) == (english, russian)


def test_what_a_provider_counts_is_written_alike() -> None:
    left = Decimal("100000.50")
    assert (TEXTS.of("en").number(left), TEXTS.of("ru").number(left)) == ("100,000.5", "100\u00a0000,5")


@pytest.mark.parametrize(
    ("seconds", "english", "russian"),
    [
        (0.2, "0 s", "0 с"),
        (59.7, "1 min", "1 мин"),
        (130, "2 min 10 s", "2 мин 10 с"),
        (3600, "1 h", "1 ч"),
        (7500, "2 h 5 min", "2 ч 5 мин"),
        (-5, "0 s", "0 с"),
    ],
)
def test_durations(seconds: float, english: str, russian: str) -> None:
    assert (TEXTS.of("en").duration(seconds), TEXTS.of("ru").duration(seconds)) == (english, russian)


def test_moments_are_told_in_utc() -> None:
    assert TEXTS.of("en").when(1_700_000_000) == "2023-11-14 22:13 UTC"
    assert TEXTS.of("ru").when(1_700_000_000) == "14.11.2023 22:13 UTC"
    moment = TEXTS.of("en").moment(1_700_000_000.7)
    assert moment == '<tg-time unix="1700000000" format="dt">2023-11-14 22:13 UTC</tg-time>'


@pytest.mark.parametrize(
    ("code", "language"), [("ru", "ru"), ("ru-RU", "ru"), ("RU_ru", "ru"), ("de", "en"), ("", "en"), (None, "en")]
)
def test_languages_are_found_by_code(code: str | None, language: str) -> None:
    assert TEXTS.of(code).language == language
    if language == "en":
        assert Texts(default="ru", strict=True).of(code).language == "ru"


def test_missing_texts_and_values_are_errors_in_tests_and_words_in_production() -> None:
    with pytest.raises(TextsError):
        TEXTS.of("en")("no-such-text")
    with pytest.raises(TextsError):
        TEXTS.of("en")("job-head")
    assert Texts().of("en")("no-such-text") == "no-such-text"


def test_what_a_third_language_lacks_is_said_in_english(tmp_path: Path) -> None:
    (tmp_path / "pt-BR.ftl").write_text(
        "language-name = Português\nunit-group = .\nunit-decimal = ,\nmenu-balance = Saldo\n"
    )
    texts = Texts(strict=True, more=tmp_path)
    assert texts.languages == ("en", "ru", "pt-br")
    assert texts.name("pt-br") == "Português"
    speech = texts.of("pt-BR")
    assert (speech.language, speech.plain("menu-balance")) == ("pt-br", "Saldo")
    assert speech("job-not-charged") == TEXTS.of("en")("job-not-charged")
    assert speech.money(Credits(1_234_500_000)) == "1.234,5"
    assert speech.has("job-not-charged")
    with pytest.raises(TextsError):
        speech("no-such-text")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("notes.ftl", "a = b", "notes.ftl"),
        ("en.more.ftl", "menu-balance = Money", "menu-balance"),
        ("de.ftl", "menu-balance = Guthaben", "language-name"),
        ("de.ftl", "language-name = Fran\xe7ais", "not UTF-8"),
        ("de.ftl", "language-name = D\nmenu-available = <b>{ $available }", "menu-available: <b> is never closed"),
        ("de.ftl", "language-name = D\nmenu-available = { $available }</b>", "</b> closes nothing"),
        ("de.ftl", "language-name = D\njobs-title = { $count ->\n [one] <b>1\n *[other] x\n }", "never closed"),
        ("de.ftl", "language-name = D\nmenu-available = <h1>{ $available }</h1>", "no <h>"),
        ("de.ftl", "language-name = D\nmenu-available = < { $available }", "no <>"),
    ],
)
def test_a_folder_of_ones_own_is_read_as_strictly(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text, encoding="latin-1")
    with pytest.raises(TextsError, match=re.escape(said)):
        Texts(more=tmp_path)
    with pytest.raises(TextsError):
        Texts(default="de")
    with pytest.raises(TextsError):
        Texts(more=tmp_path / "nowhere")


def test_what_a_third_language_gets_wrong_is_said_in_english(tmp_path: Path) -> None:
    wrong = "language-name = Deutsch\nmenu-available = Guthaben { $guthaben }\nmenu-home = { no-such }\n"
    (tmp_path / "de.ftl").write_text(wrong, encoding="utf-8-sig")
    german = Texts(more=tmp_path).of("de")
    assert german("menu-available", available="5") == "Your balance: <b>5</b>"
    assert german.plain("menu-home") == "‹ Menu"
    with pytest.raises(TextsError):
        Texts(more=tmp_path, strict=True).of("de")("menu-available", available="5")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_tag_is_closed_in_every_form(language: str) -> None:
    for path in LOCALES.glob(f"{language}.*.ftl"):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ast.Message) or broken(entry) == "", entry


def test_large_counts_are_grouped_as_amounts_are() -> None:
    cases: dict[str, dict[str, int | str]] = {
        "order-too-long": {"length": 12_345, "limit": 10_000, "model": "Pika"},
        "order-toast-too-long": {"length": 12_345, "limit": 10_000, "model": "Pika"},
        "order-too-long-all": {"length": 12_345, "limit": 4_000},
        "jobs-title": {"count": 12_345},
    }
    for key, values in cases.items():
        assert "12,345" in TEXTS.of("en")(key, **values)
        assert "12\u00a0345" in TEXTS.of("ru")(key, **values)


@pytest.mark.parametrize("broken", ["a = { $", "a = x\na = y", "not a message"])
def test_files_that_cannot_be_read_as_written_stop_the_start(tmp_path: Path, broken: str) -> None:
    (tmp_path / "en.ftl").write_text(broken)
    with pytest.raises(TextsError):
        Texts(folder=tmp_path)
