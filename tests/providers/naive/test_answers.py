"""What each answer of Naive to an order, a look and a cancel means."""

import pytest

from bot.providers.base import (
    BadKey,
    BadResult,
    Busy,
    ConnectionLost,
    GenerationFailed,
    NotPermitted,
    NotTaken,
    OutOfFunds,
    ProviderError,
    Refused,
    UnknownModel,
    UpstreamDown,
)
from tests.providers.naive_kit import ACCEPTED, COMPLETED, DONE, order, provider
from tests.providers.polled_kit import Service, failure, told
from tests.providers.provider_kit import QUICK

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
    ((503, b"<html>"), NotTaken),
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
    ((404, {"error": "not_found"}), None),
    ((410, {}), None),
    ((404, b"<html>"), None),
    ({"status": "failed", "error": "out of memory"}, GenerationFailed),
    ({"status": "failed", "error": {"code": "nsfw", "message": "NSFW content"}}, Refused),
    ({"status": "FAILED"}, GenerationFailed),
    ({"status": "cancelled"}, GenerationFailed),
    ({"status": "completed"}, None),
    ({"status": "completed", "result": {"images": []}}, None),
    ({"status": "completed", "result": {"images": {"url": 5}}}, None),
    ({"status": "completed", "result": "https://h/a"}, None),
    ({"status": "completed", "result": {"images": [{"url": "ftp://h/a"}]}}, BadResult),
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
