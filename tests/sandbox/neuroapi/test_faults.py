"""Every fault of the NeuroAPI simulator does what its name says."""

import asyncio
import base64
import binascii
import json
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any

import httpx
import pytest

from sandbox.kit.faults import RESULT_FAULTS
from sandbox.neuroapi import CATALOGUE, ERROR_DETAIL, NeuroApiServer
from sandbox.neuroapi.forms import FRAMES, SHAPES
from tests.sandbox.neuroapi.test_server import AUTH, CREATE, KEY, Client, ask, asking, stream, text
from tests.sandbox.wire import refusals, running, spoil_names, spoils

DALLE = {"model": "dall-e-3", "prompt": "a cat"}
GPT = {"model": "gpt-image-1", "prompt": "a cat"}
STATUSES = (401, 402, 403, 404, 429, 500)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with running(NeuroApiServer((KEY,), scale=0), **AUTH) as client:
        yield client


async def streamed(client: Client, name: str, value: float | None = None, **more: Any) -> list[Any]:
    client.server.faults.add(name, value=value)
    return await stream(client, "hello", **more)


async def image(client: Client, name: str, body: dict[str, Any], value: float | None = None) -> Any:
    client.server.faults.add(name, value=value)
    answer = await client.post("/images/generations", body)
    assert answer.status_code == 200
    return answer.json()["data"]


