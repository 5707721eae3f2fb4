"""What becomes of the chat model's proposals: the nearest on sale, never anything else, never without a prompt."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalog.models import Choice, Inputs, Kind, Model, Option
from bot.domain.money import Credits
from bot.engine.catalog.shop import Offer
from bot.engine.conversations.create_tool import ProposedOrder, create_tool, read_call
from bot.telegram.chat.tool_calls import draft_of
from bot.telegram.orders.draft.draft import Market, OrderDraft
from bot.telegram.orders.draft.steps import Step, step_of
from tests.telegram.kit import model, words


def styled(slug: str, *titles: str) -> Model:
    choices = tuple(Choice(str(n), words(title)) for n, title in enumerate(titles))
    option = Option("style", words("Style"), choices, step=True)
    return replace(model(slug), options=(option,))


EDIT = replace(model("edit", Kind.IMAGE), inputs=Inputs(1, 1))
MODELS = (
    model("dalle", Kind.IMAGE),
    styled("pika", "Anime", "Watercolor"),
    styled("run", "Watercolor", "Frost"),
    model("suno", Kind.MUSIC),
    EDIT,
    replace(model("gpt", Kind.ASK), units=Decimal(1)),
)
MARKET = Market(tuple(Offer(m, Credits(1), 1.0, m.slug != "suno") for m in MODELS), lambda *_: Credits(1))


def proposed(last: dict[Kind, str] | None = None, **call: str) -> OrderDraft | None:
    return draft_of(ProposedOrder(**call), MARKET, last or {})


@pytest.mark.parametrize(
    ("call", "slug", "options", "prompt"),
    [
        ({"kind": "image"}, "dalle", {}, "a fox"),
        ({"kind": "Image"}, "dalle", {}, "a fox"),
        ({"kind": "images"}, "dalle", {}, "a fox"),
        ({"kind": "video"}, "pika", {"style": ""}, "a fox"),
        ({"kind": "video", "style": "watercolour"}, "pika", {"style": "1"}, "a fox"),
        ({"kind": "video", "style": "frost"}, "run", {"style": "1"}, "a fox"),
        ({"kind": "video", "model": "runn"}, "run", {"style": ""}, "a fox"),
        ({"kind": "image", "model": "Pika"}, "pika", {"style": ""}, "a fox"),
        ({"kind": "video", "model": "sora"}, "pika", {"style": ""}, "a fox"),
        ({"kind": "image", "style": "cubism"}, "dalle", {}, "a fox, cubism"),
    ],
)
def test_the_nearest_is_put_before_the_person(call: dict[str, str], slug: str, options: object, prompt: str) -> None:
    draft = draft_of(ProposedOrder(prompt="a fox", **call), MARKET, {})
    assert draft is not None
    assert (draft.model, draft.options, draft.prompt) == (slug, options, prompt)
    assert step_of(draft, MARKET) is Step.CONFIRM


def test_the_model_used_last_is_preferred_where_it_fits() -> None:
    draft = proposed({Kind.VIDEO: "run"}, kind="video", prompt="a fox")
    assert draft is not None
    assert draft.model == "run"
    draft = proposed({Kind.VIDEO: "run"}, kind="video", prompt="a fox", style="anime")
    assert draft is not None
    assert draft.model == "pika"


def test_a_kind_that_is_not_on_sale_is_asked_for() -> None:
    draft = proposed(kind="music", prompt="a fox")
    assert draft is not None
    assert draft.model is None
    assert step_of(draft, MARKET) is Step.KIND


def test_too_long_a_prompt_is_cut_to_what_the_model_takes() -> None:
    draft = proposed(kind="image", prompt="fox " * 1000)
    assert draft is not None
    assert len(draft.prompt) <= 500


def test_nothing_to_make_is_no_draft() -> None:
    assert proposed(kind="image", prompt=" \u200b") is None
    assert draft_of(ProposedOrder("image", "a fox"), Market((), lambda *_: Credits(1)), {}) is None


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_any_proposal_is_a_draft_of_something_on_sale_or_none(kind: str, prompt: str, model: str, style: str) -> None:
    draft = draft_of(ProposedOrder(kind, prompt, model, style), MARKET, {})
    if draft is not None and draft.model is not None:
        offer = MARKET.get(draft.model)
        assert offer is not None
        assert offer.available
        assert step_of(draft, MARKET) is Step.CONFIRM


def test_the_tool_names_what_is_on_sale_and_nothing_else() -> None:
    tool = create_tool([o.model for o in MARKET.offers if o.available])
    assert tool is not None
    schema = json.loads(json.dumps(tool.parameters))
    assert schema["properties"]["kind"]["enum"] == ["image", "video"]
    assert schema["properties"]["model"]["enum"] == ["dalle", "pika", "run"]
    assert "Frost" in schema["properties"]["style"]["description"]
    assert create_tool([EDIT]) is None


@pytest.mark.parametrize(
    "call",
    [
        "",
        "[]",
        "null",
        '{"name": "launch", "arguments": "{\\"kind\\": \\"image\\"}"}',
        '{"name": "create", "arguments": "{broken"}',
        '{"name": "create", "arguments": "[]"}',
        '{"name": "create", "arguments": 5}',
        '{"name": "create"}',
    ],
)
def test_a_call_that_is_none_proposes_nothing(call: str) -> None:
    assert read_call(call) is None


def test_a_call_with_wrong_types_is_read_as_far_as_it_goes() -> None:
    arguments = json.dumps({"kind": 5, "prompt": " a fox ", "model": None, "style": ["x"]})
    assert read_call(json.dumps({"name": "create", "arguments": arguments})) == ProposedOrder("", "a fox", "", "")
    assert read_call(json.dumps({"name": "create", "arguments": {"prompt": "a fox"}})) == ProposedOrder(prompt="a fox")
