"""Texts of invisible characters count as empty wherever words are taken or shown."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.catalog import options
from bot.domain.catalog.models import Option, OptionType
from bot.domain.notes import note_of
from bot.domain.visible import visible
from bot.engine.conversations.create_tool import read_call
from bot.engine.results.history import words_of
from bot.telegram.chat.markdown.blocks import render
from bot.telegram.chat.texts import answer_parts, preview
from bot.telegram.i18n.texts import Texts
from bot.telegram.orders.draft.draft import tidy
from bot.telegram.orders.draft.option_values import Wrong
from bot.telegram.settings.flag_checks import preset_name
from tests.engine.kit import words
from tests.telegram.kit import job

NOTHING = (
    "",
    " \n\t",
    "\u200b",
    "\u2060\u2063\ufeff",
    "\u3164",
    "\u2800 \u2800",
    "\u00ad",
    "\ufe0f",
    "\ufffc",
    "\u202e\u202c",
)
SOMETHING = ("a", "5", "…", "🦊", "👨\u200d👩\u200d👧", "\u200bfox", "é", "漢", "—", "١")


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_to_see(text: str) -> None:
    assert not visible(text)
    assert tidy(text) == ""
    assert note_of(text) == ""
    assert words_of(text) == ()
    assert render(text) == ()
    assert preview(text, {}) == ""
    assert answer_parts(Texts().of("en"), replace(job(1), assets=())) == ()
    style = Option("style", words("style"), type=OptionType.TEXT, maximum=Decimal(100))
    assert options.stored(style, text) == ("" if text == "" else None)
    wish = read_call(f'{{"prompt": "{text.encode("unicode_escape").decode()}"}}')
    assert wish is None or wish.prompt == ""


@pytest.mark.parametrize("text", SOMETHING)
def test_something_to_see(text: str) -> None:
    assert visible(text)
    assert tidy(text) == text
    assert render(text) != ()


def test_a_name_of_fillers_is_no_name_of_a_preset() -> None:
    with pytest.raises(Wrong):
        preset_name(Texts().of("en"), "\u3164\u3164", ())
