"""Whatever neuroflash sends, runs and look-ups end in a result or in a ProviderError."""

import json
from collections.abc import Collection
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.catalog.models import Scalar
from bot.providers.base import Lost, ProviderError, Succeeded
from bot.providers.neuroflash import provider
from bot.providers.neuroflash.history import entry, matches, newest_first
from tests.providers.neuro_kit import VIEW, flash, picture, told
from tests.providers.neuro_kit import entry as documented
from tests.providers.provider_kit import Chunks

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(
    [
        *("images", "url", "image_id", "detail", "batch_id", "output_image_id", "output_image_url", "created_at"),
        *("prompt", "model", "parameters", "input_images", "id", "capabilities", "order", "max_images"),
    ]
)
words = st.sampled_from(
    ["a fox", "default", VIEW.format("a-1"), "a-1", "2024-01-15T10:30:00Z", "1970-01-01T00:00:10", "/x", "//evil/x"]
)
near_misses = st.recursive(
    words | values, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5), max_leaves=12
)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider, "NAMING_SECONDS", 0.01)
    monkeypatch.setattr(provider, "NAMING_PAUSE", 0.005)


async def is_unclaimed(names: Collection[str]) -> frozenset[str]:
    return frozenset(names)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from([200, 200, 200, 204, 302, 400, 403, 404, 429, 500]),
    st.binary(max_size=40) | near_misses.map(lambda value: json.dumps(value).encode()),
)
async def test_any_answer(status: int, body: bytes) -> None:
    service = flash(lambda _: httpx.Response(status, stream=Chunks(body)), now=lambda: 100.0)
    events, error = await told(service, picture("default", "a fox"))
    assert isinstance(events[-1], Succeeded) is (error is None)
    try:
        async for event in service.recover(picture("default", "a fox"), job_id="j", lost=Lost(10.0, is_unclaimed, 0)):
            assert isinstance(event, Succeeded)
    except ProviderError:
        pass
    for read in (service.models, service.ping):
        with suppress(ProviderError):
            await read()


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(names, near_misses, max_size=6), st.booleans())
def test_any_entry(strange: dict[str, object], whole: bool) -> None:
    found = entry({**documented(), **strange} if whole else strange)
    assert found is None or (found.path.startswith("/") and not found.path.startswith("//"))
    if found is not None:
        matches(found, picture("default", "string", {}, VIEW.format("a-1")), 1705314600.0)
        newest_first([found, found])


AT = 1705314600.0
"""When the document's entry was made."""


@pytest.mark.parametrize(
    ("more", "since", "fits"),
    [
        ({}, AT, True),
        ({}, AT + 4, True),
        ({}, AT + 6, False),
        ({}, AT - 24, True),
        ({}, AT - 26, False),
        ({"created_at": "2024-01-15T10:30:00"}, AT, True),
        ({"created_at": "2024-01-15T13:30:00+03:00"}, AT, True),
        ({"created_at": None}, AT, False),
        ({"created_at": "yesterday"}, AT, False),
        ({"prompt": " string\n"}, AT, True),
        ({"prompt": "String"}, AT, False),
        ({"parameters": {"aspect_ratio": "1:1", "num_images": 1}}, AT, True),
        ({"parameters": {"aspect_ratio": "16:9"}}, AT, False),
        ({"parameters": {"num_images": "1"}}, AT, True),
        ({"parameters": {"aspect_ratio": None}}, AT, True),
        ({"parameters": '{"aspect_ratio": "16:9"}'}, AT, False),
        ({"input_images": []}, AT, True),
        ({"input_images": [VIEW.format("b-2")]}, AT, False),
        ({"input_images": VIEW.format("b-2")}, AT, False),
        ({"model": "anything"}, AT, True),
    ],
)
def test_which_entries_fit(more: dict[str, Any], since: float, fits: bool) -> None:
    parameters: dict[str, Scalar] = {"aspect_ratio": "1:1", "num_images": 1}
    found = entry(documented(**more))
    assert found is not None
    assert matches(found, picture("default", "string", parameters), since) is fits


async def test_the_history_is_read_page_by_page() -> None:
    asked: list[httpx.QueryParams] = []
    all_of_it = [
        documented(f"i-{n}", prompt="x", created_at=f"2024-01-15T10:{59 - n // 20:02d}:00Z") for n in range(450)
    ]
    all_of_it[420]["prompt"] = "a fox"

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params)
        at, size = int(request.url.params["offset"]), int(request.url.params["limit"])
        return httpx.Response(200, stream=Chunks(json.dumps(all_of_it[at : at + size]).encode()))

    service = flash(handle, now=lambda: AT + 10_000)
    made = entry(all_of_it[420])
    assert made is not None
    assert made.created_at is not None
    order = picture("nano", "a fox")
    all_of_it[420]["model"] = "nano"
    lost = Lost(made.created_at - 5, is_unclaimed, 0)
    events = [event async for event in service.recover(order, job_id="j", lost=lost)]
    assert [event.assets[0].own for event in events if isinstance(event, Succeeded)] == [VIEW.format("i-420")]
    assert [(params["model"], params["offset"]) for params in asked] == [
        ("nano", "0"),
        ("nano", "200"),
        ("nano", "400"),
    ]
    asked.clear()
    with pytest.raises(ProviderError):
        await anext(service.recover(order, job_id="j", lost=Lost(AT + 3600, is_unclaimed, 0)))
    assert len(asked) == 1  # older pages need no look
