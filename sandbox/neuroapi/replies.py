"""A reply of the chat in OpenAI's two shapes, whole and in pieces, as it should be or spoilt by a fault."""

import json
import re
import time
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any
from uuid import uuid4

from sandbox.kit.faults import Fault, Stage
from sandbox.kit.spoil import ERROR_DETAIL, STALL_MAX, spoilt
from sandbox.kit.stream import Beat, disguised
from sandbox.neuroapi import words
from sandbox.neuroapi.contract import Chat, tokens
from sandbox.neuroapi.forms import framed, shaped

SPEED = 50  # tokens a second
BROKEN = '{"kind": "image", "prom'
_PIECES = re.compile(r"\s*\S+|\s+")


@dataclass(frozen=True, slots=True)
class Reply:
    """`call` is a tool's name and its arguments in JSON, or what should have been JSON."""

    chat: Chat
    text: str | None
    call: tuple[str, str] | None
    finish: str
    usage: bool = True
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid4().hex[:24]}")
    created: int = field(default_factory=lambda: int(time.time()))

    @property
    def tokens(self) -> int:
        return tokens(self.text or "") + (tokens("".join(self.call)) if self.call else 0)

    def counted(self) -> dict[str, int]:
        """The usage."""
        asked, said = self.chat.prompt_tokens, self.tokens
        return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}

    def whole(self) -> dict[str, object]:
        """The answer of a request that is not streamed."""
        message: dict[str, object] = {"role": "assistant", "content": self.text}
        if self.call:
            message["tool_calls"] = [self._tool_call()]
        choice = {"index": 0, "message": message, "finish_reason": self.finish}
        usage = {"usage": self.counted()} if self.usage else {}
        return {**self._head("chat.completion"), "choices": [choice], **usage}

    def pieces(self) -> list[dict[str, Any]]:
        """The events of a stream, before [DONE]."""
        deltas: list[dict[str, Any]] = [{"role": "assistant", "content": None if self.call else ""}]
        deltas += [{"content": piece} for piece in _PIECES.findall(self.text or "")]
        if self.call:
            first = self._tool_call()
            first["function"] = {"name": self.call[0], "arguments": ""}
            deltas.append({"tool_calls": [first | {"index": 0}]})
            parts = [self.call[1][start : start + 8] for start in range(0, len(self.call[1]), 8)]
            deltas += [{"tool_calls": [{"index": 0, "function": {"arguments": part}}]} for part in parts]
        options = self.chat.body.get("stream_options") or {}
        told = self.usage and options.get("include_usage") is True
        null = {"usage": None} if told else {}
        head = self._head("chat.completion.chunk")
        choices: list[dict[str, Any]] = [{"index": 0, "delta": delta, "finish_reason": None} for delta in deltas]
        choices.append({"index": 0, "delta": {}, "finish_reason": self.finish})
        events: list[dict[str, Any]] = [{**head, "choices": [choice], **null} for choice in choices]
        return [*events, {**head, "choices": [], "usage": self.counted()}] if told else events

    def _tool_call(self) -> dict[str, object]:
        name, arguments = self.call or ("", "")
        return {
            "id": f"call_{self.id[-12:]}",
            "type": "function",
            "function": {"name": name, "arguments": arguments},
        }

    def _head(self, kind: str) -> dict[str, object]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.chat.model}


def reply(chat: Chat, seed: int, fault: Fault | None) -> Reply:
    """The reply to a conversation."""
    asked = words.call(chat)
    call = (asked[0], json.dumps(asked[1], ensure_ascii=False)) if asked else None
    good = Reply(chat, None if call else words.answer(chat, seed), call, "tool_calls" if call else "stop")
    spoilt_replies = {
        "length": replace(good, text=(good.text or "")[: 4 * (fault.count if fault else 0)], finish="length"),
        "filtered": replace(good, text=(good.text or "")[: 4 * (fault.count if fault else 0)], finish="content_filter"),
        "content_filter": replace(good, text="", call=None, finish="content_filter"),
        "empty_answer": replace(good, text="", call=None, finish="stop"),
        "null_content": replace(good, text=None, call=None, finish="stop"),
        "broken_arguments": replace(good, text=None, call=("create", BROKEN), finish="tool_calls"),
        "unknown_tool": replace(good, text=None, call=("launch_rocket", '{"to": "Mars"}'), finish="tool_calls"),
        "no_usage": replace(good, usage=False),
    }
    return spoilt_replies.get(fault.name if fault else "", good)


