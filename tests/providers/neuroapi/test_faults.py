"""Every fault of the NeuroAPI simulator, over real sockets, ends as the class of failure that it is."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.providers.base import (
    Accepted,
    BadKey,
    BadResult,
    Busy,
    ConnectionLost,
    GenerationFailed,
    NoChannel,
    NotPermitted,
    NotTaken,
    NoWords,
    OptionRefused,
    OutOfFunds,
    Partial,
    ProviderError,
    ProviderOrder,
    Refused,
    Succeeded,
    TimedOut,
    UnknownModel,
    UpstreamDown,
)
from bot.providers.neuroapi.provider import NeuroApi
from sandbox.kit.faults import Stage
from sandbox.neuroapi import CATALOGUE, NeuroApiServer
from sandbox.neuroapi.forms import SHAPES
from tests.providers.neuro_kit import CREATE, ask, partials, picture, text_of, told
from tests.providers.provider_kit import QUICK

KEY = "sk-neuroapi-sandbox"
REFUSED: dict[str, type[ProviderError]] = {
    "401": BadKey,
    "402": OutOfFunds,
    "403": NotPermitted,
    "404": UnknownModel,
    "429": Busy,
    "500": UpstreamDown,
    "503_html": NotTaken,
    "no_channel": NoChannel,
    "insufficient_quota": OutOfFunds,
    "content_policy": Refused,
    "context_length": GenerationFailed,
    **dict.fromkeys(("unsupported_parameter", "unsupported_seed", "unsupported_size"), GenerationFailed),
    "error_200": GenerationFailed,
}
SPOILT: dict[str, type[ProviderError] | None] = {
    "html": ConnectionLost,
    "reset_after_body": ConnectionLost,
    "cut_body": ConnectionLost,
    "stall": ConnectionLost,
    "malformed_json": ConnectionLost,
    "empty_body": ConnectionLost,
    "not_an_object": ConnectionLost,
    "wrong_types": BadResult,
    "missing_fields": BadResult,
    "extra_fields": None,
}
BROKEN: dict[str, type[ProviderError]] = {
    "cut": ConnectionLost,
    "early_end": ConnectionLost,
    "empty_stream": ConnectionLost,
    "stream_stall": ConnectionLost,
    "error_event": GenerationFailed,
    "content_filter": Refused,
    "empty_answer": NoWords,
    "null_content": NoWords,
    "thought_only": NoWords,
    "refusal_field": Refused,
    "named_error": GenerationFailed,
    "choice_error": UpstreamDown,
}
HARMLESS = {
    *("malformed_event", "stream_types", "odd_events", "keepalive", "crlf", "dribble", "no_done", "not_streamed"),
    *("no_usage", "length", "filtered", "content_parts", "thought_parts", "thought_tags", "thought_field"),
    *("usage_null", "usage_floats", "usage_everywhere", "label", "label_case", "no_label", "bom", "cr", "multiline"),
    *("unframed", "gzip", "done_alone", "unmarked_end", "surrogates"),
}
CALLS = {"broken_arguments", "unknown_tool"}
OURS = {"unsupported_stream_options", "unsupported_tools"}
"""What a model refuses that no person set."""
CALL_FORMS = {name for name in SHAPES if name.startswith("call_")}
PICTURES: dict[str, type[ProviderError] | None] = {
    "other_form": None,
    "relative_url": None,
    "fewer_images": None,
    "bad_b64": BadResult,
    "b64_html": BadResult,
    "without_picture": BadResult,
}
HEARING = {"no_endpoint", "silence"}
"""See test_hearing.py."""
CHAT, IMAGE, GPT = ask("why?"), picture("dall-e-3", "a fox"), picture("gpt-image-1", "a fox")


@pytest.fixture
async def impatient(server: NeuroApiServer) -> AsyncIterator[NeuroApi]:
    """Takes a third of a second of silence for a stall."""
    built = NeuroApi(base_url=server.base_url, key=KEY, idle_seconds=0.3, backoff=QUICK)
    yield built
    await built.aclose()


def test_every_fault_is_here() -> None:
    own = {name for name, kind in CATALOGUE.items() if kind.stage not in (Stage.RESULT, Stage.READ)}
    assert own == {*REFUSED, *SPOILT, *BROKEN, *HARMLESS, *CALLS, *CALL_FORMS, *OURS, *PICTURES, *HEARING}


@pytest.mark.parametrize("wanted", [CHAT, IMAGE, GPT, ask("x", {"json": True, "seed": 5})], ids=lambda o: o.model)
async def test_orders(server: NeuroApiServer, provider: NeuroApi, wanted: ProviderOrder) -> None:
    events, error = await told(provider, wanted)
    assert error is None
    assert isinstance(events[-1], Succeeded)
    assert len(events[-1].assets) == wanted.results
    assert server.violations == []


async def test_partials_grow_and_end_in_the_answer(server: NeuroApiServer, provider: NeuroApi) -> None:
    server.state.scale = 0.1
    events, error = await told(provider, ask("Tell me a long story in 300 words"))
    assert error is None
    said = partials(events)
    assert 2 <= len(said) < 30  # and not one for each of hundreds of tokens
    assert all(text_of(events).startswith(part) for part in said)
    assert said == sorted(said, key=len)
    assert isinstance(events[-1], Succeeded)
    assert set(events[-1].facts) == {"prompt_tokens", "completion_tokens"}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("wanted", [CHAT, IMAGE], ids=["chat", "image"])
async def test_refusals(server: NeuroApiServer, provider: NeuroApi, name: str, wanted: ProviderOrder) -> None:
    server.faults.add(name)
    events, error = await told(provider, wanted)
    assert type(error) is REFUSED[name]
    assert not any(isinstance(event, Accepted | Succeeded) for event in events)
    assert len(server.requests) == 1
    if isinstance(error, Busy):
        assert error.seconds == 1.0


@pytest.mark.parametrize("name", SPOILT)
@pytest.mark.parametrize("wanted", [CHAT, IMAGE], ids=["chat", "image"])
async def test_spoilt_answers(
    server: NeuroApiServer, provider: NeuroApi, impatient: NeuroApi, name: str, wanted: ProviderOrder
) -> None:
    server.faults.add(name)
    stalls = name == "stall"
    short = ask("why?", longest=0.5) if wanted is CHAT else picture("dall-e-3", longest=0.5)
    _, error = await told(impatient if stalls else provider, short if stalls else wanted)
    expected = SPOILT[name]
    if stalls and wanted is IMAGE:  # an image is silent until it is there: the total time ends it
        assert type(error) is TimedOut
    elif name in ("wrong_types", "missing_fields") and wanted is CHAT:
        assert type(error) is ConnectionLost  # no end was told
    else:
        assert type(error) is (expected or type(None))
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", BROKEN)
async def test_broken_conversations(server: NeuroApiServer, provider: NeuroApi, impatient: NeuroApi, name: str) -> None:
    server.faults.add(name)
    events, error = await told(impatient if name == "stream_stall" else provider, CHAT)
    assert type(error) is BROKEN[name]
    assert events[0] == Accepted(None)
    assert all(isinstance(event, Partial) for event in events[1:])
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", sorted(HARMLESS))
async def test_strange_but_legal_conversations(server: NeuroApiServer, provider: NeuroApi, name: str) -> None:
    good, _ = await told(provider, CHAT)
    server.faults.add(name)
    events, error = await told(provider, CHAT)
    assert error is None
    assert text_of(good).startswith(text_of(events).removesuffix("🦊"))
    assert (text_of(events).removesuffix("🦊") == text_of(good)) is (name not in ("length", "filtered"))
    assert text_of(events).endswith("🦊") is (name == "surrogates")
    assert isinstance(events[-1], Succeeded)
    assert (events[-1].facts.get("prompt_tokens") is None) is (name in ("no_usage", "usage_null"))
    assert (events[-1].facts.get("finish") == "length") is (name == "length")


@pytest.mark.parametrize("name", sorted(CALLS))
async def test_calls_of_tools_pass_through(server: NeuroApiServer, provider: NeuroApi, name: str) -> None:
    server.faults.add(name)
    events, error = await told(provider, ask("draw me a fox", tools=(CREATE,)))
    assert error is None
    assert isinstance(events[-1], Succeeded)
    assert ("launch_rocket" if name == "unknown_tool" else "prom") in events[-1].facts["call"]


@pytest.mark.parametrize("name", sorted(OURS))
async def test_what_a_model_refuses_of_ours_is_left_out(server: NeuroApiServer, provider: NeuroApi, name: str) -> None:
    refused = name.removeprefix("unsupported_")
    server.faults.add(name)
    wanted = ask("why?", tools=(CREATE,))
    events, error = await told(provider, wanted)
    assert error is None
    assert text_of(events)
    assert (await told(provider, wanted))[1] is None
    bodies: list[Any] = [request.body for request in server.requests]
    assert [refused in body for body in bodies] == [True, False, False], "refused once, and remembered"
    assert ("tool_choice" in bodies[1]) is (refused != "tools")
    assert server.violations == []


@pytest.mark.parametrize(
    ("name", "wanted", "param"),
    [
        ("unsupported_parameter", ask("x", {"temperature": 0.5}, model="gpt-4o-mini"), "temperature"),
        ("unsupported_seed", ask("x", {"seed": 5, "json": True}), "seed"),
        ("unsupported_size", picture("dall-e-3", "a fox", {"size": "1792x1024"}), "size"),
    ],
)
async def test_an_option_that_the_model_refuses(
    server: NeuroApiServer, provider: NeuroApi, name: str, wanted: ProviderOrder, param: str
) -> None:
    server.faults.add(name)
    _, error = await told(provider, wanted)
    assert isinstance(error, OptionRefused)
    assert error.param == param
    assert len(server.requests) == 1


async def test_several_pictures_of_a_model_that_makes_one(server: NeuroApiServer, provider: NeuroApi) -> None:
    events, error = await told(provider, picture("dall-e-3", "a fox", results=3))
    assert error is None
    assert isinstance(events[-1], Succeeded)
    assert len({asset.url for asset in events[-1].assets}) == 3
    assert [request.body for request in server.requests] == 3 * [{"model": "dall-e-3", "prompt": "a fox"}]
    assert server.violations == []


@pytest.mark.parametrize(("times", "made"), [(1, 2), (2, 1), (3, 0)])
async def test_several_pictures_of_which_not_all_are_made(
    server: NeuroApiServer, provider: NeuroApi, times: int, made: int
) -> None:
    server.faults.add("insufficient_quota", times=times)
    events, error = await told(provider, picture("dall-e-3", "a fox", results=3))
    assert len(server.requests) == 3
    if not made:
        assert type(error) is OutOfFunds
        return
    assert isinstance(events[-1], Succeeded)
    assert len(events[-1].assets) == made
    assert type(events[-1].fault) is OutOfFunds
    assert events[-1].facts["warning"].startswith(f"{times} of its requests failed: OutOfFunds")


@pytest.mark.parametrize("name", sorted(CALL_FORMS))
async def test_calls_of_tools_in_any_form(server: NeuroApiServer, provider: NeuroApi, name: str) -> None:
    good, _ = await told(provider, ask("draw me a fox", tools=(CREATE,)))
    server.faults.add(name)
    events, error = await told(provider, ask("draw me a fox", tools=(CREATE,)))
    assert error is None
    assert isinstance(good[-1], Succeeded)
    assert isinstance(events[-1], Succeeded)
    assert events[-1].facts["call"] == good[-1].facts["call"]


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("wanted", [IMAGE, GPT], ids=["dalle", "gpt"])
async def test_strange_pictures(server: NeuroApiServer, provider: NeuroApi, name: str, wanted: ProviderOrder) -> None:
    server.faults.add(name)
    events, error = await told(provider, wanted)
    assert type(error) is (PICTURES[name] or type(None))
    if error is None:
        assert isinstance(events[-1], Succeeded)
        assert len(events[-1].assets) == (1 if name == "fewer_images" else wanted.results)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("read_401", BadKey), ("read_429", Busy), ("read_html", UpstreamDown), ("read_wrong_types", UpstreamDown)],
)
async def test_reads(server: NeuroApiServer, provider: NeuroApi, name: str, expected: type[ProviderError]) -> None:
    server.faults.add(name, times=1)
    with pytest.raises(expected):
        await provider.ping()
    await provider.ping()


@pytest.mark.parametrize("name", ["read_500", "read_503_html", "read_reset_after_body", "read_cut_body"])
async def test_a_read_gets_over_a_hiccup(server: NeuroApiServer, provider: NeuroApi, name: str) -> None:
    server.faults.add(name)
    assert len(await provider.models()) == 6
    assert len(server.state.reads) == 2
