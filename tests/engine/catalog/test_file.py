"""The catalogue that comes with Easel is what the documents say, and a wrong one is refused in readable words."""

from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.catalog.models import Catalog, Kind
from bot.domain.catalog.pricing import quote
from bot.domain.money import Credits
from bot.domain.orders.matching import Hit, match
from bot.engine.catalog.file import DEFAULT_FILE, CatalogError, load_catalog
from sandbox.ai_now.contract import MODELS

GOOD = """
[providers.p]
title = "P"
credits_per_unit = 0.5
markup = 1.5
concurrency = 2

[[models]]
slug = "one"
provider = "p"
upstream_id = "vendor/one"
kind = "video"
title = { en = "One", ru = "Один" }
description = { en = "A film.", ru = "Фильм." }
units = 10
typical_seconds = 12.5
longest_seconds = 60
prompt_limit = 500

[[models.options]]
name = "style"
title = { en = "Style", ru = "Стиль" }
choices = [{ value = "a", en = "Alpha", ru = "Альфа" }, { value = "b", en = "Beta", ru = "Бета" }]
"""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(tmp_path: Path, text: str) -> str:
    with pytest.raises(CatalogError) as caught:
        load_catalog(written(tmp_path, text))
    assert str(tmp_path / "mine.toml") in str(caught.value)
    return str(caught.value)


def test_the_documented_models_and_costs(catalog: Catalog) -> None:
    sold = [m for m in catalog.models if m.provider == "ai_now"]
    assert [(m.slug, m.kind.value, m.units) for m in sold] == [
        ("suno", "music", Decimal(10)),
        ("luma", "video", Decimal(30)),
        ("pika", "video", Decimal(10)),
        ("run", "video", Decimal(30)),
    ]
    assert [m.unsteady for m in sold] == [False, True, False, False]
    for model in sold:
        assert model.upstream_id == model.slug
        assert 0 < model.typical_seconds < model.longest_seconds
        assert quote(model, catalog.terms["ai_now"]) == Credits(int(model.units) * 1_000_000)


def test_every_service_sells_what_its_document_names(catalog: Catalog) -> None:
    sold: dict[str, list[tuple[str, str]]] = {}
    for model in catalog.models:
        sold.setdefault(model.provider, []).append((model.kind.value, model.upstream_id))
    assert sold["neuroartist"] == [
        ("image", "fal-ai/flux/schnell"),
        ("image", "fal-ai/flux/dev"),
        ("image", "fal-ai/flux-pro"),
        ("video", "fal-ai/minimax-video"),
        ("video", "fal-ai/kling-video"),
        ("upscale", "fal-ai/aura-sr"),
        ("cutout", "fal-ai/birefnet"),
    ]
    assert sold["naive"] == [
        ("image", "fal-ai/flux/schnell"),
        ("image", "fal-ai/flux/dev"),
        ("image", "fal-ai/flux-pro/v1.1"),
    ]
    assert sold["neuroapi"] == [
        ("image", "dall-e-3"),
        ("image", "gpt-image-1"),
        ("ask", "gpt-5-mini"),
        ("ask", "whisper-1"),
    ]
    assert sold["neuroflash"] == [("image", "default"), ("edit", "default")]
    pro = catalog.get("naive_pro")
    assert pro is not None
    assert not {"steps", "guidance"} & {o.name for o in pro.options}


def test_the_safety_checker_is_switched_off_only_where_the_operator_allows(catalog: Catalog) -> None:
    assert not [m.slug for m in catalog.models if m.option("no-safety")]
    assert [m.slug for m in load_catalog(allow=["no-safety"]).models if m.option("no-safety")]


def test_all_documented_styles_are_sold(catalog: Catalog) -> None:
    models = [m for m in catalog.models if m.provider == "ai_now"]
    sold = {m.slug: {c.value: c.title.of("en") for o in m.options for c in o.choices} for m in models}
    assert sold == {slug: dict(model.styles) for slug, model in MODELS.items()}
    assert sum(len(styles) for styles in sold.values()) == 32


def test_every_text_is_in_both_languages(catalog: Catalog) -> None:
    for model in catalog.models:
        choices = [c.title for o in model.options for c in o.choices]
        for words in [model.title, model.description, *(o.title for o in model.options), *choices]:
            assert list(words.by_language) == ["en", "ru"]
            assert words.of("de") == words.of("en")
        assert model.description.of("ru") != model.description.of("en")


def test_the_same_thing_elsewhere_is_of_one_kind_and_takes_the_same_options(catalog: Catalog) -> None:
    things = {m.same: [o for o in catalog.models if o.same == m.same] for m in catalog.models if m.same}
    assert {same: [m.slug for m in models] for same, models in things.items()} == {
        "flux-schnell": ["flux_schnell", "naive_schnell"],
        "flux-dev": ["flux_dev", "naive_dev"],
    }
    for first, *others in things.values():
        for other in others:
            assert (other.kind, other.upstream_id, other.prompt_limit) == (first.kind, first.upstream_id, 4000)
            assert [(o.name, o.choices, o.maximum) for o in other.options] == [
                (o.name, o.choices, o.maximum) for o in first.options
            ]


def test_every_model_says_in_five_words_why_one_would_take_it(catalog: Catalog) -> None:
    for model in catalog.models:
        for said in model.description.by_language.values():
            assert 1 <= len(said.split()) <= 5, (model.slug, said)


def test_styles_are_found_by_name_and_value_in_both_languages(catalog: Catalog) -> None:
    for model in catalog.models:
        for option in model.options:
            names = [(c.value, (c.value, *c.title.by_language.values())) for c in option.choices]
            for value, own in names:
                assert [match(name, names) for name in own] == [Hit(value, exact=True)] * 3


