"""Options of every type in the menu over the confirmation, and as messages."""

from dataclasses import replace

import pytest

from bot.domain.catalog.models import Kind
from bot.domain.catalog.options import parameters
from bot.domain.money import Credits
from bot.telegram.orders.draft.back import back
from bot.telegram.orders.draft.draft import LIST, OrderDraft, last_used
from bot.telegram.orders.draft.option_menu import BadPress, typed
from bot.telegram.orders.draft.order_request import OrderRequest
from bot.telegram.orders.draft.parse import read
from bot.telegram.orders.draft.steps import Step, auto_select, press, step_of
from bot.telegram.orders.view.keyboards import order_keyboard, quote_fingerprint
from bot.telegram.orders.view.presenter import awaits_words
from tests.telegram.options_kit import ALL, ID, OWN, PHOTO, card, labels, of_model, tap
from tests.telegram.order_kit import CATALOG, EN, RU, job_of, market_of, model


def test_the_confirmation_shows_what_is_set_and_the_price_of_it() -> None:
    said = card(of_model("dalle", "--n 2 --size 1792x1024 a lake"))
    assert "⚙️ Images: 2 · Size: 1792×1024" in said
    assert "Price: 38.4 credits" in said
    assert "⚙️" not in card(of_model("dalle", "a lake"))
    assert "Guidance: 4.5" in card(of_model("flux_dev", "--guidance 4,5 a lake"))
    assert "запросу: 4,5" in card(of_model("flux_dev", "--guidance 4,5 a lake"), RU)


def test_the_menu_of_options_is_there_only_where_there_are_some() -> None:
    assert "⚙️ Options" in labels(of_model("flux_schnell", "a lake"))
    for slug in ("luma", "suno"):
        assert "⚙️ Options" not in labels(of_model(slug, "a lake"))
    assert "⚙️ Options" not in labels(of_model("pika", "--style 4 a lake"))


def test_every_flag_is_a_button_with_its_present_value() -> None:
    draft = tap(of_model("flux_schnell", "--n 2 a lake"), "⚙️ Options")
    assert labels(draft) == [
        "Confirm · 0.65",
        "✓ Images: 2",
        "Aspect: default",
        "Size: default",
        "Seed: random",
        "Steps: 4",
        "Guidance: 3.5",
        "File format: default",
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
    reset = tap(draft, "✓ Images", "↺ Reset: 1")
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
    draft = of_model("flux_schnell", "--size square a lake")
    aspect = [o.name for o in model("flux_schnell").options].index("ar")
    older = press(press(draft, "menu", "", ALL), "menu", str(aspect), ALL)  # a button of an earlier version
    assert press(older, "val", f"{aspect}.3", ALL).chosen() == {"ar": "16:9"}


@pytest.mark.parametrize(
    ("slug", "taps", "said"),
    [
        ("dalle", (), ["Size: 1024×1024", "Aspect: 1:1"]),
        ("dalle", ("Aspect", "16:9"), ["✓ Aspect: 16:9"]),
        ("dalle", ("Size", "1024×1792"), ["✓ Size: 1024×1792"]),
        ("flux_schnell", ("Aspect", "16:9"), ["✓ Aspect: 16:9"]),
        ("gpt_image", ("Aspect", "3:2"), ["✓ Aspect: 3:2"]),
        ("gpt_image", ("Size", "Auto"), ["✓ Size: Auto"]),
        ("gpt_image", ("Aspect", "1:1"), ["Aspect: 1:1"]),
    ],
)
def test_size_and_aspect_are_never_both_to_be_chosen(slug: str, taps: tuple[str, ...], said: list[str]) -> None:
    draft = tap(of_model(slug, "a lake"), "⚙️ Options")
    for label in taps:
        draft = tap(draft, label)
    assert [label for label in labels(draft) if "Size" in label or "Aspect" in label] == said
    if taps:
        draft = tap(draft, said[0], "↺")
        assert len([label for label in labels(draft) if "Size" in label or "Aspect" in label]) == 2


@pytest.mark.parametrize(
    ("flags", "price"),
    [
        ("", "9.6"),
        ("--quality medium", "9.6"),
        ("--quality high", "38.4"),
        ("--quality auto", "38.4"),
        ("--size auto", "14.4"),
        ("--ar 3:2", "14.4"),
        ("--quality auto --size auto", "57.6"),
    ],
)
def test_what_a_model_decides_itself_is_priced_as_the_dearest_of_it(flags: str, price: str) -> None:
    draft = of_model("gpt_image", f"{flags} a lake")
    assert f"Price: {price} credits" in card(draft)
    sent = parameters(model("gpt_image"), draft.chosen())
    assert set(sent) == {"quality", "size"}, "what nobody chose is sent as it is priced"
    if not flags:
        assert sent == {"quality": "medium", "size": "1024x1024"}


def test_defaults_of_one_parameter_send_the_same_and_what_is_fixed_with_it() -> None:
    for sold in CATALOG.models:
        for option in sold.options:
            others = [o for o in sold.options if o.param and o.param == option.param]
            sends = {parameters(sold, {o.name: o.default})[o.param] for o in others if o.default}
            sends |= {sold.fixed[option.param]} if option.param in sold.fixed and option.default else set()
            assert len(sends) <= 1, (sold.slug, option.name)


def test_the_seed_of_the_latest_order_comes_back_with_one_tap() -> None:
    draft = replace(tap(of_model("flux_schnell", "a lake"), "⚙️ Options", "Seed"), before="77")
    assert labels(draft) == ["Confirm · 0.33", "↻ As before: 77", "✏️ Type it", "‹ Back", "Cancel"]
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
    draft = read(EN, OrderRequest("flux_dev", "--n 2 --steps 30 --ar 16:9 a lake", model=model("flux_dev")), market)
    rows = order_keyboard(EN, ID, draft, market, last=None, quote=None).inline_keyboard
    assert [(row[0].text, row[0].style) for row in rows[:2]] == [
        ("Naive Dev · 240", "primary"),  # the same thing elsewhere, at its own price
        ("FLUX Schnell · 0.65", "primary"),
    ]
    swapped = press(draft, "swap", "flux_schnell", market)
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
        quote_fingerprint(draft, Credits(1)),
        quote_fingerprint(replace(draft, options={"n": "2"}), Credits(1)),
        quote_fingerprint(replace(draft, inputs=(PHOTO,)), Credits(1)),
        quote_fingerprint(replace(draft, inputs=(PHOTO, PHOTO)), Credits(1)),
        quote_fingerprint(replace(draft, inputs=(OWN,)), Credits(1)),
    }
    assert len(seals) == 5


def test_what_was_used_last_keeps_typed_options_of_every_type() -> None:
    job = replace(job_of("flux_schnell", {"seed": "42", "ar": "16:9", "no-safety": "on"}), kind=Kind.IMAGE)
    draft = auto_select(OrderDraft("a sea", Kind.IMAGE), ALL)
    last = last_used(job, draft, ALL)
    assert last is not None
    again = press(replace(draft, last=last.to_data()), "last", "", ALL)
    assert again.chosen() == {"seed": "42", "ar": "16:9", "no-safety": "on"}
    forged = {"model": "flux_schnell", "options": {"seed": "x"}}
    with pytest.raises(BadPress):
        press(replace(draft, last=forged), "last", "", ALL)
