"""What an order begins with: flags typed, then a preset's, then the usual ones, then what was used last."""

from dataclasses import replace

import pytest

from bot.domain.catalog.models import Kind, Option
from bot.domain.orders.order_defaults import Usual
from bot.engine.accounts.preferences import FLAGS_TEXT, Preferences
from bot.engine.catalog.file import load_catalog
from bot.engine.conversations.create_tool import ProposedOrder
from bot.telegram.chat.tool_calls import draft_of
from bot.telegram.orders.draft.draft import OrderDraft, last_used
from bot.telegram.orders.draft.flag_text import spelled, written
from bot.telegram.orders.draft.order_request import OrderRequest
from bot.telegram.orders.draft.parse import Wrong, parse, read
from bot.telegram.orders.draft.steps import Step, press, step_of
from bot.telegram.settings.flag_checks import preset_flags, preset_name, usual_flags
from bot.telegram.settings.pages import kind_page
from bot.telegram.ui.paging import PER_PAGE
from tests.drivers.catalog import sampling_file
from tests.telegram.order_kit import CATALOG, EN, RU, job_of, many_models, market_of, model

MARKET = market_of()
OWN = Preferences(
    models={"video": "run"},
    flags={"video": "--style anime"},
    presets={"water": "--model pika --style watercolor", "plain": "--style none", "broken": "--glitter"},
)


def order(text: str, own: Preferences = OWN, command: str = "video") -> OrderDraft:
    return read(EN, OrderRequest(command, text, kind=Kind.VIDEO), MARKET, own=own)


@pytest.mark.parametrize(
    ("text", "slug", "style"),
    [
        ("a lake", "run", "Anime"),  # usual model, usual flags
        ("a lake --water", "pika", "Watercolor"),  # a preset before the usual ones
        ("--style moody a lake --water", "pika", "Moody"),  # typed before the preset, in any order
        ("--water a lake --model run --style none", "run", ""),
        ("--water --plain a lake", "pika", ""),  # of two presets the later one
        ("--water=off a lake", "run", "Anime"),
        ("—water a lake", "pika", "Watercolor"),  # what phones make of two dashes
    ],
)
def test_typed_before_preset_before_usual(text: str, slug: str, style: str) -> None:
    found = order(text)
    option = model(slug).option("style")
    assert option is not None
    chosen = option.choice(found.options["style"])
    assert (found.model, chosen.title.of("en") if chosen else "", found.prompt) == (slug, style, "a lake")
    assert step_of(found, MARKET) is Step.CONFIRM
    assert OrderDraft.from_data(found.to_data()) == found, "it survives a restart"


def test_usual_before_last_used_which_stays_a_button_only() -> None:
    assert order("a lake").model == "run"
    asked = order("a lake", Preferences())
    assert step_of(asked, MARKET) is Step.MODEL
    last = last_used(job_of("pika", {"style": "4"}), asked, MARKET)
    assert last is not None
    assert last.offer.model.slug == "pika"


def test_what_is_usual_is_soft() -> None:
    gone = replace(OWN, models={"video": "sora"}, flags={"video": "--style anime --glitter"})
    asked = order("a lake", gone)
    assert step_of(asked, MARKET) is Step.MODEL
    luma = press(asked, "model", "luma", MARKET)
    assert (luma.model, luma.options) == ("luma", {})
    pika = press(asked, "model", "pika", MARKET)
    assert step_of(pika, MARKET) is Step.CONFIRM
    assert step_of(
        read(EN, OrderRequest("video", "a lake", kind=Kind.VIDEO), market_of(paused=("run",)), own=OWN), MARKET
    )
    long = model("run").prompt_limit + 1
    roomy = market_of(replace(model("luma"), prompt_limit=long), model("run"))
    assert step_of(read(EN, OrderRequest("video", "x" * long, kind=Kind.VIDEO), roomy, own=OWN), roomy) is Step.MODEL


def test_plain_text_meets_the_usual_model_once_its_kind_is_chosen() -> None:
    asked = read(EN, OrderRequest("", "a lake"), MARKET, own=OWN)
    assert step_of(asked, MARKET) is Step.KIND
    assert press(asked, "kind", "video", MARKET).model == "run"


def test_back_keeps_what_was_typed_with_a_model() -> None:
    seeded = replace(model("pika"), options=(*model("pika").options, replace(_seed(), name="seed")))
    market = market_of(model("luma"), seeded)
    typed = read(EN, OrderRequest("video", "--model pika --style moody --seed 5 a lake", kind=Kind.VIDEO), market)
    style = press(typed, "back", "", market)
    assert step_of(style, market) is Step.OPTION
    models = press(style, "back", "", market)
    assert step_of(models, market) is Step.MODEL
    assert press(models, "model", "pika", market).options == typed.options
    assert press(models, "model", "luma", market).options == {}


def _seed() -> Option:
    return next(o for m in CATALOG.models for o in m.options if o.name == "seed")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a lake --broken", "Your preset --broken does not fit here. Its options are no longer available."),
        ("a lake --water --glitter", "I do not know --glitter. Possible here: --water, --plain, --broken, --model"),
        ("--water --style nothing_like_it a lake", "has “nothing_like_it”"),
    ],
)
def test_what_is_wrong_is_told_of_the_preset_or_of_the_rest(text: str, said: str) -> None:
    with pytest.raises(Wrong) as refused:
        order(text)
    assert said in str(refused.value).replace("<code>", "").replace("</code>", "")


def test_a_flag_that_takes_a_presets_name_is_the_flag() -> None:
    own = Preferences(presets={"style": "--model run"})
    assert order("a lake --style anime", own).model is None


