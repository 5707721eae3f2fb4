"""What an admin sees and does about models and providers, as chats with two services that list, price and tell."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.jobs import JobState
from bot.engine.operations.price_watch import PriceWatch
from bot.providers import registry
from bot.providers.base import Discovers
from bot.wiring.catalog import provider_configs
from sandbox.client import ChatView
from tests.drivers.app import World, easel

SERVICES = ("ai_now", "neuroartist", "naive")


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with easel(sqlite_url, welcome_credits=Decimal(100), providers=SERVICES) as started:
        yield started


async def _priced(world: World, slug: str = "flux_dev") -> None:
    """Waits until today's prices were asked for in the background."""
    async with asyncio.timeout(10):
        while True:
            offer = await world.easel.shop.offer(slug)
            assert offer is not None
            if not offer.approximate:
                return
            await asyncio.sleep(0.02)


async def _listed(chat: ChatView, text: str) -> str:
    """The number of the difference with this text, over the pages."""
    for _ in range(9):
        page = await chat.wait("Tap a number to open one")
        for line in page.text.splitlines():
            if text in line:
                return line.split(".")[0].split()[-1]
        await chat.click("›", on=page)
        while (await chat.refresh(page)).text == page.text:
            await asyncio.sleep(0.02)
    raise AssertionError(f"nobody lists {text}")


async def test_prices_are_those_of_today(world: World) -> None:
    await _priced(world)
    await _priced(world, "naive_dev")
    shop = world.easel.shop
    dev, naive = shop.model("flux_dev"), shop.model("naive_dev")
    assert dev is not None
    assert naive is not None
    assert shop.live_units(dev) == Decimal("1.35")
    assert shop.live_units(dev, 3) == Decimal("4.05")
    assert shop.live_units(naive, 4) == Decimal("0.2")
    offer = await shop.offer("suno")
    assert offer is not None
    assert not offer.approximate, "a fixed price is exact"


async def test_a_schema_hides_the_options_it_does_not_have(world: World) -> None:
    async with asyncio.timeout(10):
        while (model := world.easel.shop.catalog.get("naive_pro")) is not None and model.option("guidance"):
            await asyncio.sleep(0.02)
    async with asyncio.timeout(10):
        while "neuroartist" not in {provider for provider, _ in world.easel.shop._overrides.listings}:
            await asyncio.sleep(0.02)
    kling = world.easel.shop.catalog.get("kling")
    assert kling is not None
    assert kling.option("ar") is not None
    assert world.easel.shop.catalog.get("birefnet") in world.easel.shop.models, "its picture is what it requires"


async def test_a_listed_model_is_put_on_sale_and_ordered_by_its_own_command(world: World) -> None:
    olga = await world.admin()
    chat = olga.private()
    await chat.send("/models sync")
    number = await _listed(chat, "recraft-v3")
    await chat.click(f"🆕 {number}")
    card = await chat.wait("fal-ai/recraft-v3", button="Put on sale")
    assert "Title: Flux" not in card.text
    assert "command: /recraft_v3" in card.text
    assert "Makes: Images" in card.text
    assert "4.2 RUB = 5.04 credits (follows the service)" in card.text
    assert "--n, --ar, --size" in card.text
    await chat.reply(card, "Recraft\ncolour: blue")
    card = await chat.wait("I cannot use “colour: blue”", button="Put on sale")
    assert "Title: Recraft ·" in card.text
    await chat.click("Put on sale", on=card)
    await chat.wait("Recraft is on sale as /recraft_v3")
    ann = (await world.person()).private()
    await ann.send("/recraft_v3 a fox")
    order = await ann.wait("Recraft", button="Confirm")
    assert "approximate" not in order.text, "its price was told a moment ago"
    await ann.click("Confirm", on=order)
    assert (await world.finished()).state is JobState.DONE
    assert [r.model for r in world.services.neuroartist.requests] == ["fal-ai/recraft-v3"]
    await chat.send("/models title recraft_v3 \u3164\u3164")
    await chat.wait("The title must have 1 to 40 characters")
    await chat.send("/models title recraft_v3 Recraft Three")
    await chat.wait("/recraft_v3 is called “Recraft Three” now")
    await chat.send("/models price recraft_v3 10")
    await chat.wait("/recraft_v3 costs 10 RUB now")
    await ann.send("/price recraft_v3")
    assert "12 credits" in (await ann.wait("Recraft Three")).text


