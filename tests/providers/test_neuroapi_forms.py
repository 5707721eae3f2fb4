"""The forms in which OpenAI-compatible services give one and the same answer, over real sockets, streamed and whole.

A good answer is taken in all of them, in one request; an error is none of them.
"""

import asyncio
import gzip
import json
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.providers import neuroapi_guard
from bot.providers.base import (
    BadKey,
    Busy,
    ConnectionLost,
    Event,
    GenerationFailed,
    NoWords,
    OutOfFunds,
    ProviderError,
    Refused,
    Succeeded,
    UpstreamDown,
)
from bot.providers.neuroapi import NeuroApi
from tests.providers.kit import QUICK
from tests.providers.neuro_kit import CREATE, ask, chunk, partials, text_of, told

USED = {"prompt_tokens": 20, "completion_tokens": 5}
USAGE = {"choices": [], "usage": USED}
END = chunk(finish="stop")
SAID = (chunk("Hello"), chunk(" world"))
GOOD = (*SAID, END, USAGE)


@dataclass
class Raw:
    """A service that gives one answer, byte by byte as it is, to every request. `asked` counts them."""

    head: bytes
    pieces: tuple[bytes, ...]
    asked: int = 0
    url: str = ""
    busy: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.busy.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(head.split(b"content-length:")[1].split(b"\r\n")[0]) if b"content-length:" in head else 0
            await reader.readexactly(length)
            self.asked += 1
            writer.write(self.head)
            for piece in self.pieces:
                writer.write(piece)
                await asyncio.sleep(0)
        writer.close()


@asynccontextmanager
async def raw(
    *pieces: bytes, headers: Mapping[str, str] | None = None, status: int = 200, length: bool = False
) -> AsyncIterator[Raw]:
    """`length` False: the end of the connection is the end of the body, as in HTTP/1.0."""
    told = {"Connection": "close", **(headers or {})}
    if length:
        told["Content-Length"] = str(sum(map(len, pieces)))
    lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in told.items())]
    service = Raw("\r\n".join([*lines, "", ""]).encode(), pieces)
    server = await asyncio.start_server(service.serve, "127.0.0.1", 0)
    service.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield service
    finally:
        server.close()
        await asyncio.gather(*service.busy)


async def answered(service: Raw, tools: bool = False) -> tuple[list[Event], ProviderError | None]:
    provider = NeuroApi(base_url=service.url, key="sk-test", backoff=QUICK)
    try:
        ended = await told(provider, ask("Say hello", tools=(CREATE,) if tools else ()))
    finally:
        await provider.aclose()
    assert service.asked == 1, "one order, one request"
    return ended


def sse(*events: object, sep: str = "\n", done: bool = True, prefix: str = "data: ") -> bytes:
    lines = [event if isinstance(event, str) else prefix + json.dumps(event) for event in events]
    return "".join(line + sep * 2 for line in [*lines, *(["data: [DONE]"] if done else [])]).encode()


def heard(delta: dict[str, object]) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}


def whole(message: Mapping[str, object], finish: object = "stop", **more: object) -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
    return json.dumps({"choices": [choice], "usage": USED, **more}).encode()


STREAM = "text/event-stream"
LABELS = [STREAM, "Text/Event-Stream; charset=UTF-8", "text/event-stream;charset=latin-1", "application/json"]
LABELS += ["text/plain", "application/octet-stream", "application/x-ndjson", "text/html", ""]


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("body", [sse(*GOOD), whole({"content": "Hello world"})], ids=["streamed", "whole"])
async def test_the_label_says_nothing(label: str, body: bytes) -> None:
    async with raw(body, headers={"Content-Type": label} if label else {}) as service:
        events, error = await answered(service)
    assert error is None
    assert text_of(events) == "Hello world"
    assert isinstance(events[-1], Succeeded)
    assert events[-1].facts == {name: str(count) for name, count in USED.items()}


FRAMES: dict[str, bytes] = {
    "crlf": sse(*GOOD, sep="\r\n"),
    "cr alone": sse(*GOOD, sep="\r"),
    "a byte order mark": b"\xef\xbb\xbf" + sse(*GOOD),
    "no blank after the colon": sse(*GOOD, prefix="data:"),
    "comments": sse(": OPENROUTER PROCESSING", *(each for event in GOOD for each in (": ping", event))),
    "other fields": sse(*(f"event: message\nid: 7\nretry: 100\ndata: {json.dumps(event)}" for event in GOOD)),
    "one JSON in several lines": sse(
        *("\n".join(f"data: {line}" for line in json.dumps(event, indent=1).split("\n")) for event in GOOD)
    ),
    "no blank lines between the events": b"".join(f"data: {json.dumps(event)}\n".encode() for event in GOOD)
    + b"data: [DONE]\n",
    "blank lines before": b"\r\n\r\n\n" + sse(*GOOD),
    "no end of the last line": sse(*GOOD).rstrip(),
    "JSON in lines": b"\n".join(json.dumps(event).encode() for event in GOOD),
    "an unknown event between": sse(
        SAID[0], 'event: ping\ndata: {"type": "ping"}', {"message": "warming up"}, *GOOD[1:]
    ),
    "errors of empty fields": sse(*({**event, "error": {"message": "", "code": None}} for event in GOOD)),
}


