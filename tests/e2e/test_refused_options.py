"""Options that the real model does not take: told by their name, with a tap that leaves them out."""

from typing import Any

import pytest

from bot.domain.jobs import REFUSED_OPTION, Cause, JobState
from tests.drivers.app import easel
from tests.drivers.catalog import sampling_file

SERVICES = ("ai_now", "neuroapi")


@pytest.mark.parametrize(
    ("language", "said", "way"),
    [
        (
            "en",
            "The model does not accept the option “Temperature”. You were not charged.",
            "Try without “Temperature”",
        ),
        ("ru", "Модель не принимает параметр «Температура». Кредиты не списаны.", "Без параметра «Температура»"),
    ],
)
async def test_a_question_is_asked_again_without_it(sqlite_url: str, language: str, said: str, way: str) -> None:
    async with easel(sqlite_url, providers=SERVICES, catalog_file=sampling_file()) as world:
        ann = await world.person(credits=10, language=language)
        chat = ann.private()
        world.services.neuroapi.faults.add("unsupported_parameter")
        await chat.send("/ask --temperature 0.5 --json foxes")
        failed = await chat.wait(said, button=way)
        job = await world.finished()
        assert (job.state, job.cause) == (JobState.FAILED, Cause.OPTION_REFUSED)
        assert job.facts == {REFUSED_OPTION: "temperature"}
        await chat.click(way, on=failed)
        await chat.wait('"simulated": true')
        job = await world.finished()
        assert (job.state, job.options) == (JobState.DONE, {"json": "on"})
        bodies: list[Any] = [request.body for request in world.services.neuroapi.requests]
        assert bodies[0] == {**bodies[1], "temperature": 0.5}


@pytest.mark.parametrize(
    ("language", "said", "way", "confirm"),
    [
        ("en", "does not accept the option “Size”", "Try without “Size” · 9.6", "Confirm · 9.6"),
        ("ru", "не принимает параметр «Размер»", "Без параметра «Размер» · 9,6", "Подтвердить · 9,6"),
    ],
)
async def test_an_order_is_shown_again_without_it(
    sqlite_url: str, language: str, said: str, way: str, confirm: str
) -> None:
    async with easel(sqlite_url, providers=SERVICES) as world:
        ann = await world.person(credits=100, language=language)
        chat = ann.private()
        world.services.neuroapi.faults.add("unsupported_size")
        await chat.send("/dalle a lake --size 1792x1024")
        card = await chat.wait(button=confirm.split(" ", maxsplit=1)[0])
        await chat.click(card.buttons[0], on=card)
        failed = await chat.wait(said, button=way)
        assert await world.balance(ann) == (100, 0)
        await chat.click(way, on=failed)
        await chat.click(confirm, on=await chat.wait(button=confirm))
        await world.job(lambda job: job.state is JobState.DONE and not job.options)
        last: Any = world.services.neuroapi.requests[-1].body
        assert "size" not in last


async def test_the_catalogue_sells_what_the_models_take(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=SERVICES) as world:
        ann = await world.person(credits=100)
        chat = ann.private()
        await chat.send("/ask --temperature 0.5 foxes")
        await chat.wait("--temperature")
        await chat.send("/dalle a lake --n 3")
        await chat.click("Confirm", on=await chat.wait("Images: 3", button="Confirm"))
        job = await world.finished()
        assert (job.state, job.ordered, job.shown) == (JobState.DONE, 3, 3)
        bodies: list[Any] = [request.body for request in world.services.neuroapi.requests]
        assert bodies == 3 * [{"model": "dall-e-3", "prompt": "a lake"}]
        assert (await world.balance(ann))[0] == pytest.approx(100 - 3 * 9.6)


async def test_of_several_pictures_those_that_came_are_paid(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=SERVICES) as world:
        ann = await world.person(credits=100)
        chat = ann.private()
        world.services.neuroapi.faults.add("500")
        await chat.send("/dalle a lake --n 3")
        await chat.click("Confirm", on=await chat.wait("Images: 3", button="Confirm"))
        job = await world.finished()
        assert (job.state, job.ordered, job.shown) == (JobState.DONE, 3, 2)
        assert (await world.balance(ann))[0] == pytest.approx(100 - 2 * 9.6)
