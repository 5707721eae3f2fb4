"""What a result says of its order: what a person chose, and nothing else."""

import pytest

from bot.telegram.i18n.texts import Speech
from bot.telegram.jobs.texts import title
from bot.telegram.ui.captions import JobTexts, choices
from bot.telegram.ui.option_texts import said_options
from tests.domain.catalog.test_options import every_value
from tests.telegram.order_kit import CATALOG, EN, RU, job_of, model

TEXTS = JobTexts(CATALOG)


@pytest.mark.parametrize(("t", "images"), [(EN, "Images: 2"), (RU, "Изображений: 2")])
def test_a_caption_says_what_was_chosen_and_nothing_else(t: Speech, images: str) -> None:
    auto = job_of("gpt_image", {"quality": "auto", "size": "auto"})
    assert TEXTS.head(t, auto) == "<b>GPT Image</b>"
    assert title(t, CATALOG, auto) == "GPT Image"
    plain = job_of("flux_dev", {"n": "1", "steps": "28", "guidance": "3.5"})
    assert title(t, CATALOG, plain) == "FLUX Dev"
    chosen = job_of("flux_dev", {"n": "2", "steps": "28", "ar": "16:9"})
    assert title(t, CATALOG, chosen) == f"FLUX Dev · {images} · 16:9"
    assert TEXTS.caption(t, chosen).splitlines()[-1] == TEXTS.head(t, chosen)


def test_what_is_left_to_the_model_is_on_the_card_for_it_has_a_price() -> None:
    assert said_options(EN, model("gpt_image"), {"quality": "auto"}) == ["Quality: Auto"]
    assert said_options(EN, model("gpt_image"), {"quality": "medium"}) == []
    assert said_options(EN, model("flux_dev"), {"guidance": "3.5", "seed": "4"}) == ["Seed: 4"]


def test_no_default_of_any_model_is_said() -> None:
    for sold, option, value in every_value():
        said = choices(EN, CATALOG, sold.slug, {option.name: value})
        assert bool(said) == (value not in (option.default, "auto")), (sold.slug, option.name, value)


def test_an_aspect_that_a_size_overrules_is_not_said() -> None:
    both = job_of("flux_schnell", {"ar": "16:9", "size": "square"})
    assert title(EN, CATALOG, both) == "FLUX Schnell · Square"


def test_what_left_the_catalogue_is_said_as_it_was_ordered() -> None:
    assert choices(EN, CATALOG, "pika", {"style": "99", "mood": "dark"}) == "99 · dark"
    assert choices(EN, CATALOG, "gone", {"style": "4"}) == "4"
