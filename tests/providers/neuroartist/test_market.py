"""NeuroArtist's listing: balance, prices, kinds and details of its models."""

from decimal import Decimal

import httpx

from bot.domain.catalog.models import Kind
from bot.providers.base import (
    BadKey,
    Listed,
    UnknownModel,
    UpstreamDown,
)
from tests.providers.neuroartist_kit import SCHNELL, provider
from tests.providers.polled_kit import Service, failure

MODELS = {"m": [["fal-ai/flux/schnell", 0.27], ["fal-ai/flux/dev", 1.35]]}


async def test_balance_and_health() -> None:
    assert await provider(Service({}, {"b": 1000})).balance() == Decimal(1000)
    assert await provider(Service({}, {"b": 999.5})).balance() == Decimal("999.5")
    await provider(Service({}, {"b": 0})).ping()
    strange: object
    for strange in ({"b": None}, {"b": True}, {"b": -1}, {"b": "much"}, {}, (200, []), {"b": [1]}):
        assert type(await failure(provider(Service({}, strange)).ping())) is UpstreamDown
    assert type(await failure(provider(Service({}, (401, {}))).ping())) is BadKey


async def test_prices_are_those_of_single_results_times_their_number() -> None:
    service = Service({}, MODELS)
    prices = await provider(service).prices({SCHNELL: (1, 3), "gone": (1,)})
    assert prices == {(SCHNELL, 1): Decimal("0.27"), (SCHNELL, 3): Decimal("0.81")}
    assert service.looks == ["https://neuroartist.ru/api/v1/models"]


async def test_rows_of_another_form_are_left_out() -> None:
    rows = [["a", 1], ["b"], ["c", "2.5"], ["d", None], [], "e", {"id": "f"}, [7, 1], ["g", -1], ["h", 1, "more"]]
    listed = await provider(Service({}, {"m": rows})).models()
    assert [(one.upstream_id, one.units) for one in listed] == [
        *(("a", Decimal(1)), ("b", None), ("c", Decimal("2.5")), ("d", None), ("g", None), ("h", Decimal(1)))
    ]
    strange: object
    for strange in ({}, {"m": {}}, (200, []), {"m": None}, {"m": [[42, 1], "a"]}):
        assert type(await failure(provider(Service({}, strange)).models())) is UpstreamDown


async def test_kinds_come_from_the_categories_and_the_guide() -> None:
    by_category = [
        {"m": [["fal-ai/flux/dev", 1]]},
        {"m": [["fal-ai/aura-sr", 1], ["x/redraw", 1]]},
        {"m": [["x/film", 1]]},
        {"m": [["x/sound", 1]]},
        {"m": [["x/solid", 1]]},
    ]
    names = (
        "fal-ai/flux/dev",
        "fal-ai/aura-sr",
        "fal-ai/birefnet",
        "x/redraw",
        "x/film",
        "x/sound",
        "x/solid",
        "x/new",
    )
    service = Service({}, [*by_category, {"m": [[name, 2] for name in names]}])
    listed = await provider(service).models()
    assert {one.upstream_id: one.kind for one in listed} == dict(
        zip(
            names,
            (Kind.IMAGE, Kind.UPSCALE, Kind.CUTOUT, Kind.EDIT, Kind.VIDEO, Kind.AUDIO, Kind.SOLID, None),
            strict=True,
        )
    )
    asked = [httpx.URL(look).params.get("category") for look in service.looks]
    assert asked == ["text-to-image", "image-to-image", "text-to-video", "audio", "3d", None]


async def test_details_are_the_schema() -> None:
    schema = {"r": ["prompt"], "p": {"prompt": "string", "image_size": "String ", "odd": 4}, "more": 1}
    service = Service({}, schema)
    listed = await provider(service).details(Listed("fal-ai/flux/schnell", units=Decimal(1)))
    assert service.seen[0].url.raw_path == b"/api/v1/models/fal-ai%2Fflux%2Fschnell/schema"
    assert (listed.required, listed.units) == (("prompt",), Decimal(1))
    assert listed.parameters == {"prompt": "string", "image_size": "string", "odd": ""}
    strange: object
    for strange in ({}, {"r": [], "p": []}, {"r": {}, "p": {}}, {"r": ["prompt", 5], "p": {}}, (200, [])):
        assert type(await failure(provider(Service({}, strange)).details(Listed("a")))) is UpstreamDown
    unknown = provider(Service({}, (404, {"e": "unknown model"})))
    assert type(await failure(unknown.details(Listed("a")))) is UnknownModel
