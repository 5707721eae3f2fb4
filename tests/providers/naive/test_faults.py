"""Every fault of the Naive simulator, over real sockets, ends as the class of failure that it is."""

from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal

import pytest

from bot.domain.catalog.models import Kind, Scalar
from bot.providers.base import (
    Accepted,
    BadKey,
    BadResult,
    Busy,
    ConnectionLost,
    GenerationFailed,
    Listed,
    NotPermitted,
    NotTaken,
    NotThere,
    OutOfFunds,
    ProviderError,
    ProviderOrder,
    Resume,
    Running,
    Succeeded,
    TimedOut,
    UnknownModel,
    Unreachable,
    UpstreamDown,
)
from bot.providers.kit.polling import Vanished
from bot.providers.naive.provider import Naive
from sandbox.kit.faults import Stage
from sandbox.naive import CATALOGUE, ERROR_DETAIL, NaiveServer
from sandbox.naive.contract import MODELS
from tests.providers.polled_kit import BROKEN_ANSWERS, POLLS, READS, Hurried, LooksThatFail, failure, told
from tests.providers.provider_kit import QUICK

KEY = "nv_sk_sandbox"
SCHNELL = "fal-ai/flux/schnell"
FILM = "fal-ai/minimax/video-01"
ORDERS: dict[str, type[ProviderError] | None] = {
    "401": BadKey,
    "402": OutOfFunds,
    "402_nested": OutOfFunds,
    "403": NotPermitted,
    "429": Busy,
    "500": UpstreamDown,
    "503_html": NotTaken,
    **dict.fromkeys((*BROKEN_ANSWERS, "wrong_types", "missing_fields", "stall"), ConnectionLost),
    **dict.fromkeys(("extra_fields", "status", "without_estimates")),
}
JOBS: dict[str, type[ProviderError] | None] = {
    "failed": GenerationFailed,
    "failed_silently": GenerationFailed,
    "cancelled": GenerationFailed,
    "lost": Vanished,
    "stuck": TimedOut,
    "without_result": NotThere,
    "late_result": None,
    "strange_url": BadResult,
    **dict.fromkeys(("unknown_status", "without_progress", "fewer_images", "relative_url", "dear")),
    **dict.fromkeys(("fractional_credits", "text_credits", "without_credits")),
}


def order(
    prompt: str = "a logo",
    results: int = 2,
    *,
    model: str = SCHNELL,
    kind: Kind = Kind.IMAGE,
    longest: float = 20.0,
    parameters: dict[str, Scalar] | None = None,
) -> ProviderOrder:
    given: dict[str, Scalar] = {"num_images": results, "image_size": "square"} if parameters is None else parameters
    return ProviderOrder(model, prompt, given, longest, kind, results, typical_seconds=0.2)


@pytest.fixture
async def server() -> AsyncIterator[NaiveServer]:
    async with NaiveServer(scale=0) as running:
        yield running


@pytest.fixture
async def provider(server: NaiveServer) -> AsyncIterator[Naive]:
    built = Naive(base_url=server.base_url, key=KEY, backoff=QUICK, idle_seconds=0.4, timing=Hurried().timing)
    yield built
    await built.aclose()


def test_every_fault_is_here() -> None:
    own = {name for name, kind in CATALOGUE.items() if kind.stage is not Stage.RESULT}
    assert own == {*ORDERS, *JOBS, *POLLS, *READS}


@pytest.mark.parametrize("name", ORDERS)
async def test_an_order(server: NaiveServer, provider: Naive, name: str) -> None:
    server.faults.add(name)
    events, error = await told(provider, order())
    assert type(error) is (ORDERS[name] or type(None))
    assert bool(events) is (ORDERS[name] is None)
    assert len(server.requests) == 1
    assert server.violations == []


@pytest.mark.parametrize("name", JOBS)
async def test_a_job(server: NaiveServer, provider: Naive, name: str) -> None:
    server.faults.add(name)
    events, error = await told(provider, order())
    assert isinstance(events[0], Accepted)
    assert type(error) is (JOBS[name] or type(None))
    if JOBS[name] is None:
        end = events[-1]
        assert isinstance(end, Succeeded)
        assert len(end.assets) == (1 if name == "fewer_images" else 2)
        assert all(asset.url.startswith(f"{server.origin}/dl/") for asset in end.assets)
        assert ("seed" in end.facts) is (name != "without_credits")
        costs = {"dear": "0.036", "fractional_credits": "0.0120004", "text_credits": "0.01", "without_credits": None}
        cost = costs.get(name, "0.012")
        assert end.cost == (None if cost is None else Decimal(cost))
    if name == "failed":
        assert error is not None
        assert ERROR_DETAIL in error.detail
    assert len(server.requests) == 1


