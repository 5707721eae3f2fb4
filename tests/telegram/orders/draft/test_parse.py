"""Orders in words: flags of every shape lead to the confirmation or to a sentence that helps."""

import html
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalog.models import Kind
from bot.telegram.i18n.texts import Speech
from bot.telegram.orders.draft.draft import Market, OrderDraft
from bot.telegram.orders.draft.order_request import OrderRequest
from bot.telegram.orders.draft.parse import Wrong, read
from bot.telegram.orders.draft.steps import Step, step_of
from bot.telegram.orders.view.keyboards import order_keyboard
from tests.telegram.order_kit import EN, RU, market_of, model

ALL = market_of()


def order(
    text: str, *, kind: Kind | None = Kind.VIDEO, market: Market = ALL, t: Speech = EN, quoted: str = ""
) -> OrderDraft:
    return read(t, OrderRequest(kind.value if kind else "", text, kind=kind, quoted=quoted), market)


def of_model(slug: str, text: str, *, t: Speech = EN) -> OrderDraft:
    return read(t, OrderRequest(slug, text, model=model(slug)), ALL)


def refusal(text: str, *, kind: Kind | None = Kind.VIDEO, t: Speech = EN) -> str:
    with pytest.raises(Wrong) as wrong:
        order(text, kind=kind, t=t)
    return plain(wrong.value.text)


def plain(markup: str) -> str:
    return html.unescape(re.sub("<[^>]+>", "", markup))


@pytest.mark.parametrize(
    "text",
    [
        "--model pika --style watercolor a lake",
        "a lake --model pika --style watercolor",
        "--style 4 a lake --model Pika",
        "—model pika –style WATERCOLOR a lake",
        "--style=water --model=pik a lake",
        "--model pika --style акварель a lake",
        "--style watercolor a lake",
    ],
)
def test_flags_go_straight_to_the_confirmation(text: str) -> None:
    draft = order(text)
    assert (draft.prompt, draft.model, draft.chosen()) == ("a lake", "pika", {"style": "4"})
    assert step_of(draft, ALL) is Step.CONFIRM


def test_a_models_own_command() -> None:
    assert of_model("pika", "--style 4 a lake").chosen() == {"style": "4"}
    assert of_model("run", "--style forestpunk a lake").chosen() == {"style": "forestpunk"}
    assert step_of(of_model("luma", "a lake"), ALL) is Step.CONFIRM
    assert step_of(of_model("suno", "a lake"), ALL) is Step.CONFIRM
    assert step_of(of_model("pika", "a lake"), ALL) is Step.OPTION


def test_no_style_can_be_typed() -> None:
    for text in ("--style none a lake", "--style нет a lake"):
        draft = of_model("pika", text)
        assert step_of(draft, ALL) is Step.CONFIRM
        assert draft.chosen() == {}


def test_an_exact_value_beats_a_prefix() -> None:
    assert of_model("pika", "--style 3 a lake").chosen() == {"style": "3"}
    assert of_model("run", '--style "3d render" a lake').chosen() == {"style": "3d_render"}
    assert order("--style 3d a lake").model == "pika"
    assert order("--style moody a lake").model == "pika"


def test_plain_text_takes_flags_too() -> None:
    assert order("a lake --style forestpunk", kind=None).model == "run"
    assert step_of(order("a lake", kind=None), ALL) is Step.KIND


def test_a_style_that_both_have_asks_with_prices_and_keeps_it_for_each() -> None:
    draft = order("--style claymation a lake")
    assert step_of(draft, ALL) is Step.MODEL
    rows = order_keyboard(EN, "a" * 13, draft, ALL, last=None, quote=None).inline_keyboard
    assert [b.text for row in rows for b in row] == [
        "⭐ Pika · Claymation · 10",
        "Run · Claymation · 30",
        "‹ Back",
        "Cancel",
    ]
    assert draft.wanted == {"pika": {"style": "6"}, "run": {"style": "claymation"}}


