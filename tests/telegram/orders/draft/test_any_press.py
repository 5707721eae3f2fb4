"""Any words, any presses: every reachable step of an order fits Telegram."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.catalog.models import Kind
from bot.domain.catalog.options import valid
from bot.domain.jobs import Input
from bot.domain.money import Credits
from bot.telegram.i18n.texts import Speech
from bot.telegram.orders.draft.draft import OrderDraft
from bot.telegram.orders.draft.option_menu import BadPress
from bot.telegram.orders.draft.order_request import OrderRequest
from bot.telegram.orders.draft.parse import Wrong, read
from bot.telegram.orders.draft.steps import PromptTooLong, Step, auto_select, press, step_of
from bot.telegram.orders.view.texts import order_card
from bot.telegram.ui.callbacks import DraftAction
from tests.telegram.options_kit import ALL, OWN, PHOTO, keyboard, of_model, plain, tap
from tests.telegram.order_kit import CATALOG, EN, RU


@pytest.mark.parametrize("t", [EN, RU])
@pytest.mark.parametrize("inputs", [(), (PHOTO,), (OWN,)])
def test_every_reachable_step_fits_telegram(t: Speech, inputs: tuple[Input, ...]) -> None:
    todo = [
        auto_select(OrderDraft("<b>&" * 500, inputs=inputs), ALL),
        auto_select(OrderDraft("", inputs=inputs or (PHOTO,)), ALL),
    ]
    seen: set[str] = set()
    steps: set[Step] = set()
    while todo and len(seen) < 3000:
        draft = todo.pop()
        if repr(draft) in seen:
            continue
        seen.add(repr(draft))
        steps.add(step_of(draft, ALL))
        assert OrderDraft.from_data(draft.to_data()) == draft
        text = order_card(t, draft, ALL, balance=Credits(5_000_000), note=t("order-requoted"))
        assert len(text) <= 4096
        made = keyboard(draft, t)
        assert len(made) <= 100
        for label, data in made:
            assert len(data.encode()) <= 64
            assert label
            action = DraftAction.unpack(data)
            if action.act not in ("cancel", "ok", "add", "question") and len(draft.chosen()) < 2:
                with suppress(PromptTooLong):  # some models take fewer words
                    todo.append(press(draft, action.act, action.arg, ALL))
    assert steps >= ({Step.CONFIRM, Step.KIND} if inputs == (PHOTO,) else {Step.CONFIRM, Step.MENU})


PARTS = st.sampled_from(
    [f"--{name}" for name in sorted({o.name for m in CATALOG.models for o in m.options})]
    + ["--model", "—ar", "–n", "--ar=", "--n=", "=off", '"', "«", "»", "16:9", "16x9", "4", "0", "3,5", "-1", "1e9"]
    + ["png", "high", "square hd", "none", "default", "random", "flux dev", "gpt", "dalle", "a lake", "<b>&", "٣"]
)

COMMANDS = st.sampled_from([(None, None), *((k, None) for k in Kind), *((None, m) for m in CATALOG.models)])


@settings(max_examples=300)
@given(
    st.lists(st.one_of(PARTS, st.text(max_size=8)), max_size=10),
    COMMANDS,
    st.sampled_from([(), (PHOTO,), (OWN,), (PHOTO, OWN)]),
    st.sampled_from([EN, RU]),
)
def test_any_words_are_a_draft_or_a_sentence(
    parts: list[str], command: tuple[Kind | None, object], inputs: tuple[Input, ...], t: Speech
) -> None:
    kind, chosen = command
    request = OrderRequest("x", " ".join(parts), kind=kind, model=chosen, inputs=inputs)  # type: ignore[arg-type]
    found: OrderDraft | str
    try:
        found = read(t, request, ALL)
    except Wrong as wrong:
        found = plain(wrong.text)
    if isinstance(found, str):
        assert 0 < len(found) <= 4096
        return
    offer = ALL.get(found.model)
    if offer is not None:
        assert valid(offer.model, found.chosen())
    assert len(order_card(t, found, ALL, balance=None)) <= 4096
    keyboard(found, t)


@given(
    st.lists(st.tuples(st.sampled_from(["menu", "val", "step", "type", "page", "back", "last"]), st.text(max_size=9)))
)
def test_no_sequence_of_presses_breaks_the_options(presses: list[tuple[str, str]]) -> None:
    draft = tap(of_model("flux_schnell", "a lake"), "⚙️ Options")
    for act, arg in [*presses, ("menu", "4"), ("step", "4.+"), ("val", "4.12")]:
        try:
            draft = press(draft, act, arg, ALL)
        except (BadPress, PromptTooLong):
            continue
        assert OrderDraft.from_data(draft.to_data()) == draft
        offer = ALL.get(draft.model)
        assert offer is None or valid(offer.model, draft.chosen())
        keyboard(draft)
