"""The table of commands against everything that goes by it: handlers, menus, /help, texts, the names of models."""

import re
from collections.abc import Iterator

import pytest
from aiogram import Router
from aiogram.filters import Command as Filter

from bot.domain.catalog.models import Kind
from bot.telegram.i18n.texts import Speech
from bot.telegram.ui.command_menus import commands_of
from bot.telegram.ui.commands import (
    BY_NAME,
    MENU_MAX,
    RESERVED,
    TABLE,
    UNLISTED,
    WITHOUT_HANDLER,
    Scope,
    is_command,
)
from tests.drivers.app import easel
from tests.telegram.i18n.test_texts import entries
from tests.telegram.order_kit import AI_NOW, CATALOG, EN, RU

# What people find beside the input field, in their order: a change here is a change of what the bot is for.
PRIVATE = [
    *("image", "video", "music", "edit", "ask", "new", "models", "balance", "ideas"),
    *("jobs", "history", "cancel", "settings"),
    "help",
]
GROUP = ["image", "video", "music", "edit", "ask", "new", "models", "price", "show", "cancel", "help"]
OPERATOR = [
    *("image", "video", "music", "ask", "models", "balance", "jobs", "history", "settings"),
    *("status", "providers", "topup", "users", "admin", "help"),
]
MENUS = {
    Scope.PRIVATE: PRIVATE,
    Scope.GROUPS: GROUP,
    Scope.GROUPS | Scope.GROUP_ADMINS: [*GROUP[:-1], "group", "help"],
    Scope.OPERATORS: OPERATOR,
}
SOLD = frozenset(model.kind for model in CATALOG.models)


async def test_every_command_has_a_handler_and_every_handler_goes_by_the_table(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        handled = set(_commands(world.easel.pump._dispatcher))
    assert handled == set(BY_NAME)


def _commands(router: Router) -> Iterator[str]:
    """The names that the filters of all handlers take. Models come and go: their pattern stands for them."""
    for each in router.chain_tail:
        for handler in each.message.handlers:
            for found in handler.filters or ():
                if isinstance(found.callback, Filter):
                    yield from (name for name in found.callback.commands if isinstance(name, str))


def test_a_name_stands_once() -> None:
    names = [name for each in TABLE for name in each.names]
    assert len(names) == len(set(names))
    assert not set(names) & set(WITHOUT_HANDLER)
    assert set(is_command("preset").commands) == {"preset", "presets"}
    with pytest.raises(KeyError):
        is_command("presents")


def test_no_model_has_the_name_of_a_command() -> None:
    assert set(Kind) <= RESERVED
    assert {model.slug for model in CATALOG.models} & RESERVED == set()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_command_that_people_read_of_is_described_and_nothing_else_is(language: str) -> None:
    described = {key.removeprefix("command-") for key in entries(language) if key.startswith("command-")}
    assert described == {each.name for each in TABLE if each.scopes is not UNLISTED or each.topic is not None}


@pytest.mark.parametrize(("scopes", "wanted"), MENUS.items())
def test_menus_hold_what_people_do_most_in_their_order(scopes: Scope, wanted: list[str]) -> None:
    assert [each.command for each in commands_of(EN, SOLD, scopes)] == wanted


def test_in_groups_some_are_seen_by_their_sender_alone() -> None:
    hidden = {each.command for each in commands_of(EN, SOLD, Scope.GROUPS) if each.is_ephemeral}
    assert hidden == {"models", "price", "cancel", "help"} == {each.name for each in TABLE if each.ephemeral}
    assert not [each for each in commands_of(EN, SOLD, Scope.PRIVATE) if each.is_ephemeral]


@pytest.mark.parametrize("t", [EN, RU])
@pytest.mark.parametrize("scopes", MENUS)
def test_menus_are_short_enough_to_be_read(t: Speech, scopes: Scope) -> None:
    menu = commands_of(t, set(Kind), scopes)
    assert len(menu) <= MENU_MAX == 15
    assert all(re.fullmatch("[a-z0-9_]{1,32}", c.command) and 1 <= len(c.description) <= 256 for c in menu)


@pytest.mark.parametrize("t", [EN, RU])
def test_kinds_that_are_not_sold_are_in_no_menu(t: Speech) -> None:
    few = {c.command for c in commands_of(t, {m.kind for m in AI_NOW}, Scope.PRIVATE)}
    assert few - {each.name for each in TABLE if each.kind is None} == {"video", "music"}


def test_what_concerns_people_with_an_account_only_is_closed_to_others() -> None:
    closed = {each.name for each in TABLE if each.needs_account and each.kind is not Kind.ASK}
    assert closed >= {"balance", "jobs", "settings", "mydata", "forget", "history", "show", "preset"}
    assert {each.name for each in TABLE if each.needs_account and each.kind is Kind.ASK} == {"ask", "new", "retry"}
