"""What the drafts table keeps of an order: written and read as before, whichever version wrote it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Input
from bot.domain.orders.order_defaults import Usual
from bot.telegram.inline.choices import Typed
from bot.telegram.orders.draft.draft import OrderDraft

WORD = st.text(max_size=6)
OPTIONS = st.dictionaries(WORD, WORD, max_size=3)
NESTED = st.dictionaries(WORD, OPTIONS, max_size=3)
DRAFTS = st.builds(
    OrderDraft,
    prompt=WORD,
    kind=st.none() | st.sampled_from(Kind),
    model=st.none() | WORD,
    options=OPTIONS,
    wanted=NESTED,
    usual=st.builds(Usual, models=OPTIONS, flags=NESTED, typed=OPTIONS),
    page=st.integers(0, 9),
    inputs=st.lists(st.builds(Input, blob=WORD, mime=WORD, own=WORD, index=st.integers(0, 9)), max_size=2).map(tuple),
    menu=WORD,
    typing=st.booleans(),
    last=st.just({}) | st.fixed_dictionaries({"model": WORD, "options": OPTIONS}),
    before=WORD,
    original=WORD,
    source=WORD,
    ask_first=st.booleans(),
)


def stored_by_hand(draft: OrderDraft) -> dict[str, Any]:
    """As it was written before pydantic wrote it: rows of that time are still read."""
    usual = draft.usual
    flags = {kind: dict(values) for kind, values in usual.flags.items()}
    return {
        "prompt": draft.prompt,
        "kind": draft.kind.value if draft.kind else None,
        "model": draft.model,
        "options": dict(draft.options),
        "wanted": {slug: dict(values) for slug, values in draft.wanted.items()},
        "usual": {"models": dict(usual.models), "flags": flags, "typed": dict(usual.typed)},
        "page": draft.page,
        "inputs": [asdict(each) for each in draft.inputs],
        "menu": draft.menu,
        "typing": draft.typing,
        "last": dict(draft.last),
        "before": draft.before,
        "original": draft.original,
        "source": draft.source,
        "ask_first": draft.ask_first,
        "card": draft.card,
        "any_kind": draft.any_kind,
    }


@given(DRAFTS)
def test_a_draft_is_stored_as_ever_and_comes_back_equal(draft: OrderDraft) -> None:
    stored = draft.to_data()
    assert stored == stored_by_hand(draft)
    assert list(stored) == list(stored_by_hand(draft))
    assert OrderDraft.from_data(stored) == draft


@pytest.mark.parametrize(
    ("stored", "draft"),
    [
        ({}, OrderDraft(prompt="")),
        ({"prompt": "a lake", "kind": "hologram"}, OrderDraft(prompt="a lake")),
        ({"prompt": "a lake", "kind": None, "left_over": 1}, OrderDraft(prompt="a lake")),
        ({"prompt": "a lake", "kind": "video", "usual": {}}, OrderDraft(prompt="a lake", kind=Kind.VIDEO)),
        ({"prompt": "x", "inputs": [{"blob": "b"}]}, OrderDraft(prompt="x", inputs=(Input(blob="b"),))),
    ],
)
def test_rows_of_other_versions_are_read(stored: Mapping[str, Any], draft: OrderDraft) -> None:
    assert OrderDraft.from_data(stored) == draft


@given(st.builds(Typed, text=WORD, quoted=WORD, cut=st.booleans(), anybodys=st.booleans()), st.none() | DRAFTS)
def test_words_typed_inline_are_stored_as_ever(typed: Typed, draft: OrderDraft | None) -> None:
    order = draft.to_data() if draft is not None else None
    typed = Typed(typed.text, typed.quoted, order, typed.cut, typed.anybodys)
    assert typed.to_data() == {
        "text": typed.text,
        "quoted": typed.quoted,
        "order": order,
        "cut": typed.cut,
        "anybodys": typed.anybodys,
    }
    assert Typed.from_data(typed.to_data()) == typed
    assert Typed.from_data({}) == Typed()
