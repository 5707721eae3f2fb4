"""The forms in which services that call themselves compatible give the same reply: other shapes of content, calls and
usage, in a stream and whole, and other frames of a stream."""

import gzip
import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from sandbox.kit.faults import Kind, Stage
from sandbox.kit.stream import Beat

_S, _J = Stage.STREAM, Stage.JOB
THOUGHT = "The user greets me (simulated thought)."
REFUSED = "I cannot help with that (simulated)."
SHAPES: Mapping[str, Kind] = MappingProxyType(
    {
        "content_parts": Kind(_J, "content is a list of parts"),
        "thought_parts": Kind(_J, "content is a list of parts, the first a thought"),
        "thought_tags": Kind(_J, "the words begin with a thought in <think> tags"),
        "thought_field": Kind(_J, "thoughts come as reasoning_content"),
        "thought_only": Kind(_J, "a thought in tags uses up the tokens: finish_reason length"),
        "refusal_field": Kind(_J, "a refusal in its own field, no content"),
        "call_no_index": Kind(_J, "pieces of a tool's call have no index"),
        "call_null_index": Kind(_J, "pieces of a tool's call have null for the index"),
        "call_whole": Kind(_J, "a tool's call comes in one piece"),
        "call_object": Kind(_J, "a tool's arguments are an object, in one piece"),
        "call_twice": Kind(_J, "two calls of the tool, each in one piece, with the same index"),
        "usage_null": Kind(_J, "usage is null"),
        "usage_floats": Kind(_J, "usage in fractions"),
        "usage_everywhere": Kind(_J, "usage with every event"),
    }
)
FRAMES: Mapping[str, Kind] = MappingProxyType(
    {
        "label": Kind(_S, "the stream calls itself application/json"),
        "label_case": Kind(_S, "the stream calls itself Text/Event-Stream; Charset=utf-8"),
        "no_label": Kind(_S, "the stream's content type is empty"),
        "bom": Kind(_S, "the stream begins with a byte order mark"),
        "cr": Kind(_S, "lines end in CR"),
        "multiline": Kind(_S, "the JSON of an event stands in several data lines"),
        "unframed": Kind(_S, "no blank lines between the events"),
        "gzip": Kind(_S, "the stream is packed, which the client did not ask for"),
        "done_alone": Kind(_S, "no finish_reason, only [DONE]"),
        "unmarked_end": Kind(_S, "neither finish_reason nor [DONE], only the usage"),
        "surrogates": Kind(_S, "a fox at the end, each half of its pair in an event of its own"),
        "named_error": Kind(_S, "after VALUE events one named error, with its message, then the end", 3),
        "choice_error": Kind(_S, "after VALUE events an error within the choice, then the end", 3),
    }
)
LABELS: Mapping[str, str] = MappingProxyType(
    {"label": "application/json", "label_case": "Text/Event-Stream; Charset=utf-8", "no_label": ""}
)
Event = dict[str, Any]


def shaped(events: list[Event], name: str) -> list[Event]:
    """The events of a stream, or a whole reply as the only one, in the shape of that fault."""
    change = _CHANGES.get(name)
    return change(deepcopy(events)) if change else events


def _said(event: Event) -> Event:
    """The delta or message of an event; an empty one where there is none."""
    choices = event.get("choices") or [{}]
    said = choices[0].get("delta", choices[0].get("message", {}))
    return said if isinstance(said, dict) else {}


def _before(events: list[Event], said: Event) -> list[Event]:
    """With something said first: in an event of its own, or in the whole reply."""
    if "message" in events[0]["choices"][0]:
        _said(events[0]).update({**said, "content": _added(said.get("content"), _said(events[0])["content"])})
        return events
    first = {**events[0], "choices": [{"index": 0, "delta": said, "finish_reason": None}]}
    return [first, *events]


def _added(thought: Any, words: Any) -> Any:
    return words if thought is None else thought + (words or type(thought)())


def _parts(events: list[Event]) -> list[Event]:
    for event in events:
        said = _said(event)
        if isinstance(said.get("content"), str):
            said["content"] = [{"type": "text", "text": said["content"]}]
    return events


def _thought_parts(events: list[Event]) -> list[Event]:
    thought = {"type": "thinking", "thinking": [{"type": "text", "text": THOUGHT}]}
    return _before(_parts(events), {"content": [thought]})