@dataclass(frozen=True, slots=True)
class Play:
    """The beats of a stream, whether the connection then ends properly, and what the record says of it."""

    beats: tuple[Beat, ...]
    outcome: str = "completed"
    proper_end: bool = True


def play(answer: Reply, rng: Random, fault: Fault | None) -> Play:
    """What is written for `answer`, and when: a pause, then a token at a time."""
    events = shaped(answer.pieces(), fault.name if fault else "")
    beats = [_beat(event, 1 / SPEED) for event in events]
    beats[0] = replace(beats[0], gap=rng.uniform(0.5, 1.5))
    done = Beat(0.0, b"data: [DONE]\n\n")
    at = min(fault.count, len(beats) - 1) if fault else 0
    name = fault.name if fault else ""
    if (broken := _broken(beats[:at], beats[at], name)) is not None:
        return broken
    if name in ("done_alone", "unmarked_end"):
        open_ended = [_beat(event, beat.gap) for event, beat in zip(_without_finish(events), beats, strict=True)]
        return Play((*open_ended, *([done] if name == "done_alone" else [])))
    if name == "no_done":
        return Play(tuple(beats))
    return Play(disguised(framed([*_strange(beats, events, fault), done], name), name))


def _broken(before: list[Beat], beat: Beat, name: str) -> Play | None:
    """A stream that ends within `beat`, after those before it; None for faults that break nothing."""
    match name:
        case "cut":
            return Play((*before, replace(beat, data=beat.data[: len(beat.data) // 2])), "cut", proper_end=False)
        case "early_end":
            return Play(tuple(before), "failed")
        case "empty_stream":
            return Play((), "failed")
        case "error_event":
            error = {"message": ERROR_DETAIL, "type": "server_error", "param": None, "code": None}
            last = _beat({"error": error})
        case "named_error":
            last = Beat(0.0, f"event: error\ndata: {json.dumps({'message': ERROR_DETAIL})}\n\n".encode())
        case "choice_error":
            told = {"message": ERROR_DETAIL, "code": 502}
            choice = {"index": 0, "delta": {"content": ""}, "finish_reason": "error", "error": told}
            last = _beat({"choices": [choice]})
        case _:
            return None
    return Play((*before, last), "failed")


def _without_finish(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**e, "choices": [{**c, "finish_reason": None} for c in e["choices"]]} for e in events]


def _strange(beats: list[Beat], events: list[dict[str, Any]], fault: Fault | None) -> list[Beat]:
    """The whole stream with something odd on the way."""
    match fault.name if fault else "":
        case "stream_stall":
            held = replace(beats[2], hold=min((fault and fault.value) or STALL_MAX, STALL_MAX))
            return [*beats[:2], held, *beats[3:]]
        case "malformed_event":
            at = min(fault.count if fault else 0, len(beats) - 1)
            return [*beats[:at], Beat(0.0, b'data: {"choices": [{"delta": {broken\n\n'), *beats[at:]]
        case "stream_types":
            wrong = spoilt(events[1], Fault("wrong_types", Stage.STREAM))
            return [*beats[:3], _beat(wrong), *beats[3:]]
        case "surrogates":
            head = {name: value for name, value in events[0].items() if name != "choices"}
            halves = [{**head, "choices": [{"index": 0, "delta": {"content": half}}]} for half in ("\ud83e", "\udd8a")]
            last = next(place for place, event in enumerate(events) if event["choices"][0]["finish_reason"])
            return [*beats[:last], *(_beat(half, pure=True) for half in halves), *beats[last:]]
        case "odd_events":
            head = {name: value for name, value in events[0].items() if name != "choices"}
            odd = [{**head, "choices": []}, {**head, "choices": [{"index": 0, "finish_reason": None}]}, {"ping": 1}]
            more = [_beat(spoilt(event, Fault("extra_fields", Stage.STREAM)), 1 / SPEED) for event in events]
            return [more[0], *map(_beat, odd), *more[1:]]
        case _:
            return beats


def _beat(event: object, gap: float = 0.0, *, pure: bool = False) -> Beat:
    """`pure`: in ASCII, as half a pair can only be written."""
    return Beat(gap, f"data: {json.dumps(event, ensure_ascii=pure)}\n\n".encode())
