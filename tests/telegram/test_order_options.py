"""Options of every type: as flags, in the menu over the confirmation, and as messages, with the whole catalogue."""

import html
import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.catalog import Inputs, Kind, Source
from bot.domain.jobs import Input
from bot.domain.money import Credits
from bot.domain.options import valid
from bot.telegram.callbacks import DraftAction
from bot.telegram.order_card import order_card
from bot.telegram.order_desk import awaits_words, quote_of
from bot.telegram.order_draft import LIST, OrderDraft, last_used
from bot.telegram.order_flow import PromptTooLong, Step, back, press, settle, step_of
from bot.telegram.order_keyboards import order_keyboard, seal
from bot.telegram.order_options import BadPress, typed
from bot.telegram.order_request import Request, Wrong, read
from bot.telegram.texts import Speech
from tests.telegram.order_kit import CATALOG, EN, RU, job_of, market_of, model

ALL = market_of(*CATALOG.models)
ID = "abcdefghijklm"
PHOTO = Input(blob="b1", mime="image/png")
OWN = Input(own="p/1.png", provider="neuroflash", blob="b2", job_id="j")


def order(text: str, kind: Kind | None = Kind.IMAGE, *, t: Speech = EN, inputs: tuple[Input, ...] = ()) -> OrderDraft:
    return read(t, Request(kind.value if kind else "", text, kind=kind, inputs=inputs), ALL)


def of_model(slug: str, text: str, *inputs: Input) -> OrderDraft:
    return read(EN, Request(slug, text, model=model(slug)), ALL, inputs)


def refusal(text: str, kind: Kind | None = Kind.IMAGE, *, inputs: tuple[Input, ...] = (), t: Speech = EN) -> str:
    with pytest.raises(Wrong) as wrong:
        order(text, kind, inputs=inputs, t=t)
    return plain(wrong.value.text)


def refusal_of(slug: str, text: str, *inputs: Input) -> str:
    with pytest.raises(Wrong) as wrong:
        of_model(slug, text, *inputs)
    return plain(wrong.value.text)


def plain(markup: str) -> str:
    return html.unescape(re.sub("<[^>]+>", "", markup))


def keyboard(draft: OrderDraft, t: Speech = EN) -> list[tuple[str, str]]:
    made = order_keyboard(t, ID, draft, ALL, last=None, quote=quote_of(draft, ALL))
    return [(b.text, b.callback_data or "") for row in made.inline_keyboard for b in row]


def labels(draft: OrderDraft) -> list[str]:
    return [label for label, _ in keyboard(draft)]


def card(draft: OrderDraft, t: Speech = EN) -> str:
    return plain(order_card(t, draft, ALL, balance=Credits(100_000_000)))


def tap(draft: OrderDraft, *taps: str) -> OrderDraft:
    for label in taps:
        data = next((data for text, data in keyboard(draft) if text.startswith(label)), None)
        assert data is not None, (label, labels(draft))
        action = DraftAction.unpack(data)
        draft = press(draft, action.act, action.arg, ALL)
    return draft


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
    draft = order("--n 2 --steps 30 a lake")
    assert labels(draft)[:2] == ["FLUX Dev · 3.24", "Naive Dev · 6"]
    assert "3.24 credits" in card(draft)
    assert "Price: 3.24 credits" in card(tap(draft, "FLUX Dev"))


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
        ("--temperature 1 a lake", None, ["not possible here", "GPT-5 mini (/ask)"]),
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


def test_plain_text_offers_kinds_that_need_no_picture_and_may_be_a_question() -> None:
    assert labels(order("a lake", None)) == ["🖼 Image", "🎬 Video", "🎵 Music", "💬 Ask", "Cancel"]
    assert "💬 Ask" not in labels(order("--ar 16:9 a lake", None))
    assert "💬 Ask" not in labels(order("", None, inputs=(PHOTO,)))


def test_the_confirmation_shows_what_is_set_and_the_price_of_it() -> None:
    said = card(of_model("dalle", "--n 2 --size 1792x1024 a lake"))
    assert "⚙️ Images: 2 · Size: 1792×1024" in said
    assert "Price: 38.4 credits" in said
    assert "⚙️" not in card(of_model("dalle", "a lake"))
    assert "Guidance: 3.5" in card(of_model("flux_dev", "--guidance 3,5 a lake"))
    assert "запросу: 3,5" in card(of_model("flux_dev", "--guidance 3,5 a lake"), RU)


