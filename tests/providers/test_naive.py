"""The Naive adapter says what the service documents, and understands what the service documents."""

import json
from decimal import Decimal
from typing import Any

import httpx
import pytest

from bot.domain.catalog import Kind, Scalar
from bot.domain.jobs import Asset
from bot.providers.base import (
    Accepted,
    BadKey,
    BadResult,
    Busy,
    CancelsUpstream,
    ConnectionLost,
    Discovers,
    GenerationFailed,
    HasBalance,
    HealthCheck,
    Listed,
    LivePrices,
    NotPermitted,
    OutOfFunds,
    Provider,
    ProviderError,
    ProviderOrder,
    Refused,
    Resume,
    Running,
    Succeeded,
    UnknownModel,
    Unreachable,
    UpstreamDown,
)
from bot.providers.naive import Naive
from bot.providers.polling import Vanished
from tests.providers.kit import QUICK
from tests.providers.polled_kit import Hurried, Service, failure, told

PROMPT = "A minimalist logo for a tech startup"
ORDER = """{
    "model": "fal-ai/flux/schnell",
    "input": {
      "prompt": "A minimalist logo for a tech startup",
      "image_size": "square_hd",
      "num_images": 2,
      "seed": 42
    }
  }"""
ACCEPTED: dict[str, object] = {
    "job_id": "job-uuid",
    "status": "queued",
    "type": "image_generation",
    "model": "fal-ai/flux/schnell",
    "estimated_seconds": 8,
    "estimated_credits": 4,
    "hint": "Poll GET /v1/jobs/job-uuid or GET /v1/images/job-uuid. Credits charged on completion only.",
}
COMPLETED: dict[str, Any] = {
    "id": "job-uuid",
    "type": "image_generation",
    "status": "completed",
    "progress": 100,
    "model": "fal-ai/flux/schnell",
    "result": {
        "images": [{"url": "https://fal.media/files/...", "width": 1024, "height": 1024, "content_type": "image/png"}],
        "seed": 42,
        "prompt": "A minimalist logo for a tech startup",
    },
    "credits_used": 4,
    "created_at": "2026-05-02T10:30:00Z",
    "completed_at": "2026-05-02T10:30:08Z",
}
DONE = Succeeded((Asset("https://fal.media/files/..."),), Decimal(4), {"seed": "42"})


def order(
    prompt: str = PROMPT,
    parameters: dict[str, Scalar] | None = None,
    *,
    model: str = "fal-ai/flux/schnell",
    results: int = 1,
    kind: Kind = Kind.IMAGE,
    typical: float = 8.0,
) -> ProviderOrder:
    return ProviderOrder(model, prompt, parameters or {}, 60.0, kind, results, typical_seconds=typical)


def provider(service: Service, key: str = "nv_sk_live_...", time: Hurried | None = None) -> Naive:
    return Naive(
        base_url="https://api.usenaive.ai/",
        key=key,
        backoff=QUICK,
        client=service.client,
        timing=(time or Hurried()).timing,
    )


def test_it_is_what_it_says() -> None:
    built: Provider = provider(Service({}, {}))
    assert (built.name, built.resumable) == ("naive", True)
    for able in (HealthCheck, HasBalance, LivePrices, Discovers, CancelsUpstream):
        assert isinstance(built, able)


async def test_the_documented_example() -> None:
    service = Service((202, ACCEPTED), [{"status": "queued"}, {"status": "processing", "progress": 40}, COMPLETED])
    wanted = order(parameters={"image_size": "square_hd", "num_images": 2, "seed": 42}, results=2)
    events, error = await told(provider(service), wanted)
    assert error is None
    assert events == [Accepted("job-uuid", 8.0), Running(), Running(0.4), DONE]
    post, look, *_ = service.seen
    assert (post.method, str(post.url)) == ("POST", "https://api.usenaive.ai/v1/images/generate")
    assert post.headers["Authorization"] == "Bearer nv_sk_live_..."
    assert post.headers["Content-Type"] == "application/json"
    assert json.loads(post.content) == json.loads(ORDER)
    assert (look.method, str(look.url)) == ("GET", "https://api.usenaive.ai/v1/jobs/job-uuid")


@pytest.mark.parametrize("status", [200, 201, 202, 299])
async def test_any_success_with_a_job_is_an_acceptance(status: int) -> None:
    service = Service((status, {"job_id": "j", "status": "queued"}), COMPLETED)
    assert (await told(provider(service), order()))[0][0] == Accepted("j")


async def test_every_parameter_goes_as_it_is_given() -> None:
    given: dict[str, Scalar] = {
        "guidance_scale": 3.5,
        "num_inference_steps": 4,
        "output_format": "png",
        "enable_safety_checker": False,
    }
    service = Service(ACCEPTED, COMPLETED)
    await told(provider(service), order("x", given))
    assert service.bodies == [{"model": "fal-ai/flux/schnell", "input": {"prompt": "x", **given}}]


