"""The pages of /group: every model is reachable, every button sets what it says, and forged values set nothing."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.domain.limits.groups import Group, Who
from bot.telegram.context.context import Context
from bot.telegram.groups.settings import change_of
from bot.telegram.groups.settings_page import MODELS_PER_PAGE, PAGES, GroupAction, page_of, page_with
from tests.telegram.order_kit import CATALOG, EN, RU, TEXTS

CTX = cast("Context", SimpleNamespace(shop=SimpleNamespace(models=CATALOG.models), texts=TEXTS))
GROUP = Group(-7)


def actions(page: tuple[Any, Any]) -> list[GroupAction]:
    return [GroupAction.unpack(b.callback_data) for row in page[1].inline_keyboard for b in row]


@pytest.mark.parametrize("t", [EN, RU])
def test_every_button_of_every_page_sets_something_or_opens_a_page(t: Any) -> None:
    for name in ("", *PAGES):
        page = page_of(CTX, t, GROUP, name)
        assert page[0]
        for action in actions(page):
            change = change_of(CTX, action)
            assert (change is None) == (action.act in ("open", "close")), action
            if change is not None:
                assert change(change(GROUP)) == change(GROUP)


def test_all_models_are_on_some_page_and_a_switched_one_stays_in_sight() -> None:
    pages = -(-len(CATALOG.models) // MODELS_PER_PAGE)
    assert pages > 1
    found = [a.arg for n in range(pages) for a in actions(page_of(CTX, EN, GROUP, "models", n)) if a.act == "model"]
    assert found == [model.slug for model in CATALOG.models]
    last = CATALOG.models[-1].slug
    assert page_with(CTX, last) == pages - 1
    off = replace(GROUP, models_off=frozenset({last}))
    keyboard = page_of(CTX, EN, off, "models", 99)[1]
    assert any(b.text.startswith("🚫") for row in keyboard.inline_keyboard for b in row)


def test_forged_values_set_nothing() -> None:
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
        assert change_of(CTX, GroupAction(act=act, arg=arg, to=to)) is None, act
    nobody = change_of(CTX, GroupAction(act="who", arg="nobody"))
    assert nobody is not None
    assert nobody(GROUP).who is Who.NOBODY
