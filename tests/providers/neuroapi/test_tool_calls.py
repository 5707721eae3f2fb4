"""Calls of tools in an answer, in any of the pieces in which OpenAI-compatible services send them."""

import json
from typing import Any

import pytest

from bot.providers.base import (
    Succeeded,
)
from tests.providers.form_kit import STREAM, USAGE, answered, heard, raw, sse, whole
from tests.providers.neuro_kit import chunk, text_of

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
