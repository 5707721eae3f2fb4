"""What Naive tells beside its jobs: health, balance, prices and models."""

from decimal import Decimal

import httpx

from bot.domain.catalog.models import Kind
from bot.providers.base import (
    BadKey,
    ConnectionLost,
    Listed,
    Unreachable,
    UpstreamDown,
)
from tests.providers.naive_kit import provider
from tests.providers.polled_kit import Service, failure


async def test_health_is_a_cheap_documented_question() -> None:
    service = Service({}, {"model": "x", "estimated_credits": 0.12})
    await provider(service).ping()
    assert service.looks == ["https://api.usenaive.ai/v1/images/pricing?model=fal-ai%2Fflux%2Fschnell&num_images=1"]
    assert await failure(provider(Service({}, (404, {"error": "model_not_found"}))).ping()) is None
    assert type(await failure(provider(Service({}, (401, {}))).ping())) is BadKey
    assert type(await failure(provider(Service({}, (200, b"<html>"))).ping())) is UpstreamDown


async def test_the_balance() -> None:
    assert await provider(Service({}, {"balance": 12.5})).balance() == Decimal("12.5")
    strange: object
    for strange in ({}, (200, []), {"balance": None}, {"balance": []}, (404, {})):
        assert isinstance(await failure(provider(Service({}, strange)).balance()), UpstreamDown)


async def test_prices_are_asked_for_each_number_of_results() -> None:
    published = {"model": "m", "estimated_credits": 0.12, "fal_unit_price_usd": 0.02, "credit_value_usd": 0.5}
    videos = {"models": [{"id": "film"}]}
    service = Service(
        {},
        [
            videos,
            published,
            {"estimated_credits": 0.48},
            (404, {}),
            {"estimated_credits": "odd"},
            {"estimated_credits": 1},
        ],
    )
    prices = await provider(service).prices({"m": (1, 4), "gone": (1,), "odd": (1,), "film": (2,)})
    assert prices == {("m", 1): Decimal("0.12"), ("m", 4): Decimal("0.48"), ("film", 2): Decimal(2)}
    asked = [(look.split("/v1/")[1].split("?")[0], dict(httpx.URL(look).params)) for look in service.looks]
    assert asked[0] == ("video/models", {})
    assert asked[2] == ("images/pricing", {"model": "m", "num_images": "4"})
    assert asked[-1] == ("video/pricing", {"model": "film"})


async def test_prices_that_cannot_be_had() -> None:
    assert type(await failure(provider(Service({}, (500, {}))).prices({"m": (1,)}))) is UpstreamDown
    some = Service({}, [(404, {}), {"estimated_credits": 1}, (401, {})])
    assert await provider(some).prices({"m": (1,), "n": (1,)}) == {("m", 1): Decimal(1)}
    for unlisted in ((403, {"error": "forbidden"}), (401, {}), (429, {}), (200, b"<html>"), (402, {})):
        alone = Service({}, [unlisted, *[unlisted] * 2, {"estimated_credits": 1}])
        if unlisted[0] != 200:
            alone = Service({}, [unlisted, {"estimated_credits": 1}])
        assert await provider(alone).prices({"m": (1,)}) == {("m", 1): Decimal(1)}, "its videos are in no document"
    refused = Service({}, [(404, {}), (403, {}), {"estimated_credits": 1}])
    assert await provider(refused).prices({"m": (1,), "n": (1,)}) == {("n", 1): Decimal(1)}
    lost = Service({}, [])
    lost.client = httpx.AsyncClient(transport=httpx.MockTransport(_refuse))
    assert type(await failure(provider(lost).prices({"m": (1,)}))) in (Unreachable, ConnectionLost)


def _refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no")


async def test_that_a_service_has_no_videos_is_asked_once_at_a_start() -> None:
    service = Service({}, [(404, b"<html>"), {"estimated_credits": 1}, {"models": [{"id": "m"}]}])
    adapter = provider(service)
    await adapter.prices({"m": (1,)})
    await adapter.models()
    assert [look.split("/v1/")[1].partition("?")[0] for look in service.looks] == [
        "video/models",
        "images/pricing",
        "images/models",
    ]


async def test_models_and_their_details() -> None:
    images = {
        "models": [
            {
                "id": "fal-ai/flux/dev",
                "name": "FLUX\0 Dev",
                "key_params": ["prompt", "image_size", "num_images", "guidance_scale", "new_one", 5],
                "estimated_seconds": 15,
            },
            {"id": "bare"},
            {"id": 5},
            "text",
            {"id": "mapped", "key_params": {"seed": {}}, "name": 3, "estimated_seconds": "soon"},
        ]
    }
    service = Service({}, [images, {"models": [{"id": "film"}]}, {"estimated_credits": 0.05}])
    adapter = provider(service)
    dev, bare, mapped, film = await adapter.models()
    assert (dev.upstream_id, dev.title, dev.kind, dev.typical_seconds) == (
        "fal-ai/flux/dev",
        "FLUX Dev",
        Kind.IMAGE,
        15,
    )
    assert dev.parameters == {
        "prompt": "string",
        "image_size": "string",
        "num_images": "integer",
        "guidance_scale": "number",
        "new_one": "",
    }
    assert dev.choices == {"image_size": dev.choices["image_size"]}
    assert len(dev.choices["image_size"]) == 6
    assert (dev.max_results, bare.max_results, dev.required) == (4, 1, ("prompt",))
    assert (mapped.parameters, mapped.typical_seconds, mapped.title) == ({"seed": "integer"}, None, "")
    assert film.kind is Kind.VIDEO
    assert (await adapter.details(dev)).units == Decimal("0.05")


async def test_a_service_without_videos_has_its_images() -> None:
    service = Service({}, [{"models": [{"id": "a"}]}, (404, {"error": "not_found"})])
    assert await provider(service).models() == (Listed("a", kind=Kind.IMAGE, required=("prompt",)),)
    assert type(await failure(provider(Service({}, (200, b"<html>"))).models())) is UpstreamDown
