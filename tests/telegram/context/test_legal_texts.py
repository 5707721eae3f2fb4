"""The operator's own texts: what Telegram would refuse is found at the start, with its line."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Settings, SettingsError
from bot.storage.database import Database
from bot.telegram.context.legal_texts import BadText, Legal, checked, read_texts
from bot.telegram.i18n.lengths import MESSAGE_MAX, units
from bot.telegram.i18n.texts import Html, Texts
from bot.wiring.safety import safety_of

TEXTS = Texts(strict=True)

GOOD = """<b>Rules</b> &amp; more &lt;3
<a href="https://example.org/?a=1&amp;b=2">here</a> <i>x <u>y</u></i>
<blockquote expandable>long</blockquote> <tg-spoiler>z</tg-spoiler> <code class="language-py">1</code> &#39;"""


def test_telegrams_html_is_taken_as_it_is() -> None:
    assert checked(GOOD) == GOOD


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("<b> </b>", "empty"),
        ("line\n<p>no</p>", "line 2: Telegram has no <p>"),
        ("a\nb & c", "line 2: & must be"),
        ("1 < 2", "< must be"),
        ("<b>open", "<b> is never closed"),
        ("<b><i>x</b></i>", "</b> closes nothing"),
        ("x</b>", "</b> closes nothing"),
        ('<b class="x">x</b>', "<b> has no class"),
        ("a<br/>b", "Telegram|is not"),
        ("<!-- hidden -->x", "< must be"),
        ("x" * (MESSAGE_MAX + 1), "4097 characters"),
        ("&nbsp;", "& must be"),
    ],
)
def test_what_telegram_would_refuse(text: str, why: str) -> None:
    with pytest.raises(BadText, match=why):
        checked(text)


def test_markup_does_not_count() -> None:
    assert checked("<b>" + "x" * MESSAGE_MAX + "</b>")


def test_files_by_language_and_ours_without_any(tmp_path: Path) -> None:
    (tmp_path / "rules.html").write_text("All <b>rules</b>")
    (tmp_path / "rules.ru.html").write_text("Все правила")
    legal = Legal(terms=read_texts(tmp_path / "rules.html", TEXTS.languages))
    assert legal.text(TEXTS.of("en"), "terms") == "All <b>rules</b>"
    assert legal.text(TEXTS.of("ru"), "terms") == "Все правила"
    assert legal.text(TEXTS.of("en"), "privacy") is None
    assert read_texts(None, TEXTS.languages) == {}


@pytest.mark.parametrize("content", [b"\xff\xff", b"<p>x</p>", b"x" * 70_000])
def test_a_bad_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rules.html"
    path.write_bytes(content)
    with pytest.raises(BadText, match=r"rules\.html: "):
        read_texts(path, ("en",))
    with pytest.raises(BadText, match=r"none\.html: No such file"):
        read_texts(tmp_path / "none.html", ("en",))


@pytest.mark.parametrize("language", TEXTS.languages)
@pytest.mark.parametrize("name", ["terms", "privacy"])
def test_our_own_texts_are_good_html_that_fits(language: str, name: str) -> None:
    t = TEXTS.of(language)
    text = Html(f"{t(f'legal-{name}')}\n{t('legal-contact', contact='x' * 200)}")
    assert checked(text) == text
    assert units(text) <= MESSAGE_MAX


async def test_a_bad_file_stops_the_start_with_the_settings_name(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("/(a+)+/\n<p>")
    wrong = (
        ({"terms_file": path}, "TERMS_FILE cannot be used"),
        ({"privacy_file": path}, "PRIVACY_FILE cannot be used"),
        ({"blocked_words_file": path}, "BLOCKED_WORDS_FILE"),
    )
    for changes, said in wrong:
        settings = Settings(_env_file=None, bot_token=SecretStr("1:abc"), **changes)  # type: ignore[arg-type]
        with pytest.raises(SettingsError, match=said):
            safety_of(settings, database, TEXTS.languages)
