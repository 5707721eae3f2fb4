"""What stands in an answer of an OpenAI-compatible service: words in any shape, thoughts beside them, usage, and
errors, which are no answer. Over real sockets, streamed and whole."""

import json
from typing import Any

import pytest

from bot.providers.base import (
    BadKey,
    Busy,
    ConnectionLost,
    GenerationFailed,
    NoWords,
    OutOfFunds,
    ProviderError,
    Refused,
    Succeeded,
    UpstreamDown,
)
from tests.providers.form_kit import END, SAID, STREAM, USAGE, USED, answered, heard, raw, sse, whole
from tests.providers.neuro_kit import chunk, partials, text_of

CONTENTS: dict[str, tuple[dict[str, object], ...]] = {
    "a text": ({"content": "Hello"}, {"content": " world"}),
    "parts": ({"content": [{"type": "text", "text": "Hello"}]}, {"content": [{"type": "text", "text": " world"}]}),
    "parts of the newer form": ({"content": [{"type": "output_text", "text": "Hello world", "annotations": []}]},),
    "one part without a list": ({"content": {"type": "text", "text": "Hello world"}},),
    "parts whose text is an object": ({"content": [{"type": "text", "text": {"value": "Hello world"}}]},),
    "thoughts in a field": (
        {"reasoning_content": "hm", "content": None},
        {"reasoning": "well", "reasoning_details": [{"text": "hm"}], "content": ""},
        {"content": "Hello world", "reasoning_content": None},
    ),
    "thoughts in parts": (
        {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]},
        {"content": [{"type": "reasoning", "text": "hm"}, {"thought": True, "text": "hm"}]},
        {"content": [{"type": "text", "text": "Hello world"}]},
    ),
    "thoughts in tags": ({"content": "<think>\nhm\n</think>\n\nHello"}, {"content": " world"}),
    "thoughts in tags in pieces": tuple({"content": c} for c in "\n<thinking>hm, <b></thinking>Hello world"),
    "two thoughts": ({"content": "<think>hm</think><THINK>well</THINK> Hello world"},),
    "a thought between lines": ({"content": "Hello\n<think>hm"}, {"content": "</think>\n world"}),
    "thoughts whose beginning is missing": ({"content": "hm, so\n</think>\n\nHello world"},),
    "an empty refusal beside it": ({"content": "Hello world", "refusal": ""}, {"refusal": None}),
}


def merged(deltas: tuple[dict[str, object], ...]) -> dict[str, object]:
    """The same as one message."""
    message: dict[str, Any] = {}
    for delta in deltas:
        for name, value in delta.items():
            before = message.get(name)
            both: Any = (before, value)
            together = both[0] + both[1] if before and value and type(before) is type(value) else value or before
            message[name] = together
    return message


@pytest.mark.parametrize("deltas", CONTENTS.values(), ids=CONTENTS)
@pytest.mark.parametrize("streamed", [True, False], ids=["streamed", "whole"])
async def test_shapes_of_content(deltas: tuple[dict[str, object], ...], streamed: bool) -> None:
    body = sse(*(heard(delta) for delta in deltas), END, USAGE) if streamed else whole(merged(deltas))
    async with raw(body, headers={"Content-Type": STREAM}) as service:
        events, error = await answered(service)
    assert error is None
    assert " ".join(text_of(events).split()) == "Hello world"
    assert not any("hm" in part or "<" in part for part in partials(events))


async def test_tags_in_code_are_words() -> None:
    said = "Models mark thoughts:\n```\n<think>like this</think>\n```\nand `<think>` is a tag."
    async with raw(sse(chunk(said), END, USAGE), headers={"Content-Type": STREAM}) as service:
        assert text_of((await answered(service))[0]) == said


async def test_halves_of_a_pair_in_two_events() -> None:
    halves = ('{"choices":[{"delta":{"content":"\\ud83e"}}]}', '{"choices":[{"delta":{"content":"\\udd8a!"}}]}')
    async with raw(sse(*(f"data: {half}" for half in halves), END), headers={"Content-Type": STREAM}) as service:
        events, error = await answered(service)
    assert error is None
    assert text_of(events) == "🦊!"
    assert not any("?" in part or "\ufffd" in part for part in partials(events))


USAGES: dict[str, tuple[object, dict[str, int] | None]] = {
    "missing": (..., None),
    "null": (None, None),
    "zeros": ({"prompt_tokens": 0, "completion_tokens": 0}, None),
    "fractions": ({"prompt_tokens": 19.2, "completion_tokens": 5.0}, USED),
    "other names": ({"input_tokens": 20, "output_tokens": 5}, USED),
    "more than was asked for": (
        {**USED, "total_tokens": 25, "completion_tokens_details": {"reasoning_tokens": 2}},
        USED,
    ),
    "half of it": ({"prompt_tokens": 20}, None),
    "below zero": ({"prompt_tokens": -1, "completion_tokens": 5}, None),
}


