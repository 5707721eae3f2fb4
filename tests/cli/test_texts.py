"""The page of all texts: every text of every language stands there, values and plural forms filled in."""

import html
import re
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.cli.texts import LINE, SCREEN, Form, forms, messages
from bot.telegram.i18n.texts import LOCALES, Texts

TEXTS = Texts(strict=True)


def shown(key: str, language: str) -> list[Form]:
    _, message = messages([LOCALES])[language][key]
    return list(forms(TEXTS.of(language), key, message))


def test_the_page_has_every_text_of_both_languages_beside_each_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)  # no settings there
    assert main(["texts"]) == 0
    page = capsys.readouterr().out
    rows = dict(re.findall(r"<tr><td><code>([\w-]+)</code></td>(.*?)</tr>", page, flags=re.DOTALL))
    found = messages([LOCALES])
    assert rows.keys() == found["en"].keys()
    assert {row.count("<td>") for row in rows.values()} == {2}
    assert "Сохранено." in rows["settings-saved"]
    assert "Saved." in rows["settings-saved"]
    assert "{ $" not in page
    assert "<b>" in rows["menu-available"], "tags are shown as they work"


def test_every_plural_form_and_every_case_is_shown() -> None:
    orders = [form.shown for form in shown("forget-working", "ru")]
    assert [text.split()[2] + text.split()[3] for text in orders] == [
        "1незавершённый",
        "2незавершённых",
        "5незавершённых",
    ]
    assert "заказа." in orders[1]
    pauses = shown("admin-pause", "en")
    assert len({form.shown for form in pauses}) == len(pauses) >= 6


def test_a_value_that_is_not_known_is_filled_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "de.ftl").write_text("language-name = Deutsch\nmenu-available = Guthaben { $neuartig } <i>!</i>\n")
    _, message = messages([tmp_path])["de"]["menu-available"]
    speech = Texts(more=tmp_path).of("de")
    assert [form.shown for form in forms(speech, "menu-available", message)] == ["Guthaben ‹neuartig› <i>!</i>"]


def test_a_third_language_has_its_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "de.ftl").write_text("language-name = Deutsch\nmenu-balance = Guthaben\n")
    assert main(["texts", "--more", str(tmp_path)]) == 0
    page = capsys.readouterr().out
    assert "<th>de</th>" in page
    assert "Guthaben" in page


def test_lines_are_counted_as_a_small_phone_breaks_them() -> None:
    assert Form("", "x" * LINE).lines == 1
    assert Form("", "<b>" + html.escape("a & b ") * 7 + "</b>").lines == 2
    assert Form("", "one\n\nthree").lines == 3
    assert Form("", "\n" * SCREEN).lines > SCREEN
