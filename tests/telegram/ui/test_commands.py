"""The table of commands against everything that goes by it: handlers, menus, /help, texts, the names of models."""

import re
from collections.abc import Iterator

import pytest
from aiogram import Router
from aiogram.filters import Command as Filter

from bot.domain.catalog.models import Kind
from bot.telegram.account.help_text import help_text
from bot.telegram.i18n.texts import Speech
from bot.telegram.ui.command_menus import commands_of
from bot.telegram.ui.commands import (
    BY_NAME,
    EVERYWHERE,
    RESERVED,
    TABLE,
    UNLISTED,
    WITHOUT_HANDLER,
    Scope,
    is_command,
    listed,
)
from tests.drivers.app import easel
from tests.telegram.i18n.test_texts import entries
from tests.telegram.order_kit import AI_NOW, CATALOG, EN, RU, many_models, market_of

# The order that people know: a new command comes between these and is not written down here.
PRIVATE = [
    *("image", "video", "music", "audio", "3d", "edit", "upscale", "cutout", "ask", "<models>", "new", "retry"),
    *("models", "price", "balance", "jobs", "history", "show", "cancel", "settings", "preset", "help"),
    *("terms", "privacy", "mydata", "forget"),
]
GROUP = [*PRIVATE[:14], "show", "cancel", "help"]
OPERATOR = [
    *PRIVATE,
    *("topup", "debit", "ledger", "users", "job", "refund", "verify", "status", "providers", "ban", "unban"),
]


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
def test_every_listed_command_is_described_and_nothing_else_is(language: str) -> None:
    described = {key.removeprefix("command-") for key in entries(language) if key.startswith("command-")}
    assert described == {each.name for each in TABLE if each.scopes is not UNLISTED} | {"model"}


@pytest.mark.parametrize(
    ("scopes", "wanted"),
    [
        (Scope.PRIVATE, PRIVATE),
        (Scope.GROUPS, GROUP),
        (Scope.GROUPS | Scope.GROUP_ADMINS, [*GROUP, "group"]),
        (Scope.PRIVATE | Scope.OPERATORS, OPERATOR),
    ],
)
def test_lists_have_their_order(scopes: Scope, wanted: list[str]) -> None:
    slugs = [model.slug for model in CATALOG.models[:50]]
    sold = {model.kind for model in CATALOG.models}
    place = wanted.index("<models>")
    expected = [n for n in [*wanted[:place], *slugs, *wanted[place + 1 :]] if n not in set(Kind) - sold]
    found = [each.command for each in commands_of(EN, CATALOG.models, scopes)]
    assert [name for name in found if name in {*PRIVATE, *OPERATOR, *slugs, "group"}] == expected


def test_in_groups_some_are_seen_by_their_sender_alone() -> None:
    hidden = {each.command for each in commands_of(EN, CATALOG.models, EVERYWHERE) if each.is_ephemeral}
    assert hidden == {"models", "price", "cancel", "help"}
    assert not [each for each in commands_of(EN, CATALOG.models, Scope.PRIVATE) if each.is_ephemeral]


@pytest.mark.parametrize("t", [EN, RU])
def test_lists_keep_to_telegrams_limits(t: Speech) -> None:
    long = commands_of(t, [*CATALOG.models, *many_models(60)], Scope.PRIVATE | Scope.OPERATORS)
    assert len(long) <= 100
    assert all(re.fullmatch("[a-z0-9_]{1,32}", c.command) and 1 <= len(c.description) <= 256 for c in long)
    assert {"image", "edit", "upscale", "models", "price", "flux_dev"} <= {c.command for c in long}
    few = {c.command for c in commands_of(t, AI_NOW, Scope.PRIVATE)}
    others = {each.name for each in listed(Scope.PRIVATE) if each.kind is None}
    assert few - others == {"video", "music", *(m.slug for m in AI_NOW)}


@pytest.mark.parametrize("t", [EN, RU])
def test_help_names_every_command_that_people_have(t: Speech) -> None:
    offers = market_of(*CATALOG.models).offers
    sold = {offer.model.kind for offer in offers}
    private = [each.name for each in listed(Scope.PRIVATE) if each.kind is None or each.kind in sold]
    said = help_text(t, offers, group=False)
    assert [name for name in private if name != "help" and f"/{name}" not in said] == []
    in_group = help_text(t, offers, group=True)
    named = [each.name for each in listed(Scope.GROUPS | Scope.GROUP_ADMINS) if each.topic and not each.kind]
    assert re.findall(r"^/(\w+) –", in_group, re.MULTILINE)[-len(named) :] == named
    assert set(named) >= {"models", "price", "show", "cancel", "group"}


def test_what_concerns_people_with_an_account_only_is_closed_to_others() -> None:
    closed = {each.name for each in TABLE if each.needs_account and each.kind is not Kind.ASK}
    assert closed >= {"balance", "jobs", "settings", "mydata", "forget", "history", "show", "preset"}
    assert {each.name for each in TABLE if each.needs_account and each.kind is Kind.ASK} == {"ask", "new", "retry"}