def test_settings_win_over_the_file() -> None:
    catalog = load_catalog(credits_per_unit={"ai_now": Decimal("0.3"), "other": Decimal(1)}, concurrency={"ai_now": 9})
    terms = catalog.terms["ai_now"]
    assert (terms.credits_per_unit, terms.concurrency) == (Decimal("0.3"), 9)
    assert list(catalog.terms) == list(load_catalog().terms)


def test_a_file_of_the_operator(tmp_path: Path) -> None:
    catalog = load_catalog(written(tmp_path, GOOD))
    (model,) = catalog.models
    assert (model.slug, model.upstream_id, model.typical_seconds) == ("one", "vendor/one", 12.5)
    assert catalog.terms["p"].credits_per_unit == Decimal("0.5")
    assert quote(model, catalog.terms["p"]) == Credits(7_500_000)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('slug = "one"', 'slug = "One"', "models[0].slug:"),
        ('slug = "one"', f'slug = "{"o" * 25}"', "models[0].slug: must have at most 24 bytes"),
        ('slug = "one"', 'slug = "video"', "models[0].slug: 'video' is the name of a kind"),
        ('slug = "one"', "", "models[0].slug: is missing"),
        ('provider = "p"', 'provider = "q"', "models[0].provider: 'q' is not among the providers (p)"),
        ('kind = "video"', 'kind = "smell"', "models[0].kind: Input should be 'image', 'video', 'music'"),
        ("units = 10", "units = 0", "models[0].units: Input should be greater than 0 (got '0')"),
        ("units = 10", "units = nan", "models[0].units:"),
        ("units = 10", "unit = 10", "models[0].unit: is not known here"),
        ("prompt_limit = 500", "prompt_limit = -1", "models[0].prompt_limit:"),
        ("typical_seconds = 12.5", "typical_seconds = 61", "models[0].typical_seconds: is above longest_seconds"),
        ("longest_seconds = 60", "longest_seconds = inf", "models[0].longest_seconds:"),
        (', ru = "Один"', "", "models[0].title.ru: is missing"),
        ('ru = "Один"', 'ru = "  "', "models[0].title.ru: must not be empty"),
        ('name = "style"', 'name = "model"', "models[0].options[0].name: 'model' is the flag"),
        ('value = "b"', 'value = "A"', "models[0].options[0].choices[1].value: 'A' is the same as in"),
        ('value = "b"', 'value = "ёёёёёёёёёёёёё"', "models[0].options[0].choices[1].value: must have at most 24 bytes"),
        ('en = "Beta"', 'en = "al-PHA"', "models[0].options[0].choices[1].en: 'al-PHA' is the same as in"),
        ("concurrency = 2", "concurrency = 0", "providers.p.concurrency:"),
        ("markup = 1.5", "markup = -1", "providers.p.markup:"),
        ("[[models]]", "[[modles]]", "modles: is not known here; is it misspelt?"),
        ('title = "P"', "title = P", "is not TOML: "),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in refused(tmp_path, GOOD.replace(old, new, 1))


def test_a_slug_twice(tmp_path: Path) -> None:
    second = GOOD[GOOD.index("[[models]]") :]
    text = refused(tmp_path, GOOD + second)
    assert "models[1].slug: 'one' is the same as in models[0]" in text
    assert "models[1].title.ru: 'Один' is the same as in models[0]" in text


def test_all_problems_at_once_but_not_endlessly(tmp_path: Path) -> None:
    text = refused(tmp_path, GOOD.replace("units = 10", "units = -1").replace('"Beta"', '""'))
    assert len(text.splitlines()) == 3
    bad = GOOD + "\n".join(f"key{n} = 1" for n in range(100))
    assert refused(tmp_path, bad).splitlines()[-1].endswith("more")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="cannot be read"):
        load_catalog(tmp_path / "none.toml")


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CatalogError, match="is not TOML"):
        load_catalog(path)


def test_a_default_has_no_factor(tmp_path: Path) -> None:
    """What nobody chose is not sent, or sent as it is: it must not cost more than one result."""
    dear = GOOD.replace('value = "b"', 'factor = 2, value = "b"')
    load_catalog(written(tmp_path, dear.replace('name = "style"', 'default = "a"\nname = "style"')))
    said = refused(tmp_path, dear.replace('name = "style"', 'default = "b"\nname = "style"'))
    assert "models[0].options[0].default: has a factor" in said


def test_the_default_file_is_part_of_the_package() -> None:
    assert DEFAULT_FILE.name == "catalog.toml"
    assert DEFAULT_FILE.parent.name == "bot"


def test_one_model_of_each_kind_that_has_any_is_recommended(catalog: Catalog) -> None:
    recommended = {(m.kind, m.thing) for m in catalog.models if m.recommended}
    assert sorted(kind for kind, _ in recommended) == sorted({m.kind for m in catalog.models})
    assert [m.slug for m in catalog.of_kind(Kind.IMAGE) if m.recommended] == ["flux_schnell", "naive_schnell"]


def test_two_recommended_models_of_one_kind_are_refused(tmp_path: Path) -> None:
    first = GOOD.replace("units = 10", "units = 10\nrecommended = true")
    second = first[first.index("[[models]]") :].replace('"one"', '"two"').replace("One", "Two").replace("Один", "Два")
    said = refused(tmp_path, first + second)
    assert "models[1].recommended: 'one' is the recommended model of the kind video" in said
    assert len(load_catalog(written(tmp_path, first + second.replace('"video"', '"music"'))).models) == 2
