"""Every fault of the NeuroArtist simulator, over real sockets, ends as the class of failure that it is."""

import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.catalog.models import Kind
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
    Picture,
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
from bot.providers.neuroartist.provider import NeuroArtist
from sandbox import media
from sandbox.kit.faults import Stage
from sandbox.neuroartist import CATALOGUE, ERROR_DETAIL, NeuroArtistServer
from sandbox.neuroartist.models import MODELS
from tests.providers.polled_kit import BROKEN_ANSWERS, POLLS, READS, Hurried, LooksThatFail, failure, told
from tests.providers.provider_kit import QUICK

KEY = "na_live_sandbox"
SCHNELL = "fal-ai/flux/schnell"
PICTURE = Picture(f"data:image/png;base64,{base64.b64encode(media.image('a cat', (64, 48), 'png')).decode()}")
ORDERS: dict[str, type[ProviderError] | None] = {
    "401": BadKey,
    "402": OutOfFunds,
    "403": NotPermitted,
    "429": Busy,
    "500": UpstreamDown,
    "503_html": NotTaken,
    "provider_error": GenerationFailed,
    "unknown_model": UnknownModel,
    "error_200": GenerationFailed,
    **dict.fromkeys((*BROKEN_ANSWERS, "wrong_types", "missing_fields", "stall"), ConnectionLost),
    "extra_fields": None,
}
JOBS: dict[str, type[ProviderError] | None] = {
    "failed": GenerationFailed,
    "failed_with_e": GenerationFailed,
    "lost": Vanished,
    "stuck": TimedOut,
    "unknown_status": None,
    "without_url": NotThere,
    "late_url": None,
    "relative_url": None,
    "strange_url": BadResult,
    "dear": None,
}


def order(model: str = SCHNELL, prompt: str = "a cat", results: int = 1, longest: float = 20.0) -> ProviderOrder:
    """Typical time 0.2 s: the second look of a finished request comes in no time."""
    return ProviderOrder(model, prompt, {}, longest, Kind.IMAGE, results, typical_seconds=0.2)


@pytest.fixture
async def server() -> AsyncIterator[NeuroArtistServer]:
    async with NeuroArtistServer(scale=0) as running:
        yield running


@pytest.fixture
async def provider(server: NeuroArtistServer) -> AsyncIterator[NeuroArtist]:
    built = NeuroArtist(base_url=server.base_url, key=KEY, backoff=QUICK, idle_seconds=0.4, timing=Hurried().timing)
    yield built
    await built.aclose()


def test_every_fault_is_here() -> None:
    own = {name for name, kind in CATALOGUE.items() if kind.stage is not Stage.RESULT}
    assert own == {*ORDERS, *JOBS, *POLLS, *READS}


@pytest.mark.parametrize("name", ORDERS)
async def test_an_order(server: NeuroArtistServer, provider: NeuroArtist, name: str) -> None:
    server.faults.add(name)
    events, error = await told(provider, order())
    assert type(error) is (ORDERS[name] or type(None))
    assert bool(events) is (ORDERS[name] is None)
    assert len(server.requests) == 1
    assert server.violations == []


@pytest.mark.parametrize("name", JOBS)
async def test_a_request(server: NeuroArtistServer, provider: NeuroArtist, name: str) -> None:
    server.faults.add(name)
    events, error = await told(provider, order())
    assert isinstance(events[0], Accepted)
    assert type(error) is (JOBS[name] or type(None))
    if JOBS[name] is None:
        assert events[-1].assets[0].url.startswith(f"{server.origin}/dl/")  # type: ignore[union-attr]
    if name == "failed_with_e":
        assert error is not None
        assert error.detail == ERROR_DETAIL
    assert len(server.requests) == 1


class TestLooks(LooksThatFail):
    @staticmethod
    def wanted(prompt: str) -> ProviderOrder:
        return order(prompt=prompt)


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("name", ["wrong_types", "missing_fields", "poll_wrong_types", "poll_missing_fields"])
async def test_single_fields(server: NeuroArtistServer, provider: NeuroArtist, name: str, number: int) -> None:
    server.faults.add(name, value=number)
    events, error = await told(provider, order())
    assert isinstance(error, ConnectionLost | BadResult) or isinstance(events[-1], Succeeded)
    assert len(server.requests) == 1


def reads(provider: NeuroArtist) -> dict[str, Callable[[], Awaitable[object]]]:
    return {
        "ping": provider.ping,
        "balance": provider.balance,
        "prices": lambda: provider.prices({SCHNELL: (1,)}),
        "models": provider.models,
        "details": lambda: provider.details(Listed(SCHNELL)),
    }


@pytest.mark.parametrize("read", ["ping", "balance", "prices", "models", "details"])
@pytest.mark.parametrize("name", READS)
async def test_reads(server: NeuroArtistServer, provider: NeuroArtist, name: str, read: str) -> None:
    server.faults.add(name, times=20, value=0.05 if name == "read_stall" else None)
    error = await failure(reads(provider)[read]())
    assert type(error) is (READS[name] or type(None))
    server.faults.clear()
    assert await failure(reads(provider)[read]()) is None
    assert server.violations == []


async def test_every_model_that_needs_what_orders_can_have(server: NeuroArtistServer, provider: NeuroArtist) -> None:
    made = 0
    for name, model in MODELS.items():
        needs = set(model.required)
        if not needs <= {"prompt", "image_url"}:
            continue
        pictures = (PICTURE,) if "image_url" in needs else ()
        wanted = replace(order(name, "waves" if "prompt" in needs else ""), pictures=pictures)
        events, error = await told(provider, wanted)
        assert error is None, name
        made += isinstance(events[-1], Succeeded)
    assert made >= 12
    assert server.violations == []


async def test_several_results_of_a_simulator(server: NeuroArtistServer, provider: NeuroArtist) -> None:
    server.faults.add("failed")
    events, error = await told(provider, order(results=4))
    assert error is None
    assert events[3] == Accepted(",".join(str(request.ref) for request in server.requests))
    assert len({asset.url for asset in events[-1].assets}) == 3  # type: ignore[union-attr]
    assert len(server.requests) == 4
    assert await provider.balance() == Decimal("99999.19")


async def test_a_restart_follows_the_same_requests(server: NeuroArtistServer, provider: NeuroArtist) -> None:
    server.state.scale = 0.2
    run = provider.run(order(results=2), job_id="job")
    await anext(run)
    accepted = await anext(run)
    assert isinstance(accepted, Accepted)
    await run.aclose()
    assert accepted.ref is not None
    time = Hurried()
    after = NeuroArtist(base_url=server.base_url, key=KEY, backoff=QUICK, timing=time.timing)
    server.state.scale = 0
    events, error = await told(after, order(results=2, longest=600.0), Resume(accepted.ref, time.begun))
    assert error is None
    assert {type(event) for event in events[:-1]} <= {Running}
    assert len(events[-1].assets) == 2  # type: ignore[union-attr]
    assert len(server.requests) == 2
    await after.aclose()


async def test_nothing_listens() -> None:
    async with NeuroArtistServer(scale=0) as gone:
        base_url = gone.base_url
    provider = NeuroArtist(base_url=base_url, key=KEY, backoff=QUICK)
    events, error = await told(provider, order(results=3))
    assert (events, type(error)) == ([], Unreachable)
    assert type(await failure(provider.ping())) is Unreachable
    await provider.aclose()