@pytest.mark.parametrize("body", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("split", [1, 7, 100_000])
async def test_frames_of_a_stream(body: bytes, split: int) -> None:
    pieces = [body[at : at + split] for at in range(0, len(body), split)]
    async with raw(*pieces, headers={"Content-Type": STREAM}) as service:
        events, error = await answered(service)
    assert error is None
    assert text_of(events) == "Hello world"


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("GZIP", lambda body: gzip.compress(body[:40]) + gzip.compress(body[40:])),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
        ("gzip", lambda body: body),
    ],
    ids=["gzip", "two members", "deflate", "bare deflate", "only said to be"],
)
@pytest.mark.parametrize("body", [sse(*GOOD), whole({"content": "Hello world"})], ids=["streamed", "whole"])
async def test_packed_although_nobody_asked(coding: str, pack: Any, body: bytes) -> None:
    packed = pack(body)
    async with raw(packed[:1], packed[1:], headers={"Content-Type": STREAM, "Content-Encoding": coding}) as service:
        events, error = await answered(service)
    assert error is None
    assert text_of(events) == "Hello world"


async def test_a_small_body_that_unpacks_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neuroapi_guard, "STREAM_LIMIT", 1_000_000)
    bomb = gzip.compress(b"data: " + b"x" * 50_000_000)
    async with raw(bomb, headers={"Content-Type": STREAM, "Content-Encoding": "gzip"}) as service:
        _, error = await answered(service)
    assert type(error) is ConnectionLost
    assert "1000000" in error.detail


async def test_packed_in_a_way_that_cannot_be_unpacked() -> None:
    async with raw(b"\x0b\x02\x80", headers={"Content-Type": STREAM, "Content-Encoding": "br"}) as service:
        assert type((await answered(service))[1]) is UpstreamDown


async def test_a_packed_body_that_breaks_off_is_no_answer() -> None:
    packed = gzip.compress(sse(*SAID))[:-20]
    async with raw(packed, headers={"Content-Type": STREAM, "Content-Encoding": "gzip"}) as service:
        assert type((await answered(service))[1]) is ConnectionLost


ENDS: dict[str, tuple[object, ...]] = {
    "finish_reason alone": (*SAID, END),
    "finish_reason in capitals": (*SAID, chunk(finish="STOP")),
    "finish_reason with the last words": (SAID[0], chunk(" world", "stop")),
    "finish_reason, then empty ones": (*SAID, END, chunk("", ""), {**USAGE, "choices": [{"finish_reason": None}]}),
    "[DONE] alone": (*SAID, "data: [DONE]"),
    "[DONE] in small letters": (*SAID, "data: [done]"),
    "the usage alone": (*SAID, USAGE),
    "all of it again as a message": (
        *SAID,
        {"choices": [{"message": {"content": "Hello world"}, "finish_reason": "stop"}]},
    ),
    "nothing, after a whole sentence": (chunk("Hello"), chunk(" world.")),
}


@pytest.mark.parametrize("events", ENDS.values(), ids=ENDS)
async def test_ends_of_a_stream(events: tuple[object, ...]) -> None:
    async with raw(sse(*events, done=False), headers={"Content-Type": STREAM}) as service:
        happened, error = await answered(service)
    assert error is None
    assert text_of(happened).rstrip(".") == "Hello world"


async def test_a_stream_of_a_told_length_is_complete_at_its_end() -> None:
    async with raw(sse(*SAID, done=False), headers={"Content-Type": STREAM}, length=True) as service:
        events, error = await answered(service)
    assert error is None
    assert text_of(events) == "Hello world"


@pytest.mark.parametrize("told_length", [200_000, None])
async def test_an_answer_that_breaks_off_is_none(told_length: int | None) -> None:
    headers = {"Content-Type": STREAM, **({"Content-Length": str(told_length)} if told_length else {})}
    async with raw(sse(*SAID, done=False), headers=headers) as service:
        assert type((await answered(service))[1]) is ConnectionLost


async def test_what_breaks_after_the_end_costs_no_answer() -> None:
    headers = {"Content-Type": STREAM, "Content-Length": "200000"}
    for last in ((END,), (END, {"error": {"message": "usage is not known"}})):
        async with raw(sse(*SAID, *last, done=False), headers=headers) as service:
            events, error = await answered(service)
        assert error is None
        assert text_of(events) == "Hello world"


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


ARGUMENTS = '{"kind": "image", "prompt": "a fox"}'
OTHER = '{"kind": "image", "prompt": "a hen"}'