async def test_a_model_that_needs_more_than_we_send_stays_off(world: World) -> None:
    chat = (await world.admin()).private()
    await chat.send("/models sync")
    await chat.click(f"🆕 {await _listed(chat, 'face-swap-portrait')}")
    card = await chat.wait("It cannot be sold: it requires fields that I cannot fill: face_embedding")
    assert card.button("Put on sale") is None


async def test_a_model_is_switched_off_and_on_by_word(world: World) -> None:
    chat, ann = (await world.admin()).private(), (await world.person()).private()
    await chat.send("/models off pika")
    await chat.wait("Pika is off sale")
    assert "pika" not in {m.slug for m in world.easel.shop.models}
    await ann.send("/pika a lake")
    assert (await ann.wait("Pika")).button("Confirm") is None
    await chat.send("/models off pika")
    await chat.wait("Pika is off already")
    await chat.send("/models on pika")
    await chat.wait("Pika is switched on")
    await ann.send("/pika a lake")
    await ann.wait("Price:", button="Confirm")


async def test_an_open_confirmation_of_a_model_that_went_off_holds_nothing(world: World) -> None:
    chat, ann = (await world.admin()).private(), await world.person()
    theirs = ann.private()
    await theirs.send("/suno a song")
    card = await theirs.wait("Suno", button="Confirm")
    await chat.send("/providers off ai_now")
    await chat.wait("AI-Now is off.")
    await theirs.click("Confirm", on=card)
    await theirs.wait("temporarily unavailable")
    assert await world.balance(ann) == (100, 0)
    assert await world.jobs() == []


async def test_providers_tell_how_they_do(world: World) -> None:
    olga = await world.admin()
    chat = olga.private()
    await chat.send("/flux_schnell a fox")
    await chat.click("Confirm", on=await chat.wait("FLUX Schnell", button="Confirm"))
    await world.finished()
    await chat.send("/providers")
    page = await chat.wait("Services", button="NeuroArtist")
    assert "✅ NeuroArtist · works · " in page.text
    assert page.text.splitlines()[-1] == "🔒 neuroflash: no key, not offered"
    await chat.click("NeuroArtist", on=page)
    told = (await chat.wait("Recent success: 100 % (1 of 1)", button="Switch off NeuroArtist")).text
    assert "Balance: " in told
    await chat.click("‹ Back", on=page)
    await chat.click("Naive", on=await chat.wait("Services", button="Naive"))
    await chat.click("Switch off Naive", on=await chat.wait("Naive · works", button="Switch off Naive"))
    sure = await chat.wait("Switch Naive off?", button="Switch it off")
    await chat.click("Switch it off", on=sure)
    page = await chat.wait("Naive is off.", button="Switch on Naive")
    await chat.click("‹ Back", on=page)
    await chat.click("Naive", on=await chat.wait("⏸ Naive: switched off by you", button="Naive"))
    await chat.click("Switch on Naive", on=await chat.wait("Naive", button="Switch on Naive"))
    await chat.wait("Naive is on.", button="Switch off Naive")


async def test_words_that_are_no_admins_are_everybodys(world: World) -> None:
    chat = (await world.admin()).private()
    await chat.send("/models")
    await chat.wait("FLUX")
    await chat.send("/models off nothing_like_it")
    await chat.wait("I do not know the model “nothing_like_it”")
    ann = (await world.person()).private()
    await ann.send("/models off pika")
    await ann.wait("FLUX")
    assert "pika" in {m.slug for m in world.easel.shop.models}
    await ann.send("/providers off ai_now")
    await asyncio.sleep(0.3)
    assert not world.easel.shop.provider_off("ai_now")