@pytest.mark.parametrize(("path", "body"), [("/chat/completions", asking("hello")), ("/images/generations", DALLE)])
async def test_refusals(client: Client, path: str, body: dict[str, Any]) -> None:
    bodies = await refusals(client, "", lambda: client.post(path, body), *STATUSES)
    assert [told["error"]["code"] for told in bodies] == [
        *("invalid_api_key", "billing_hard_limit_reached", "model_not_allowed", "model_not_found"),
        *("rate_limit_exceeded", None),
    ]
    assert ERROR_DETAIL in bodies[-1]["error"]["message"]
    for name, status, code in (
        ("no_channel", 503, "model_not_found"),
        ("insufficient_quota", 429, "insufficient_quota"),
        ("content_policy", 400, "content_policy_violation"),
        ("context_length", 400, "context_length_exceeded"),
        ("unsupported_parameter", 400, "unsupported_parameter"),
        ("unsupported_seed", 400, "unsupported_parameter"),
        ("unsupported_tools", 400, "unsupported_parameter"),
        ("unsupported_size", 400, "unsupported_value"),
        ("unsupported_stream_options", 400, None),
        ("error_200", 200, "server_error"),
    ):
        client.server.faults.add(name)
        answer = await client.post(path, body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert client.server.violations == []


@pytest.mark.parametrize(("path", "body"), [("/chat/completions", asking("hello")), ("/images/generations", DALLE)])
async def test_spoilt_answers(client: Client, path: str, body: dict[str, Any]) -> None:
    await spoils(client, "", lambda: client.post(path, body), (await client.post(path, body)).json())


async def test_spoilt_and_refused_reads(client: Client) -> None:
    await refusals(client, "read_", lambda: client.get("/models"), 401, 429, 500)
    await spoils(client, "read_", lambda: client.get("/models"), await client.json("/models"))


async def test_a_spoilt_answer_to_a_stream_is_no_stream(client: Client) -> None:
    client.server.faults.add("html")
    page = await client.post("/chat/completions", asking("hello", stream=True))
    assert page.headers["content-type"].startswith("text/html")
    client.server.faults.add("not_streamed")
    whole = await client.post("/chat/completions", asking("hello", stream=True))
    assert whole.json()["object"] == "chat.completion"
    client.server.faults.add("reset_after_body")
    with pytest.raises(httpx.RemoteProtocolError):
        await client.post("/chat/completions", asking("hello", stream=True))


async def test_streams_that_break(client: Client) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        await streamed(client, "cut")
    assert client.last.outcome == "cut"
    assert len(await streamed(client, "early_end", 2)) == 2
    assert await streamed(client, "empty_stream") == []
    events = await streamed(client, "error_event", 1)
    assert (len(events), events[-1]["error"]["message"]) == (2, ERROR_DETAIL)
    assert client.last.outcome == "failed"
    with pytest.raises(json.JSONDecodeError):
        await streamed(client, "malformed_event")


async def test_a_stream_that_stalls(client: Client) -> None:
    started = monotonic()
    assert (await streamed(client, "stream_stall", 0.2))[-1] == "[DONE]"
    assert monotonic() - started >= 0.2
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await streamed(client, "stream_stall")


async def test_strange_streams_say_the_same_words(client: Client) -> None:
    good = await stream(client, "hello")
    for name in ("keepalive", "crlf", "dribble"):
        events = await streamed(client, name)
        assert (text(events), events[-1]) == (text(good), "[DONE]")
    events = await streamed(client, "no_done")
    assert (text(events), events[-1]["choices"][0]["finish_reason"]) == (text(good), "stop")
    odd = await streamed(client, "odd_events")
    assert {"ping": 1} in odd
    assert any(event != "[DONE]" and event.get("choices") == [] for event in odd)
    assert odd[0]["trace"] == "c0ffee"
    wrong = await streamed(client, "stream_types")
    assert (wrong[3]["id"], len(wrong)) == (42, len(good) + 1)


async def test_form_faults_on_the_wire(client: Client) -> None:
    client.server.faults.add("keepalive")
    raw = (await client.post("/chat/completions", asking("hello", stream=True))).content
    assert raw.count(b": keep-alive\n\n") == raw.count(b"data: ")
    client.server.faults.add("crlf")
    raw = (await client.post("/chat/completions", asking("hello", stream=True))).content
    assert raw.count(b"\n") == raw.count(b"\r\n")


async def test_answers_that_are_none(client: Client) -> None:
    seen = {}
    for name in ("length", "filtered", "content_filter", "empty_answer", "null_content"):
        client.server.faults.add(name)
        choice = (await ask(client, "write a long essay"))["choices"][0]
        seen[name] = (choice["finish_reason"], len(choice["message"]["content"] or ""))
        assert (choice["message"]["content"] is None) == (name == "null_content")
    assert seen == {
        "length": ("length", 80),
        "filtered": ("content_filter", 80),
        "content_filter": ("content_filter", 0),
        "empty_answer": ("stop", 0),
        "null_content": ("stop", 0),
    }
    events = await streamed(client, "content_filter")
    assert (text(events), events[-2]["choices"][0]["finish_reason"]) == ("", "content_filter")


async def test_no_usage(client: Client) -> None:
    events = await streamed(client, "no_usage", stream_options={"include_usage": True})
    assert not any("usage" in event for event in events[:-1])
    client.server.faults.add("no_usage")
    assert "usage" not in await ask(client, "hello")


async def test_tools_that_are_called_wrongly(client: Client) -> None:
    calls = []
    for name in ("broken_arguments", "unknown_tool"):
        client.server.faults.add(name)
        message = (await ask(client, "draw a fox", tools=[CREATE]))["choices"][0]["message"]
        calls.append(message["tool_calls"][0]["function"])
    assert calls[0]["name"] == "create"
    with pytest.raises(json.JSONDecodeError):
        json.loads(calls[0]["arguments"])
    assert calls[1]["name"] == "launch_rocket"


async def test_pictures_in_the_other_form(client: Client) -> None:
    (entry,) = await image(client, "other_form", GPT)
    assert (await client.download(entry["url"])).content.startswith(b"\x89PNG")
    (entry,) = await image(client, "other_form", DALLE)
    assert base64.b64decode(entry["b64_json"]).startswith(b"\x89PNG")


async def test_pictures_that_are_none(client: Client) -> None:
    (entry,) = await image(client, "bad_b64", GPT)
    with pytest.raises(binascii.Error):
        base64.b64decode(entry["b64_json"], validate=True)
    (entry,) = await image(client, "b64_html", GPT)
    assert base64.b64decode(entry["b64_json"]).startswith(b"<!doctype html>")
    assert await image(client, "without_picture", GPT) == [{}]
    (entry,) = await image(client, "relative_url", DALLE)
    assert entry["url"].startswith("/dl/")
    assert await image(client, "fewer_images", DALLE, 0) == []


async def test_spoilt_results(client: Client) -> None:
    (entry,) = await image(client, "dead_result", DALLE, 410)
    assert (await client.download(entry["url"])).status_code == 410
    (entry,) = await image(client, "result_html", DALLE)
    assert (await client.download(entry["url"])).headers["content-type"] == "text/html"


async def test_a_prompt_triggers_its_fault(client: Client) -> None:
    answer = await client.post("/chat/completions", asking("hello [fault:content_policy]"))
    assert answer.status_code == 400
    assert client.server.violations == []


def test_every_fault_has_a_test() -> None:
    tried = {*map(str, STATUSES), "503_html", "read_401", "read_429", "read_500", "read_503_html", "error_200"}
    tried |= {"insufficient_quota", "content_policy", "context_length", "no_channel"}
    tried |= {f"unsupported_{what}" for what in ("parameter", "seed", "tools", "size", "stream_options")}
    tried |= {"cut", "early_end", "empty_stream", "stream_stall", "error_event", "malformed_event", "stream_types"}
    tried |= {"odd_events", "keepalive", "crlf", "dribble", "no_done", "not_streamed", "no_usage", "length"}
    tried |= {
        "filtered",
        "content_filter",
        "empty_answer",
        "null_content",
        "broken_arguments",
        "unknown_tool",
        "other_form",
    }
    tried |= {"bad_b64", "b64_html", "fewer_images", "relative_url", "without_picture"}
    tried |= {"no_endpoint", "silence"}  # see tests/providers/neuroapi/test_hearing.py
    tried |= {*SHAPES, *FRAMES}  # see test_neuroapi_forms
    assert set(CATALOGUE) == tried | spoil_names("", "read_") | set(RESULT_FAULTS)
