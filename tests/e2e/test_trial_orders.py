"""What the first users stumbled over while ordering: each was seen in a chat first."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from bot.domain.catalog.models import Kind
from bot.domain.jobs import JobState
from sandbox.client import Msg
from tests.drivers.app import World, easel


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with easel(sqlite_url, welcome_credits=Decimal(100)) as started:
        yield started


@pytest.mark.parametrize(
    ("language", "tap", "said", "back"),
    [("en", "Music", "Price", "Menu"), ("ru", "Музыка", "Цена", "Меню")],
)
async def test_what_was_tapped_in_the_menu_is_not_asked_again(
    world: World, language: str, tap: str, said: str, back: str
) -> None:
    chat = (await world.person(language=language)).private()
    menu = await chat.last()
    await chat.click(tap, on=menu)
    await chat.wait("/music")
    await chat.send("a serene lake")
    card = await chat.wait(said)
    assert "Suno" in card.text
    assert card.button(tap) is None, "the kind was named: no other is offered"
    await chat.send("another lake")  # the menu was heeded once
    await chat.wait("another lake", button=tap)
    await chat.click(back, on=menu)
    await chat.wait(button="❓")
    await chat.click(tap, on=menu)
    await chat.wait("/music")
    await chat.click(back, on=menu)  # and not when the person turned away from it
    await chat.wait(button="❓")
    await chat.send("a third lake")
    await chat.wait("a third lake", button=tap)


async def test_a_tap_in_the_menu_is_forgotten_after_ten_minutes(world: World) -> None:
    chat = (await world.person()).private()
    await chat.click("Music")
    await chat.wait("/music")
    world.easel.db.shift_clock(601)
    await chat.send("a serene lake")
    await chat.wait("a serene lake", button="✓ 🎬 Video")


async def test_other_model_is_offered_only_where_there_is_one(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/suno a serene lake")
    await chat.click("Confirm", on=await chat.wait("Suno", button="Confirm"))
    job = await world.finished()
    assert job.kind is Kind.MUSIC
    assert (await chat.wait("a serene lake", button="More")).buttons == ["Again · 10", "More…"]


async def test_an_old_quote_with_the_same_price_is_not_called_another_price(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/luma a lake")
    await chat.wait("Price", button="Confirm")
    world.easel.db.shift_clock(601)
    await chat.click("Confirm")
    asked = await chat.wait("over 10 minutes old", button="Confirm · 30")
    assert "no longer valid" not in asked.text
    assert "Nothing was charged" in asked.text


async def test_another_price_is_told_as_such(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    await chat.send("/luma a lake")
    await chat.wait("Price", button="Confirm · 30")
    await world.restart(ai_now_credits_per_token=Decimal("1.333"))
    await chat.click("Confirm")
    await chat.wait("no longer valid. This is the current one. Nothing was charged", button="Confirm · 39.99")
    assert await world.balance(ann) == (100, 0)


async def test_a_card_above_the_balance_has_ways_on_instead_of_confirm(sqlite_url: str) -> None:
    async with easel(sqlite_url, welcome_credits=Decimal(5)) as world:
        chat = (await world.person()).private()
        await chat.send("/luma a lake")
        refused = await chat.wait("you need 25 credits more")
        assert refused.buttons == ["💳 Ask for credits", "🔄 Check again", "🔀 Other model", "Cancel"]


@pytest.mark.parametrize(
    ("length", "said"),
    [(2001, "2001 символ,"), (2002, "2002 символа,"), (2005, "2005 символов,"), (2011, "2011 символов,")],
)
async def test_the_length_of_a_long_prompt_is_told_in_the_right_plural(world: World, length: int, said: str) -> None:
    chat = (await world.person(language="ru")).private()
    await chat.send("/video " + "я" * length)
    await chat.expect(f"В тексте {said} а модели принимают не больше 2000 символов.")
    await chat.send("/luma " + "я" * length)
    await chat.expect(f"В тексте {said} а Luma принимает не больше 2000 символов.")


async def test_a_file_with_words_that_is_no_picture_is_told_so(world: World) -> None:
    chat = (await world.person()).private()
    await chat.file(b"some bytes", caption="make it move")
    await chat.expect("I cannot read this picture")


async def test_a_list_of_names_ends_in_one_way_only(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/run --style zzz a cat")
    assert (await chat.wait("Possible: Abandoned")).text.endswith("Graphite …")
    await chat.send("/pika --style zzz a cat")
    assert (await chat.wait("Possible: Anime")).text.endswith("Black & White")


async def test_when_nothing_is_on_sale_the_menu_says_so(world: World) -> None:
    chat = (await world.person()).private()
    world.ai_now.faults.add(401, times=1000)
    await chat.send("/pika --style 4 a lake")
    await chat.click("Confirm", on=await chat.wait("Pika", button="Confirm"))
    await world.finished()
    await chat.send("/start")
    menu = await chat.wait("Nothing can be ordered at the moment")
    assert "or choose" not in menu.text
    assert menu.button("Balance") is not None


async def test_a_card_sent_twice_loses_its_buttons_once_the_order_is_placed(world: World) -> None:
    """An answer of Telegram that is lost on its way makes the card come a second time."""
    ann = await world.person()
    chat = ann.private()
    await world.tg.faults("drop_after", method="sendMessage", times=1)
    await chat.send("/pika --style 4 a lake")
    cards: list[Msg] = []
    while len(cards) < 2:  # the test's own time limit bounds it
        cards = [m for m in await chat.messages() if m.button("Confirm")]
    await chat.click("Confirm", on=cards[1])
    assert (await world.finished()).state is JobState.DONE
    assert (await chat.click("Confirm", on=cards[0])).text == "Already on its way."
    await chat.wait_for(lambda m: m.id == cards[0].id and not m.buttons)
    assert (await chat.refresh(cards[1])).kind == "video"
    assert await world.balance(ann) == (90, 0)


async def test_the_help_lists_what_can_be_made_in_the_order_of_the_menu(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/help orders")
    text = (await chat.wait("/video")).text
    assert text.index("/video — ") < text.index("/music — ")
