"""From settings to what is sold: the catalogue and the providers, without the chat. Enough for the command line."""

from collections.abc import Collection, Iterator
from typing import Any

from pydantic import SecretStr

from bot.domain.catalog.models import Catalog
from bot.domain.catalog.templates import Template
from bot.engine.catalog.file import OPERATORS_OPTIONS, load_catalog
from bot.engine.catalog.shop import Shop
from bot.engine.templates.file import load_templates
from bot.network.proxy import Proxy
from bot.providers import registry
from bot.providers.registry import ProviderConfig
from bot.settings import Settings
from bot.storage.database import Database

SPARE_CONNECTIONS = 16
"""Beyond the jobs: health checks, prices, results."""


def catalog_of(settings: Settings) -> Catalog:
    """The catalogue with the settings' prices. Raises CatalogError."""
    credits_per_unit = _set(settings, "credits_per_unit") | {"ai_now": settings.ai_now_credits_per_token}
    return load_catalog(
        settings.catalog_file,
        credits_per_unit=credits_per_unit,
        concurrency=_set(settings, "concurrency"),
        markup=_set(settings, "markup"),
        allow=["no-safety"] if settings.allow_no_safety else [],
    )


def templates_of(settings: Settings) -> tuple[Template, ...]:
    """The ready-made ideas: the operator's, and those that come with Easel. Raises CatalogError."""
    return load_templates(catalog_of(settings), own=settings.templates_file, in_catalog=settings.catalog_file)


def provider_configs(settings: Settings) -> tuple[ProviderConfig, ...]:
    """Every provider as the operator set it up, with or without a key."""
    return tuple(_configs(settings, catalog_of(settings)))


def proxy_of(setting: SecretStr) -> Proxy | None:
    """The proxy that a setting names; its form was checked when it was read."""
    url = setting.get_secret_value()
    return Proxy.parse(url) if url else None


def _configs(settings: Settings, catalog: Catalog) -> Iterator[ProviderConfig]:
    for name in registry.FACTORIES:
        given, terms = settings.provider(name), catalog.terms.get(name)
        yield ProviderConfig(
            name,
            given.base_url,
            given.api_key.get_secret_value() if given.api_key is not None else None,
            connections=(terms.concurrency if terms is not None else 0) + SPARE_CONNECTIONS,
            workspace=given.workspace_id,
            proxy=proxy_of(settings.providers_proxy),
        )


def _set(settings: Settings, what: str) -> dict[str, Any]:
    """The values of a setting that every provider has, where the operator gave one."""
    values = {name: getattr(settings.provider(name), what) for name in registry.FACTORIES}
    return {name: value for name, value in values.items() if value is not None}


def shop_of(settings: Settings, db: Database, providers: Collection[str] | None = None) -> Shop:
    """What is on sale. `providers`: those that were built; None: all that have a key, for the command line."""
    return Shop(
        db,
        catalog_of(settings),
        [c.name for c in provider_configs(settings) if c.key] if providers is None else providers,
        sells_without_price=settings.live_price_fallback == "catalog",
        price_age=settings.live_price_minutes * 60.0,
        hidden=() if settings.allow_no_safety else OPERATORS_OPTIONS,
    )
