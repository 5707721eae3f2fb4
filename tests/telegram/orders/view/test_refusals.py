"""The table of refusals is complete: a refusal that is new has words, in every language and at every place."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any, cast

import pytest

import bot
from bot.domain import errors
from bot.domain.catalog.models import Kind
from bot.domain.errors import Refusal
from bot.domain.limits import admission
from bot.domain.limits.groups import GroupRefused, Why
from bot.domain.money import Credits
from bot.engine.jobs.submit import QuoteStale
from bot.engine.results.library import ResultDeleted
from bot.telegram.context.context import Context
from bot.telegram.orders.view.refusals import WORDS, Place, refusal_text, refusal_toast
from tests.telegram.kit import TEXTS, Stall, job, options

TOLD_ELSEWHERE = {
    "AskedBefore": "a request for credits that was made before: a state that its own sentence tells",
    "Repeated": "an admin's adjustment that may be meant twice: it is a question, not an end",
}
"""Refusals that no order, question or button of a job meets, and why they have no line in the table."""

SAMPLES: list[Refusal] = [
    errors.NotEnoughCredits(available=Credits(1_000_000), needed=Credits(3_000_000)),
    QuoteStale(Credits(1_000_000)),
    errors.NotOnSale("pika"),
    errors.NotOnSale("unheard-of"),
    errors.NotOnSale(""),
    errors.InputsGone("job"),
    errors.TooManyActiveJobs(1),
    errors.TooManyActiveJobs(5),
    errors.QueueFull("toy"),
    errors.StillAnswering("job"),
    errors.QuestionTooLong("pika"),
    errors.TooManyImprovements(20),
    errors.TooManyCancels(0),
    errors.TooManyCancels(5),
    errors.TooManyPresets(20),
    errors.NotCancellable("job"),
    errors.UnknownJob("job"),
    errors.NotRefundable("job"),
    errors.Forgotten("job"),
    admission.Banned(),
    admission.Blocked(),
    admission.TooManyOrders(3, 0.2, everybody=False),
    admission.TooManyOrders(3, 40.0, everybody=True),
    admission.TooManyNewOrders(3, 4000.0),
    admission.TooManyCostlyEnds(5, 100.0),
    admission.StillWorking(2),
    admission.BalanceMoved(Credits(5)),
    ResultDeleted(job(5)),
    *(GroupRefused(why, model="pika", kind=Kind.VIDEO, seconds=10.0) for why in Why),
]


def all_refusals(base: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for found in base.__subclasses__():
        if found.__module__.startswith("bot."):
            yield found
            yield from all_refusals(found)


def context(contact: str) -> Context:
    return cast("Context", type("Here", (), {"shop": Stall(), "options": options(topup_contact=contact)})())


def test_every_refusal_has_a_line_in_the_table() -> None:
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        if not module.name.startswith(("bot.storage.migrations", "bot.__main__")):
            importlib.import_module(module.name)
    found = {refusal for refusal in all_refusals() if refusal.__name__ not in TOLD_ELSEWHERE}
    assert sorted(each.__qualname__ for each in found - WORDS.keys()) == []
    assert WORDS.keys() <= found
    assert {type(sample) for sample in SAMPLES} == WORDS.keys()


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("contact", ["", "@operator"])
@pytest.mark.parametrize("refusal", SAMPLES, ids=lambda refusal: type(refusal).__name__)
def test_every_refusal_is_said_everywhere(refusal: Refusal, contact: str, language: str) -> None:
    ctx, t = context(contact), TEXTS.of(language)
    for place in Place:
        for private in (True, False):
            assert refusal_text(ctx, t, refusal, place, private=private)
        assert refusal_toast(ctx, t, refusal, place)


def test_others_read_nothing_of_a_balance() -> None:
    short: Any = SAMPLES[0]
    ctx, t = context("@operator"), TEXTS.of("en")
    told: list[str] = [refusal_text(ctx, t, short, Place.ORDER, private=False)]
    told += [refusal_toast(ctx, t, short, place) for place in (Place.INLINE, Place.IMPROVEMENT)]
    assert not [said for said in told if any(c.isdigit() for c in said)]
    assert "3" in refusal_text(ctx, t, short, Place.ORDER)


def test_who_is_banned_hears_whom_to_write_to() -> None:
    said = refusal_text(context("@operator"), TEXTS.of("en"), admission.Banned(), Place.QUESTION)
    assert "@operator" in said
    assert "@operator" not in refusal_toast(context("@operator"), TEXTS.of("en"), admission.Banned(), Place.INLINE)