def test_the_menu_of_options_is_there_only_where_there_are_some() -> None:
    assert "⚙️ Options" in labels(of_model("flux_schnell", "a lake"))
    for slug in ("luma", "suno"):
        assert "⚙️ Options" not in labels(of_model(slug, "a lake"))
    assert "⚙️ Options" not in labels(of_model("pika", "--style 4 a lake"))


def test_every_flag_is_a_button_with_its_present_value() -> None:
    draft = tap(of_model("flux_schnell", "--n 2 a lake"), "⚙️ Options")
    assert labels(draft) == [
        "✓ Images: 2",
        "Aspect: as usual",
        "Size: as usual",
        "Seed: random",
        "Steps: 4",
        "Guidance: 3.5",
        "File format: as usual",
        "No safety filter: off",
        "‹ Back",
        "Cancel",
    ]


def test_choices_numbers_and_switches_are_set_by_buttons_and_the_price_follows() -> None:
    draft = tap(of_model("dalle", "a lake"), "⚙️ Options")
    assert "Price: 9.6 credits" in card(draft)
    draft = tap(draft, "Size", "1792×1024")
    assert "Price: 19.2 credits" in card(draft)
    draft = tap(draft, "Images", "3")
    assert "Price: 57.6 credits" in card(draft)
    done = tap(draft, "‹ Back")
    assert done.chosen() == {"size": "1792x1024", "n": "3"}
    assert labels(done)[0] == "Confirm · 57.6"
    reset = tap(draft, "✓ Images", "↺ Default: 1")
    assert reset.chosen() == {"size": "1792x1024"}
    switched = tap(of_model("flux_schnell", "a lake"), "⚙️ Options", "No safety filter")
    assert switched.chosen() == {"no-safety": "on"}
    assert tap(switched, "✓ No safety filter").chosen() == {}


def test_numbers_go_up_and_down_within_their_range_and_stay_open() -> None:
    draft = tap(of_model("flux_dev", "a lake"), "⚙️ Options", "Steps")
    assert tap(draft, "+").chosen() == {"steps": "29"}
    assert tap(draft, "−", "−").chosen() == {"steps": "26"}
    most = tap(draft, "50", "✓ Steps", "+")
    assert most.chosen() == {"steps": "50"}
    assert most.menu == "steps"


def test_what_excludes_each_other_gives_way() -> None:
    draft = tap(of_model("flux_schnell", "--size square a lake"), "⚙️ Options", "Aspect", "16:9")
    assert draft.chosen() == {"ar": "16:9"}


def test_the_seed_of_the_latest_order_comes_back_with_one_tap() -> None:
    draft = replace(tap(of_model("flux_schnell", "a lake"), "⚙️ Options", "Seed"), before="77")
    assert labels(draft) == ["↻ As before: 77", "✏️ Type it", "‹ Back", "Cancel"]
    assert tap(draft, "↻").chosen() == {"seed": "77"}
    assert "↻" not in "".join(labels(replace(draft, before="99999999999")))


def test_a_number_is_typed_into_the_same_message() -> None:
    draft = tap(of_model("flux_schnell", "a lake"), "⚙️ Options", "Seed", "✏️")
    assert awaits_words(draft, ALL)
    assert "send it to me as a message (whole numbers from 0 to 4294967295)" in card(draft)
    for text, value in {"42": "42", " 4294967295 ": "4294967295", "−0": "0"}.items():
        after = typed(draft, model("flux_schnell"), text)
        assert after is not None
        assert (after.chosen(), after.menu, after.typing) == ({"seed": value}, LIST, False)
    for text in ("abc", "1.5", "-1", "9" * 30):
        assert typed(draft, model("flux_schnell"), text) is None
    assert typed(draft, model("flux_schnell"), "random") == replace(draft, menu=LIST, typing=False)


def test_instead_of_a_model_that_is_off_the_nearest_take_over_what_they_can() -> None:
    market = market_of(*CATALOG.models, paused=("flux_dev",))
    draft = read(EN, Request("flux_dev", "--n 2 --steps 30 --ar 16:9 a lake", model=model("flux_dev")), market)
    rows = order_keyboard(EN, ID, draft, market, last=None, quote=None).inline_keyboard
    first = rows[0][0]
    assert (first.text, first.style) == ("Naive Schnell · 0.72", "primary")
    swapped = press(draft, "swap", "naive_schnell", market)
    assert swapped.chosen() == {"n": "2", "ar": "16:9"}
    with pytest.raises(BadPress):
        press(draft, "swap", "pika", market)
    with pytest.raises(BadPress):
        press(draft, "swap", "flux_dev", market)


