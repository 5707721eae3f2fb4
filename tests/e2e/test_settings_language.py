"""Languages as chats: a result speaks the one it was ordered in, and a third language is one file."""

import asyncio
from decimal import Decimal
from pathlib import Path

from fluent.syntax import FluentParser, FluentSerializer, ast

from bot.domain.jobs import JobState
from bot.telegram.i18n.texts import LOCALES
from tests.drivers.app import easel

SAME = frozenset({"unit-decimal", "unit-group", "language-name"})


def german(folder: Path, *, without: str) -> None:
    """One file with all texts, each marked; `without` is forgotten."""
    body: list[ast.EntryType] = []
    for path in sorted(LOCALES.glob("en.*.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(entry, ast.Message) or entry.id.name == without or entry.value is None:
                continue
            if entry.id.name == "language-name":
                entry.value.elements = [ast.TextElement("Deutsch")]
            if entry.id.name not in SAME:
                entry.value.elements.insert(0, ast.TextElement("¤"))
            body.append(entry)
    (folder / "de.ftl").write_text(FluentSerializer().serialize(ast.Resource(body)), encoding="utf-8")


async def test_a_third_language_is_one_file_and_what_it_lacks_is_english(sqlite_url: str, tmp_path: Path) -> None:
    german(tmp_path, without="order-price")
    async with easel(sqlite_url, welcome_credits=Decimal(2000), locales_dir=tmp_path) as world:
        chat = (await world.person("Gabi", language="de")).private()
        menu = await chat.last()
        assert menu.text.startswith("¤Hello, Gabi!")
        assert all(label.startswith("¤") for label in menu.buttons)
        await chat.send("/pika --style 4 a lake")
        card = await chat.wait("¤Balance after: ¤1,990 credits", button="¤Confirm · 10")
        assert "\nPrice: ¤10 credits" in card.text
        await chat.click("Confirm", on=card)
        job = await world.finished()
        assert (job.state, job.locale) == (JobState.DONE, "de")
        assert all(label.startswith("¤") for label in (await chat.refresh(card)).buttons)
        registered = ""
        while "'language_code': 'de'" not in registered.replace('"', "'"):  # the test's own time limit bounds it
            registered = str((await world.tg.bot())["commands"])
            await asyncio.sleep(0.05)
        assert "¤Make a video" in registered
        await chat.send("/help own")
        assert "/preset — ¤" in (await chat.wait("/settings")).text
        boris = (await world.person("Boris", language="ru")).private()
        await boris.send("/language")
        page = await boris.wait("На каком языке", button="Deutsch")
        assert page.buttons[:3] == ["English", "Русский", "Deutsch"]
        await boris.click("Deutsch", on=page)
        await boris.wait("¤Saved.", button="✓ Deutsch")


async def test_a_result_speaks_the_language_it_was_ordered_in(sqlite_url: str) -> None:
    async with easel(sqlite_url, welcome_credits=Decimal(1000), catalog_file=None) as world:
        world.ai_now.state.scale = 0.02
        chat = (await world.person("Boris", language="ru")).private()
        await chat.send("/pika --style 4 озеро")
        card = await chat.wait("Останется на балансе: 990 кредитов", button="Подтвердить")
        assert "Обычно занимает около 2 мин." in card.text
        await chat.click("Подтвердить", on=card)
        await world.job(lambda job: job.state is JobState.RUNNING)
        await chat.send("/language")
        await chat.click("English", on=await chat.wait("На каком языке"))
        await chat.wait("Saved.", button="✓ English")
        await chat.send("/balance")
        await chat.wait("Your balance: 990 credits")
        job = await world.finished()
        assert (job.state, job.locale) == (JobState.DONE, "ru")
        result = await chat.refresh(card)
        assert "Акварель" in result.caption
        assert result.button("Другая модель") is not None
        assert result.button("Other model") is None