def call(arguments: object = ARGUMENTS, name: str | None = "create", **more: Any) -> dict[str, object]:
    function = {"arguments": arguments, **({"name": name} if name is not None else {})}
    return {"type": "function", "function": function, **more}


def calls(*listed: dict[str, object]) -> dict[str, object]:
    return {"content": None, "tool_calls": list(listed)}


def in_pieces(**more: Any) -> tuple[dict[str, object], ...]:
    """Name first, then the arguments eight characters at a time; `more` stands in every piece."""
    rest = (ARGUMENTS[at : at + 8] for at in range(0, len(ARGUMENTS), 8))
    return (calls(call("", id="a", **more)), *(calls(call(piece, None, **more)) for piece in rest))


CALLED: dict[str, tuple[dict[str, object], ...]] = {
    "index 0": (calls(call(id="a", index=0)),),
    "index null": (calls(call(id="a", index=None)),),
    "another index": (calls(call(id="a", index=1)),),
    "an index that is a text": (calls(call(id="a", index="0")),),
    "no index": (calls(call(id="a")),),
    "neither index nor id": (calls(call()),),
    "an object as arguments": (calls(call(json.loads(ARGUMENTS), index=0)),),
    "in pieces": in_pieces(index=0),
    "in pieces with null": in_pieces(index=None),
    "in pieces without index": in_pieces(),
    "in pieces, the index only at first": (calls(call("", id="a", index=0)), calls(call(ARGUMENTS, None))),
    "in pieces, the index only later": (calls(call("", id="a")), calls(call(ARGUMENTS, None, index=0))),
    "name and id in every piece": tuple(
        calls(call(piece, id="a", index=0)) for piece in (ARGUMENTS[:9], ARGUMENTS[9:20], ARGUMENTS[20:])
    ),
    "the name in two pieces": (calls(call("", "cre", index=0)), calls(call(ARGUMENTS, "ate", index=0))),
    "the name last": (calls(call(ARGUMENTS, None, index=0)), calls(call("", "create", index=0))),
    "two, no index": (calls(call(id="a")), calls(call(OTHER, id="b"))),
    "two, neither index nor id": (calls(call()), calls(call(OTHER))),
    "two, both 0": (calls(call(id="a", index=0)), calls(call(OTHER, id="b", index=0))),
    "two at once": (calls(call(id="a", index=0), call(OTHER, id="b", index=1)),),
    "two at once without index": (calls(call(), call(OTHER)),),
    "two at once in pieces": (
        calls(call("", id="a", index=0), call("", id="b", index=1)),
        calls(call(ARGUMENTS[:9], None, index=0), call(OTHER[:5], None, index=1)),
        calls(call(OTHER[5:], None, index=1), call(ARGUMENTS[9:], None, index=0)),
    ),
    "the same one twice": (calls(call(id="a", index=0)), calls(call(id="a", index=0))),
    "one of an unknown tool before": (calls(call("{}", "search", id="a", index=0)), calls(call(id="b", index=1))),
    "one that broke before": (calls(call('{"kin', id="a", index=0)), calls(call(id="b", index=1))),
    "the form before tools": ({"content": None, "function_call": {"name": "create", "arguments": ARGUMENTS}},),
}


@pytest.mark.parametrize("deltas", CALLED.values(), ids=CALLED)
@pytest.mark.parametrize("finish", ["tool_calls", "stop"])
async def test_calls_of_tools(deltas: tuple[dict[str, object], ...], finish: str) -> None:
    body = sse(*(heard(delta) for delta in deltas), chunk(finish=finish), USAGE)
    async with raw(body, headers={"Content-Type": STREAM}) as service:
        events, error = await answered(service, tools=True)
    assert error is None
    assert isinstance(events[-1], Succeeded)
    made = json.loads(events[-1].facts["call"])
    assert (made["name"], json.loads(made["arguments"])) == ("create", json.loads(ARGUMENTS))
    assert text_of(events) == ""


WHOLE_CALLS = [name for name, deltas in CALLED.items() if len(deltas) == 1]


@pytest.mark.parametrize("name", WHOLE_CALLS)
async def test_calls_in_a_whole_answer(name: str) -> None:
    (message,) = CALLED[name]
    async with raw(whole(message, "tool_calls"), headers={"Content-Type": "application/json"}) as service:
        events, error = await answered(service, tools=True)
    assert error is None
    assert isinstance(events[-1], Succeeded)
    assert json.loads(json.loads(events[-1].facts["call"])["arguments"]) == json.loads(ARGUMENTS)


async def test_a_whole_call_is_complete_though_nothing_tells_its_end() -> None:
    async with raw(sse(heard(calls(call(index=0))), done=False), headers={"Content-Type": STREAM}) as service:
        events, error = await answered(service, tools=True)
    assert error is None
    assert isinstance(events[-1], Succeeded)


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