def _thought_only(events: list[Event]) -> list[Event]:
    for event in events:
        said = _said(event)
        if said.get("content"):
            said["content"] = ""
        for choice in event["choices"]:
            if choice["finish_reason"]:
                choice["finish_reason"] = "length"
    return _before(events, {"content": f"<think>{THOUGHT}"})


def _refusal(events: list[Event]) -> list[Event]:
    for event in events:
        if "content" in _said(event):
            _said(event)["content"] = None
    return _before(events, {"refusal": REFUSED, "content": None})


def _calls(change: Callable[[list[Event]], list[Event]]) -> Callable[[list[Event]], list[Event]]:
    """Changes the calls of each event."""

    def changed(events: list[Event]) -> list[Event]:
        for event in events:
            if calls := _said(event).get("tool_calls"):
                _said(event)["tool_calls"] = change(calls)
        return events

    return changed


def _whole_calls(make: Callable[[Event], list[list[Event]]]) -> Callable[[list[Event]], list[Event]]:
    """Puts the pieces of the call together; `make` says what stands in its place, event for event."""

    def changed(events: list[Event]) -> list[Event]:
        found = [call for event in events for call in _said(event).get("tool_calls") or ()]
        if not found:
            return events
        arguments = "".join(call["function"].get("arguments", "") for call in found)
        call = {**found[0], "index": 0, "function": {**found[0]["function"], "arguments": arguments}}
        if "message" in events[0]["choices"][0]:
            _said(events[0])["tool_calls"] = [each for listed in make(call) for each in listed]
            return events
        at = next(number for number, event in enumerate(events) if _said(event).get("tool_calls"))
        new = [
            {**events[at], "choices": [{"index": 0, "delta": {"tool_calls": listed}, "finish_reason": None}]}
            for listed in make(call)
        ]
        rest = [event for event in events[at:] if not _said(event).get("tool_calls")]
        return [*events[:at], *new, *rest]

    return changed


def _as_object(call: Event) -> list[list[Event]]:
    return [[{**call, "function": {**call["function"], "arguments": json.loads(call["function"]["arguments"])}}]]


def _twice(call: Event) -> list[list[Event]]:
    other = {**json.loads(call["function"]["arguments"]), "prompt": "something else (simulated)"}
    second = {**call, "id": f"{call['id']}2", "function": {**call["function"], "arguments": json.dumps(other)}}
    return [[call], [second]]


def _usage(make: Callable[[Event], Any]) -> Callable[[list[Event]], list[Event]]:
    def changed(events: list[Event]) -> list[Event]:
        for event in events:
            if event.get("usage"):
                event["usage"] = make(event["usage"])
        return events

    return changed


def _usage_everywhere(events: list[Event]) -> list[Event]:
    last = next((event["usage"] for event in events if event.get("usage")), None)
    return [{**event, "usage": last} for event in events] if last else events


_CHANGES: Mapping[str, Callable[[list[Event]], list[Event]]] = {
    "content_parts": _parts,
    "thought_parts": _thought_parts,
    "thought_tags": lambda events: _before(events, {"content": f"<think>\n{THOUGHT}\n</think>\n\n"}),
    "thought_field": lambda events: _before(events, {"reasoning_content": THOUGHT, "content": None}),
    "thought_only": _thought_only,
    "refusal_field": _refusal,
    "call_no_index": _calls(lambda calls: [{k: v for k, v in call.items() if k != "index"} for call in calls]),
    "call_null_index": _calls(lambda calls: [{**call, "index": None} for call in calls]),
    "call_whole": _whole_calls(lambda call: [[call]]),
    "call_object": _whole_calls(_as_object),
    "call_twice": _whole_calls(_twice),
    "usage_null": _usage(lambda _: None),
    "usage_floats": _usage(lambda usage: {name: float(count) for name, count in usage.items()}),
    "usage_everywhere": _usage_everywhere,
}


def framed(beats: list[Beat], name: str) -> list[Beat]:
    """The beats of a whole stream, [DONE] included, in another frame."""
    match name:
        case "bom":
            return [replace(beats[0], data=b"\xef\xbb\xbf" + beats[0].data), *beats[1:]]
        case "cr":
            return [replace(beat, data=beat.data.replace(b"\n", b"\r")) for beat in beats]
        case "unframed":
            return [replace(beat, data=beat.data.replace(b"\n\n", b"\n")) for beat in beats]
        case "gzip":
            return [Beat(sum(beat.gap for beat in beats), gzip.compress(b"".join(beat.data for beat in beats)))]
        case _:
            return beats
