"""What providers list against what is sold, and how a listed model becomes an entry."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.catalog.models import Catalog, Kind, Source
from bot.domain.orders.matching import normalise
from bot.engine.catalog.file import load_catalog, shared_options
from bot.engine.catalog.new_model import USES, Drawn, Plan, draw, plan_of
from bot.engine.catalog.schema import ModelEntry, model_of
from bot.engine.operations.discovery import Found, News, compare, found_json, found_of, listed_json, listed_of
from bot.providers.base import Listed

CATALOG = load_catalog()
SHARED = shared_options()
FLUX = {"prompt": "string", "image_size": "string", "seed": "integer", "num_images": "integer"}


def drawn(plan: Plan) -> Drawn:
    return draw(plan, SHARED, CATALOG.models)


def planned(listed: Listed, provider: str = "neuroartist") -> Plan:
    return plan_of(provider, listed, set(), live=True)


def entry(plan: Plan) -> ModelEntry:
    made = drawn(plan)
    assert made.entry is not None, made
    return made.entry


def test_new_gone_and_repriced_are_told() -> None:
    naive = [m for m in CATALOG.models if m.provider == "naive"]
    listed = [
        Listed(naive[0].upstream_id, units=naive[0].units * 2),
        Listed(naive[1].upstream_id, units=naive[1].units),
        Listed("fal-ai/new-one", title="New one", kind=Kind.IMAGE, units=Decimal("0.5")),
        Listed("fal-ai/not-ours", allowed=False),
    ]
    told = {(f.news, f.slug or f.upstream_id) for f in compare(CATALOG, "naive", listed, lambda _: None)}
    gone = {(News.GONE, m.slug) for m in naive[2:]}
    assert told == {(News.NEW, "fal-ai/new-one"), (News.REPRICED, naive[0].slug), *gone}


def test_an_empty_list_takes_nothing_away_and_a_default_is_in_no_list() -> None:
    assert compare(CATALOG, "naive", [], lambda _: None) == []
    flash = compare(CATALOG, "neuroflash", [Listed("nano-banana-pro")], lambda _: None)
    assert [f.news for f in flash] == [News.NEW]


def test_what_makes_pictures_and_edits_them_is_put_on_sale_as_both() -> None:
    image = Listed("nano-pro", title="Nano Pro", kind=Kind.IMAGE, units=Decimal(2))
    edits = replace(image, title="Nano Pro Edit", kind=Kind.EDIT)
    told = compare(CATALOG, "neuroflash", [image, edits], lambda _: None)
    assert [(f.upstream_id, f.kind) for f in told] == [("nano-pro", "image"), ("nano-pro", "edit")]
    sold = model_of(entry(planned(image, "neuroflash")))
    more = Catalog(CATALOG.terms, (*CATALOG.models, sold))
    assert [f.kind for f in compare(more, "neuroflash", [image, edits], lambda _: None)] == ["edit"]
    other = replace(sold, kind=Kind.UPSCALE)  # as an admin saw fit
    assert compare(Catalog(CATALOG.terms, (other,)), "neuroflash", [image], lambda _: Decimal(2)) == []
    editor = model_of(entry(plan_of("neuroflash", edits, {sold.slug}, live=False)))
    assert (editor.slug, editor.inputs.source, editor.inputs.param) == ("nano_pro_edit", Source.OWN, "image_urls")


def test_a_price_that_only_the_pricing_tells_counts_too() -> None:
    naive = [m for m in CATALOG.models if m.provider == "naive"]
    listed = [Listed(m.upstream_id) for m in naive]
    today = {naive[0].slug: Decimal("2.5"), naive[1].slug: Decimal("0.05")}
    told = compare(CATALOG, "naive", listed, lambda m: today.get(m.slug))
    assert [(f.news, f.slug, f.units, f.live) for f in told] == [(News.REPRICED, naive[0].slug, "2.5", True)]
    fixed = Catalog({"naive": replace(CATALOG.terms["naive"], fallback=True)}, tuple(naive))
    told = compare(fixed, "naive", listed, lambda m: today.get(m.slug))
    assert [f.slug for f in told] == [naive[0].slug, naive[1].slug], "units are a price there, not a bound"


def test_the_services_own_choice_is_no_model_of_its_own() -> None:
    default = [Listed("default", kind=kind, max_results=2) for kind in (Kind.IMAGE, Kind.EDIT, Kind.UPSCALE)]
    assert compare(CATALOG, "neuroflash", default, lambda _: None) == []


def test_known_parameters_become_options_in_the_manner_of_the_provider() -> None:
    listed = Listed("fal-ai/recraft-v3", kind=Kind.IMAGE, units=Decimal("4.2"), required=("prompt",), parameters=FLUX)
    model = model_of(entry(planned(listed)))
    assert [o.name for o in model.options] == ["n", "ar", "size", "seed"]
    results = model.option("n")
    assert results is not None
    assert results.param == "", "one result, one request"
    assert (model.slug, model.live, model.units) == ("recraft_v3", True, Decimal("4.2"))


def test_several_at_once_are_bounded_by_what_the_provider_makes() -> None:
    listed = Listed("x/y", kind=Kind.IMAGE, units=Decimal(1), parameters=FLUX, max_results=2)
    results = model_of(entry(planned(listed, "naive"))).option("n")
    assert results is not None
    assert (results.param, results.maximum) == ("num_images", Decimal(2))


def test_listed_choices_win_over_ours() -> None:
    choices = {"aspect_ratio": ("1:1", "21:9"), "output_format": ("png",)}
    parameters = {"prompt": "string", "aspect_ratio": "string", "output_format": "string"}
    listed = Listed("nano-pro", kind=Kind.IMAGE, units=Decimal(1), parameters=parameters, choices=choices)
    model = model_of(entry(planned(listed, "neuroflash")))
    aspect, form = model.option("ar"), model.option("format")
    assert aspect is not None
    assert form is not None
    assert [c.value for c in aspect.choices] == ["1:1", "21:9"]
    assert [c.value for c in form.choices] == ["png"]


def test_an_unknown_required_field_keeps_it_off_with_the_reason() -> None:
    listed = Listed("fal-ai/face", kind=Kind.IMAGE, units=Decimal(1), required=("prompt", "face_embedding"))
    assert drawn(planned(listed)) == Drawn(None, ("fields",), ("face_embedding",))


def test_a_required_picture_makes_it_work_on_pictures() -> None:
    listed = Listed(
        "fal-ai/film/image-to-video",
        kind=Kind.VIDEO,
        units=Decimal(48),
        required=("prompt", "image_url"),
        parameters={"prompt": "string", "image_url": "string"},
    )
    made = entry(planned(listed))
    assert made.inputs is not None
    assert (made.inputs.minimum, made.inputs.param, made.inputs.source) == (1, "image_url", Source.ANY)


def test_a_model_without_a_prompt_takes_none() -> None:
    listed = Listed(
        "fal-ai/triposr",
        kind=Kind.SOLID,
        units=Decimal(7),
        required=("image_url",),
        parameters={"image_url": "string"},
    )
    assert entry(planned(listed)).prompt_limit == 0
    assert drawn(planned(Listed("x", kind=Kind.SOLID, units=Decimal(7), parameters={"a": "string"}))).lacks == ("form",)


def test_edits_are_ordered_as_those_of_the_same_provider() -> None:
    listed = Listed("nano-pro", kind=Kind.EDIT, units=Decimal(1), required=("prompt",), parameters={"prompt": "string"})
    made = entry(planned(listed, "neuroflash"))
    assert made.inputs is not None
    assert (made.inputs.param, made.inputs.source, made.inputs.maximum) == ("image_urls", Source.OWN, 10)


@pytest.mark.parametrize(
    ("listed", "lacks"),
    [
        (Listed("gpt-6"), ("kind", "price")),
        (Listed("gpt-6", kind=Kind.IMAGE), ("price",)),
        (Listed("gpt-6", kind=Kind.ASK, units=Decimal(1)), ("tokens",)),
    ],
)
def test_what_an_admin_must_decide_is_named(listed: Listed, lacks: tuple[str, ...]) -> None:
    assert drawn(planned(listed, "neuroapi")).lacks == lacks


def test_a_chat_model_is_sold_by_its_tokens() -> None:
    plan = planned(Listed("gpt-6", kind=Kind.ASK, units=Decimal(1)), "neuroapi")
    made = entry(replace(plan, tokens=(Decimal(30), Decimal(240))))
    assert made.tokens is not None
    assert (made.tokens.input, made.tokens.output) == (Decimal(30), Decimal(240))


def test_names_are_made_readable_and_unlike_those_of_others() -> None:
    edits = Listed("fal-ai/flux/dev/image-to-image", kind=Kind.EDIT, units=Decimal(1), required=("prompt", "image_url"))
    made = entry(planned(edits))
    assert (made.title.en, made.title.ru, made.slug) == ("Flux Dev · edit", "Flux Dev · правка", "flux_dev_edit")
    assert (made.description.en, made.description.ru) == (
        "changes pictures as you say",
        "меняет картинки по вашим словам",
    )
    titles = {normalise(text) for m in CATALOG.models for text in m.title.by_language.values()}
    sold = plan_of("neuroartist", Listed("fal-ai/flux/dev", kind=Kind.IMAGE), {"flux_dev"}, live=True, titles=titles)
    assert (sold.slug, sold.title) == ("flux_dev_2", "Flux Dev 2")


def test_the_praise_of_a_service_is_not_repeated() -> None:
    listed = Listed("x", kind=Kind.IMAGE, units=Decimal(1), description="The most wonderful photographs of people")
    made = entry(planned(listed)).description
    assert (made.en, made.ru) == ("pictures from your words", "картинки по вашим словам")
    assert all(1 <= len(said.split()) <= 5 for both in USES.values() for said in both)


def test_what_a_draft_keeps_comes_back_as_it_was() -> None:
    listed = Listed("x", "X", Kind.IMAGE, Decimal("0.27"), 3.0, ("prompt",), FLUX, {"a": ("1",)}, 4, description="d")
    assert listed_of(listed_json(listed)) == listed
    found = Found(News.NEW, "naive", "x", listed=listed_json(listed))
    assert found_of(found_json(found)) == found


@pytest.mark.parametrize(
    ("upstream_id", "names"),
    [
        ("gpt-4o-mini", ["json", "temperature", "top-p", "stop", "seed", "presence", "frequency"]),
        ("claude-sonnet", ["json", "temperature", "top-p", "stop", "seed", "presence", "frequency"]),
        ("gpt-5-chat-latest", ["json", "temperature", "top-p", "stop", "seed", "presence", "frequency"]),
        ("gpt-5", ["json", "seed"]),
        ("gpt-5-mini-2025-08-07", ["json", "seed"]),
        ("openai/o3-mini", ["json", "seed"]),
        ("deepseek-reasoner", ["json", "seed"]),
        ("kimi-k2-thinking", ["json", "seed"]),
        ("deepseek-r1", ["json", "seed"]),
    ],
)
def test_a_chat_model_gets_the_options_that_its_kind_takes(upstream_id: str, names: list[str]) -> None:
    listed = plan_of("neuroapi", Listed(upstream_id), set(), live=False)
    made = entry(replace(listed, kind=Kind.ASK, units=Decimal(1), tokens=(Decimal(1), Decimal(2))))
    assert [option.name for option in model_of(made).options] == names


@pytest.mark.parametrize(
    ("upstream_id", "names"),
    [
        ("gpt-image-1-mini", ["quality", "size", "ar"]),
        ("dall-e-3-hd", ["n", "size", "ar"]),
        ("dall-e-30", ["n"]),
        ("flux-pro", ["n"]),
    ],
)
def test_an_image_model_gets_the_options_of_the_one_it_is_a_variant_of(upstream_id: str, names: list[str]) -> None:
    listed = plan_of("neuroapi", Listed(upstream_id), set(), live=False)
    made = model_of(entry(replace(listed, kind=Kind.IMAGE, units=Decimal(1))))
    assert [option.name for option in made.options] == names
    sold = next((m for m in CATALOG.models if upstream_id.startswith(m.upstream_id) and len(names) > 1), None)
    if sold is not None:
        assert (made.options, made.fixed) == (sold.options, sold.fixed)
    else:
        assert made.fixed == {}, "what another model's options would say"
    several = made.option("n")
    assert several is None or several.param == "", "one request for each picture"
