"""Whatever the service sends, a run ends in a result or in a ProviderError, and says nothing after its end."""

import itertools
import json

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.providers.ai_now import AiNow
from bot.providers.base import Accepted, Event, ProviderError, Running, Succeeded
from tests.providers.provider_kit import QUICK, Chunks, order, told

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
words = st.sampled_from(["Completed", "Error", "Processing", "completed ", "ERROR", "https://h/a.mp4", "http://[", ""])
near_misses = st.dictionaries(st.sampled_from(["status", "url", "message"]), words | values)
lines = st.one_of(
    st.binary(max_size=60),
    values.map(lambda value: b"data: " + json.dumps(value).encode()),
    near_misses.map(lambda value: b"data: " + json.dumps(value).encode()),
    st.sampled_from([b"data", b"data:", b":", b"event: x", b"id: \x00", b"retry: 9" + b"9" * 5000, b"\r", b"\xff\xfe"]),
)
bodies = st.lists(st.tuples(lines, st.sampled_from([b"\n", b"\r\n", b"\r", b"\n\n", b""])), max_size=12).map(
    lambda pairs: b"".join(line + end for line, end in pairs)
)


async def ended(response: httpx.Response) -> tuple[list[Event], ProviderError | None]:
    client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: response))
    return await told(AiNow(base_url="https://api.test", key="k", backoff=QUICK, client=client), order())


def split(body: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(body) + 1) for cut in cuts), len(body)]
    return [body[a:b] for a, b in itertools.pairwise(edges)]


@settings(max_examples=150, deadline=None)
@given(bodies, st.lists(st.integers(0, 10_000), max_size=4), st.booleans())
async def test_any_stream(body: bytes, cuts: list[int], breaks: bool) -> None:
    chunks = Chunks(*split(body, cuts), then=httpx.ReadError("gone") if breaks else None)
    events, error = await ended(httpx.Response(200, headers={"Content-Type": "text/event-stream"}, stream=chunks))
    assert events[0] == Accepted(None)
    last = events[-1]
    assert isinstance(last, Succeeded) is (error is None)
    assert all(isinstance(event, Running) for event in events[1 : None if error else -1])
    if isinstance(last, Succeeded):
        assert last.assets[0].url.startswith(("http://", "https://"))


@settings(max_examples=100, deadline=None)
@given(
    st.integers(200, 599).filter(lambda status: status != 200),
    st.binary(max_size=80) | values.map(lambda value: json.dumps(value).encode()),
    st.sampled_from(["application/json", "text/event-stream", "text/html", "", "\u00e9", "a/b; charset=idna"]),
)
async def test_any_other_answer(status: int, body: bytes, content_type: str) -> None:
    headers = {"Content-Type": content_type.encode("latin-1")}
    events, error = await ended(httpx.Response(status, headers=headers, stream=Chunks(body)))  # type: ignore[arg-type]
    assert events == []
    assert error is not None


@pytest.mark.parametrize("depth", [100, 100_000])
async def test_deep_nesting(depth: int) -> None:
    body = b'data: {"status": ' + b"[" * depth + b"]" * depth + b"}\n\n"
    headers = {"Content-Type": "text/event-stream"}
    events, error = await ended(httpx.Response(200, headers=headers, stream=Chunks(body)))
    assert events == [Accepted(None), Running()]
    assert error is not None