def test_what_the_chat_model_wishes_begins_with_the_usual_flags() -> None:
    usual = Usual(flags={"video": {"style": "anime"}})
    made = draft_of(ProposedOrder("video", "a fox", "pika"), MARKET, {}, usual)
    assert made is not None
    assert made.chosen() == {"style": "1"}
    styled = draft_of(ProposedOrder("video", "a fox", "pika", "watercolour"), MARKET, {}, usual)
    assert styled is not None
    assert styled.chosen() == {"style": "4"}


def test_flags_are_kept_so_that_they_read_the_same_again() -> None:
    parsed = parse('--model run --style "Black and white" --n 2', MARKET.offers, with_model=True)
    assert written({"style": "Black and white", "x": "on", "y": ""}) == '--style "Black and white" --x --y=off'
    assert parse(written({"style": "No such style", "model": "run"}), MARKET.offers, with_model=True).prompt == ""
    assert not parsed.presets
    said = {"style": "Black and white", "n": "2", "no-safety": "on", "ar": "none", "negative": "it is 'so'"}
    assert spelled(written({**said, "negative": 'it is "so"'})) == said
    assert spelled(written({"json": "", "n": "2"})) == {"json": "none", "n": "2"}


@pytest.mark.parametrize(
    "typed", ["--json=off", "--json", '--stop "a\nb"', '--stop "--foo"', '--stop "a,"', '--stop "„q“"', '--stop "—x"']
)
def test_whatever_was_typed_reads_the_same_from_a_preset(typed: str) -> None:
    offers = market_of(*load_catalog(sampling_file()).models).offers
    values = parse(typed, offers, with_model=True).values
    assert values
    again = parse(written(values), offers, with_model=True)
    assert (again.values, again.prompt, again.problems) == (values, "", ())


def test_names_and_flags_are_looked_at_when_they_are_kept() -> None:
    models = CATALOG.models
    assert preset_name(EN, "--Аниме", models) == "аниме"
    for bad in ("style", "model", "N", "-", "1st", "a b", "a" * 21, "x:y"):
        with pytest.raises(Wrong):
            preset_name(EN, bad, models)
    with pytest.raises(Wrong):
        preset_flags(RU, "--style anime a lake", MARKET.offers)
    with pytest.raises(Wrong, match="Write its options instead: <code>--model run</code>"):
        preset_flags(EN, "--n 2 --Mine", MARKET.offers, {"mine": "--model run"})
    with pytest.raises(Wrong, match="cannot be part of another preset or of your usual options"):
        usual_flags(EN, "--mine", Kind.VIDEO, MARKET.offers, {"mine": "--model run"})
    with pytest.raises(Wrong):
        preset_flags(EN, f'--style "{"x" * (FLAGS_TEXT + 1)}"', MARKET.offers)
    assert usual_flags(EN, "--model run --style anime", Kind.VIDEO, MARKET.offers) == ("run", "--style anime")
    with pytest.raises(Wrong):
        usual_flags(EN, "--style anime", Kind.MUSIC, MARKET.offers)


def test_usual_flags_give_way_where_they_clash() -> None:
    flux = next(m for m in CATALOG.models if {"ar", "size"} <= {o.name for o in m.options})
    ar, size = flux.option("ar"), flux.option("size")
    assert ar is not None
    assert size is not None
    usual = Usual(flags={flux.kind.value: {"ar": ar.choices[0].value}}, typed={})
    assert usual.options(flux, {"size": size.choices[0].value}) == {"size": size.choices[0].value}
    assert usual.options(flux, {}) == {"ar": ar.choices[0].value}


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("a lake --wide", {"ar": "16:9"}),
        ("a lake --wide --size square", {"size": "square"}),  # typed, in the place of a preset's
        ("--size square a lake --wide", {"size": "square"}),
        ("a lake --wide --square", {"size": "square"}),  # of two presets the later one
        ("a lake --square --wide", {"ar": "16:9"}),
        ("a lake --wide --size none", {"ar": "16:9", "size": ""}),
    ],
)
def test_of_aspect_and_size_the_nearer_word_holds_alone(text: str, options: dict[str, str]) -> None:
    own = Preferences(flags={"image": "--ar 4:3"}, presets={"wide": "--ar 16:9", "square": "--size square"})
    flux = model("flux_schnell")
    found = read(EN, OrderRequest("flux_schnell", text, model=flux), market_of(flux), own=own)
    assert found.options == options


def test_aspect_and_size_together_are_refused_with_what_each_may_be() -> None:
    flux = market_of(model("flux_schnell"))
    for t, said in ((EN, "--ar</code> and <code>--size"), (RU, "--ar</code> и <code>--size")):
        with pytest.raises(Wrong) as wrong:
            read(t, OrderRequest("image", "--ar 16:9 --size square a lake", kind=Kind.IMAGE), flux)
        assert said in wrong.value.text
        with pytest.raises(Wrong):
            preset_flags(t, "--ar 16:9 --size square", flux.offers)


def test_the_page_of_a_kind_shows_the_usual_model() -> None:
    many = many_models(PER_PAGE + 2)
    own = Preferences(models={"video": many[-1].slug})
    _, rows = kind_page(EN, own, market_of(*many).offers, Kind.VIDEO)
    labels = [button.text for row in rows.inline_keyboard for button in row]
    assert "2/2" in labels
    assert [label for label in labels if label.startswith("✓")] == ["✓ Run"]


def test_durations_read_well() -> None:
    assert "0 s" not in EN.about(0.2)
    assert (EN.about(0.2), RU.about(1), EN.about(2)) == ("a second", "секунды", "2 s")
