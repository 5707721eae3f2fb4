"""A sixth provider sells by its file, its line of the registry, its simulator and its catalogue entries alone."""

from pathlib import Path
from types import MappingProxyType

import pytest

from bot.engine.catalog.file import DEFAULT_FILE
from bot.providers import registry
from bot.providers.base import Provider
from bot.providers.registry import ProviderConfig
from tests.drivers.app import easel
from tests.toy.provider import Toy
from tests.toy.simulator import ToyServer

ENTRIES = Path(__file__).resolve().parent.parent / "toy" / "catalog.toml"


def _toy(config: ProviderConfig, key: str) -> Provider:
    return Toy(base_url=config.base_url, key=key, connections=config.connections, proxy=config.proxy)


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line of the registry."""
    monkeypatch.setattr(registry, "FACTORIES", MappingProxyType({**registry.FACTORIES, "toy": _toy}))


@pytest.fixture
def entries(tmp_path: Path) -> Path:
    """The catalogue with the entries added."""
    path = tmp_path / "catalog.toml"
    path.write_text(DEFAULT_FILE.read_text(encoding="utf-8") + ENTRIES.read_text(encoding="utf-8"), encoding="utf-8")
    return path


@pytest.mark.usefixtures("line")
async def test_a_sixth_provider_sells(database_url: str, entries: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with ToyServer() as toy:
        monkeypatch.setenv("TOY_API_KEY", ToyServer.key)
        monkeypatch.setenv("TOY_BASE_URL", toy.base_url)
        async with easel(database_url, catalog_file=entries) as world:
            ann = await world.person(credits=10)
            chat = ann.private()
            await chat.send("/toy --mood merry a fox")
            card = await chat.wait(button="Confirm")
            assert "3 credits" in card.text
            await chat.click("Confirm")
            await chat.wait_for(lambda message: message.kind == "photo", what="the picture")
            job = await world.finished()
            assert (job.provider, job.charged) == ("toy", 3_000_000)
            assert await world.balance(ann) == (7, 0)
        assert [order.body for order in toy.requests] == [{"model": "toy-1", "prompt": "a fox", "mood": "happy"}]
        assert toy.violations == []


@pytest.mark.usefixtures("line")
async def test_its_wrong_key_is_the_operators_fault(
    database_url: str, entries: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with ToyServer() as toy:
        monkeypatch.setenv("TOY_API_KEY", "wrong")
        monkeypatch.setenv("TOY_BASE_URL", toy.base_url)
        async with easel(database_url, catalog_file=entries) as world:
            admin = await world.admin()
            ann = await world.person(credits=10)
            chat = ann.private()
            await chat.send("/toy a fox")
            await chat.wait(button="Confirm")
            await chat.click("Confirm")
            await chat.expect("You were not charged")
            await admin.private().expect("Toy")
            assert await world.balance(ann) == (10, 0)
