"""From settings to what is sold: the catalogue and the providers, without the chat. Enough for the command line."""

from bot.domain.catalog import Catalog
from bot.engine.shop import Shop
from bot.providers.catalog_file import load_catalog
from bot.providers.registry import ProviderConfig
from bot.settings import Settings
from bot.storage.database import Database


def catalog_of(settings: Settings) -> Catalog:
    """The catalogue with the settings' prices. Raises CatalogError."""
    return load_catalog(
        settings.catalog_file,
        credits_per_unit={"ai_now": settings.ai_now_credits_per_token},
        concurrency={"ai_now": settings.ai_now_concurrency},
    )


def provider_configs(settings: Settings) -> tuple[ProviderConfig, ...]:
    """Every provider as the operator set it up, with or without a key."""
    key = settings.ai_now_api_key.get_secret_value() if settings.ai_now_api_key is not None else None
    return (ProviderConfig("ai_now", settings.ai_now_base_url, key, connections=settings.ai_now_concurrency + 16),)


def shop_of(settings: Settings, db: Database) -> Shop:
    """What is on sale, for the command line."""
    return Shop(db, catalog_of(settings), [c.name for c in provider_configs(settings) if c.key])