async def test_a_video_goes_the_published_way() -> None:
    result = {"status": "completed", "result": {"video": {"url": "https://h/a.mp4"}}, "credits_used": 1.5}
    service = Service(ACCEPTED, result)
    events, _ = await told(provider(service), order("waves", kind=Kind.VIDEO, model="fal-ai/minimax/video-01"))
    assert events[-1] == Succeeded((Asset("https://h/a.mp4"),), Decimal("1.5"))
    assert service.seen[0].url.path == "/v1/video/generate"


async def test_the_services_estimate_tells_with_the_learned_time_when_to_look_and_how_the_bar_moves() -> None:
    bars: list[float | None] = []

    async def first_look(estimate: object, learned: float) -> float:
        time = Hurried()
        service = Service({"job_id": "j", "estimated_seconds": estimate}, COMPLETED)
        events, _ = await told(provider(service, time=time), order(typical=learned))
        assert isinstance(events[0], Accepted)
        bars.append(events[0].seconds)
        return time.waits[0]

    slow, fast, both, none = [await first_look(*pair) for pair in ((30, 0.0), (4, 0.0), (4, 16.0), (None, 0.0))]
    assert fast < none < slow
    assert bars == [30, 4, 8, None]
    assert both == pytest.approx(await first_look(None, 8.0))
    assert await first_look(-5, 8.0) == await first_look("soon", 8.0) == await first_look(1e9, 8.0)


async def test_unknown_statuses_and_odd_progress_are_progress() -> None:
    looks = [
        *({"status": "warming_up", "progress": 101}, {"status": 7, "progress": "half"}, {"progress": True}, {}),
        {"status": "processing", "progress": 99.5},
    ]
    events, error = await told(provider(Service(ACCEPTED, [*looks, COMPLETED])), order())
    assert error is None
    assert events[1:-1] == [*[Running()] * 4, Running(0.995)]


@pytest.mark.parametrize(
    ("used", "cost"),
    [
        (0.012, "0.012"),
        (0.0120004, "0.0120004"),
        ("0.01", "0.01"),
        (0, "0"),
        (100, "100"),
        (None, None),
        (-1, None),
        (True, None),
        ("much", None),
        ([4], None),
        (1e300, None),
    ],
)
async def test_the_cost_is_what_was_used_where_it_is_a_number(used: object, cost: str | None) -> None:
    events, _ = await told(provider(Service(ACCEPTED, {**COMPLETED, "credits_used": used})), order())
    end = events[-1]
    assert isinstance(end, Succeeded)
    assert (str(end.cost) if end.cost is not None else None) == cost


@pytest.mark.parametrize(
    ("seed", "facts"), [(42, {"seed": "42"}), (2**64, {}), (None, {}), ("42", {}), (True, {}), (1.5, {}), ([1], {})]
)
async def test_the_seed_is_kept(seed: object, facts: dict[str, str]) -> None:
    answer = {**COMPLETED, "result": {**COMPLETED["result"], "seed": seed}}
    events, _ = await told(provider(Service(ACCEPTED, answer)), order())
    assert events[-1].facts == facts  # type: ignore[union-attr]


async def test_as_many_results_as_were_ordered_and_only_usable_ones() -> None:
    urls: list[object] = ["ftp://h/1", "https://h/2", None, {"a": 1}, "/dl/3", "https://h/4", "https://h/5"]
    answer = {**COMPLETED, "result": {"images": [*({"url": url} for url in urls), "https://h/6", 7]}}
    events, _ = await told(provider(Service(ACCEPTED, answer)), order(results=4))
    found = [asset.url for asset in events[-1].assets]  # type: ignore[union-attr]
    assert found == ["https://h/2", "https://api.usenaive.ai/dl/3", "https://h/4", "https://h/5"]


async def test_a_job_is_resumed_by_its_id_and_never_sent_again() -> None:
    service = Service((500, {}), [{"status": "processing", "progress": 50}, COMPLETED])
    time = Hurried()
    events, error = await told(provider(service, time=time), order(), Resume("job-uuid", time.begun - 3))
    assert error is None
    assert events == [Running(0.5), DONE]
    assert service.bodies == []
    assert len(time.waits) == 1


async def test_a_stored_reference_that_is_none() -> None:
    service = Service({}, COMPLETED)
    assert type((await told(provider(service), order(), Resume("a/b", 0.0)))[1]) is Vanished
    assert service.seen == []


