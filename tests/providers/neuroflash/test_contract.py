"""The neuroflash adapter says what the service documents, and understands what the service documents."""

import json

import httpx
import pytest

from bot.domain.catalog.models import Scalar
from bot.domain.jobs import Asset
from bot.providers.base import (
    BadKey,
    BadResult,
    Busy,
    ConnectionLost,
    DeletesResults,
    Discovers,
    GenerationFailed,
    GuardsResults,
    HealthCheck,
    NotPermitted,
    NotTaken,
    OutOfFunds,
    Provider,
    ProviderError,
    ProviderOrder,
    Recovers,
    Refused,
    Resume,
    Running,
    Succeeded,
    UpstreamDown,
)
from bot.providers.neuroflash import provider
from tests.providers.neuro_kit import BASE, HOST, MADE, VIEW, entry, flash, logged, picture, service, told

GENERATE = {
    "prompt": "string",
    "num_images": 1,
    "aspect_ratio": "string",
    "output_format": "string",
    "model": {},
    "limit_generations": False,
}
"""The document's example; `model` {} stands for the default, and `limit_generations` is only for several."""
STRINGS: dict[str, Scalar] = {"aspect_ratio": "string", "output_format": "string"}
EDIT = {**GENERATE, "image_urls": ["/api/ds-prototypes/image_generation/YOUR_IMAGE_ID/view"]}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider, "NAMING_SECONDS", 0.2)
    monkeypatch.setattr(provider, "NAMING_PAUSE", 0.02)


def test_it_is_what_it_can() -> None:
    built: Provider = flash(service())
    assert (built.name, built.resumable) == ("neuroflash", False)
    for capability in (Recovers, DeletesResults, GuardsResults, Discovers, HealthCheck):
        assert isinstance(built, capability)


@pytest.mark.parametrize(
    ("wanted", "path", "sent"),
    [
        (
            picture("default", "string", {"num_images": 1, **STRINGS}),
            "/",
            {name: value for name, value in GENERATE.items() if name not in ("model", "limit_generations")},
        ),
        (
            picture("nano-banana", "a fox", {"num_images": 3}, results=3),
            "/",
            {"prompt": "a fox", "num_images": 3, "limit_generations": False, "model": "nano-banana"},
        ),
        (picture("default", "a fox"), "/", {"prompt": "a fox"}),
        (
            picture("default", "string", {"num_images": 1, **STRINGS}, VIEW.format("YOUR_IMAGE_ID")),
            "/edit",
            {name: value for name, value in EDIT.items() if name not in ("model", "limit_generations")},
        ),
        (
            picture("default", "both", {}, VIEW.format("a-1"), "/image_generation/b-2/view"),
            "/edit",
            {"prompt": "both", "image_urls": [VIEW.format("a-1"), "/image_generation/b-2/view"]},
        ),
    ],
)
async def test_the_documented_orders(wanted: ProviderOrder, path: str, sent: dict[str, object]) -> None:
    seen: list[httpx.Request] = []
    events, error = await told(flash(logged(seen, service())), wanted)
    assert error is None
    own = "/api/ds-prototypes/image_generation/a-1/view"
    assert events == [Running(), Succeeded((Asset(f"https://app.neuroflash.com{own}", own=own),))]
    order, look = seen
    assert (order.method, str(order.url)) == ("POST", BASE + path)
    assert (look.method, str(look.url)) == ("GET", f"{BASE}/history/a-1")
    for request in seen:
        assert request.headers["Authorization"] == "Bearer YOUR_ACCESS_TOKEN"
        assert request.headers["x-workspace-id"] == "YOUR_WORKSPACE_ID"
    assert order.headers["Content-Type"] == "application/json"
    assert json.loads(order.content) == sent


def image(**more: object) -> dict[str, object]:
    return {"url": "/api/ds-prototypes/image_generation/a-1/view", "image_id": "a-1", **more}