def test_a_style_whose_only_model_is_paused_is_told_unavailable() -> None:
    market = market_of(paused=("run",))
    draft = order("--style forestpunk a lake", market=market)
    assert step_of(draft, market) is Step.MODEL
    assert market.on_sale(draft) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("--model pikka a lake", ["no model “pikka”", "Did you mean: Pika?"]),
        ("--model zzzzzz a lake", ["no model “zzzzzz”", "Possible: Luma, Pika, Run"]),
        ("--model pika --style watercolour a lake", ["Style: there is no “watercolour”", "Did you mean: Watercolor"]),
        ("--model pika --style forestpunk a lake", ["Style: there is no “forestpunk”", "Possible: Anime"]),
        ("--model run --style ab a lake", ["“ab” could be: Abandoned, Abstract Sculpture"]),
        ("--style m a lake", ["“m” could be", "Moody", "Marker Drawing"]),
        ("--style zzzzzz a lake", ["Style: no model here has “zzzzzz”"]),
        ("--model luma --style anime a lake", ["Luma has no “Style”", "Models with it: Pika, Run."]),
        ("--stile anime a lake", ["do not know --stile", "--model, --style"]),
        ("a lake --style", ["--style needs a value", "--style Anime"]),
        ("--style anime --style moody a lake", ["--style is there twice"]),
        ("--model suno a lake", ["Suno does not make that", "/music"]),
        ("--model pika", ["Tell me what to make", "/video a serene lake"]),
        ("", ["Tell me what to make", "/video a serene lake"]),
        ("\u200b\u2060", ["I see no text in it"]),
        ("x" * 2001, ["2001 characters", "at most 2000"]),
        ("--model pika " + "x" * 2001, ["2001 characters", "Pika takes at most 2000"]),
    ],
)
def test_what_is_wrong_is_said_with_what_helps(text: str, said: list[str]) -> None:
    told = refusal(text)
    for part in said:
        assert part in told


def test_a_model_without_the_option_names_those_that_have_it() -> None:
    with pytest.raises(Wrong, match=r"Luma has no “Style”.*Models with it: Pika, Run"):
        of_model("luma", "--style anime a lake")


def test_the_example_names_the_command_that_was_used() -> None:
    with pytest.raises(Wrong, match="/suno a calm piano"):
        of_model("suno", "  ")
    with pytest.raises(Wrong, match="/pika тихое озеро"):
        of_model("pika", "", t=RU)


def test_the_message_replied_to_is_the_prompt() -> None:
    assert order("", quoted="a sea").prompt == "a sea"
    assert order("--style watercolor", quoted="a sea").prompt == "a sea"
    assert order("a lake", quoted="a sea").prompt == "a lake"


def test_a_limit_of_the_only_model_is_told_with_its_name() -> None:
    market = market_of(replace(model("suno"), prompt_limit=3))
    with pytest.raises(Wrong, match="at most 3"):
        order("a lake", kind=Kind.MUSIC, market=market)


FRAGMENTS = st.sampled_from(
    [
        "--model",
        "--style",
        "—style",
        "pika",
        "run",
        "luma",
        "4",
        "anime",
        "3",
        "none",
        "«",
        '"',
        "--",
        "-",
        "a lake",
        "<b>&",
    ]
)


@given(st.lists(st.one_of(FRAGMENTS, st.text(max_size=8)), max_size=8), st.sampled_from([None, *Kind]))
def test_any_text_is_a_draft_or_a_sentence(parts: list[str], kind: Kind | None) -> None:
    for t in (EN, RU):
        try:
            draft = order(" ".join(parts), kind=kind, t=t)
        except Wrong as wrong:
            length = len(wrong.text)
        else:
            length = len(draft.prompt)
            order_keyboard(t, "a" * 13, draft, ALL, last=None, quote=None)
        assert 0 < length <= 4096
