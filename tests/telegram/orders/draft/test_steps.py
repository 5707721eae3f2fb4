"""The steps of an order: what is asked, what is skipped, where Back leads, and that no press can break it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from aiogram.types import InlineKeyboardMarkup
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalog.models import Kind
from bot.domain.money import Credits
from bot.telegram.i18n.texts import Speech
from bot.telegram.orders.draft.back import back
from bot.telegram.orders.draft.draft import Market, OrderDraft, last_used, tidy
from bot.telegram.orders.draft.option_menu import BadPress
from bot.telegram.orders.draft.steps import PromptTooLong, Step, auto_select, press, step_of
from bot.telegram.orders.view.keyboards import order_keyboard, quote_fingerprint
from bot.telegram.orders.view.texts import order_card
from bot.telegram.ui.callbacks import DraftAction
from tests.telegram.order_kit import EN, RU, job_of, many_models, market_of, model

ALL = market_of()
ID = "abcdefghijklm"
VIDEO = OrderDraft("a lake", Kind.VIDEO)


def keyboard(draft: OrderDraft, market: Market = ALL, t: Speech = EN) -> InlineKeyboardMarkup:
    offer = market.get(draft.model)
    quote = offer.price if offer is not None and offer.available and step_of(draft, market) is Step.CONFIRM else None
    return order_keyboard(t, ID, draft, market, last=None, quote=quote)


def buttons(markup: InlineKeyboardMarkup) -> Iterator[tuple[str, str]]:
    for row in markup.inline_keyboard:
        for b in row:
            assert b.callback_data is not None
            yield b.text, b.callback_data


def labels(draft: OrderDraft, market: Market = ALL, t: Speech = EN) -> list[str]:
    return [label for label, _ in buttons(keyboard(draft, market, t))]


def tap(draft: OrderDraft, label: str, market: Market = ALL) -> OrderDraft:
    data = next(data for text, data in buttons(keyboard(draft, market)) if text == label)
    action = DraftAction.unpack(data)
    return press(draft, action.act, action.arg, market)


def test_a_text_is_asked_what_to_make_of_it() -> None:
    draft = auto_select(OrderDraft("a lake"), ALL)
    assert step_of(draft, ALL) is Step.KIND
    assert labels(draft) == ["🎬 Video", "🎵 Music", "Cancel"]


def test_the_way_from_a_command_to_the_confirmation() -> None:
    draft = auto_select(VIDEO, ALL)
    assert labels(draft) == ["⭐ Pika · 10", "Luma · 30", "Run · 30", "‹ Back", "Cancel"]
    draft = tap(draft, "⭐ Pika · 10")
    assert step_of(draft, ALL) is Step.OPTION
    assert labels(draft)[-3:] == ["No style", "‹ Back", "Cancel"]
    assert len(labels(draft)) == 7 + 3
    draft = tap(draft, "Watercolor")
    assert step_of(draft, ALL) is Step.CONFIRM
    assert draft.chosen() == {"style": "4"}
    assert labels(draft) == ["Confirm · 10", "‹ Back", "Cancel"]


def test_a_model_without_styles_is_confirmed_at_once_and_a_kind_with_one_model_skips_its_step() -> None:
    assert step_of(tap(auto_select(VIDEO, ALL), "Luma · 30"), ALL) is Step.CONFIRM
    music = tap(OrderDraft("a lake"), "🎵 Music")
    assert music.model == "suno"
    assert step_of(music, ALL) is Step.CONFIRM


def test_one_kind_on_sale_is_not_asked_for() -> None:
    only = market_of(model("pika"), model("run"))
    assert step_of(auto_select(OrderDraft("a lake"), only), only) is Step.MODEL
    assert labels(auto_select(OrderDraft("a lake"), only), only) == ["⭐ Pika · 10", "Run · 30", "Cancel"]


def test_no_style_is_an_answer() -> None:
    draft = tap(tap(auto_select(VIDEO, ALL), "⭐ Pika · 10"), "No style")
    assert step_of(draft, ALL) is Step.CONFIRM
    assert draft.chosen() == {}


def test_the_styles_of_run_are_paged_both_ways_and_never_lose_the_place() -> None:
    draft = tap(auto_select(VIDEO, ALL), "Run · 30")
    assert "1/3" in labels(draft)
    assert tap(draft, "1/3") == draft
    last = tap(draft, "‹")
    assert "3/3" in labels(last)
    assert "80s Vaporwave" in labels(last)
    assert "1/3" in labels(tap(last, "›"))
    seen = {x for d in (draft, tap(draft, "›"), last) for x in labels(d)}
    assert {c.title.of("en") for c in model("run").options[0].choices} <= seen
    assert tap(last, "80s Vaporwave").chosen() == {"style": "80s_vaporwave"}


def test_back_retraces_the_steps_that_were_asked() -> None:
    draft = tap(tap(tap(OrderDraft("a lake"), "🎬 Video"), "⭐ Pika · 10"), "Anime")
    steps = []
    current: OrderDraft | None = draft
    while current is not None:
        steps.append(step_of(current, ALL))
        current = back(current, ALL)
    assert steps == [Step.CONFIRM, Step.OPTION, Step.MODEL, Step.KIND]


def test_back_skips_what_was_skipped() -> None:
    music = tap(OrderDraft("a lake"), "🎵 Music")
    earlier = back(music, ALL)
    assert earlier is not None
    assert step_of(earlier, ALL) is Step.KIND
    alone = market_of(model("suno"))
    assert back(auto_select(OrderDraft("a lake"), alone), alone) is None


def test_the_last_used_model_and_style_come_first_as_one_button() -> None:
    last = last_used(job_of("pika", {"style": "4"}), VIDEO, ALL)
    assert last is not None
    markup = order_keyboard(EN, ID, VIDEO, ALL, last=last, quote=None)
    label, data = next(buttons(markup))
    assert label == "↻ Pika · Watercolor · 10"
    action = DraftAction.unpack(data)
    draft = press(replace(VIDEO, last=last.to_data()), action.act, action.arg, ALL)
    assert step_of(draft, ALL) is Step.CONFIRM
    assert draft.chosen() == {"style": "4"}


@pytest.mark.parametrize("options", [{}, {"style": ""}])
def test_last_used_without_a_style_leads_to_the_confirmation_too(options: dict[str, str]) -> None:
    last = last_used(job_of("run", options), VIDEO, ALL)
    assert last is not None
    label, _ = next(buttons(order_keyboard(EN, ID, VIDEO, ALL, last=last, quote=None)))
    assert label == "↻ Run · 30"
    draft = press(replace(VIDEO, last=last.to_data()), "last", "", ALL)
    assert step_of(draft, ALL) is Step.CONFIRM


def test_what_was_used_last_is_not_offered_when_it_cannot_be_ordered() -> None:
    job = job_of("pika", {"style": "4"})
    assert last_used(job, VIDEO, market_of(paused=("pika",))) is None
    assert last_used(job_of("pika", {"style": "99"}), VIDEO, ALL) is None
    assert last_used(job_of("gone", {}), VIDEO, ALL) is None
    assert last_used(job, OrderDraft("x" * 3000, Kind.VIDEO), ALL) is None


def test_a_paused_model_is_named_but_has_no_button() -> None:
    market = market_of(paused=("pika",))
    assert not [label for label in labels(VIDEO, market) if "Pika" in label]
    assert "temporarily unavailable" in order_card(EN, VIDEO, market, balance=None)
    chosen = replace(VIDEO, model="pika")
    assert step_of(chosen, market) is Step.CONFIRM
    assert labels(chosen, market) == ["Run · 30", "Luma · 30", "‹ Back", "Cancel"]
    assert tap(chosen, "Luma · 30", market).model == "luma"
    assert "Pika is temporarily unavailable" in order_card(EN, chosen, market, balance=None)


def test_nothing_on_sale_is_said_so() -> None:
    nothing = market_of(paused=("suno", "luma", "pika", "run"))
    assert labels(auto_select(OrderDraft("a lake"), nothing), nothing) == ["Cancel"]
    assert "Nothing can be ordered" in order_card(EN, OrderDraft("a lake"), nothing, balance=None)
    assert "temporarily unavailable" in order_card(EN, VIDEO, nothing, balance=None)


def test_a_long_prompt_is_refused_by_the_model_that_cannot_take_it() -> None:
    short = replace(model("pika"), prompt_limit=5)
    market = market_of(short, model("run"))
    with pytest.raises(PromptTooLong):
        press(VIDEO, "model", "pika", market)
    assert press(VIDEO, "model", "run", market).model == "run"


@pytest.mark.parametrize(
    ("act", "arg"),
    [
        ("model", "gpt"),
        ("model", ""),
        ("model", "pika.99"),
        ("model", "pika.0.0"),
        ("model", "pika.²"),
        ("model", "suno"),
        ("opt", "0.1"),
        ("kind", "video"),
        ("last", ""),
        ("menu", ""),
        ("val", "0.1"),
        ("page", "1"),
        ("page", "-1"),
        ("page", "٣"),
        ("page", ""),
        ("ok", "x"),
        ("", ""),
    ],
)
def test_forged_and_stale_presses_are_refused(act: str, arg: str) -> None:
    with pytest.raises(BadPress):
        press(VIDEO, act, arg, ALL)


def test_a_style_pressed_twice_does_not_answer_the_next_question() -> None:
    draft = tap(tap(auto_select(VIDEO, ALL), "⭐ Pika · 10"), "Anime")
    with pytest.raises(BadPress):
        press(draft, "opt", "0.0", ALL)


def test_the_seal_changes_with_whatever_the_confirmation_showed() -> None:
    draft = replace(VIDEO, model="pika", options={"style": "4"})
    seals = {
        quote_fingerprint(draft, Credits(10)),
        quote_fingerprint(draft, Credits(11)),
        quote_fingerprint(replace(draft, model="run"), Credits(10)),
        quote_fingerprint(replace(draft, options={"style": "5"}), Credits(10)),
        quote_fingerprint(replace(draft, prompt="a sea"), Credits(10)),
    }
    assert len(seals) == 5
    assert quote_fingerprint(draft, Credits(10)) == quote_fingerprint(replace(draft, page=3), Credits(10))


@pytest.mark.parametrize("market", [ALL, market_of(*many_models(20))])
@pytest.mark.parametrize("t", [EN, RU])
def test_every_reachable_step_fits_telegram(market: Market, t: Speech) -> None:
    todo = [auto_select(OrderDraft("<b>&" * 500), market)]
    seen: list[OrderDraft] = []
    while todo:
        draft = todo.pop()
        if draft in seen:
            continue
        seen.append(draft)
        text = order_card(t, draft, market, balance=Credits(5_000_000), note=t("order-requoted"))
        assert len(text) <= 4096
        for label, data in buttons(keyboard(draft, market, t)):
            assert len(data.encode()) <= 64
            assert label
            action = DraftAction.unpack(data)
            if action.act not in ("cancel", "ok") and not (action.act == "opt" and len(seen) > 200):
                todo.append(press(draft, action.act, action.arg, market))
    assert {step_of(d, market) for d in seen} >= {Step.MODEL, Step.OPTION, Step.CONFIRM}


@given(st.lists(st.tuples(st.sampled_from(["kind", "model", "opt", "page", "back", "no"]), st.text(max_size=12))))
def test_no_sequence_of_presses_breaks_a_draft(presses: list[tuple[str, str]]) -> None:
    draft = auto_select(OrderDraft("a lake"), ALL)
    for act, arg in presses:
        try:
            draft = press(draft, act, arg, ALL)
        except BadPress:
            continue
        assert OrderDraft.from_data(draft.to_data()) == draft
        keyboard(draft)


@given(st.text(max_size=300))
def test_tidy_keeps_what_can_be_seen_and_drops_what_no_database_takes(text: str) -> None:
    tidied = tidy(text)
    assert tidied == tidied.strip()
    assert "\x00" not in tidied
    tidied.encode()


@pytest.mark.parametrize("blank", ["", "  \n ", "\u200b\u2060", "\u3164", "\u2800 \u00ad", "\ufe0f", "\x00", "\u0301"])
def test_invisible_text_is_no_prompt(blank: str) -> None:
    assert tidy(blank) == ""


@pytest.mark.parametrize("seen", ["a", "озеро", "🌊", "?", "1", "水", "e\u0301", "👩\u200d🚀"])
def test_visible_text_stays(seen: str) -> None:
    assert tidy(f" {seen}\u0000 ") == seen
