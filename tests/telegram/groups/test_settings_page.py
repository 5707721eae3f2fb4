"""The pages of /group: every model is reachable, every button sets what it says, and forged values set nothing."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.domain.limits.groups import Group, Who
from bot.engine.groups.settings import GroupSettings
from bot.storage.database import Database
from bot.telegram.context.context import Context
from bot.telegram.context.group_cache import Rooms
from bot.telegram.groups.settings import changed
from bot.telegram.groups.settings_page import PAGES, GroupAction, page_of, page_with
from bot.telegram.ui.paging import PER_PAGE
from tests.telegram.order_kit import CATALOG, EN, RU, TEXTS

CTX = cast("Context", SimpleNamespace(shop=SimpleNamespace(models=CATALOG.models), texts=TEXTS))
GROUP = Group(-7)


def over(database: Database) -> Context:
    shop = SimpleNamespace(models=CATALOG.models)
    engine = SimpleNamespace(groups=GroupSettings(database))
    return cast("Context", SimpleNamespace(shop=shop, texts=TEXTS, engine=engine, rooms=Rooms()))


def actions(page: tuple[Any, Any]) -> list[GroupAction]:
    return [GroupAction.unpack(b.callback_data) for row in page[1].inline_keyboard for b in row]


@pytest.mark.parametrize("t", [EN, RU])
async def test_every_button_of_every_page_sets_something_or_opens_a_page(t: Any, database: Database) -> None:
    ctx = over(database)
    for name in ("", *PAGES):
        page = page_of(CTX, t, GROUP, name)
        assert page[0]
        for action in actions(page):
            group = await changed(ctx, GROUP.chat_id, action)
            assert (group is None) == (action.act in ("open", "close")), action
            if group is not None:
                assert await changed(ctx, GROUP.chat_id, action) == group


def test_all_models_are_on_some_page_and_a_switched_one_stays_in_sight() -> None:
    pages = -(-len(CATALOG.models) // PER_PAGE)
    assert pages > 1
    found = [a.arg for n in range(pages) for a in actions(page_of(CTX, EN, GROUP, "models", n)) if a.act == "model"]
    assert found == [model.slug for model in CATALOG.models]
    last = CATALOG.models[-1].slug
    assert page_with(CTX, last) == pages - 1
    off = replace(GROUP, models_off=frozenset({last}))
    keyboard = page_of(CTX, EN, off, "models", 99)[1]
    assert any(b.text.startswith("🚫") for row in keyboard.inline_keyboard for b in row)


async def test_forged_values_set_nothing(database: Database) -> None:
    ctx = over(database)
    for act, arg, to in (
        ("who", "me", ""),
        ("pause", "-1", ""),
        ("pause", "1e9", ""),
        ("language", "xx", ""),
        ("quiet", "maybe", ""),
        ("kind", "video", "perhaps"),
        ("kind", "nothing", "off"),
        ("model", "nothing", "off"),
        ("else", "", ""),
    ):
        assert await changed(ctx, GROUP.chat_id, GroupAction(act=act, arg=arg, to=to)) is None, act
    assert await ctx.engine.groups.of(GROUP.chat_id) == GROUP
    nobody = await changed(ctx, GROUP.chat_id, GroupAction(act="who", arg="nobody"))
    assert nobody is not None
    assert nobody.who is Who.NOBODY
