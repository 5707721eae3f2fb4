"""The NeuroAPI simulator keeps the documented contract in the wire format of OpenAI's client."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from httpx_sse import EventSource

from sandbox.neuroapi import NeuroApiServer
from tests.sandbox.wire import Wire, picture, running, until

KEY = "sk-neuro"
AUTH = {"Authorization": f"Bearer {KEY}"}
ASK = '{"model": "gpt-5-mini", "messages": [{"role": "user", "content": "В чём смысл жизни?"}]}'
DALLE = '{"model": "dall-e-3", "prompt": "A cute cat playing with a ball of yarn", "n": 1, "size": "1024x1024"}'
GPT = """{
  "model": "gpt-image-1",
  "prompt": "A beautiful landscape with mountains and a lake",
  "quality": "auto",
  "size": "auto"
}"""
CREATE = {
    "type": "function",
    "function": {
        "name": "create",
        "description": "Make a picture, a film or a song",
        "parameters": {
            "type": "object",
            "properties": {
                "kind": {"type": "string", "enum": ["image", "video", "music"]},
                "prompt": {"type": "string"},
                "model": {"type": "string"},
                "style": {"type": "string"},
            },
            "required": ["kind", "prompt"],
        },
    },
}
Client = Wire[NeuroApiServer]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with running(NeuroApiServer((KEY,), scale=0), **AUTH) as client:
        yield client


def asking(words: str, **more: Any) -> dict[str, Any]:
    return {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": words}], **more}


async def ask(client: Client, words: str, **more: Any) -> Any:
    answer = await client.post("/chat/completions", asking(words, **more))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def said(client: Client, words: str, **more: Any) -> str:
    return str((await ask(client, words, **more))["choices"][0]["message"]["content"])


async def stream(client: Client, words: str, **more: Any) -> list[Any]:
    """The events of a stream; the last is [DONE] where it came."""
    body = asking(words, stream=True, **more)
    async with client.http.stream("POST", "/chat/completions", json=body) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        raw = [event.data async for event in EventSource(response).aiter_sse()]
    return [data if data == "[DONE]" else json.loads(data) for data in raw]


def text(events: list[Any]) -> str:
    choices = [event["choices"][0] for event in events if event != "[DONE]" and event["choices"]]
    return "".join(choice["delta"].get("content") or "" for choice in choices)


async def test_the_documents_question_is_answered_in_openais_shape(client: Client) -> None:
    data = (await client.post("/chat/completions", ASK.encode())).json()
    assert set(data) == {"id", "object", "created", "model", "choices", "usage"}
    assert (data["object"], data["model"], data["id"][:9]) == ("chat.completion", "gpt-5-mini", "chatcmpl-")
    (choice,) = data["choices"]
    assert set(choice) == {"index", "message", "finish_reason"}
    assert (choice["index"], choice["finish_reason"], choice["message"]["role"]) == (0, "stop", "assistant")
    assert choice["message"]["content"].startswith("**Симуляция ответа:** В чём смысл жизни?")
    usage = data["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"] == client.last.cost
    assert client.last.body == json.loads(ASK)
    assert client.server.violations == []


async def test_a_stream_says_the_same_words_piece_by_piece(client: Client) -> None:
    whole = await said(client, "What is the meaning of life?")
    events = await stream(client, "What is the meaning of life?")
    assert text(events) == whole
    assert events[-1] == "[DONE]"
    assert events[0]["choices"] == [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}]
    assert events[-2]["choices"] == [{"index": 0, "delta": {}, "finish_reason": "stop"}]
    assert {event["object"] for event in events[:-1]} == {"chat.completion.chunk"}
    assert len({event["id"] for event in events[:-1]}) == 1
    assert not any("usage" in event for event in events[:-1])


async def test_usage_comes_with_a_stream_where_it_is_asked_for(client: Client) -> None:
    whole = (await ask(client, "hello"))["usage"]
    events = await stream(client, "hello", stream_options={"include_usage": True})
    assert (events[-2]["choices"], events[-2]["usage"]) == ([], whole)
    assert all(event["usage"] is None for event in events[:-2])
    events = await stream(client, "hello", stream_options={"include_usage": False})
    assert events[-2]["choices"][0]["finish_reason"] == "stop"


async def test_words_are_chosen_by_the_seed_and_the_whole_conversation(client: Client) -> None:
    answers = [await said(client, "hello there", seed=seed) for seed in (1, 1, 2, 3, 4)]
    assert answers[0] == answers[1]
    assert len(set(answers)) > 1


async def test_markdown_code_lists_and_long_answers_on_demand(client: Client) -> None:
    assert "```python\n" in await said(client, "Write a Python function")
    assert "\n3. " in await said(client, "A list of ideas, please")
    long = await said(client, "Write a long essay")
    assert len(long) > 4096
    assert "\n\n## " in long
    assert 300 <= len((await said(client, "Say it in 300 words")).split()) < 400
    assert "улучш" not in await said(client, "Подробно расскажи о море")


async def test_improving_a_prompt_answers_one_better_prompt(client: Client) -> None:
    system = {"role": "system", "content": "Improve the user's prompt for an image model."}
    body = asking("a fox")
    body["messages"].insert(0, system)
    data = (await client.post("/chat/completions", body)).json()
    assert data["choices"][0]["message"]["content"] == "a fox, soft light, fine detail (simulated)"


async def test_stop_ends_the_text_before_its_sequence(client: Client) -> None:
    whole = await said(client, "hello")
    assert await said(client, "hello", stop=":**") == whole[: whole.index(":**")]
    assert await said(client, "hello", stop=["nowhere", "hello"]) == whole[: whole.index("hello")]


async def test_json_mode_answers_an_object_and_wants_the_word(client: Client) -> None:
    form = {"type": "json_object"}
    assert json.loads(await said(client, "Answer as JSON: why?", response_format=form))["simulated"] is True
    refused = await client.post("/chat/completions", asking("why?", response_format=form))
    assert refused.status_code == 400
    assert "must contain the word 'json'" in refused.json()["error"]["message"]


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ("draw me a fox in watercolour", {"kind": "image", "prompt": "a fox", "style": "watercolour"}),
        ("Please make a video of waves", {"kind": "video", "prompt": "a video of waves"}),
        ("Compose a song about summer!", {"kind": "music", "prompt": "a song about summer"}),
        ("нарисуй лису", {"kind": "image", "prompt": "лису"}),
        ("create a 3d castle", {"kind": "image", "prompt": "a 3d castle"}),
    ],
)
async def test_a_wish_calls_the_create_tool(client: Client, words: str, arguments: dict[str, str]) -> None:
    (choice,) = (await ask(client, words, tools=[CREATE]))["choices"]
    assert (choice["finish_reason"], choice["message"]["content"]) == ("tool_calls", None)
    (call,) = choice["message"]["tool_calls"]
    assert (call["type"], call["function"]["name"]) == ("function", "create")
    assert json.loads(call["function"]["arguments"]) == arguments


async def test_a_streamed_tool_call_comes_in_deltas(client: Client) -> None:
    events = await stream(client, "draw a fox", tools=[CREATE], tool_choice="auto")
    deltas = [event["choices"][0]["delta"] for event in events[:-1]]
    calls = [delta["tool_calls"][0] for delta in deltas if "tool_calls" in delta]
    assert (calls[0]["index"], calls[0]["function"]) == (0, {"name": "create", "arguments": ""})
    assert {"id", "type"} <= set(calls[0])
    arguments = "".join(call["function"]["arguments"] for call in calls)
    assert json.loads(arguments) == {"kind": "image", "prompt": "a fox"}
    assert len(calls) > 3
    assert events[-2]["choices"][0]["finish_reason"] == "tool_calls"


async def test_tools_are_called_only_when_wanted_and_answered_in_words(client: Client) -> None:
    assert "Simulated answer" in await said(client, "how are you?", tools=[CREATE])
    assert "Simulated answer" in await said(client, "draw a fox", tools=[CREATE], tool_choice="none")
    assert "Simulated answer" in await said(client, "draw a fox")
    forced = {"type": "function", "function": {"name": "create"}}
    message = (await ask(client, "hello", tools=[CREATE], tool_choice=forced))["choices"][0]["message"]
    body = asking("hello", tools=[CREATE])
    body["messages"] += [message, {"role": "tool", "tool_call_id": message["tool_calls"][0]["id"], "content": "ok"}]
    data = (await client.post("/chat/completions", body)).json()
    assert data["choices"][0]["message"]["content"].startswith("*(simulated)* Done")
    assert client.server.violations == []


async def test_every_documented_parameter_is_taken(client: Client) -> None:
    more = {"temperature": 0.7, "top_p": 0.9, "presence_penalty": -1, "frequency_penalty": 1.5, "stream": False}
    await ask(client, "hello", stop=["a", "b"], seed=5, response_format={"type": "text"}, **more)
    refused = await client.post("/chat/completions", asking("hello", temperature=1) | {"model": "gpt-5-mini"})
    error = refused.json()["error"]
    assert (refused.status_code, error["code"], error["param"]) == (400, "unsupported_parameter", "temperature")


BAD_TOOLS: list[Any] = [[], [{}], [{"type": "function", "function": {}}]]
WRONG: list[Any] = [
    *(b"{", [], {}, {"messages": []}, {"model": "gpt-5-mini"}, {"model": "gpt-5-mini", "messages": []}),
    *(asking("x") | {"model": model} for model in ("gpt-9", 1)),
    *(asking("x", temperature=value) for value in (2.1, "1", True, None)),
    *(asking("x", top_p=value) for value in (1.1, -0.1)),
    *(asking("x", **{f"{name}_penalty": 2.5}) for name in ("presence", "frequency")),
    *(asking("x", seed=value) for value in (1.5, "1")),
    *(asking("x", stop=value) for value in ("", [], ["a"] * 5, [1])),
    *(asking("x", stream=value) for value in ("true", 1)),
    asking("x", stream_options={"include_usage": True}),
    asking("x", stream=True, stream_options={}),
    *(asking("x", response_format=value) for value in ("json", {"type": "xml"})),
    *(asking("x", **{name: 1}) for name in ("max_tokens", "n", "user", "logprobs")),
    *(asking("x", tools=value) for value in BAD_TOOLS),
    asking("x", tool_choice="auto"),
    asking("x", tools=[CREATE], tool_choice="sometimes"),
    *({"model": "gpt-5-mini", "messages": [message]} for message in ("x", {"role": "developer", "content": "x"})),
    {"model": "gpt-5-mini", "messages": [{"role": "user", "content": None}]},
    {"model": "gpt-5-mini", "messages": [{"role": "user", "content": "x", "name": "Ann"}]},
    {
        "model": "gpt-5-mini",
        "messages": [
            {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://x.example/a.jpg"}}]}
        ],
    },
    {"model": "gpt-5-mini", "messages": [{"role": "tool", "content": "x", "tool_call_id": "1"}]},
]


@pytest.mark.parametrize("body", WRONG)
async def test_anything_undocumented_is_refused_and_remembered(client: Client, body: object) -> None:
    answer = await client.post("/chat/completions", body)
    assert answer.status_code in (400, 404)
    assert set(answer.json()["error"]) == {"message", "type", "param", "code"}
    assert len(client.server.violations) == 1


async def test_the_documents_dall_e_answers_links(client: Client) -> None:
    data = (await client.post("/images/generations", DALLE.encode())).json()
    (entry,) = data["data"]
    assert set(data) == {"created", "data"}
    assert set(entry) == {"url", "revised_prompt"}
    assert picture((await client.download(entry["url"])).content).size == (1024, 1024)
    assert client.last.body == json.loads(DALLE)
    body = {"model": "dall-e-3", "prompt": "x", "size": "1024x1792", "response_format": "b64_json"}
    answers = [(await client.post("/images/generations", body)).json()["data"] for _ in range(2)]
    files = [base64.b64decode(entry["b64_json"]) for (entry,) in answers]
    assert files[0] != files[1]
    assert picture(files[0]).size == (1024, 1792)
    assert client.server.violations == []


async def test_the_documents_gpt_image_answers_base64(client: Client) -> None:
    data = (await client.post("/images/generations", GPT.encode())).json()
    assert set(data) == {"created", "data", "usage"}
    (entry,) = data["data"]
    assert set(entry) == {"b64_json"}
    made = picture(base64.b64decode(entry["b64_json"]))
    assert (made.format, made.size) == ("PNG", (1536, 1024))
    client.server.faults.add("without_picture", times=3)
    for quality in ("low", "medium", "high"):
        answer = await client.post("/images/generations", {**json.loads(GPT), "quality": quality, "size": "1024x1024"})
        assert answer.status_code == 200
    assert client.server.violations == []


@pytest.mark.parametrize(
    "body",
    [
        *({"prompt": "x"}, {"model": "dall-e-3"}, {"model": "dall-e-2", "prompt": "x"}),
        *({"model": "gpt-image-1", "prompt": "x", "response_format": form} for form in ("b64_json", "url")),
        *({"model": "gpt-image-1", "prompt": "x", "quality": quality} for quality in ("hd", "standard", None, 1)),
        *({"model": "gpt-image-1", "prompt": "x", "size": size} for size in ("1792x1024", "512x512", "Auto")),
        {"model": "gpt-image-1", "prompt": "x", "n": 1},
        {"model": "gpt-image-1", "prompt": " "},
        *({"model": "dall-e-3", "prompt": "x", "size": size} for size in ("1536x1024", "auto", 1024)),
        *({"model": "dall-e-3", "prompt": "x", "n": count} for count in (0, 2, 11, "1", True)),
        {"model": "dall-e-3", "prompt": "x", "quality": "high"},
        {"model": "dall-e-3", "prompt": "x", "style": "vivid"},
    ],
)
async def test_undocumented_image_requests_are_refused_and_remembered(client: Client, body: object) -> None:
    answer = await client.post("/images/generations", body)
    assert answer.status_code in (400, 404)
    assert len(client.server.violations) == 1
    assert client.last.outcome == "refused"


async def test_the_key_is_wanted_and_models_are_listed(client: Client) -> None:
    names = {model["id"] for model in (await client.json("/models"))["data"]}
    assert {"gpt-5-mini", "dall-e-3", "gpt-image-1"} <= names
    for path in ("/chat/completions", "/images/generations"):
        refused = await client.post(path, b"{", Authorization="Bearer sk-wrong")
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "invalid_api_key")
    assert (await client.get("/models", Authorization="")).status_code == 401
    assert client.server.violations == []
    assert (await client.post("/completions", {})).status_code == 404
    assert len(client.server.violations) == 1


async def test_a_spent_quota_and_a_conversation_too_long() -> None:
    async with running(NeuroApiServer((KEY,), scale=0, balance=5, context_max=100), **AUTH) as client:
        assert (await client.post("/chat/completions", asking("hello"))).status_code == 200
        refused = await client.post("/chat/completions", asking("hello"))
        assert (refused.status_code, refused.json()["error"]["type"]) == (429, "insufficient_quota")
        long = await client.post("/chat/completions", asking("hello " * 100))
        assert (long.status_code, long.json()["error"]["code"]) == (400, "context_length_exceeded")


async def test_a_client_that_leaves_pays_for_what_was_said() -> None:
    async with running(NeuroApiServer((KEY,), scale=0.2), **AUTH) as client:
        body = asking("Write a long essay", stream=True)
        async with client.http.stream("POST", "/chat/completions", json=body) as response:
            events = EventSource(response).aiter_sse()
            for _ in range(5):
                await anext(events)
        await until(lambda: client.last.ended is not None)
        assert client.last.outcome == "abandoned"
        assert 0 < client.last.cost < 200
        before = client.last.cost
        await asyncio.sleep(0.05)
        assert client.last.cost == before
