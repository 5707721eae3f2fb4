"""What NeuroArtist's answers mean, and what becomes of keys, paths and pictures."""

import asyncio
from typing import Any

import httpx
import pytest

from bot.domain.jobs import Asset
from bot.providers.base import (
    Accepted,
    BadKey,
    BadResult,
    Busy,
    ConnectionLost,
    GenerationFailed,
    NotPermitted,
    NotTaken,
    OutOfFunds,
    Picture,
    ProviderError,
    ProviderOrder,
    Refused,
    Running,
    Succeeded,
    UnknownModel,
    UpstreamDown,
)
from bot.providers.neuroartist.provider import NeuroArtist
from tests.providers.neuroartist_kit import DONE, order, provider
from tests.providers.polled_kit import Service, told

ERRORS: list[tuple[object, type[ProviderError]]] = [
    ((400, {"e": "invalid json"}), GenerationFailed),
    ((200, {"e": "missing model"}), GenerationFailed),
    ((500, {"e": "missing input"}), GenerationFailed),
    ((404, {"e": "unknown model"}), UnknownModel),
    ((200, {"e": "Unknown Model "}), UnknownModel),
    ((502, {"e": "provider error"}), GenerationFailed),
    ((200, {"e": "provider error"}), GenerationFailed),
    ((401, {"e": "provider error"}), GenerationFailed),
    ((404, {"e": "not found"}), UpstreamDown),
    ((401, {"e": "bad token"}), BadKey),
    ((401, b""), BadKey),
    ((402, {}), OutOfFunds),
    ((403, {"e": 5}), NotPermitted),
    ((429, {"e": "slow down"}), Busy),
    ((500, {"e": "boom"}), UpstreamDown),
    ((503, b"<html>"), NotTaken),
    ((404, b"<html>"), UpstreamDown),
    ((301, b""), UpstreamDown),
    ((422, {"e": "the prompt could not be read"}), GenerationFailed),
    ((422, {"e": "the prompt was moderated"}), Refused),
    ((200, {"e": "content policy violation"}), Refused),
    ((400, {"e": "something new"}), GenerationFailed),
    ((200, {}), ConnectionLost),
    ((200, {"id": 42}), ConnectionLost),
    ((200, {"id": "a,b"}), ConnectionLost),
    ((200, {"id": "../balance"}), ConnectionLost),
    ((200, []), ConnectionLost),
    ((200, b"<html>"), ConnectionLost),
    ((200, b""), ConnectionLost),
    ((200, b"[" * 60_000), ConnectionLost),
]


LOOKS: list[tuple[object, type[ProviderError] | None]] = [
    ((404, {"e": "not found"}), None),
    ((200, {"e": "not found"}), None),
    ((404, {}), None),
    ((404, b"<html>"), None),
    ((200, {"e": "provider error"}), GenerationFailed),
    ((200, {"s": "f"}), GenerationFailed),
    ((200, {"s": "f", "e": "NSFW content detected"}), Refused),
    ((200, {"s": "c"}), None),
    ((200, {"s": "c", "url": "ftp://h/a"}), BadResult),
    ((200, {"s": "c", "url": "http://["}), BadResult),
    ((200, {"s": "c", "url": {"a": 1}}), None),
    ((200, {"s": "f", "e": {"no": "text"}}), GenerationFailed),
    ((500, {"e": "boom"}), None),
    ((429, {}), None),
    ((401, {}), None),
    ((403, {}), None),
    ((200, b"<html>"), None),
    ((200, b""), None),
    ((200, "ok"), None),
    ((200, {"s": ["c"]}), None),
]


@pytest.mark.parametrize(("answered", "expected"), ERRORS)
async def test_what_an_answer_to_an_order_means(answered: object, expected: type[ProviderError]) -> None:
    service = Service(answered, DONE)
    events, error = await told(provider(service), order())
    assert (events, type(error)) == ([], expected)
    assert len(service.seen) == 1


@pytest.mark.parametrize(("answered", "expected"), LOOKS)
async def test_what_an_answer_to_a_look_means(answered: object, expected: type[ProviderError] | None) -> None:
    """None: it passes, and the next look finds the result."""
    service = Service({"id": "uuid"}, [answered, DONE])
    events, error = await told(provider(service), order())
    assert type(error) is (expected or type(None))
    assert isinstance(events[-1], Succeeded) is (expected is None)
    assert len(service.looks) == (1 if expected else 2)


async def test_a_result_may_be_a_path_on_the_services_own_host() -> None:
    looks = {"s": "c", "url": "/files/a.png"}
    events, _ = await told(provider(Service({"id": "uuid"}, looks)), order())
    assert events[-1] == Succeeded((Asset("https://neuroartist.ru/files/a.png"),))


async def test_the_key_is_never_in_a_detail() -> None:
    service = Service((400, {"e": "no such key: na_live_xxx \0\ud800"}), DONE)
    error = (await told(provider(service), order()))[1]
    assert error is not None
    assert error.detail == "HTTP 400 no such key: [key] ?"


async def test_a_key_that_no_header_can_carry() -> None:
    service = Service({"id": "a"}, DONE)
    assert type((await told(provider(service, key="ключ"), order()))[1]) is BadKey
    assert service.seen == []


async def test_retry_after_is_told() -> None:
    answer = httpx.Response(429, headers={"Retry-After": "7"}, stream=httpx.ByteStream(b""))
    client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answer))
    error = (await told(NeuroArtist(base_url="https://h", key="k", client=client), order()))[1]
    assert isinstance(error, Busy)
    assert error.seconds == 7.0


async def test_pictures_are_let_go_of_before_the_wait() -> None:
    picture = Picture("data:image/png;base64," + "A" * 100_000)
    service = Service({"id": "a"}, {"s": "p"})
    run: Any = provider(service).run(order("", pictures=(picture,)), job_id="job")
    assert await anext(run) == Accepted("a")
    assert await anext(run) == Running()
    held = [value for value in run.ag_frame.f_locals.values() if isinstance(value, ProviderOrder | dict)]
    assert held == []
    await run.aclose()
    await asyncio.sleep(0)
