"""What Telegram shows of the bot before the first message, in both languages, and what a refusal changes: nothing."""

import asyncio

import pytest

from bot.domain.catalog.models import Kind
from bot.telegram.account.profile import DESCRIPTION_MAX, SHORT_MAX, description, short_description
from bot.telegram.i18n.texts import Texts
from tests.drivers.app import World, easel

SETS = ("setMyDescription", "setMyShortDescription", "setChatMenuButton")
TEXTS = Texts(strict=True)


async def profile(world: World) -> dict[str, str]:
    """All that is set, by name and language."""
    told = (await world.tg.bot())["profile"]
    return {f"{each['what']} {each['language_code']}".strip(): each["text"] for each in told}


async def asked(world: World, times: int) -> None:
    """Until the bot has looked at its menu button that often: it is the last that it looks at."""
    while len(await world.tg.calls("getChatMenuButton")) < times:  # the test's own time limit bounds it
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.2)


async def sets(world: World) -> list[str]:
    return [method for method in SETS for _ in await world.tg.calls(method)]


async def test_a_new_bot_says_what_it_does_in_both_languages(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        await asked(world, 1)
        said = await profile(world)
        assert said["description"].startswith("I make videos and music from your words.\n\nJust write what you want")
        assert said["description ru"].startswith("Делаю видео и музыку по описанию.\n\nПросто напишите, чего хочется")
        assert said["short_description"] == "I make videos and music from your words."
        assert said["short_description ru"] == "Делаю видео и музыку по описанию."
        assert (await world.tg.bot())["menu_button"] == {"type": "commands"}


async def test_a_restart_sets_only_what_differs(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        await asked(world, 1)
        before = await sets(world)
        await world.restart()
        await asked(world, 2)
        assert await sets(world) == before
        await world.restart(default_language="ru")
        await asked(world, 3)
        assert (await profile(world))["description"].startswith("Делаю видео")
        assert (await profile(world))["description en"].startswith("I make videos")


async def test_texts_of_the_operators_own_stay(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        await asked(world, 1)
        world.telegram.core.profile["description", ""] = "All about my shop"
        world.telegram.core.profile["short_description", "ru"] = "Моя лавка"
        await world.restart(default_language="ru")
        await asked(world, 2)
        said = await profile(world)
        assert (said["description"], said["short_description ru"]) == ("All about my shop", "Моя лавка")
        assert said["short_description"] == "Делаю видео и музыку по описанию.", (
            "what an earlier start wrote is renewed"
        )


async def test_an_operators_one_text_is_for_all_languages(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        await asked(world, 1)
        for key in [key for key in world.telegram.core.profile if key[0] == "description"]:
            del world.telegram.core.profile[key]
        world.telegram.core.profile["description", ""] = "All about my shop"
        await world.restart()
        await asked(world, 2)
        assert {k: v for k, v in (await profile(world)).items() if k.startswith("description")} == {
            "description": "All about my shop"
        }


@pytest.mark.parametrize(
    "method", ["setMyDescription", "setMyShortDescription", "getMyDescription", "getMyShortDescription"]
)
async def test_a_refusal_stops_neither_the_start_nor_the_rest(sqlite_url: str, method: str) -> None:
    async with easel(sqlite_url) as world:
        await asked(world, 1)
        await world.tg.faults("429", method=method, times=20, retry_after=3600)
        await world.restart(default_language="ru")
        await asked(world, 2)
        chat = (await world.person()).private()
        await chat.send("/help")
        await chat.wait("I make videos and music")
        changed = "short_description" if "Short" not in method else "description"
        assert (await profile(world))[changed].startswith("Делаю видео")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_with_everything_or_nothing_on_sale_both_fit(language: str) -> None:
    t = TEXTS.of(language)
    for sold in (frozenset(Kind), frozenset[Kind]()):
        assert 20 < len(description(t, sold)) <= DESCRIPTION_MAX
        assert 20 < len(short_description(t, sold)) <= SHORT_MAX
        assert "…" not in description(t, sold) + short_description(t, sold)
