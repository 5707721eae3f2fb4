"""The explicit list of generation services, and how the enabled ones are built."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol, runtime_checkable

from bot.network.proxy import Proxy
from bot.providers.ai_now import AiNow
from bot.providers.base import Provider
from bot.providers.naive.provider import Naive
from bot.providers.neuroapi.provider import NeuroApi
from bot.providers.neuroartist.provider import NeuroArtist
from bot.providers.neuroflash.provider import Neuroflash


@dataclass(frozen=True, slots=True)
class ProviderConfig:
    """One service as the operator set it up. Without a key it is not offered."""

    name: str
    base_url: str
    key: str | None = field(repr=False)
    connections: int = 100
    """Connections at most: above the concurrency, so that a health check never waits behind jobs."""
    workspace: str = ""
    """Only where the provider wants one beside the key (neuroflash)."""
    proxy: Proxy | None = None


@runtime_checkable
class Closable(Protocol):
    """A provider that holds connections."""

    async def aclose(self) -> None: ...


def _ai_now(config: ProviderConfig, key: str) -> Provider:
    return AiNow(base_url=config.base_url, key=key, connections=config.connections, proxy=config.proxy)


def _neuroartist(config: ProviderConfig, key: str) -> Provider:
    return NeuroArtist(base_url=config.base_url, key=key, connections=config.connections, proxy=config.proxy)


def _naive(config: ProviderConfig, key: str) -> Provider:
    return Naive(base_url=config.base_url, key=key, connections=config.connections, proxy=config.proxy)


def _neuroapi(config: ProviderConfig, key: str) -> Provider:
    return NeuroApi(base_url=config.base_url, key=key, connections=config.connections, proxy=config.proxy)


def _neuroflash(config: ProviderConfig, key: str) -> Provider:
    return Neuroflash(
        base_url=config.base_url,
        key=key,
        workspace=config.workspace,
        connections=config.connections,
        proxy=config.proxy,
    )


FACTORIES: Mapping[str, Callable[[ProviderConfig, str], Provider]] = MappingProxyType(
    {
        "ai_now": _ai_now,
        "neuroartist": _neuroartist,
        "naive": _naive,
        "neuroapi": _neuroapi,
        "neuroflash": _neuroflash,
    }
)


def build(configs: Iterable[ProviderConfig]) -> dict[str, Provider]:
    """The providers that have a key, by name. Raises ValueError for a name that is not on the list or given twice."""
    built: dict[str, Provider] = {}
    for config in configs:
        if config.name not in FACTORIES or config.name in built:
            raise ValueError(f"provider {config.name!r} is unknown or given twice; there are {', '.join(FACTORIES)}")
        if config.key and config.key.strip():
            built[config.name] = FACTORIES[config.name](config, config.key.strip())
    return built


async def close(providers: Mapping[str, Provider]) -> None:
    """Closes the connections of all of them."""
    for provider in providers.values():
        if isinstance(provider, Closable):
            await provider.aclose()
