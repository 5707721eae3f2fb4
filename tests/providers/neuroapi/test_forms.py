"""The forms in which OpenAI-compatible services give one and the same answer, over real sockets, streamed and whole.

A good answer is taken in all of them, in one request; an error is none of them.
"""

import gzip
import json
import zlib
from typing import Any

import pytest

from bot.providers.base import (
    ConnectionLost,
    Succeeded,
    UpstreamDown,
)
from bot.providers.neuroapi import egress
from tests.providers.form_kit import END, GOOD, SAID, STREAM, USAGE, USED, answered, raw, sse, whole
from tests.providers.neuro_kit import chunk, text_of

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
    monkeypatch.setattr(egress, "STREAM_LIMIT", 1_000_000)
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
