"""The ideas that come with Easel are whole in both languages, an operator's own are read beside them, and a wrong one
is refused in readable words."""

from collections import Counter
from pathlib import Path

import pytest

from bot.domain.catalog.models import Catalog, Kind
from bot.domain.catalog.options import valid
from bot.domain.catalog.templates import KINDS, Template, blanks
from bot.engine.catalog.file import CatalogError, load_catalog
from bot.engine.templates.file import SHIPPED, load_templates

LANGUAGES = ("en", "ru")
MINE = """
[[templates]]
slug = "my_idea"
kind = "image"
title = { en = "Mine", ru = "Моя" }
about = { en = "A thing.", ru = "Вещь." }
prompt = { en = "A {thing} on a table.", ru = "На столе {вещь}." }
ask = { en = "Which thing?", ru = "Какая вещь?" }
example = { en = "cup", ru = "чашка" }
"""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def shipped(catalog: Catalog) -> tuple[Template, ...]:
    return load_templates(catalog)


def written(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, catalog: Catalog, text: str) -> str:
    path = written(folder, text)
    with pytest.raises(CatalogError) as caught:
        load_templates(catalog, own=path)
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_there_are_many_of_every_kind(shipped: tuple[Template, ...]) -> None:
    counts = Counter(each.kind for each in shipped)
    assert len(shipped) >= 24
    assert set(counts) == set(KINDS)
    assert min(counts.values()) >= 4
    assert [each.kind for each in shipped] == sorted((each.kind for each in shipped), key=KINDS.index)