@pytest.mark.parametrize(("usage", "counted"), USAGES.values(), ids=USAGES)
@pytest.mark.parametrize("streamed", [True, False], ids=["streamed", "whole"])
async def test_usage(usage: object, counted: dict[str, int] | None, streamed: bool) -> None:
    more = {} if usage is ... else {"usage": usage}
    body = sse(*SAID, END, {"choices": [], **more}) if streamed else whole({"content": "Hello world"}, **more)
    if not streamed and usage is ...:
        body = json.dumps({name: value for name, value in json.loads(body).items() if name != "usage"}).encode()
    async with raw(body, headers={"Content-Type": STREAM}) as service:
        events, error = await answered(service)
    assert error is None
    assert isinstance(events[-1], Succeeded)
    assert events[-1].facts == {name: str(count) for name, count in (counted or {}).items()}


async def test_usage_with_every_event_is_the_last_of_it() -> None:
    growing = [{**event, "usage": {"prompt_tokens": 20, "completion_tokens": n}} for n, event in enumerate(SAID, 4)]
    zero = {"choices": [], "usage": {"prompt_tokens": 0, "completion_tokens": 0}}
    async with raw(sse(*growing, END, zero), headers={"Content-Type": STREAM}) as service:
        events, _ = await answered(service)
    assert isinstance(events[-1], Succeeded)
    assert events[-1].facts == {name: str(count) for name, count in USED.items()}


async def test_usage_within_the_choice() -> None:
    last = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop", "usage": USED}]}
    async with raw(sse(*SAID, last), headers={"Content-Type": STREAM}) as service:
        events, _ = await answered(service)
    assert isinstance(events[-1], Succeeded)
    assert events[-1].facts["completion_tokens"] == "5"


def error_of(code: object = None, message: str = "it broke") -> dict[str, object]:
    return {"error": {"message": message, "type": "server_error", "code": code, "param": None}}


NONE: dict[str, tuple[bytes, type[ProviderError]]] = {
    "an error after words": (sse(*SAID, error_of()), GenerationFailed),
    "an error as a text": (sse(*SAID, {"error": "it broke"}), GenerationFailed),
    "an event that is an error": (sse(*SAID, 'event: error\ndata: {"message": "it broke"}'), GenerationFailed),
    "an event that is an error in words": (sse(*SAID, "event: error\ndata: it broke"), GenerationFailed),
    "an error in the choice": (
        sse(*SAID, {"choices": [{"delta": {"content": ""}, "finish_reason": "error", **error_of(502)}]}),
        UpstreamDown,
    ),
    "a number for the status": (sse(error_of(429)), Busy),
    "a number in words": (sse(error_of("401")), BadKey),
    "no money": (sse(*SAID, error_of("insufficient_quota")), OutOfFunds),
    "an error in place of an answer": (b'{"object": "error", "message": "it broke", "code": 40001}', GenerationFailed),
    "an error of a gateway": (b'{"success": false, "message": "it broke"}', GenerationFailed),
    "a detail": (b'{"detail": "it broke"}', GenerationFailed),
    "an end by error": (sse(*SAID, chunk(finish="error")), GenerationFailed),
    "refusal in its field": (sse(chunk(refusal="I can't"), chunk(refusal=" help"), END), Refused),
    "refusal in a part": (sse(chunk([{"type": "refusal", "refusal": "I can't"}]), END), Refused),
    "refusal in a whole answer": (whole({"content": None, "refusal": "I can't"}), Refused),
    "a filter": (sse(chunk(finish="content_filter")), Refused),
    "a filter in a whole answer": (whole({"content": ""}, "content_filter"), Refused),
    "safety": (sse(chunk(finish="SAFETY")), Refused),
    "thoughts alone": (sse(chunk("<think>hm</think>"), END), NoWords),
    "thoughts without an end": (sse(chunk("<think>hm"), chunk(finish="length")), NoWords),
    "thoughts in their field alone": (sse(chunk(reasoning_content="hm"), chunk(finish="length")), NoWords),
    "a page": (b"<html>please wait</html>", ConnectionLost),
    "nothing": (b"", ConnectionLost),
    "[DONE] and nothing else": (sse(), ConnectionLost),
    "no choices": (b'{"choices": []}', ConnectionLost),
}


@pytest.mark.parametrize(("body", "expected"), NONE.values(), ids=NONE)
@pytest.mark.parametrize("label", [STREAM, "application/json"])
async def test_an_error_is_never_an_answer(body: bytes, expected: type[ProviderError], label: str) -> None:
    async with raw(body, headers={"Content-Type": label}) as service:
        events, error = await answered(service)
    assert isinstance(error, expected)
    assert not any(isinstance(event, Succeeded) for event in events)


async def test_a_filter_after_words_ends_the_answer_early() -> None:
    async with raw(sse(*SAID, chunk(finish="content_filter"), USAGE), headers={"Content-Type": STREAM}) as service:
        events, error = await answered(service)
    assert error is None
    assert isinstance(events[-1], Succeeded)
    assert events[-1].facts["finish"] == "content_filter"
