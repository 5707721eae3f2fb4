"""The forms of the NeuroAPI simulator: each is what its name says, and says the same as the documented one."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.neuroapi import NeuroApiServer
from sandbox.neuroapi.forms import FRAMES, LABELS, REFUSED, SHAPES, THOUGHT
from tests.sandbox.neuroapi.test_server import AUTH, CREATE, KEY, Client, asking, stream, text
from tests.sandbox.wire import running

USAGE = {"stream_options": {"include_usage": True}}
TOOLS = {"tools": [CREATE]}


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with running(NeuroApiServer((KEY,), scale=0), **AUTH) as client:
        yield client


async def deltas(client: Client, name: str, words: str = "hello", **more: Any) -> list[dict[str, Any]]:
    client.server.faults.add(name)
    events = [event for event in await stream(client, words, **more) if event != "[DONE]"]
    return [choice["delta"] for event in events for choice in event["choices"]]


async def message(client: Client, name: str, words: str = "hello", **more: Any) -> dict[str, Any]:
    client.server.faults.add(name)
    answer = (await client.post("/chat/completions", asking(words, **more))).json()
    return dict(answer["choices"][0]["message"])


async def raw(client: Client, name: str) -> Any:
    client.server.faults.add(name)
    return await client.post("/chat/completions", asking("hello", stream=True, **USAGE))


async def test_shapes_of_content(client: Client) -> None:
    good = text(await stream(client, "hello"))
    parts = [part for said in await deltas(client, "content_parts") for part in said.get("content") or ()]
    assert "".join(part["text"] for part in parts) == good
    assert (await message(client, "content_parts"))["content"] == [{"type": "text", "text": good}]
    for content in (
        (await deltas(client, "thought_parts"))[0]["content"],
        (await message(client, "thought_parts"))["content"],
    ):
        assert content[0] == {"type": "thinking", "thinking": [{"type": "text", "text": THOUGHT}]}
    assert (await message(client, "thought_tags"))["content"] == f"<think>\n{THOUGHT}\n</think>\n\n{good}"
    assert (await deltas(client, "thought_field"))[0]["reasoning_content"] == THOUGHT
    told = await message(client, "thought_only")
    assert told["content"] == f"<think>{THOUGHT}"
    assert (await message(client, "refusal_field"))["refusal"] == REFUSED
    refused = await deltas(client, "refusal_field")
    assert [said.get("content") for said in refused if said.get("content")] == []


@pytest.mark.parametrize("name", [name for name in SHAPES if name.startswith("call_")])
async def test_shapes_of_calls(client: Client, name: str) -> None:
    calls = [
        call for said in await deltas(client, name, "draw a fox", **TOOLS) for call in said.get("tool_calls") or ()
    ]
    indexes = {call.get("index", "none") for call in calls}
    assert indexes == {{"call_no_index": "none", "call_null_index": None}.get(name, 0)}
    assert (len(calls) <= 2) is (name in ("call_whole", "call_object", "call_twice"))
    assert isinstance(calls[0]["function"]["arguments"], dict) is (name == "call_object")
    assert len({call.get("id") for call in calls if call.get("id")}) == (2 if name == "call_twice" else 1)
    whole = (await message(client, name, "draw a fox", **TOOLS))["tool_calls"]
    assert len(whole) == (2 if name == "call_twice" else 1)


async def test_shapes_of_usage(client: Client) -> None:
    for name, expected in (("usage_null", None), ("usage_floats", float), ("usage_everywhere", int)):
        client.server.faults.add(name)
        events = [event for event in await stream(client, "hello", **USAGE) if event != "[DONE]"]
        told = [event["usage"] for event in events if event["usage"]]
        assert len(told) == {"usage_null": 0, "usage_floats": 1, "usage_everywhere": len(events)}[name]
        assert all(type(usage["completion_tokens"]) is expected for usage in told)


async def test_frames(client: Client) -> None:
    for name, label in LABELS.items():
        assert (await raw(client, name)).headers["content-type"] == label
    assert (await raw(client, "bom")).content.startswith(b"\xef\xbb\xbfdata: ")
    assert b"\n" not in (await raw(client, "cr")).content
    assert b"\n\n" not in (await raw(client, "unframed")).content
    assert (await raw(client, "multiline")).content.count(b"data: ") > 2 * (await raw(client, "bom")).content.count(
        b"data: "
    )
    packed = await raw(client, "gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content.endswith(b"data: [DONE]\n\n")
    for name, done in (("done_alone", True), ("unmarked_end", False)):
        body = (await raw(client, name)).content
        assert b'"finish_reason": "' not in body
        assert (b"[DONE]" in body) is done
        assert b'"usage": {' in body
    halves = (await raw(client, "surrogates")).content
    assert b"\\ud83e" in halves
    assert b"\\udd8a" in halves
    assert b"event: error\ndata: " in (await raw(client, "named_error")).content
    assert b'"code": 502' in (await raw(client, "choice_error")).content
    assert set(FRAMES) == {
        *("label", "label_case", "no_label", "bom", "cr", "multiline", "unframed", "gzip"),
        *("done_alone", "unmarked_end", "surrogates", "named_error", "choice_error"),
    }
