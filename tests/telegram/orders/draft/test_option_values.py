"""Options of every type as flags, with the whole catalogue: read, and refused in a sentence."""

from collections.abc import Mapping

import pytest

from bot.domain.catalog.models import Kind
from bot.domain.catalog.options import valid
from bot.telegram.orders.draft.option_values import Wrong
from bot.telegram.orders.draft.steps import Step, step_of
from bot.telegram.settings.flag_checks import usual_flags
from tests.telegram.options_kit import ALL, card, labels, of_model, order, refusal, refusal_of, tap
from tests.telegram.order_kit import EN, model


@pytest.mark.parametrize(
    ("slug", "text", "options"),
    [
        ("flux_schnell", "--ar 16:9 --seed 42 a lake", {"ar": "16:9", "seed": "42"}),
        ("flux_schnell", "--ar 16x9 a lake", {"ar": "16:9"}),
        ("flux_schnell", "--ar 16/9 a lake", {"ar": "16:9"}),
        ("flux_schnell", "—ar 16х9 a lake", {"ar": "16:9"}),
        ("flux_schnell", "--guidance 3,5 a lake", {"guidance": "3.5"}),
        ("flux_schnell", "--guidance=2.50 a lake", {"guidance": "2.5"}),
        ("flux_schnell", "a lake --n 4 --steps 12", {"n": "4", "steps": "12"}),
        ("flux_schnell", "--seed 4294967295 a lake", {"seed": "4294967295"}),
        ("flux_schnell", "--no-safety a lake", {"no-safety": "on"}),
        ("flux_schnell", "a —no-safety lake", {"no-safety": "on"}),
        ("flux_schnell", "--no-safety=off a lake", {}),
        ("flux_schnell", "--seed random --steps default a lake", {}),
        ("flux_schnell", '--size "square hd" --format png a lake', {"size": "square_hd", "format": "png"}),
        ("dalle", "--size 1792×1024 a lake", {"size": "1792x1024"}),
        ("dalle", "--size 1792x1024 a lake", {"size": "1792x1024"}),
        ("gpt_image", "--quality hi a lake", {"quality": "high"}),
        ("gpt_image", "--quality высокое a lake", {"quality": "high"}),
        ("gpt_image", "--quality auto a lake", {"quality": "auto"}),
    ],
)
def test_flags_of_every_type_are_read(slug: str, text: str, options: Mapping[str, str]) -> None:
    draft = of_model(slug, text)
    assert (draft.prompt, draft.chosen()) == ("a lake", options)
    assert step_of(draft, ALL) is Step.CONFIRM
    assert valid(model(slug), draft.chosen())


def test_a_switch_takes_no_word_of_the_prompt() -> None:
    draft = of_model("flux_schnell", "--no-safety red fox")
    assert (draft.prompt, draft.chosen()) == ("red fox", {"no-safety": "on"})


@pytest.mark.parametrize(
    ("slug", "text", "said"),
    [
        ("flux_schnell", "--steps 50 a lake", ["Steps: “50” is not possible", "whole numbers from 1 to 12"]),
        ("flux_schnell", "--steps 2.5 a lake", ["“2.5” is not possible"]),
        ("flux_schnell", "--n 5 a lake", ["Images: “5” is not possible", "from 1 to 4"]),
        ("flux_schnell", "--n two a lake", ["“two” is not possible"]),
        ("flux_schnell", "--seed 4294967296 a lake", ["Seed", "0 to 4294967295"]),
        ("flux_schnell", "--seed -1 a lake", ["Seed", "0 to 4294967295"]),
        ("flux_schnell", "--ar 17:9 a lake", ["Aspect: there is no “17:9”", "Did you mean: 16:9"]),
        ("flux_schnell", "--ar wide a lake", ["Possible: 1:1, 4:3, 3:4, 16:9, 9:16"]),
        ("flux_schnell", "--ar 1 a lake", ["“1” could be: 1:1, 16:9"]),
        ("gpt_image", "--quality ultra a lake", ["Quality: there is no “ultra”", "Auto, Low, Medium, High"]),
        ("flux_pro", "--steps 4 a lake", ["FLUX Pro has no “Steps”", "FLUX Schnell, FLUX Dev", "has: --n, --ar"]),
        ("minimax", "--ar 16:9 a lake", ["MiniMax has no “Aspect”", "Models with it: Kling"]),
        ("pika", "--quality high a lake", ["Pika has no “Quality”", "GPT Image"]),
        (
            "flux_schnell",
            "--ar 16:9 --size square a lake",
            ["--ar and --size set the same thing of FLUX Schnell", "--ar: 1:1, 4:3", "--size: Square HD"],
        ),
        ("flux_schnell", "--steps a lake", ["“a” is not possible"]),
        ("flux_schnell", "a lake --steps", ["--steps needs a value", "--steps 4"]),
        ("flux_schnell", "--stepps 3 a lake", ["do not know --stepps", "--n, --ar"]),
    ],
)
def test_what_is_not_possible_is_said_with_what_is(slug: str, text: str, said: list[str]) -> None:
    told = refusal_of(slug, text)
    for part in said:
        assert part in told


