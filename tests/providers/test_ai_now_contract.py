"""The AI-Now adapter says what the service documents, and understands what the service documents."""

import gzip
import json
from collections.abc import Callable

import httpx
import pytest

from bot.domain.jobs import Asset
from bot.providers.ai_now import AiNow
from bot.providers.base import (
    Accepted,
    BadKey,
    BadResult,
    ConnectionLost,
    GenerationFailed,
    HealthCheck,
    NotTaken,
    NotThere,
    OutOfFunds,
    Provider,
    ProviderError,
    Refused,
    Resume,
    Running,
    Succeeded,
    UpstreamDown,
)
from tests.providers.provider_kit import QUICK, Chunks, answer, order, told

SONG = {"model": "suno", "prompt": "A upbeat pop song about summer"}
FILM = {"model": "pika", "prompt": "A serene lake surrounded by mountains", "style": "4"}
SONG_STREAM = """data: {"status": "Processing started"}

data: {"status": "Processing"}

data: {"status": "Cookie generated"}

data: {"status": "Processing"}

data: {"status": "Completed", "url": "https://dl.ai-now.space/summer_pop_song_12345.mp3"}
"""
FILM_STREAM = """data: {"status": "Processing started"}

data: {"status": "Processing"}

data: {"status": "Cookie generated"}

data: {"status": "Processing"}

data: {"status": "Processing"}

data: {"status": "Completed", "url": "https://dl.ai-now.space/serene_lake_mountains_67890.mp4"}
"""
Answering = Callable[[httpx.Request], httpx.Response]


def provider(answers: Answering | httpx.Response, key: str = "YOUR_API_KEY") -> AiNow:
    handler = answers if callable(answers) else lambda _: answers
    client = httpx.AsyncClient(transport=httpx.MockTransport(handler))
    return AiNow(base_url="https://api.ai-now.space/", key=key, backoff=QUICK, client=client)


def stream(text: str | bytes, content_type: str = "text/event-stream") -> httpx.Response:
    return answer(200, text, content_type)


@pytest.mark.parametrize(
    ("request_", "events", "url"),
    [
        (SONG, SONG_STREAM, "https://dl.ai-now.space/summer_pop_song_12345.mp3"),
        (FILM, FILM_STREAM, "https://dl.ai-now.space/serene_lake_mountains_67890.mp4"),
    ],
)
async def test_the_documented_examples(request_: dict[str, str], events: str, url: str) -> None:
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return stream(events)

    options = {"style": request_["style"]} if "style" in request_ else {}
    happened, error = await told(provider(handle), order(request_["model"], request_["prompt"], options))
    assert error is None
    assert happened[0] == Accepted(None)
    assert happened[-1] == Succeeded((Asset(url),))
    assert set(happened[1:-1]) == {Running()}
    assert len(happened) == 1 + events.count("data:")
    (sent,) = seen
    assert (sent.method, str(sent.url)) == ("POST", "https://api.ai-now.space/api/generate")
    assert sent.headers["Authorization"] == "Bearer YOUR_API_KEY"
    assert sent.headers["Content-Type"] == "application/json"
    assert json.loads(sent.content) == request_


async def test_texts_of_every_script_arrive_whole() -> None:
    prompt = 'Озеро — "тихое"\n🏔 \\ \u2028'
    seen: list[object] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(json.loads(request.content))
        return stream(SONG_STREAM)

    await told(provider(handle), order("suno", prompt))
    assert seen == [{"model": "suno", "prompt": prompt}]


def test_it_is_a_provider_with_a_health_check() -> None:
    built: Provider = provider(stream(SONG_STREAM))
    assert (built.name, built.resumable) == ("ai_now", False)
    assert isinstance(built, HealthCheck)


async def test_it_never_submits_when_asked_to_resume() -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        raise AssertionError("submitted")

    with pytest.raises(ConnectionLost):
        await anext(provider(handle).run(order(), job_id="job", resume=Resume("ref", 0.0)))


