"""The Naive adapter says what the service documents, and understands what the service documents."""

import json
from decimal import Decimal

import pytest

from bot.domain.catalog.models import Kind, Scalar
from bot.domain.jobs import Asset
from bot.providers.base import (
    Accepted,
    CancelsUpstream,
    Discovers,
    HasBalance,
    HealthCheck,
    LivePrices,
    Provider,
    Resume,
    Running,
    Succeeded,
)
from bot.providers.kit.polling import Vanished
from tests.providers.naive_kit import ACCEPTED, COMPLETED, DONE, ORDER, order, provider
from tests.providers.polled_kit import Hurried, Service, told


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
