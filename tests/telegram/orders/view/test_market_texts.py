"""What alerts and waiting messages say about the market, in both languages, with what the engine gives them."""

import pytest

from bot.domain.catalog.models import Model, Terms
from bot.domain.jobs import Job
from bot.domain.money import CREDIT, Credits
from bot.engine.catalog import operator_faults
from bot.engine.catalog.shop import Offer, Why
from bot.engine.ports import Progress, Stage
from bot.providers.base import BadKey, NotPermitted, OperatorFault, OutOfFunds, UnknownModel
from bot.telegram.orders.view.texts import back_text
from bot.telegram.ui.captions import JobTexts
from tests.telegram import kit

LANGUAGES = ("en", "ru")
TERMS: Terms = kit.CATALOG.terms["toy"]
PIKA: Model | None = kit.CATALOG.get("pika")


class Spoken:
    """Alerts as an admin reads them; a missing text or value fails the test."""

    def __init__(self, language: str) -> None:
        self._speech = kit.TEXTS.of(language)
        self.said: list[str] = []

    async def alert(self, key: str, message: str, **values: str) -> bool:
        self.said.append(self._speech(message, **values))
        return True


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("error", [BadKey, OutOfFunds, NotPermitted, UnknownModel, OperatorFault])
async def test_every_operator_fault_is_told_with_its_provider_and_model(language: str, error: type) -> None:
    assert PIKA is not None
    spoken = Spoken(language)
    await operator_faults.alert(spoken, TERMS, PIKA, error("<their words>"))
    (said,) = spoken.said
    assert "<b>Toy</b>" in said
    assert "Pika" in said
    assert "<their words>" not in said


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_dear_run_is_told_with_the_difference(language: str) -> None:
    assert PIKA is not None
    spoken = Spoken(language)
    job: Job = kit.job(7, 1, quote=Credits(10 * CREDIT), cost="12.5")
    await operator_faults.compare_cost(spoken, TERMS, PIKA, job)
    (said,) = spoken.said
    assert all(figure in said for figure in ("12.5", "2.5", "10", job.id))


@pytest.mark.parametrize(
    ("language", "held", "words"),
    [
        ("en", 0.0, "shortly"),
        ("en", 31.0, "in 1 minute."),
        ("en", 110.0, "in 2 minutes."),
        ("ru", 61.0, "через 2 минуты."),
        ("ru", 300.0, "через 5 минут."),
    ],
)
def test_an_order_that_waits_for_a_service_hears_until_when(language: str, held: float, words: str) -> None:
    progress = Progress(Stage.QUEUED, position=3, held=held)
    said = JobTexts(kit.CATALOG).progress(kit.TEXTS.of(language), kit.job(7, 1), progress)
    assert words in said


@pytest.mark.parametrize(("language", "words"), [("en", "about 2 minutes"), ("ru", "примерно через 2 минуты")])
def test_an_offer_that_is_off_says_when_it_is_tried_again(language: str, words: str) -> None:
    assert PIKA is not None
    off = Offer(PIKA, Credits(CREDIT), 1.0, False, Why.CIRCUIT_OPEN, back_in=110.0)
    assert words in back_text(kit.TEXTS.of(language), off)