ERRORS: list[tuple[object, type[ProviderError]]] = [
    ((401, {"error": "unauthorized"}), BadKey),
    ((402, {"error": "insufficient_credits", "message": "Not enough"}), OutOfFunds),
    ((402, {"error": {"code": "insufficient_credits", "message": "Not enough"}}), OutOfFunds),
    ((400, {"error": "insufficient_credits"}), OutOfFunds),
    ((402, b""), OutOfFunds),
    ((403, {}), NotPermitted),
    ((404, {"error": "model_not_found"}), UnknownModel),
    ((400, {"error": {"code": "model_not_found"}}), UnknownModel),
    ((404, b"<html>"), UpstreamDown),
    ((429, {}), Busy),
    ((400, {"error": "invalid_request", "message": "seed is no number"}), GenerationFailed),
    ((422, {"error": "rejected", "message": "content policy violation"}), Refused),
    ((403, {"error": "the safety system rejected this"}), Refused),
    ((500, {"error": "internal"}), UpstreamDown),
    ((503, b"<html>"), UpstreamDown),
    ((302, b""), UpstreamDown),
    ((202, {}), ConnectionLost),
    ((202, {"job_id": 42}), ConnectionLost),
    ((202, {"job_id": "a b"}), ConnectionLost),
    ((202, b"<html>"), ConnectionLost),
    ((202, b""), ConnectionLost),
    ((202, []), ConnectionLost),
]


@pytest.mark.parametrize(("answered", "expected"), ERRORS)
async def test_what_an_answer_to_an_order_means(answered: object, expected: type[ProviderError]) -> None:
    service = Service([answered], COMPLETED)
    events, error = await told(provider(service), order())
    assert (events, type(error)) == ([], expected)
    assert len(service.seen) == 1


LOOKS: list[tuple[object, type[ProviderError] | None]] = [
    ((404, {"error": "not_found"}), Vanished),
    ((410, {}), Vanished),
    ((404, b"<html>"), None),
    ({"status": "failed", "error": "out of memory"}, GenerationFailed),
    ({"status": "failed", "error": {"code": "nsfw", "message": "NSFW content"}}, Refused),
    ({"status": "FAILED"}, GenerationFailed),
    ({"status": "cancelled"}, GenerationFailed),
    ({"status": "completed"}, BadResult),
    ({"status": "completed", "result": {"images": []}}, BadResult),
    ({"status": "completed", "result": {"images": {"url": 5}}}, BadResult),
    ({"status": "completed", "result": "https://h/a"}, BadResult),
    ((500, {}), None),
    ((503, b"<html>"), None),
    ((429, {}), None),
    ((401, {}), None),
    ((402, {"error": "insufficient_credits"}), None),
    ((200, b"<html>"), None),
    ((200, "ok"), None),
]


@pytest.mark.parametrize(("answered", "expected"), LOOKS)
async def test_what_an_answer_to_a_look_means(answered: object, expected: type[ProviderError] | None) -> None:
    """None: it passes, and the next look finds the result."""
    service = Service(ACCEPTED, [answered, COMPLETED])
    events, error = await told(provider(service), order())
    assert type(error) is (expected or type(None))
    assert (events[-1] == DONE) is (expected is None)
    assert len(service.looks) == (1 if expected else 2)


async def test_the_operators_fault_at_two_looks_is_the_end() -> None:
    service = Service(ACCEPTED, (402, {"error": "insufficient_credits"}))
    assert type((await told(provider(service), order()))[1]) is OutOfFunds
    assert len(service.looks) == 2


async def test_cancelling() -> None:
    for answered in ((200, {"id": "j", "status": "cancelled"}), (204, b""), (404, {}), (409, {}), (405, b"<html>")):
        service = Service({}, answered)
        assert await failure(provider(service).cancel("job-uuid")) is None
        (sent,) = service.seen
        assert (sent.method, str(sent.url)) == ("DELETE", "https://api.usenaive.ai/v1/jobs/job-uuid")
    assert type(await failure(provider(Service({}, (401, {}))).cancel("j"))) is BadKey
    service = Service({}, (500, {}))
    assert type(await failure(provider(service).cancel("j"))) is UpstreamDown
    assert len(service.seen) == QUICK.attempts
    untouched = Service({}, {})
    await provider(untouched).cancel("no such/ref")
    assert untouched.seen == []


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
        assert type(await failure(provider(Service({}, strange)).balance())) is UpstreamDown


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
    some = Service({}, [(404, {}), *[(404, {})] * 2, {"estimated_credits": 1}, (401, {})])
    assert await provider(some).prices({"m": (1,), "n": (1,)}) == {("m", 1): Decimal(1)}
    lost = Service({}, [])
    lost.client = httpx.AsyncClient(transport=httpx.MockTransport(_refuse))
    assert type(await failure(provider(lost).prices({"m": (1,)}))) in (Unreachable, ConnectionLost)


def _refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no")


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