async def test_a_service_that_is_down_is_told_and_the_nearest_other_is_one_tap_away(world: World) -> None:
    await _priced(world, "naive_dev")
    world.services.neuroartist.faults.add("500", times=5)
    people = [await world.person(f"Ann{number}") for number in range(5)]  # one alone takes a service from none of them
    for number, person in enumerate(people):
        chat = person.private()
        await chat.send(f"/flux_dev a fox {number}")
        await chat.click("Confirm", on=await chat.wait(f"a fox {number}", button="Confirm"))
        await world.finished()
    ann = people[-1]
    chat = ann.private()
    failed = await chat.wait("You were not charged", button="Try again")
    others = [label for label in failed.buttons if label.startswith("Try ") and "again" not in label]
    assert others == ["Try Naive Dev · 3", "Try Naive Schnell · 0.36"], (
        "the same thing elsewhere first, nothing of a service that is down"
    )
    await chat.send("/flux_dev a fox at last")
    off = await chat.wait("FLUX Dev is temporarily unavailable", button="Naive Dev · 3")
    assert "I try again in about 1 minute" in off.text
    await chat.click("Naive Dev · 3", on=off)
    await chat.click("Confirm", on=await chat.wait("a fox at last", button="Confirm"))
    assert (await world.finished()).state is JobState.DONE
    assert await world.balance(ann) == (97, 0)
    olga = (await world.admin()).private()
    await olga.send("/providers")
    page = await olga.wait("Services", button="NeuroArtist")
    assert page.text.splitlines()[1] == "⛔ NeuroArtist: several failures in a row"
    await olga.click("NeuroArtist", on=page)
    assert "off for now after failures" in (await olga.wait(button="Try NeuroArtist now")).text
    await olga.click("Try NeuroArtist now")
    await olga.wait("The next order for NeuroArtist is sent as a test")
    await chat.send("/flux_schnell a fox again")
    await chat.click("Confirm", on=await chat.wait("a fox again", button="Confirm"))
    assert (await world.finished()).state is JobState.DONE
    assert await world.easel.shop.pauses() == ()


async def test_every_model_has_its_switch_in_a_list(world: World) -> None:
    chat = (await world.admin()).private()
    await chat.send("/models all")
    page = await chat.wait("Models: ", button="⏸ FLUX Dev")
    await chat.click("⏸ FLUX Dev", on=page)
    await chat.click("Switch it off", on=await chat.wait("Take FLUX Dev off sale?", button="Switch it off"))
    await chat.wait("FLUX Dev is off sale", button="Switch on FLUX Dev")
    await chat.send("/providers")
    await chat.click("Not on sale: 1", on=await chat.wait("Services", button="Not on sale: 1"))
    assert "FLUX Dev (flux_dev): switched off" in (await chat.wait("Not on sale: 1", button="‹ Back")).text
    await chat.send("/models all")
    assert "⛔ FLUX Dev (flux_dev): switched off" in (await chat.wait("Models: ", button="▶️ FLUX Dev")).text


async def test_services_that_tell_little_leave_the_rest_to_the_admin(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=("neuroapi", "neuroflash")) as world:
        chat = (await world.admin()).private()
        await chat.send("/models sync")
        page = await chat.wait("Tap a number to open one")
        assert "neuroflash" in page.text
        number = await _listed(chat, "NeuroAPI")
        await chat.click(f"🆕 {number}")
        card = await chat.wait("The service does not say what it makes", button="Chat")
        assert card.button("Put on sale") is None
        await chat.click("Chat", on=card)
        card = await chat.wait("Its price is unknown")
        await chat.reply(card, "price: 0,5\ntokens: 30/240\ntitle: Clever")
        card = await chat.wait("A million tokens: 30 in, 240 out (RUB)", button="Put on sale")
        await chat.reply(card, "title: \u2800\u2800")
        await chat.wait("I cannot use")
        assert "(fixed)" in card.text
        await chat.click("Put on sale", on=card)
        await chat.wait("Clever is on sale as /")
        sold = world.easel.shop.models[-1]
        assert (sold.kind.value, sold.tokens is not None, sold.live) == ("ask", True, False)


async def _told_now(world: World, name: str) -> None:
    """The background service asks what the provider lists, soon after a doubt."""
    built = registry.build(provider_configs(world.settings))
    provider: object = built[name]
    assert isinstance(provider, Discovers)
    await PriceWatch(world.easel.db, world.easel.shop, built, age=60).ask_listing(name, provider)
    await registry.close(built)


async def test_the_services_own_choice_is_sold_within_the_limits_that_it_lists(sqlite_url: str) -> None:
    async with easel(sqlite_url, welcome_credits=Decimal(100), providers=("neuroflash",)) as world:
        models = world.services.neuroflash.state.models
        first = next(iter(models))
        models[first] = replace(models[first], max_images=2, aspect_ratios=("1:1",))
        await _told_now(world, "neuroflash")
        chat = (await world.person()).private()
        await chat.send("/flash --n 3 a fox")
        await chat.wait("“3” is not possible. Possible: whole numbers from 1 to 2")
        await chat.send("/flash --n 2 --ar 1:1 a fox")
        await chat.click("Confirm", on=await chat.wait(button="Confirm"))
        assert (await world.finished()).state is JobState.DONE
        for name in models:
            models[name] = replace(models[name], allowed=False)
        await _told_now(world, "neuroflash")
        await chat.send("/flash a fox")
        await chat.wait("These models are temporarily unavailable")
