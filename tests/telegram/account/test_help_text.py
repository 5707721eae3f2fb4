"""The pages of /help, for each reader: one screen each, every command in its part, nothing that does not work there."""

import re
from collections.abc import Iterator

import pytest

from bot.domain.catalog.models import Kind
from bot.telegram.account.help_text import Reader, help_page, part_named
from bot.telegram.i18n.texts import Speech
from bot.telegram.ui.commands import TABLE, Topic
from bot.telegram.ui.screen import HEIGHT, height
from tests.telegram.order_kit import AI_NOW, CATALOG, EN, RU, many_models, market_of

ALL = market_of(*CATALOG.models).offers
MANY = market_of(*CATALOG.models, *many_models(60)).offers


def readers(t: Speech) -> Iterator[Reader]:
    for offers in (ALL, MANY, market_of(*AI_NOW).offers, ()):
        for group in (False, True):
            for admin in (False, True):
                yield Reader(t, offers, group=group, admin=admin, inline="easel_bot")


def pages(reader: Reader) -> dict[str, str]:
    return {part: help_page(reader, part)[0] for part in ("", *(topic.value for topic in reader.topics))}


@pytest.mark.parametrize("t", [EN, RU])
def test_every_page_is_one_screen(t: Speech) -> None:
    told = [text for reader in readers(t) for text in pages(reader).values()]
    assert [text for text in told if height(text) > HEIGHT] == []


@pytest.mark.parametrize("t", [EN, RU])
def test_every_command_stands_in_its_part(t: Speech) -> None:
    told = pages(Reader(t, ALL, admin=True))
    for each in TABLE:
        if each.topic is not None and each.kind in (None, *Reader(t, ALL).sold):
            assert re.search(rf"^/{each.name} — \w", told[each.topic.value], re.MULTILINE), each.name


@pytest.mark.parametrize("t", [EN, RU])
def test_in_a_group_nothing_is_told_that_does_not_work_there(t: Speech) -> None:
    told = " ".join(pages(Reader(t, ALL, group=True, admin=True)).values())
    assert [each.name for each in TABLE if each.private_only and f"/{each.name}" in told] == []
    assert "/topup" not in told
    assert all(f"/{name} — " in told for name in ("image", "edit", "ask", "models", "price", "show", "cancel", "group"))


def test_what_is_not_sold_is_not_explained() -> None:
    reader = Reader(EN, market_of(*AI_NOW).offers)
    assert Topic.PICTURES not in reader.topics
    assert Topic.CHAT not in reader.topics
    assert "/image" not in " ".join(pages(reader).values())
    assert "I make videos and music from your words." in help_page(reader)[0]
    assert "Nothing can be ordered" in help_page(Reader(EN, ()))[0]


def test_the_parts_are_buttons_and_lead_back() -> None:
    def labels(part: str, *, group: bool = False, admin: bool = False) -> list[str]:
        rows = help_page(Reader(EN, ALL, group=group, admin=admin), part)[1].inline_keyboard
        return [button.text for row in rows for button in row]

    parts = ["Orders", "Your own pictures", "Talk", "Groups and other chats", "Prices and credits"]
    assert labels("") == [*parts, "Your data", "‹ Menu"]
    assert labels("", admin=True) == [*parts, "Your data", "Admin", "‹ Menu"]
    assert labels("", group=True, admin=True) == parts
    assert labels("prices") == ["‹ Back"]
    assert labels("admin") == labels("nothing") == labels("")


def test_a_word_behind_help_names_a_part() -> None:
    reader = Reader(RU, ALL)
    assert [part_named(reader, word) for word in ("prices", "Цены", "заказы", "", "что-то", "admin")] == [
        *("prices", "prices", "orders", "", "", ""),
    ]


def test_the_other_chats_are_told_only_where_orders_are_taken_there() -> None:
    assert "@easel_bot a fox" in help_page(Reader(EN, ALL, inline="easel_bot"), "groups")[0]
    assert "@" not in help_page(Reader(EN, ALL), "groups")[0]
    assert Kind.ASK in Reader(EN, ALL).sold
