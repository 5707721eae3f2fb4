"""Every page that can be opened fits one screen of a phone and has a way back, with full data, in both languages."""

from decimal import Decimal
from pathlib import Path

import pytest

from sandbox.client import ChatView
from tests.drivers.app import ADMIN_ID, World
from tests.drivers.walker import Walker
from tests.e2e.media_kit import studio

WORDS = "a fox that carries a lantern through the snow of a very old forest, oil painting, late evening light"
NAME = "Bartholomew-Maximilian Featherstonehaugh"
PAGES = (
    *("/start", "/help", "/settings", "/models", "/jobs", "/history", "/balance", "/ideas", "/preset", "/preset list"),
    *("/price", "/price flux_dev", "/models image", "/mydata", "/new", "/ask", "/image", "/edit", "/show", "/cancel"),
    *(WORDS, f"/video {WORDS}", f"/pika --style 4 {WORDS}", f"/flux_dev {WORDS}", "/pika --style nothing x"),
    *("/image --nothing 3 a fox", f"/suno {'la ' * 1300}"),
)
ADMIN = ("/status", "/providers", "/users", "/jobs all", "/admin", "/models all", "/models sync", "/template", "/topup")
LEFT = frozenset({"forget", "ok", "go", "erase", "export", "json", "zip"})
"""Acts that end the data that pages are full of, order, or send files."""


async def lived_in(world: World, chat: ChatView, language: str) -> None:
    """Orders, answers, presets: what a person of some weeks has."""
    for number in range(12):
        await chat.send(f"/preset save my_very_long_preset_{number} = --n 2 --ar 16:9 --steps 20 --guidance 4")
        await chat.wait()
    confirm = {"en": "Confirm", "ru": "Подтвердить"}[language]
    for number in range(9):
        await chat.send(f"/{('flux_dev', 'pika --style 4', 'suno')[number % 3]} {number} {WORDS}")
        await chat.click(confirm, on=await chat.wait(button=confirm))
        await world.finished()
    for number in range(7):
        await chat.send(f"/ask {number}: why is the sky blue in the evening and red in the morning, or is it not?")
        await world.finished()


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_every_page_is_one_screen_and_leads_back(sqlite_url: str, tmp_path: Path, language: str) -> None:
    async with studio(sqlite_url, tmp_path, welcome_credits=Decimal(100_000)) as world:
        chat = (await world.person(NAME, language=language)).private()
        await lived_in(world, chat, language)
        walker = Walker(chat, left=LEFT)
        for command in PAGES:
            await walker.open(command)
        assert walker.high == {}
        # the kinds of /models stand side by side: each leads to every other one
        assert [each for each in walker.stuck if not each.startswith("/models")] == []
        assert len(walker.pages) > 30


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_admins_pages_are_one_screen_and_lead_back(sqlite_url: str, tmp_path: Path, language: str) -> None:
    async with studio(sqlite_url, tmp_path, welcome_credits=Decimal(100_000)) as world:
        chat = (await world.person(NAME, language=language)).private()
        await lived_in(world, chat, language)
        for number in range(15):
            await world.person(f"{NAME}{number}", language=language)
        olga = await world.person("Olga", id=ADMIN_ID, language=language)
        job = (await world.jobs())[0]
        walker = Walker(olga.private(), left=LEFT | {"off", "on"})
        for command in (*ADMIN, f"/job {job.id}", f"/ledger {job.user_id}", f"/refund {job.id}", f"/ban {job.user_id}"):
            await walker.open(command)
        assert walker.high == {}
        assert walker.stuck == []
        assert len(walker.pages) > 20


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_groups_pages_are_one_screen_and_lead_back(sqlite_url: str, tmp_path: Path, language: str) -> None:
    async with studio(sqlite_url, tmp_path) as world:
        ann = await world.person(NAME, language=language)
        walker = Walker(ann.in_(await world.tg.group("The painters of the old forest", [ann])), left=LEFT)
        for command in (
            "/group",
            "/help",
            "/start",
            "/price flux_dev",
            f"/flux_dev {WORDS}",
            f"/pika {WORDS}",
            "/show",
        ):
            await walker.open(command)
        assert walker.high == {}
        assert walker.stuck == []
        assert len(walker.pages) > 10
