"""The NeuroAPI adapter says what the service documents, and understands what the service documents."""

import json
import subprocess
import sys

import httpx2
import pytest

from bot.domain.catalog.models import Scalar
from bot.domain.jobs import Asset
from bot.providers.base import (
    Accepted,
    BadResult,
    ChatTurn,
    ConnectionLost,
    Discovers,
    GenerationFailed,
    HealthCheck,
    NoWords,
    OutOfFunds,
    Provider,
    ProviderError,
    Refused,
    Resume,
    Succeeded,
)
from tests.providers.neuro_kit import (
    CREATE,
    answer,
    ask,
    body,
    chunk,
    neuroapi,
    noting,
    partials,
    stream,
    text_of,
    told,
)

ASK = {"model": "gpt-5-mini", "messages": [{"role": "user", "content": "В чём смысл жизни?"}]}
STREAMED = {"stream": True, "stream_options": {"include_usage": True}}
ANSWER = (chunk("", role="assistant"), chunk("Forty"), chunk("-two"), chunk(finish="stop"))
USAGE = {"choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 3, "total_tokens": 14}}


def test_it_is_what_it_can() -> None:
    built: Provider = neuroapi(stream())
    assert (built.name, built.resumable) == ("neuroapi", False)
    assert isinstance(built, HealthCheck)
    assert isinstance(built, Discovers)


async def test_the_documented_conversation() -> None:
    seen: list[httpx2.Request] = []
    events, error = await told(neuroapi(noting(seen, lambda: stream(*ANSWER, USAGE))), ask())
    assert error is None
    assert events[0] == Accepted(None)
    facts = {"prompt_tokens": "11", "completion_tokens": "3"}
    assert events[-1] == Succeeded((Asset(text="Forty-two"),), facts=facts)
    assert partials(events) == ["Forty"]  # the rest came within the same moment
    (sent,) = seen
    assert (sent.method, str(sent.url)) == ("POST", "https://neuroapi.host/v1/chat/completions")
    assert sent.headers["Authorization"] == "Bearer YOUR_API_KEY"
    assert body(sent) == {**ASK, **STREAMED}


async def test_nothing_of_this_machine_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-1")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Other: secret")
    monkeypatch.setenv("OPENAI_BASE_URL", "https://api.openai.test/v1")
    seen: list[httpx2.Request] = []
    await told(neuroapi(noting(seen, lambda: stream(*ANSWER))), ask())
    (sent,) = seen
    assert sent.url.host == "neuroapi.host"
    assert sent.headers["User-Agent"] == "Easel"
    assert set(sent.headers) <= {
        *("host", "authorization", "content-type", "content-length", "accept", "accept-encoding", "user-agent"),
    }


async def test_only_what_is_set_is_sent() -> None:
    seen: list[httpx2.Request] = []
    service = neuroapi(noting(seen, lambda: stream(*ANSWER)))
    everything: dict[str, Scalar] = {
        "temperature": 0.5,
        "top_p": 0.9,
        "stop": "END",
        "seed": 7,
        "presence_penalty": 1.0,
        "frequency_penalty": -1.0,
    }
    await told(service, ask("hi", everything))
    await told(service, ask("hi", {"json": True}))
    await told(service, ask("hi", {"json": True}, ChatTurn("system", "Be short"), ChatTurn("assistant", "yes")))
    await told(service, ask("Tell it in Json", {"json": True}))
    await told(service, ask("hi", tools=(CREATE,)))
    hi = {"role": "user", "content": "hi"}
    rule = {"role": "system", "content": "Answer with one JSON object and nothing else."}
    wanted = {"response_format": {"type": "json_object"}}
    start = {"model": "gpt-5-mini", **STREAMED}
    assert [body(sent) for sent in seen] == [
        {**start, "messages": [hi], **everything},
        {**start, "messages": [rule, hi], **wanted},
        {
            **start,
            "messages": [
                *({"role": "system", "content": "Be short"}, rule),
                *({"role": "assistant", "content": "yes"}, hi),
            ],
            **wanted,
        },
        {**start, "messages": [{"role": "user", "content": "Tell it in Json"}], **wanted},
        {
            **start,
            "messages": [hi],
            "tools": [
                {
                    "type": "function",
                    "function": {
                        "name": CREATE.name,
                        "description": CREATE.description,
                        "parameters": dict(CREATE.parameters),
                    },
                }
            ],
            "tool_choice": "auto",
        },
    ]


def called(*parts: dict[str, object]) -> dict[str, object]:
    return chunk(tool_calls=[{"index": 0, **part} for part in parts])