def test_back_leads_from_the_values_over_the_list_to_the_confirmation() -> None:
    draft = tap(of_model("flux_schnell", "--n 2 a lake"), "⚙️ Options", "Steps")
    listed = back(draft, ALL)
    assert listed is not None
    assert listed.menu == LIST
    confirmation = back(listed, ALL)
    assert confirmation is not None
    assert step_of(confirmation, ALL) is Step.CONFIRM
    assert confirmation.chosen() == {"n": "2"}


@pytest.mark.parametrize(
    ("menu", "act", "arg"),
    [
        ("", "val", "0.2"),
        ("", "menu", "0"),
        (LIST, "val", "0.2"),
        (LIST, "menu", "99"),
        (LIST, "menu", ""),
        ("n", "val", "0.9"),
        ("n", "val", "0.02"),
        ("n", "val", "0."),
        ("n", "val", "0.x"),
        ("n", "val", "1.0"),
        ("n", "step", "0.x"),
        ("ar", "val", "1.99"),
        ("ar", "val", "1.-1"),
        ("ar", "step", "1.+"),
        ("ar", "type", "1"),
        ("seed", "step", "3.+"),
        ("seed", "menu", ""),
        ("gone", "val", "0.1"),
    ],
)
def test_forged_and_stale_presses_of_options_are_refused(menu: str, act: str, arg: str) -> None:
    with pytest.raises(BadPress):
        press(replace(of_model("flux_schnell", "a lake"), menu=menu), act, arg, ALL)


def test_the_seal_covers_options_and_pictures() -> None:
    draft = of_model("flux_schnell", "a lake")
    seals = {
        seal(draft, Credits(1)),
        seal(replace(draft, options={"n": "2"}), Credits(1)),
        seal(replace(draft, inputs=(PHOTO,)), Credits(1)),
        seal(replace(draft, inputs=(PHOTO, PHOTO)), Credits(1)),
        seal(replace(draft, inputs=(OWN,)), Credits(1)),
    }
    assert len(seals) == 5


def test_what_was_used_last_keeps_typed_options_of_every_type() -> None:
    job = replace(job_of("flux_schnell", {"seed": "42", "ar": "16:9", "no-safety": "on"}), kind=Kind.IMAGE)
    draft = settle(OrderDraft("a sea", Kind.IMAGE), ALL)
    last = last_used(job, draft, ALL)
    assert last is not None
    again = press(replace(draft, last=last.to_data()), "last", "", ALL)
    assert again.chosen() == {"seed": "42", "ar": "16:9", "no-safety": "on"}
    forged = {"model": "flux_schnell", "options": {"seed": "x"}}
    with pytest.raises(BadPress):
        press(replace(draft, last=forged), "last", "", ALL)


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
    assert "What shall I do with the picture?" in card(draft)
    done = tap(draft, "🔍 Upscale")
    assert step_of(done, ALL) is Step.CONFIRM
    assert "🖼 1 picture" in card(done)


def test_words_that_a_model_does_not_need_are_told_unused() -> None:
    assert "needs no words" in card(order("make it big", Kind.UPSCALE, inputs=(PHOTO,)))
    assert "needs no words" not in card(order("", Kind.UPSCALE, inputs=(PHOTO,)))


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
        (Kind.EDIT, (), ["Nano Banana Edit changes pictures that it made itself", "/edit"]),
        (Kind.EDIT, (PHOTO,), ["only pictures that were made here by Nano Banana", "/upscale, /cutout"]),
        (Kind.IMAGE, (PHOTO,), ["/image works from words alone", "/upscale, /cutout"]),
        (Kind.VIDEO, (PHOTO,), ["/video works from words alone"]),
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
    assert "FLUX Dev works from words alone" in refusal_of("flux_dev", "a lake", PHOTO)
    image_to_video = replace(model("kling"), inputs=Inputs(0, 1, "image_url", Source.ANY))
    market = market_of(image_to_video, model("luma"))
    draft = read(EN, Request("video", "a lake", kind=Kind.VIDEO), market, (PHOTO,))
    assert draft.model == "kling"
    assert len(market.listed(OrderDraft("a lake", Kind.VIDEO))) == 2


@pytest.mark.parametrize("t", [EN, RU])
@pytest.mark.parametrize("inputs", [(), (PHOTO,), (OWN,)])
def test_every_reachable_step_fits_telegram(t: Speech, inputs: tuple[Input, ...]) -> None:
    todo = [
        settle(OrderDraft("<b>&" * 500, inputs=inputs), ALL),
        settle(OrderDraft("", inputs=inputs or (PHOTO,)), ALL),
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
    request = Request("x", " ".join(parts), kind=kind, model=chosen, inputs=inputs)  # type: ignore[arg-type]
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