@pytest.mark.parametrize(
    ("images", "batch", "assets"),
    [
        ([image(url=f"{HOST}{VIEW.format('a-1')}")], None, [(HOST + VIEW.format("a-1"), VIEW.format("a-1"))]),
        (
            [image(url="/image_generation/a-1/view")],
            None,
            [(f"{HOST}/image_generation/a-1/view", VIEW.format("a-1"))],
        ),
        ([image(url="https://cdn.other/x.png")], None, [("https://cdn.other/x.png", VIEW.format("a-1"))]),
        ([image(url=None)], None, [(HOST + VIEW.format("a-1"), VIEW.format("a-1"))]),
        ([image(image_id=None)], None, [(HOST + VIEW.format("a-1"), VIEW.format("a-1"))]),
        ([image(image_id=4711)], 4711, [(HOST + VIEW.format("a-1"), VIEW.format("a-1"))]),
        ([{"url": "https://cdn.other/x.png"}], "string", [("https://cdn.other/x.png", VIEW.format("a-1"))]),
        ([{"url": "https://cdn.other/x.png"}], None, [("https://cdn.other/x.png", "")]),
        ([{"url": "https://cdn.other/x.png"}], {}, [("https://cdn.other/x.png", "")]),
        (
            [image(), image(url=VIEW.format("b-2"), image_id="b-2")],
            "string",
            [(HOST + VIEW.format(name), VIEW.format(name)) for name in ("a-1", "b-2")],
        ),
        ([7, {"url": None}, {"url": "http://["}, image()], None, [(HOST + VIEW.format("a-1"), VIEW.format("a-1"))]),
    ],
)
async def test_results_and_their_own_names(images: object, batch: object, assets: list[tuple[str, str]]) -> None:
    made = {"images": images, "batch_id": batch}
    events, error = await told(flash(service(made)), picture("default", results=4))
    assert error is None
    assert events[-1] == Succeeded(tuple(Asset(url, own=own) for url, own in assets))


async def test_a_name_that_two_images_of_a_batch_may_have_is_none() -> None:
    made = {"images": [{"url": "https://cdn.other/x.png"}], "batch_id": "string"}
    two = [entry("a-1"), entry("b-2")]
    events, _ = await told(flash(service(made, entries=two)), picture("default"))
    assert events[-1] == Succeeded((Asset("https://cdn.other/x.png"),))


@pytest.mark.parametrize(
    ("detail", "warning"),
    [
        ("You have used 95%", "You have used 95%"),
        ({"code": "quota"}, '{"code": "quota"}'),
        (None, None),
        ({}, None),
        ("", None),
        (4711, None),
    ],
)
async def test_a_warning_is_for_admins(detail: object, warning: str | None) -> None:
    events, _ = await told(flash(service({**MADE, "detail": detail})), picture("default"))
    assert isinstance(events[-1], Succeeded)
    assert events[-1].facts.get("warning") == warning


@pytest.mark.parametrize(
    ("status", "made", "expected"),
    [
        (401, {"detail": "Unauthorized"}, BadKey),
        (402, {"detail": "Payment required"}, OutOfFunds),
        (403, {"detail": "Image generation is not included in your plan"}, NotPermitted),
        (403, "<html>", NotPermitted),
        (404, {"detail": "Source image not found"}, GenerationFailed),
        (422, {"detail": [{"loc": ["body"], "msg": "prompt: wrong", "type": "value_error"}]}, GenerationFailed),
        (400, {"detail": "Blocked by our content policy"}, Refused),
        (429, {"detail": "Too many requests"}, Busy),
        (500, {"detail": "Internal Server Error"}, UpstreamDown),
        (503, "<html>", NotTaken),
        (307, "", UpstreamDown),
        (200, "<html>", ConnectionLost),
        (200, "", ConnectionLost),
        (200, [], ConnectionLost),
        (200, {}, BadResult),
        (200, {"images": {}}, BadResult),
        (200, {"images": []}, BadResult),
        (200, {"images": [{"url": 5}]}, BadResult),
    ],
)
async def test_answers_that_are_no_images(status: int, made: object, expected: type[ProviderError]) -> None:
    seen: list[httpx.Request] = []
    events, error = await told(flash(logged(seen, service(made, status))), picture("default"))
    assert type(error) is expected
    assert events == [Running()]
    assert len(seen) == 1


async def test_it_never_submits_when_asked_to_resume() -> None:
    seen: list[httpx.Request] = []
    with pytest.raises(ConnectionLost):
        await anext(flash(logged(seen, service())).run(picture("x"), job_id="job", resume=Resume("ref", 0.0)))
    assert seen == []


async def test_parameters_of_any_type_are_sent_as_they_are() -> None:
    seen: list[httpx.Request] = []
    parameters: dict[str, Scalar] = {"aspect_ratio": "16:9", "strength": 0.5, "fast": True, "seed": 7}
    await told(flash(logged(seen, service())), picture("default", "a fox", parameters))
    assert json.loads(seen[0].content) == {"prompt": "a fox", **parameters}
