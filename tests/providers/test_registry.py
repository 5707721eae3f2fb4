"""Providers are built from an explicit list, and only those that have a key."""

import tomllib
from pathlib import Path

import pytest

from bot.providers.ai_now import AiNow
from bot.providers.registry import FACTORIES, ProviderConfig, build, close

ADDRESS = "https://api.ai-now.space"


async def test_a_provider_with_a_key_is_built() -> None:
    built = build([ProviderConfig("ai_now", ADDRESS, "sk-1")])
    assert list(built) == ["ai_now"]
    assert isinstance(built["ai_now"], AiNow)
    assert built["ai_now"].name == "ai_now"
    await close(built)


@pytest.mark.parametrize("key", [None, "", "  "])
def test_a_provider_without_a_key_is_not_offered(key: str | None) -> None:
    assert build([ProviderConfig("ai_now", ADDRESS, key)]) == {}


@pytest.mark.parametrize("names", [("nobody",), ("ai_now", "ai_now")])
def test_a_name_that_is_wrong(names: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=f"'{names[-1]}' is unknown or given twice"):
        build([ProviderConfig(name, ADDRESS, "sk-1") for name in names])


async def test_no_provider_may_know_another() -> None:
    """A provider that is missing in the contract could import the others unseen."""
    configuration = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = configuration["tool"]["importlinter"]["contracts"]
    apart = next(c["modules"] for c in contracts if c["name"] == "providers know nothing of each other")
    built = build([ProviderConfig(name, "https://api.test", "key") for name in FACTORIES])
    homes = {type(provider).__module__.removesuffix(".provider") for provider in built.values()}
    assert set(apart) == homes
    await close(built)


async def test_every_provider_has_the_name_of_its_entry() -> None:
    built = build([ProviderConfig(name, "https://api.test", "key") for name in FACTORIES])
    assert {name: provider.name for name, provider in built.items()} == {name: name for name in FACTORIES}
    await close(built)


def test_the_key_is_not_shown() -> None:
    assert "sk-secret" not in repr(ProviderConfig("ai_now", ADDRESS, "sk-secret"))
