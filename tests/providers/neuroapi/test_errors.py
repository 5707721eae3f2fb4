"""What NeuroAPI's refusals mean, and its list of models."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from bot.providers.base import (
    BadKey,
    Busy,
    ConnectionLost,
    GenerationFailed,
    NoChannel,
    NotPermitted,
    NotTaken,
    OutOfFunds,
    ProviderError,
    Refused,
    Running,
    UnknownModel,
    UpstreamDown,
)
from tests.providers.neuro_kit import (
    answer,
    ask,
    neuroapi,
    noting,
    picture,
    stream,
    told,
)
from tests.providers.provider_kit import QUICK


def error_of(message: str, kind: str | None = None, code: str | None = None) -> object:
    return {"error": {"message": message, "type": kind, "code": code, "param": None}}


@pytest.mark.parametrize(
    ("status", "said", "expected"),
    [
        (401, error_of("Incorrect API key provided", "invalid_request_error", "invalid_api_key"), BadKey),
        (401, "<html>", BadKey),
        (402, error_of("Payment required"), OutOfFunds),
        (403, error_of("This key may not use the model", "permission_error"), NotPermitted),
        (403, "", NotPermitted),
        (403, "<html>Request blocked</html>", UpstreamDown),
        (404, error_of("The model `x` does not exist", "invalid_request_error", "model_not_found"), UnknownModel),
        (404, "<html>no such page</html>", UpstreamDown),
        (429, error_of("Rate limit reached", "requests", "rate_limit_exceeded"), Busy),
        (429, "", Busy),
        (429, error_of("You exceeded your current quota", "insufficient_quota", "insufficient_quota"), OutOfFunds),
        (400, error_of("Your request was rejected by the safety system", None, "content_policy_violation"), Refused),
        (400, error_of("too long", None, "context_length_exceeded"), GenerationFailed),
        (400, error_of("Unsupported parameter: 'temperature'", None, "unsupported_parameter"), GenerationFailed),
        (400, "<html>", UpstreamDown),
        (408, error_of("slow"), UpstreamDown),
        (500, error_of("The server had an error", "server_error"), UpstreamDown),
        (503, "<html>busy</html>", NotTaken),
        (503, error_of("No available channel", "new_api_error", "model_not_found"), NoChannel),
        (503, error_of("your request was rejected by our safety system", "server_error"), Refused),
        (302, "", UpstreamDown),
        (200, error_of("The server had an error", "server_error"), GenerationFailed),
        (200, error_of("no", None, "content_policy_violation"), Refused),
        (200, "<html>please wait</html>", ConnectionLost),
        (200, "", ConnectionLost),
        (200, '"ok"', ConnectionLost),
    ],
)
@pytest.mark.parametrize("wanted", [ask(), picture("dall-e-3")], ids=["chat", "image"])
async def test_answers_that_are_none(status: int, said: object, expected: type[ProviderError], wanted: Any) -> None:
    calls: list[httpx2.Request] = []
    events, error = await told(neuroapi(noting(calls, lambda: answer(status, said))), wanted)
    assert type(error) is expected
    assert [event for event in events if event != Running()] == []
    assert len(calls) == 1


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7.0), ("", 0.0), ("soon", 0.0), ("99999999", 3600.0), ("-1", 0.0)]
)
async def test_when_to_come_again(header: str, seconds: float) -> None:
    refusal = answer(429, error_of("slow down"))
    refusal.headers["Retry-After"] = header
    error = (await told(neuroapi(refusal), ask()))[1]
    assert isinstance(error, Busy)
    assert error.seconds == seconds


@pytest.mark.parametrize("key", ["ключ", "sk-a\r\nX-Evil: 1", "sk-\x00"])
async def test_a_key_that_no_header_can_carry(key: str) -> None:
    seen: list[httpx2.Request] = []
    service = neuroapi(noting(seen, stream), key=key)
    assert type((await told(service, ask()))[1]) is BadKey
    with pytest.raises(BadKey):
        await service.ping()
    assert seen == []


async def test_the_key_is_told_to_nobody() -> None:
    said = error_of("Invalid API key sk-very-secret-1")
    for response in (answer(401, said), answer(500, said), stream(said), answer(200, said)):
        error = (await told(neuroapi(response, key="sk-very-secret-1"), ask()))[1]
        assert error is not None
        assert "Invalid API key [key]" in error.detail
        assert "secret" not in f"{error!r} {error.__cause__!r}"


async def test_its_models() -> None:
    seen: list[httpx2.Request] = []
    listed = {"object": "list", "data": [{"id": "gpt-5-mini", "object": "model"}, {"id": 5}, 7, {"id": "dall-e-3"}]}
    service = neuroapi(noting(seen, lambda: answer(200, listed)))
    models = await service.models()
    assert [model.upstream_id for model in models] == ["gpt-5-mini", "dall-e-3"]
    assert await service.details(models[0]) == models[0]
    await service.ping()
    assert {(sent.method, str(sent.url)) for sent in seen} == {("GET", "https://neuroapi.host/v1/models")}


@pytest.mark.parametrize(
    ("response", "expected", "calls"),
    [
        (lambda: answer(401, ""), BadKey, 1),
        (lambda: answer(500, ""), UpstreamDown, QUICK.attempts),
        (lambda: answer(200, "<html>"), UpstreamDown, 1),
        (lambda: answer(200, {"data": {}}), UpstreamDown, 1),
        (lambda: answer(200, error_of("x", None, "invalid_api_key")), BadKey, 1),
    ],
)
async def test_a_list_that_is_none(
    response: Callable[[], httpx2.Response], expected: type[ProviderError], calls: int
) -> None:
    seen: list[httpx2.Request] = []
    with pytest.raises(expected):
        await neuroapi(noting(seen, response)).ping()
    assert len(seen) == calls


async def test_first_requests_at_once_make_one_client() -> None:
    service = neuroapi(lambda _: answer(200, {"data": []}))
    await asyncio.gather(*(service.models() for _ in range(5)))
    await service.aclose()
