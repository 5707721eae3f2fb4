"""Whatever a polled service answers, a run ends in a result or in a ProviderError, and so does everything else that is
asked of it; nothing is sent twice, and what is kept of an answer can be stored."""

import json
from collections.abc import Callable, Sequence
from decimal import Decimal

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.catalog.models import Kind
from bot.providers.base import Accepted, Event, Listed, ProviderError, ProviderOrder, Resume, Running, Succeeded
from bot.providers.kit.http import Backoff
from bot.providers.kit.polling import Timing
from bot.providers.naive.provider import Naive
from bot.providers.neuroartist.provider import NeuroArtist
from tests.providers.polled_kit import told
from tests.providers.provider_kit import Chunks

ONCE = Backoff(attempts=1)
Polled = Naive | NeuroArtist
Build = Callable[[httpx.AsyncClient, Timing], Polled]
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
names = st.sampled_from(
    [
        *("id", "s", "url", "e", "m", "r", "p", "b", "job_id", "status", "progress", "result", "images", "video"),
        *("seed", "credits_used", "error", "message", "code", "models", "key_params", "name"),
        *("estimated_seconds", "estimated_credits", "balance"),
    ]
)
words = st.sampled_from(
    [
        *("c", "f", "q", "completed", "failed", "cancelled", "processing", "COMPLETED ", "not found"),
        *("unknown model", "provider error", "insufficient_credits", "https://h/a.png", "http://[", "//[", "/dl/a"),
        *("ref-1", "a,b", "..", "\ud800", "\0", "1e400", "-1", "NaN", "0.5", "", "9" * 41),
    ]
)
numbers = st.sampled_from([0, -1, 42, 2**64, 10**400, 0.1, 1e308, float("nan"), float("inf")])
near_misses = st.recursive(
    words | numbers | values,
    lambda inner: st.dictionaries(names, inner, max_size=5) | st.lists(inner, max_size=3),
    max_leaves=12,
)
objects = st.dictionaries(names, near_misses, max_size=6)
taken = st.sampled_from([{"id": "ref-1", "job_id": "ref-1"}, {"id": "r", "job_id": "r", "estimated_seconds": 1e-9}])
bodies = (
    st.binary(max_size=40)
    | (values | near_misses | objects).map(lambda value: json.dumps(value).encode())
    | st.sampled_from([b"[" * 5000, b"9" * 5000, b'{"b": 1e999999999}', b'{"s": "c", "url": "/\xff"}', b"<html>"])
)
statuses = st.sampled_from([200, 200, 200, 201, 204, 301, 400, 401, 402, 403, 404, 409, 410, 422, 429, 500, 503])
answers = st.tuples(statuses, bodies)


def neuroartist(client: httpx.AsyncClient, timing: Timing) -> Polled:
    return NeuroArtist(base_url="https://h.test/api/v1", key="k", backoff=ONCE, client=client, timing=timing)


def naive(client: httpx.AsyncClient, timing: Timing) -> Polled:
    return Naive(base_url="https://h.test", key="k", backoff=ONCE, client=client, timing=timing)


class World:
    """Answers in turn, the last one for ever; time passes without being waited for."""

    def __init__(self, orders: list[tuple[int, bytes]], looks: list[tuple[int, bytes]]) -> None:
        self.posts = 0
        self.now = 0.0
        self._orders, self._looks = orders, looks
        self._asked = 0

    def polled(self, build: Build) -> Polled:
        client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        return build(client, Timing(self._clock, self._clock, self._sleep, self._chance))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            status, body = self._orders[min(self.posts, len(self._orders) - 1)]
            self.posts += 1
        else:
            status, body = self._looks[min(self._asked, len(self._looks) - 1)]
            self._asked += 1
        return httpx.Response(status, headers={"Content-Type": "application/json"}, stream=Chunks(body))

    def _clock(self) -> float:
        return self.now

    def _chance(self) -> float:
        return 0.5

    async def _sleep(self, seconds: float) -> None:
        assert 0 <= seconds <= 100
        self.now += seconds


def order(results: int = 1) -> ProviderOrder:
    return ProviderOrder("m", "a cat", {}, 30.0, Kind.IMAGE, results, typical_seconds=10.0)


@pytest.mark.parametrize("build", [neuroartist, naive])
@settings(max_examples=60, deadline=None)
@given(st.lists(answers, min_size=1, max_size=3), st.lists(answers, min_size=1, max_size=4), st.integers(1, 3))
async def test_any_answer_to_an_order(
    build: Build, orders: list[tuple[int, bytes]], looks: list[tuple[int, bytes]], results: int
) -> None:
    world = World(orders, looks)
    events, error = await told(world.polled(build), order(results))
    assert world.posts <= (results if build is neuroartist else 1)
    assert (error is None) is (bool(events) and isinstance(events[-1], Succeeded))
    check_stored(events, error)


@pytest.mark.parametrize("build", [neuroartist, naive])
@settings(max_examples=60, deadline=None)
@given(taken, st.lists(answers | st.tuples(st.just(200), objects.map(lambda o: json.dumps(o).encode())), min_size=1))
async def test_any_answer_to_a_look(build: Build, accepted: dict[str, object], looks: list[tuple[int, bytes]]) -> None:
    world = World([(200, json.dumps(accepted).encode())], looks)
    events, error = await told(world.polled(build), order())
    assert isinstance(events[0], Accepted)
    assert world.posts == 1
    check_stored(events, error)
    again = World([], looks)
    events, error = await told(again.polled(build), order(), Resume(str(accepted["id"]), 0.0))
    assert again.posts == 0
    check_stored(events, error)


def check_stored(events: Sequence[Event], error: ProviderError | None) -> None:
    """Everything kept is what every database takes."""
    texts = [error.detail if error is not None else ""]
    for event in events:
        if isinstance(event, Accepted):
            assert event.ref
            texts.append(event.ref)
        if isinstance(event, Running):
            assert event.progress is None or 0 <= event.progress <= 1
        if isinstance(event, Succeeded):
            assert event.assets
            assert all(asset.url.startswith(("http://", "https://")) for asset in event.assets)
            assert event.cost is None or Decimal(0) <= event.cost <= Decimal(10) ** 12
            texts += [*(asset.url for asset in event.assets), *event.facts.values(), str(event.cost)]
    for text in texts:
        assert "\0" not in text
        text.encode()


@pytest.mark.parametrize("build", [neuroartist, naive])
@settings(max_examples=60, deadline=None)
@given(st.lists(answers | st.tuples(st.just(200), objects.map(lambda o: json.dumps(o).encode())), min_size=1))
async def test_any_answer_to_a_question(build: Build, looks: list[tuple[int, bytes]]) -> None:
    provider = World([], looks).polled(build)
    listed = Listed("a/b")
    for ask in (
        provider.ping,
        provider.balance,
        lambda: provider.prices({"a/b": (1, 2)}),
        provider.models,
        lambda: provider.details(listed),
    ):
        try:
            answered = await ask()
        except ProviderError as error:
            error.detail.encode()
            continue
        if isinstance(answered, tuple):
            for one in answered:
                json.dumps([one.upstream_id, one.title, dict(one.parameters)]).encode()
                "".join([one.upstream_id, one.title, *one.parameters, *one.required]).encode()
        elif isinstance(answered, Listed):
            "".join([*answered.parameters, *answered.parameters.values(), *answered.required]).encode()
