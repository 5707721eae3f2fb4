"""What the buttons under a job open: pure functions of the job and what is on sale."""

from dataclasses import replace

import pytest

from bot.domain.jobs import SOURCE
from bot.telegram.orders.draft.repeat import following
from bot.telegram.orders.draft.steps import Step, press, step_of
from tests.telegram.order_kit import CATALOG, job_of, market_of, model

MARKET = market_of(*CATALOG.models)


def test_a_song_once_more_keeps_what_it_was_made_of() -> None:
    song = replace(job_of("suno", {}), facts={SOURCE: "picture"})
    again = following(song, "again", "", MARKET)
    assert again is not None
    assert (again.source, step_of(again, MARKET)) == ("picture", Step.CONFIRM)


def test_another_style_keeps_the_other_options() -> None:
    pika = replace(model("pika"), options=(*model("pika").options, *model("flux_pro").options))
    film = job_of("pika", {"style": "4", "ar": "16:9"})
    other = following(film, "style", "", market_of(pika))
    assert other is not None
    assert other.options == {"ar": "16:9"}
    assert step_of(other, market_of(pika)) is Step.OPTION


def test_another_model_takes_over_what_it_has_of_the_options() -> None:
    picture = job_of("flux_dev", {"ar": "16:9", "n": "2", "steps": "40"})
    asked = following(picture, "model", "", MARKET)
    assert asked is not None
    assert step_of(asked, MARKET) is Step.MODEL
    assert press(asked, "model", "flux_pro", MARKET).chosen() == {"ar": "16:9", "n": "2"}
    film = following(job_of("pika", {"style": "1"}), "model", "", MARKET)
    assert film is not None
    assert press(film, "model", "run", MARKET).chosen() == {"style": "anime"}, "by its name, not by its number"


@pytest.mark.parametrize(("act", "arg"), [("with", "gpt"), ("with", "suno"), ("with", "none"), ("seed", "x")])
def test_what_no_button_says_opens_nothing(act: str, arg: str) -> None:
    assert following(job_of("pika", {"style": "1"}), act, arg, MARKET) is None


@pytest.mark.parametrize("act", ["again", "style", "model", "with", "seed"])
def test_an_answer_is_no_order(act: str) -> None:
    assert following(job_of("gpt", {}), act, {"with": "gpt", "seed": "5"}.get(act, ""), MARKET) is None