def test_they_are_right_as_an_operators_own_would_have_to_be(catalog: Catalog, shipped: tuple[Template, ...]) -> None:
    assert load_templates(catalog, own=SHIPPED) == shipped


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_has_one_blank_or_none_and_says_everything_in_the_language(
    shipped: tuple[Template, ...], language: str
) -> None:
    for each in shipped:
        assert len(blanks(each.prompt.of(language))) == each.has_blank <= 1
        texts = [each.title, each.about, each.prompt, *filter(None, (each.ask, each.example))]
        cyrillic = [any("а" <= c <= "я" for c in text.by_language[language].lower()) for text in texts]
        assert set(cyrillic) == {language == "ru"}, each.slug
        assert each.has_blank or each.photo or each.slug in {"lofi", "vaporwave_drive"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_their_titles_are_different(shipped: tuple[Template, ...], language: str) -> None:
    titles = Counter(each.title.of(language) for each in shipped)
    assert set(titles.values()) == {1}


def test_what_they_name_is_on_sale(catalog: Catalog, shipped: tuple[Template, ...]) -> None:
    for each in shipped:
        model = catalog.get(each.model)
        assert model is not None or not each.model, each.slug
        assert each.kind is Kind.EDIT or each.photo or model is not None
        if model is not None:
            assert model.kind is each.kind
            assert valid(model, each.options)
            assert len(each.filled("ru", "я" * 200)) <= model.prompt_limit


def test_words_fill_the_blank_as_they_are(shipped: tuple[Template, ...]) -> None:
    by_slug = {each.slug: each for each in shipped}
    assert (
        by_slug["oil_portrait"].filled("en", "a {cat} \\1").startswith("A classical oil portrait of a {cat} \\1. Warm")
    )
    assert by_slug["lofi"].filled("ru", "") == by_slug["lofi"].prompt.of("ru")
    assert by_slug["restore_photo"].filled("en", "Mind the dog.").endswith("exactly as they are. Mind the dog.")


def test_an_operators_own_stand_before_them_and_replace_those_of_their_slug(tmp_path: Path, catalog: Catalog) -> None:
    own = written(tmp_path, MINE + MINE.replace("my_idea", "sticker").replace("Mine", "Other"))
    found = load_templates(catalog, own=own)
    assert [each.slug for each in found[:2]] == ["my_idea", "sticker"]
    assert sum(each.slug == "sticker" for each in found) == 1
    assert len(found) == len(load_templates(catalog)) + 1
    assert found[1].title.of("en") == "Other"


def test_only_an_operators_own(tmp_path: Path, catalog: Catalog) -> None:
    own = written(tmp_path, f"shipped_templates = false\n{MINE}")
    assert [each.slug for each in load_templates(catalog, own=own)] == ["my_idea"]


def test_a_catalogue_has_its_own(tmp_path: Path) -> None:
    text = Path(SHIPPED.parent / "catalog.toml").read_text(encoding="utf-8")
    mine = written(tmp_path, f"shipped_templates = false\n{text}\n{MINE}", "catalog.toml")
    catalog = load_catalog(mine)
    assert [each.slug for each in load_templates(catalog, in_catalog=mine)] == ["my_idea"]
    beside = written(tmp_path, MINE.replace("my_idea", "beside"))
    assert [each.slug for each in load_templates(catalog, own=beside, in_catalog=mine)] == ["beside", "my_idea"]


def test_a_model_that_nothing_sells_is_no_error(tmp_path: Path, catalog: Catalog) -> None:
    own = written(tmp_path, MINE.replace('kind = "image"', 'kind = "image"\nmodel = "put_on_sale_by_an_admin"'))
    assert load_templates(catalog, own=own)[0].model == "put_on_sale_by_an_admin"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("{thing}", "thing"), "templates[0] (my_idea).prompt: has a blank in one language only"),
        (
            ("{thing}", "{thing} {thing}"),
            "templates[0] (my_idea).prompt.en: has 2 blanks; one is all that is asked for",
        ),
        (("{вещь}", "{ }"), "templates[0] (my_idea).prompt.ru: the blank has no name"),
        (("{вещь}.", "{вещь}}."), "templates[0] (my_idea).prompt.ru: has a brace that belongs to no blank"),
        (
            ('ask = { en = "Which thing?", ru = "Какая вещь?" }\n', ""),
            "(my_idea).ask: belongs to templates with a blank",
        ),
        (
            ('kind = "image"', 'kind = "ask"'),
            "templates[0] (my_idea).kind: templates are for image, video, music, edit",
        ),
        (('kind = "image"', 'kind = "edit"'), "templates[0] (my_idea).photo: must be true; the kind edit"),
        (('kind = "image"', 'kind = "image"\nmodel = "pika"'), "(my_idea).model: 'pika' makes video, not image"),
        (('kind = "image"', 'kind = "image"\nmodle = "pika"'), "(my_idea).modle: is not known here; is it misspelt?"),
        ((', ru = "Моя"', ""), "templates[0] (my_idea).title.ru: is missing"),
        (
            ('kind = "image"', 'kind = "image"\nmodel = "flash"\noptions = { ar = "5:4" }'),
            "(my_idea).options.ar: '5:4' is no value of 'flash'",
        ),
        (
            ('kind = "image"', 'kind = "image"\noptions = { mood = "x" }'),
            "(my_idea).options.mood: 'x' is no value of any model of the kind image",
        ),
        (
            ('kind = "image"', 'kind = "image"\nmodel = "flux_dev"\noptions = { ar = "1:1", size = "square" }'),
            "(my_idea).options: 'ar' and 'size' exclude each other",
        ),
    ],
)
def test_a_wrong_one_is_told_with_its_place_and_slug(
    tmp_path: Path, catalog: Catalog, change: tuple[str, str], said: str
) -> None:
    text = MINE.replace(*change)
    assert text != MINE
    assert said in refused(tmp_path, catalog, text)


def test_two_of_one_slug_are_told(tmp_path: Path, catalog: Catalog) -> None:
    said = refused(tmp_path, catalog, MINE + MINE)
    assert "templates[1] (my_idea).slug: 'my_idea' is the same as in templates[0]" in said


def test_a_prompt_longer_than_the_model_takes_is_told(tmp_path: Path, catalog: Catalog) -> None:
    long = MINE.replace("image", "music").replace("A {thing}", "A " + "very " * 100 + "{thing}")
    short = (
        Path(SHIPPED.parent / "catalog.toml")
        .read_text(encoding="utf-8")
        .replace("prompt_limit = 2000", "prompt_limit = 300")
    )
    said = refused(tmp_path, load_catalog(written(tmp_path, short, "short.toml")), long)
    assert "(my_idea).prompt: has" in said
    assert "at most 300 are taken" in said


def test_what_is_no_file_or_no_toml_is_told(tmp_path: Path, catalog: Catalog) -> None:
    assert "is not TOML" in refused(tmp_path, catalog, "templates = [")
    with pytest.raises(CatalogError, match="cannot be read: No such file"):
        load_templates(catalog, own=tmp_path / "none.toml")