@pytest.mark.parametrize(
    ("status", "body", "error", "detail"),
    [
        (401, {"status": "Error", "message": "Unauthorized"}, BadKey, "HTTP 401 Unauthorized"),
        (401, "<html>", BadKey, "HTTP 401"),
        (418, {"status": "Error", "message": "Insufficient tokens"}, OutOfFunds, "HTTP 418 Insufficient tokens"),
        (500, {"status": "Error", "message": "Internal Server Error"}, UpstreamDown, "Internal Server Error"),
        (503, "<html>busy</html>", NotTaken, "HTTP 503"),
        (400, {"status": "Error", "message": "prompt too long"}, GenerationFailed, "prompt too long"),
        (400, {"status": "Error", "message": "Prompt blocked by moderation"}, Refused, "moderation"),
        (404, "<html>no such page</html>", UpstreamDown, "HTTP 404"),
        (429, {"status": "Error", "message": "slow down"}, UpstreamDown, "slow down"),
        (302, "", UpstreamDown, "HTTP 302"),
        (204, "", UpstreamDown, "HTTP 204"),
        (200, {"status": "Completed", "url": "https://dl.ai-now.space/a.mp4"}, UpstreamDown, "HTTP 200"),
        (200, {"status": "Error", "message": "out of memory"}, GenerationFailed, "out of memory"),
        (200, "pong", UpstreamDown, "HTTP 200"),
        (400, {"status": "Error", "message": ["no", "text"]}, GenerationFailed, "HTTP 400"),
    ],
)
async def test_answers_that_are_no_stream(
    status: int, body: str | dict[str, object], error: type[ProviderError], detail: str
) -> None:
    events, raised = await told(provider(answer(status, body)), order())
    assert events == []
    assert type(raised) is error
    assert detail in raised.detail


@pytest.mark.parametrize(
    ("last", "error"),
    [
        ('{"status": "Error", "message": "worker died"}', GenerationFailed),
        ('{"status": "Error"}', GenerationFailed),
        ('{"status": "Error", "message": 7}', GenerationFailed),
        ('{"status": "Error", "message": "Your prompt violates our content policy"}', Refused),
        ('{"status": "Error", "message": "NSFW content detected"}', Refused),
        ('{"status": "Completed"}', NotThere),
        ('{"status": "Completed", "url": null}', NotThere),
        ('{"status": "Completed", "url": ""}', NotThere),
        ('{"status": "Completed", "url": "/file.mp4"}', BadResult),
        ('{"status": "Completed", "url": "ftp://dl.ai-now.space/a.mp4"}', BadResult),
        ('{"status": "Completed", "url": "https://"}', BadResult),
        ('{"status": "Completed", "url": "https://[::1"}', BadResult),
        ('{"status": "Completed", "url": "https://a b/c.mp4"}', BadResult),
        ('{"status": "Completed", "url": "javascript:alert(1)"}', BadResult),
        ('{"status": "Completed", "url": "https://h/' + "x" * 5000 + '"}', BadResult),
        ("{broken", ConnectionLost),
        ("[" * 100_000, ConnectionLost),
        ('{"status": ' + "1" * 5000 + "}", ConnectionLost),
        ('"Completed"', ConnectionLost),
        ("", ConnectionLost),
    ],
)
async def test_ends_of_a_stream(last: str, error: type[ProviderError]) -> None:
    events, raised = await told(provider(stream(f'data: {{"status": "Processing"}}\n\ndata: {last}\n\n')), order())
    assert type(raised) is error
    assert events[:2] == [Accepted(None), Running()]
    assert not any(isinstance(event, Succeeded) for event in events)


async def test_the_address_of_a_result_may_come_in_another_event() -> None:
    more = 'data: {"status": "Completed"}\n\ndata: {"status": "Uploading"}\n\n'
    events, error = await told(provider(stream(more + FILM_STREAM)), order())
    assert error is None
    assert isinstance(events[-1], Succeeded)


async def test_a_broken_line_does_not_spoil_what_follows() -> None:
    text = "data: {broken\n\nevent: ping\n\nretry: x\n\nid: 7\ndata: []\n\n: hello\n\n" + FILM_STREAM
    events, error = await told(provider(stream(text)), order())
    assert error is None
    assert isinstance(events[-1], Succeeded)


