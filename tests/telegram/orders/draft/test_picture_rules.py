"""Orders with and without pictures: what is offered for them, and which words are missing or unused."""

from dataclasses import replace

import pytest

from bot.domain.catalog.models import Inputs, Kind, Source
from bot.domain.jobs import Input
from bot.telegram.orders.draft.draft import OrderDraft
from bot.telegram.orders.draft.order_request import OrderRequest
from bot.telegram.orders.draft.parse import read
from bot.telegram.orders.draft.steps import Step, step_of
from bot.telegram.orders.view.presenter import awaits_words
from tests.telegram.options_kit import ALL, OWN, PHOTO, card, labels, order, refusal, refusal_of, tap
from tests.telegram.order_kit import EN, RU, market_of, model


def test_plain_text_offers_kinds_that_need_no_picture_and_may_be_a_question() -> None:
    assert labels(order("a lake", None)) == ["🖼 Image", "🎬 Video", "🎵 Music", "💬 Ask", "Cancel"]
    assert "💬 Ask" not in labels(order("--ar 16:9 a lake", None))
    assert "💬 Ask" not in labels(order("", None, inputs=(PHOTO,)))


def test_models_that_work_on_pictures_are_offered_with_a_picture_only() -> None:
    slugs = {o.model.slug for o in ALL.listed(OrderDraft("a lake"))}
    assert slugs.isdisjoint({"upscaler", "birefnet", "flash_edit", "gpt"})
    assert {o.model.slug for o in ALL.listed(OrderDraft("", inputs=(PHOTO,)))} == {"upscaler", "birefnet"}
    assert {o.model.slug for o in ALL.listed(OrderDraft("", inputs=(OWN, OWN)))} == {"flash_edit"}
    foreign = replace(OWN, provider="naive")
    assert {o.model.slug for o in ALL.listed(OrderDraft("", inputs=(foreign,)))} == {"upscaler", "birefnet"}


def test_a_picture_without_a_command_opens_what_is_on_sale_for_it() -> None:
    draft = order("", None, inputs=(PHOTO,))
    assert labels(draft) == ["🔍 Upscale", "✂️ Remove background", "Cancel"]
    assert "What should I do with the picture?" in card(draft)
    done = tap(draft, "🔍 Upscale")
    assert step_of(done, ALL) is Step.CONFIRM
    assert "🖼 1 picture" in card(done)


def test_words_that_a_model_does_not_need_are_told_unused() -> None:
    assert "works without words" in card(order("make it big", Kind.UPSCALE, inputs=(PHOTO,)))
    assert "works without words" not in card(order("", Kind.UPSCALE, inputs=(PHOTO,)))


def test_words_that_are_missing_are_asked_for() -> None:
    draft = order("", Kind.EDIT, inputs=(OWN,))
    assert step_of(draft, ALL) is Step.PROMPT
    assert awaits_words(draft, ALL)
    assert "make it night" in card(draft)
    assert labels(draft)[-2:] == ["‹ Back", "Cancel"]


@pytest.mark.parametrize(
    ("kind", "inputs", "said"),
    [
        (Kind.UPSCALE, (), ["works on a picture", "reply to a picture with /upscale"]),
        (Kind.EDIT, (), ["Nano Banana Edit changes only pictures made by Nano Banana.", "Tap “Edit”"]),
        (Kind.EDIT, (PHOTO,), ["only pictures that were made here by Nano Banana", "/upscale, /cutout"]),
        (Kind.IMAGE, (PHOTO,), ["/image works from words only", "/upscale, /cutout"]),
        (Kind.VIDEO, (PHOTO,), ["/video works from words only"]),
        (Kind.EDIT, (OWN,) * 11, ["1 picture at least and 10 at most, you sent 11"]),
        (Kind.UPSCALE, (PHOTO, PHOTO), ["This takes one picture, you sent 2"]),
    ],
)
def test_pictures_that_do_not_fit_are_told_with_what_does(
    kind: Kind, inputs: tuple[Input, ...], said: list[str]
) -> None:
    told = refusal("make it night", kind, inputs=inputs)
    for part in said:
        assert part in told
    assert refusal("make it night", kind, inputs=inputs, t=RU)


def test_a_model_with_its_own_command_says_it_too() -> None:
    assert "works on a picture" in refusal_of("upscaler", "")
    assert "FLUX Dev works from words only" in refusal_of("flux_dev", "a lake", PHOTO)
    image_to_video = replace(model("kling"), inputs=Inputs(0, 1, "image_url", Source.ANY))
    market = market_of(image_to_video, model("luma"))
    draft = read(EN, OrderRequest("video", "a lake", kind=Kind.VIDEO), market, (PHOTO,))
    assert draft.model == "kling"
    assert len(market.listed(OrderDraft("a lake", Kind.VIDEO))) == 2