def test_options_without_a_model_choose_among_those_that_have_all_of_them() -> None:
    draft = order("--seed 7 --steps 30 a lake")
    assert set(draft.wanted) == {"flux_dev", "naive_dev"}
    assert draft.wanted["flux_dev"] == {"seed": "7", "steps": "30"}
    assert order("--quality high a lake").model == "gpt_image"
    assert order("--ar 3:2 a lake").wanted == {"gpt_image": {"ar": "3:2"}, "flash": {"ar": "3:2"}}


def test_prices_are_shown_for_the_typed_options() -> None:
    draft = order("--n 2 --steps 4 a lake")
    assert labels(draft)[:2] == ["⭐ FLUX Schnell · 0.65", "FLUX Dev · 3.24"], "each thing once, where it is cheapest"
    assert "3.24" not in card(draft), "prices stand on the buttons"
    assert "Price: 3.24 credits" in card(tap(draft, "FLUX Dev"))
    alone = order("--n 2 --steps 30 a lake")
    assert alone.model == "flux_dev", "the same thing at another service asks no question"
    assert "Price: 3.24 credits" in card(alone)


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        (
            "--steps 5 --quality high a lake",
            Kind.IMAGE,
            ["No model has all of that together: --steps 5, --quality high", "--quality high: GPT Image"],
        ),
        ("--seed 5 a lake", Kind.VIDEO, ["--seed is not possible here", "FLUX Schnell (/image)"]),
        (
            "--steps 99 a lake",
            Kind.IMAGE,
            [
                "“99” is not possible",
                "from 1 to 12 (FLUX Schnell, Naive Schnell)",
                "from 1 to 50 (FLUX Dev, Naive Dev)",
            ],
        ),
        ("--ar 16:9 --size square a lake", Kind.IMAGE, ["set the same thing"]),
        ("--json a lake", None, ["not possible here", "GPT-5 mini (/ask)"]),
        ("--model gpt a lake", None, ["GPT-5 mini does not make that", "/ask"]),
    ],
)
def test_options_that_no_model_has_together_are_told_one_by_one(text: str, kind: Kind | None, said: list[str]) -> None:
    told = refusal(text, kind)
    for part in said:
        assert part in told


def test_options_of_several_kinds_ask_for_the_kind_first() -> None:
    draft = order("--ar 16:9 a lake", None)
    assert step_of(draft, ALL) is Step.KIND
    assert labels(draft)[:2] == ["🖼 Image", "🎬 Video"]
    assert tap(draft, "🎬 Video").model == "kling"
    assert tap(draft, "🎬 Video").chosen() == {"ar": "16:9"}


def test_flags_to_be_kept_for_a_kind_are_told_of_that_kind_alone() -> None:
    with pytest.raises(Wrong) as refused:
        usual_flags(EN, "--glitter", Kind.IMAGE, ALL.offers)
    assert "--guidance" in refused.value.text
    assert "--style" not in refused.value.text
    assert "--json" not in refused.value.text
