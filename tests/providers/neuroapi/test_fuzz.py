"""Whatever NeuroAPI sends, a run ends in a result or in a ProviderError, and says nothing after its end."""

import json

import httpx2
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.providers.base import Event, ProviderError, ProviderOrder, Succeeded
from bot.providers.neuroapi.provider import NeuroApi
from tests.providers.neuro_kit import Pieces, ask, picture, told
from tests.providers.provider_kit import QUICK

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
words = st.sampled_from(["stop", "length", "content_filter", "tool_calls", "Forty", "create", "{", "model_not_found"])
WORDS = (
    "choices delta message content finish_reason usage prompt_tokens completion_tokens index tool_calls function name "
    "arguments error code type data url b64_json id"
)
names = st.sampled_from(WORDS.split())
near_misses = st.recursive(
    words | values, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(names, inner, max_size=4), max_leaves=10
)
lines = st.one_of(
    st.binary(max_size=40),
    near_misses.map(lambda value: b"data: " + json.dumps(value).encode()),
    st.sampled_from([b"data: [DONE]", b"data", b"data:", b":", b"event: x", b"id: \x00", b"\r", b"\xff\xfe"]),
)
bodies = st.lists(st.tuples(lines, st.sampled_from([b"\n", b"\n\n", b"\r\n\r\n", b""])), max_size=10).map(
    lambda pairs: b"".join(line + end for line, end in pairs)
)


async def ended(response: httpx2.Response, wanted: ProviderOrder) -> tuple[list[Event], ProviderError | None]:
    transport = httpx2.MockTransport(lambda _: response)
    service = NeuroApi(base_url="https://api.test/v1", key="k", backoff=QUICK, transport=transport)
    events, error = await told(service, wanted)
    assert any(isinstance(event, Succeeded) for event in events) is (error is None)
    assert not any(isinstance(event, Succeeded) for event in events[:-1])
    return events, error


@settings(max_examples=120, deadline=None)
@given(bodies, st.booleans())
async def test_any_stream(body: bytes, breaks: bool) -> None:
    pieces = Pieces(body[: len(body) // 2], body[len(body) // 2 :], then=httpx2.ReadError("gone") if breaks else None)
    await ended(httpx2.Response(200, headers={"Content-Type": "text/event-stream"}, stream=pieces), ask())


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from([200, 200, 200, 201, 204, 301, 400, 401, 404, 429, 500]),
    st.binary(max_size=40) | near_misses.map(lambda value: json.dumps(value).encode()),
    st.sampled_from(["application/json", "text/event-stream", "text/html", "", "\u00e9"]),
    st.booleans(),
)
async def test_any_other_answer(status: int, body: bytes, content_type: str, talks: bool) -> None:
    headers = [(b"Content-Type", content_type.encode("latin-1"))]
    response = httpx2.Response(status, headers=headers, stream=Pieces(body))
    _, error = await ended(response, ask() if talks else picture("dall-e-3"))
    assert error is not None or 200 <= status < 300
