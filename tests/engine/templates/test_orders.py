"""Which model carries a template out, and what of its options that one takes."""

from dataclasses import replace

import pytest

from bot.domain.catalog.models import Catalog, Inputs, Kind, Model, Source
from bot.domain.catalog.templates import Template
from bot.domain.money import CREDIT, Credits
from bot.engine.catalog.file import load_catalog
from bot.engine.catalog.offers import Offer
from bot.engine.templates.file import load_templates
from bot.engine.templates.orders import idea_of, ideas_of


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def templates(catalog: Catalog) -> dict[str, Template]:
    return {each.slug: each for each in load_templates(catalog)}


def offers(*models: Model | None, off: str = "") -> list[Offer]:
    return [Offer(m, Credits(CREDIT), 1.0, m.slug != off) for m in models if m is not None]


def by(catalog: Catalog, *slugs: str) -> list[Model | None]:
    return [catalog.get(slug) for slug in slugs]


def test_its_own_model_with_its_options(catalog: Catalog, templates: dict[str, Template]) -> None:
    found = idea_of(templates["living_landscape"], offers(*by(catalog, "luma", "pika", "run")), {"video": "run"})
    assert found is not None
    assert (found.offer.model.slug, dict(found.options)) == ("pika", {"style": "5"})


def test_while_that_is_off_the_usual_one_and_else_the_recommended_one(
    catalog: Catalog, templates: dict[str, Template]
) -> None:
    sold = offers(*by(catalog, "flux_dev", "flux_schnell", "flash"), off="flash")
    usual = idea_of(templates["oil_portrait"], sold, {"image": "flux_dev"})
    recommended = idea_of(templates["oil_portrait"], sold, {"image": "gone", "video": "flux_dev"})
    assert usual is not None
    assert recommended is not None
    assert (usual.offer.model.slug, dict(usual.options)) == ("flux_dev", {"ar": "3:4"})
    assert (recommended.offer.model.slug, dict(recommended.options)) == ("flux_schnell", {"ar": "3:4"})


def test_what_means_nothing_to_another_model_is_left_out(catalog: Catalog, templates: dict[str, Template]) -> None:
    found = idea_of(templates["clay_cartoon"], offers(*by(catalog, "luma")), {})
    assert found is not None
    assert (found.offer.model.slug, dict(found.options)) == ("luma", {})


def test_nothing_on_sale_for_it_is_no_idea(catalog: Catalog, templates: dict[str, Template]) -> None:
    assert idea_of(templates["lofi"], offers(*by(catalog, "suno"), off="suno"), {}) is None
    assert idea_of(templates["lofi"], offers(*by(catalog, "luma")), {}) is None
    short = replace(catalog.of_kind(Kind.MUSIC)[0], prompt_limit=20)
    assert idea_of(templates["lofi"], offers(short), {}) is None


def test_a_photo_needs_a_model_that_takes_photos(catalog: Catalog, templates: dict[str, Template]) -> None:
    own = catalog.get("flash_edit")
    assert own is not None
    assert own.inputs.source is Source.OWN
    assert idea_of(templates["restore_photo"], offers(own), {}) is None
    takes = replace(own, slug="editor", inputs=Inputs(1, 1))
    found = idea_of(templates["restore_photo"], offers(own, takes), {})
    assert found is not None
    assert found.offer.model is takes
    assert idea_of(templates["restore_photo"], offers(replace(takes, inputs=Inputs(2, 3))), {}) is None
    film = replace(takes, kind=Kind.VIDEO)
    assert [each.template.slug for each in ideas_of(templates.values(), offers(film), {})] == ["animate_photo"]
    assert idea_of(templates["lofi"], offers(replace(takes, kind=Kind.MUSIC)), {}) is None