@pytest.mark.parametrize("arguments", ['{"kind": "image"}', '{"kind": "ima', ""])
async def test_the_call_of_a_tool(arguments: str) -> None:
    half = len(arguments) // 2
    events, error = await told(
        neuroapi(
            stream(
                called({"id": "call_1", "type": "function", "function": {"name": "create", "arguments": ""}}),
                called({"function": {"arguments": arguments[:half]}}),
                chunk(tool_calls=[{"index": 1, "function": {"name": "other", "arguments": "{}"}}]),
                called({"function": {"arguments": arguments[half:]}}),
                chunk(finish="tool_calls"),
            )
        ),
        ask(tools=(CREATE,)),
    )
    assert error is None
    assert isinstance(events[-1], Succeeded)
    assert json.loads(events[-1].facts["call"]) == {"name": "create", "arguments": arguments}
    assert text_of(events) == ""


async def test_an_answer_in_one_piece_although_a_stream_was_asked_for() -> None:
    message = {"role": "assistant", "content": "Forty-two"}
    whole = {"choices": [{"index": 0, "message": message, "finish_reason": "length"}], "usage": USAGE["usage"]}
    events, error = await told(neuroapi(answer(200, whole)), ask())
    assert error is None
    facts = {"prompt_tokens": "11", "completion_tokens": "3", "finish": "length"}
    assert events == [Succeeded((Asset(text="Forty-two"),), facts=facts)]


@pytest.mark.parametrize(
    "usage", [None, {}, {"prompt_tokens": 3}, {"prompt_tokens": "3", "completion_tokens": 1}, [1], -1]
)
async def test_usage_that_is_not_told(usage: object) -> None:
    events, _ = await told(neuroapi(stream(*ANSWER, {"choices": [], "usage": usage})), ask())
    assert events[-1] == Succeeded((Asset(text="Forty-two"),))


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((), ConnectionLost),
        ((chunk(finish="stop"),), NoWords),
        ((chunk(" \n"), chunk(finish="stop")), NoWords),
        ((chunk(finish="content_filter"),), Refused),
        ((chunk("a"), {"error": {"message": "it broke", "type": "server_error", "code": None}}), GenerationFailed),
        ((chunk("a"), {"error": {"message": "x", "code": "insufficient_quota"}}), OutOfFunds),
        ((chunk("a"), {"error": "it broke"}), GenerationFailed),
        ((chunk("x" * 300_000), chunk("x" * 200_000), chunk(finish="stop")), BadResult),
    ],
)
async def test_ends_of_a_conversation(events: tuple[object, ...], expected: type[ProviderError]) -> None:
    happened, error = await told(neuroapi(stream(*events)), ask())
    assert type(error) is expected
    assert not any(isinstance(event, Succeeded) for event in happened)


async def test_an_answer_that_breaks_off_within_a_sentence() -> None:
    _, error = await told(neuroapi(stream(chunk("Forty"), done=False)), ask())
    assert type(error) is ConnectionLost


async def test_what_is_strange_but_harmless() -> None:
    odd: tuple[object, ...] = (
        *("{broken", "[]", '"text"', "7", "", "[" * 100_000),
        *({"choices": {}}, {"choices": [7]}, {"choices": [{"delta": "x"}]}, {"ping": 1}, chunk(["x"]), chunk(5)),
        chunk(tool_calls="x"),
        chunk(tool_calls=[7, {"index": 0, "function": 5}, {"index": 0, "function": {"name": 5, "arguments": 5}}]),
    )
    events, error = await told(neuroapi(stream(*odd, *ANSWER, done=False)), ask())
    assert error is None
    assert text_of(events) == "Forty-two"


async def test_texts_of_every_script_and_what_no_database_stores() -> None:
    said = '{"choices": [{"delta": {"content": "Ω 🏔\\u0000\\ud800!"}, "finish_reason": "stop"}]}'
    events, _ = await told(neuroapi(stream(said)), ask())
    assert text_of(events) == "Ω 🏔?!"


async def test_it_never_submits_when_asked_to_resume() -> None:
    seen: list[httpx2.Request] = []
    service = neuroapi(noting(seen, stream))
    with pytest.raises(ConnectionLost):
        await anext(service.run(ask(), job_id="job", resume=Resume("ref", 0.0)))
    assert seen == []


def test_the_client_is_not_imported_before_it_is_needed() -> None:
    code = "import sys; from bot.providers import registry; sys.exit('openai' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