@pytest.mark.parametrize("charset", ["utf-16", "base64", "punycode", "nonsense", "latin-1"])
async def test_the_charset_of_the_header_does_not_matter(charset: str) -> None:
    strange = stream(b"\xef\xbb\xbf" + FILM_STREAM.encode(), f"text/event-stream; charset={charset}")
    events, error = await told(provider(strange), order())
    assert error is None
    assert len(events) == 7


def packed(coding: str, *chunks: bytes) -> httpx.Response:
    headers = {"Content-Type": "text/event-stream", "Content-Encoding": coding}
    return httpx.Response(200, headers=headers, stream=Chunks(*chunks))


async def test_a_packed_stream_is_unpacked() -> None:
    body = gzip.compress(FILM_STREAM.encode())
    events, error = await told(provider(packed("gzip", body[:1], body[1:30], body[30:])), order())
    assert error is None
    assert isinstance(events[-1], Succeeded)


async def test_a_packed_stream_that_breaks_off_is_a_lost_connection() -> None:
    _, error = await told(provider(packed("gzip", gzip.compress(FILM_STREAM.encode())[:-30])), order())
    assert type(error) is ConnectionLost


async def test_a_stream_that_nothing_here_unpacks() -> None:
    events, error = await told(provider(packed("br", b"\x1f\x8b")), order())
    assert (events, type(error)) == ([], UpstreamDown)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, "pong", None),
        (200, ' "pong"\n', None),
        (200, "<html>pong</html>", UpstreamDown),
        (401, '{"status": "Error", "message": "Unauthorized"}', BadKey),
        (418, '{"status": "Error", "message": "Insufficient tokens"}', OutOfFunds),
        (500, '{"status": "Error", "message": "Internal Server Error"}', UpstreamDown),
    ],
)
async def test_ping(status: int, body: str, error: type[ProviderError] | None) -> None:
    seen: list[tuple[str, str, str]] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append((request.method, request.url.path, request.headers["Authorization"]))
        return answer(status, body)

    if error is None:
        await provider(handle).ping()
    else:
        with pytest.raises(error):
            await provider(handle).ping()
    assert set(seen) == {("GET", "/api/ping", "Bearer YOUR_API_KEY")}
    assert len(seen) == (QUICK.attempts if error is UpstreamDown else 1)


async def test_ping_gets_over_a_hiccup() -> None:
    answers = [answer(502, ""), answer(200, "pong")]
    await provider(lambda _: answers.pop(0)).ping()
    assert answers == []


async def test_the_key_is_told_to_nobody() -> None:
    body: dict[str, object] = {"status": "Error", "message": "Invalid API key sk-very-secret-1"}
    for said in (answer(401, body), answer(500, body), stream(f"data: {json.dumps(body)}")):
        error = (await told(provider(said, key="sk-very-secret-1"), order()))[1]
        assert error is not None
        assert "Invalid API key [key]" in error.detail
        assert "secret" not in f"{error!r} {error.__cause__!r}"


@pytest.mark.parametrize("key", ["ключ", "sk-a\r\nX-Evil: 1", "sk-\x00"])
async def test_a_key_that_no_header_can_carry(key: str) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        raise AssertionError("sent")

    events, error = await told(provider(handle, key=key), order())
    assert (events, type(error)) == ([], BadKey)
    with pytest.raises(BadKey):
        await provider(handle, key=key).ping()


LABELS = ("Text/Event-Stream", "TEXT/EVENT-STREAM; charset=utf-8", "text/plain", "application/json", "")


@pytest.mark.parametrize("label", LABELS)
async def test_a_stream_is_one_whatever_it_calls_itself(label: str) -> None:
    for text in (FILM_STREAM, "\n\n" + FILM_STREAM, "\ufeff" + FILM_STREAM, ": hello\r\n\r\n" + FILM_STREAM):
        events, error = await told(provider(stream(text, label)), order())
        assert error is None
        assert events[0] == Accepted(None)
        assert isinstance(events[-1], Succeeded)
