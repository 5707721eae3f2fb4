"""Lists of models: the recommended one first, five words for each, the same thing of two services once; as chats."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from bot.domain.jobs import JobState
from bot.telegram.ui.screen import HEIGHT, height
from tests.drivers.app import World, easel

SERVICES = ("ai_now", "neuroartist", "naive", "neuroapi", "neuroflash")


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with easel(sqlite_url, welcome_credits=Decimal(100), providers=SERVICES) as started:
        yield started


@pytest.mark.parametrize(
    ("language", "first", "second", "ask"),
    [
        ("en", "⭐ FLUX Schnell — very fast and cheap", "FLUX Dev — more detail, a little slower", "Which model?"),
        ("ru", "⭐ FLUX Schnell — очень быстро и дёшево", "FLUX Dev — больше деталей, чуть дольше", "Какая модель?"),
    ],
)
async def test_an_order_begins_with_the_recommended_model(
    world: World, language: str, first: str, second: str, ask: str
) -> None:
    ann = await world.person(language=language)
    chat = ann.private()
    await chat.send("/image " + "a fox in the snow " * 4)
    await chat.click("Other model" if language == "en" else "Другая модель", on=await chat.wait("FLUX Schnell"))
    card = await chat.wait(ask)
    said = card.text.splitlines()
    assert said[-7:-5] == [first, second]
    assert card.buttons[0].startswith("⭐ FLUX Schnell · ")
    assert not [line for line in [*said, *card.buttons] if "Naive Schnell" in line or "Naive Dev" in line]
    assert not any(char.isdigit() for char in "".join(said[-7:-5])), "prices stand on the buttons"
    assert height(card.text) <= HEIGHT


@pytest.mark.parametrize(
    ("language", "also"), [("en", "or /naive_schnell (Naive) · "), ("ru", "или /naive_schnell (Naive) · ")]
)
async def test_the_same_thing_at_another_service_stands_below_and_can_be_named(
    world: World, language: str, also: str
) -> None:
    chat = (await world.person(language=language)).private()
    await chat.send("/models image")
    page = await chat.wait("⭐ FLUX Schnell — ")
    said = page.text.splitlines()
    assert said[2].startswith("/flux_schnell · ")
    assert said[3].startswith(also)
    assert height(page.text) <= HEIGHT
    await chat.send("/naive_schnell a fox")
    await chat.wait("Naive Schnell", button="Cancel" if language == "en" else "Отмена")


async def test_what_goes_off_sale_gives_its_line_to_the_same_thing_at_its_own_price(world: World) -> None:
    admin, ann = await world.admin(), await world.person()
    operator, chat = admin.private(), ann.private()
    await operator.send("/models off flux_schnell")
    await operator.wait("off sale")
    await chat.send("/image a fox")
    await chat.click("Other model", on=await chat.wait("Naive Schnell", button="Confirm"))
    card = await chat.wait("Which model?")
    label = card.buttons[0]
    assert label.startswith("⭐ Naive Schnell · ")
    await chat.click(label, on=card)
    price = label.rpartition(" · ")[2]
    await chat.click(f"Confirm · {price}", on=await chat.wait(f"Price: {price} credits", button="Confirm"))
    job = await world.finished()
    assert (job.model, job.state, job.charged) == ("naive_schnell", JobState.DONE, job.quote)


async def test_in_a_group_the_list_is_the_same(world: World) -> None:
    ann = await world.person()
    view = ann.in_(await world.tg.group("Friends", [ann]))
    await view.send("/models image")
    assert "⭐ FLUX Schnell — very fast and cheap" in (await view.wait("FLUX Schnell")).text
    await view.send("/image a fox")
    await view.click("Other model", on=await view.wait("a fox", button="Confirm"))
    card = await view.wait("Which model?")
    assert "⭐ FLUX Schnell — very fast and cheap" in card.text
    assert card.buttons[0].startswith("⭐ FLUX Schnell · ")


@pytest.mark.parametrize(
    ("language", "grown", "cut"), [("en", "Upscale ×4", "Remove background"), ("ru", "Увеличить ×4", "Убрать фон")]
)
async def test_tools_are_named_after_what_they_do(world: World, language: str, grown: str, cut: str) -> None:
    chat = (await world.person(language=language)).private()
    await chat.send("/models upscale")
    assert f"{grown} — " in (await chat.wait("/upscaler · ")).text
    await chat.send("/models cutout")
    assert f"{cut} — " in (await chat.wait("/birefnet · ")).text