async def test_no_image_at_all(server: NaiveServer, provider: Naive) -> None:
    server.faults.add("fewer_images", value=0)
    assert type((await told(provider, order()))[1]) is NotThere


class TestLooks(LooksThatFail):
    @staticmethod
    def wanted(prompt: str) -> ProviderOrder:
        return order(prompt=prompt)


@pytest.mark.parametrize("number", range(1, 20))
@pytest.mark.parametrize("name", ["wrong_types", "missing_fields", "poll_wrong_types", "poll_missing_fields"])
async def test_single_fields(server: NaiveServer, provider: Naive, name: str, number: int) -> None:
    server.faults.add(name, value=number)
    events, error = await told(provider, order())
    assert isinstance(error, ConnectionLost | BadResult) or isinstance(events[-1], Succeeded)
    assert len(server.requests) == 1


def reads(provider: Naive) -> dict[str, Callable[[], Awaitable[object]]]:
    return {
        "balance": provider.balance,
        "models": provider.models,
        "details": lambda: provider.details(Listed(SCHNELL, kind=Kind.IMAGE)),
    }


@pytest.mark.parametrize("read", ["balance", "models", "details"])
@pytest.mark.parametrize("name", READS)
async def test_reads(server: NaiveServer, provider: Naive, name: str, read: str) -> None:
    server.faults.add(name, times=20, value=0.05 if name == "read_stall" else None)
    error = await failure(reads(provider)[read]())
    expected = READS[name]
    if read == "details":
        expected = {"read_404": UnknownModel, "read_wrong_types": None, "read_missing_fields": None}.get(name, expected)
    assert type(error) is (expected or type(None))
    server.faults.clear()
    assert await failure(reads(provider)[read]()) is None
    assert server.violations == []


async def test_every_model(server: NaiveServer, provider: Naive) -> None:
    for name, model in MODELS.items():
        film = model.kind == "video"
        wanted = order("waves", 1, model=name, kind=Kind.VIDEO if film else Kind.IMAGE, parameters={} if film else None)
        events, error = await told(provider, wanted)
        assert error is None, name
        assert events[-1].cost == Decimal(str(model.usd)) * 2  # type: ignore[union-attr]
    prices = await provider.prices(dict.fromkeys(MODELS, (1,)))
    assert prices == {(name, 1): Decimal(str(model.usd)) * 2 for name, model in MODELS.items()}
    listed = {one.upstream_id: one for one in await provider.models()}
    assert set(listed) == set(MODELS)
    assert listed[SCHNELL].typical_seconds == 8
    assert listed[FILM].kind is Kind.VIDEO
    await provider.ping()
    assert server.violations == []


async def test_a_restart_follows_the_same_job(server: NaiveServer, provider: Naive) -> None:
    server.state.scale = 0.02
    run = provider.run(order(), job_id="job")
    accepted = await anext(run)
    await run.aclose()
    assert isinstance(accepted, Accepted)
    assert accepted.ref is not None
    time = Hurried()
    after = Naive(base_url=server.base_url, key=KEY, backoff=QUICK, timing=time.timing)
    events, error = await told(after, order(longest=6000.0), Resume(accepted.ref, time.begun))
    assert error is None
    assert {type(event) for event in events[:-1]} <= {Running}
    assert len(events[-1].assets) == 2  # type: ignore[union-attr]
    assert len(server.requests) == 1
    await after.aclose()


async def test_a_cancelled_job_is_cancelled_there(server: NaiveServer, provider: Naive) -> None:
    server.state.scale = 1.0
    run = provider.run(order(), job_id="job")
    accepted = await anext(run)
    await run.aclose()
    assert isinstance(accepted, Accepted)
    assert accepted.ref is not None
    await provider.cancel(accepted.ref)
    assert server.requests[-1].outcome == "cancelled"
    await provider.cancel(accepted.ref)  # over already
    await provider.cancel("no-such-job")
    assert await provider.balance() == Decimal(10_000)


async def test_progress_is_told(server: NaiveServer) -> None:
    server.state.scale = 0.05
    built = Naive(base_url=server.base_url, key=KEY, backoff=QUICK, timing=Hurried().timing)
    events, error = await told(built, order(longest=6000.0))
    assert error is None
    shares = [event.progress for event in events if isinstance(event, Running) and event.progress is not None]
    assert shares == sorted(shares)
    assert all(0 <= share < 1 for share in shares)
    assert len(shares) > 1
    await built.aclose()


async def test_nothing_listens() -> None:
    async with NaiveServer(scale=0) as gone:
        base_url = gone.base_url
    provider = Naive(base_url=base_url, key=KEY, backoff=QUICK)
    events, error = await told(provider, order())
    assert (events, type(error)) == ([], Unreachable)
    assert type(await failure(provider.cancel("job"))) is Unreachable
    await provider.aclose()
