"""NeuroArtist's adapter in front of a scripted service, and an order for it."""

from bot.domain.catalog.models import Kind, Scalar
from bot.providers.base import (
    Picture,
    ProviderOrder,
)
from bot.providers.neuroartist.provider import NeuroArtist
from tests.providers.polled_kit import Hurried, Service
from tests.providers.provider_kit import QUICK

SCHNELL = "fal-ai/flux/schnell"
URL = "https://fal.media/files/a.png"
DONE = {"id": "uuid", "s": "c", "url": URL}


def order(
    prompt: str = "a cat",
    parameters: dict[str, Scalar] | None = None,
    *,
    model: str = SCHNELL,
    results: int = 1,
    pictures: tuple[Picture, ...] = (),
    longest: float = 60.0,
) -> ProviderOrder:
    return ProviderOrder(
        model, prompt, parameters or {}, longest, Kind.IMAGE, results, pictures=pictures, typical_seconds=2.0
    )


def provider(service: Service, key: str = "na_live_xxx", time: Hurried | None = None) -> NeuroArtist:
    return NeuroArtist(
        base_url="https://neuroartist.ru/api/v1/",
        key=key,
        backoff=QUICK,
        client=service.client,
        timing=(time or Hurried()).timing,
    )
