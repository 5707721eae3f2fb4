"""The AI-Now simulator keeps the documented contract, strictly on its side of the wire."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from itertools import pairwise
from time import monotonic

import av
import httpx
import pytest

from sandbox.ai_now import AiNowServer
from sandbox.ai_now.contract import MODELS, Order
from sandbox.ai_now.script import script
from sandbox.ai_now.state import State
from tests.sandbox.ai_now_client import PROCESSING, Client, running, until

RUN_STYLES = [
    *("abandoned", "abstract_sculpture", "anime", "cartoon", "cine_lens", "claymation"),
    *("concept_art", "digital_art", "forestpunk", "frost", "graphic_novel", "graphite"),
    *("isometric_3d", "low_poly_3d", "marker_drawing", "moody_film", "pixel_art", "retro"),
    *("sci_fi_art", "stickers", "storyboard", "thriller", "3d_cartoon", "3d_render"),
    *("80s_vaporwave",),
]
PIKA_STYLES = ["1", "2", "3", "4", "5", "6", "7"]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with running() as client:
        yield client


async def test_ping_answers_pong_in_plain_text_with_the_key_only(client: Client) -> None:
    answer = await client.http.get("/api/ping")
    assert (answer.status_code, answer.text) == (200, "pong")
    assert answer.headers["content-type"].startswith("text/plain")
    for header in ("", "Bearer sk-wrong", "sk-sandbox", "Basic sk-sandbox", "Bearer"):
        refused = await client.http.get("/api/ping", headers={"Authorization": header})
        assert refused.status_code == 401
        assert refused.json() == {"status": "Error", "message": "Unauthorized"}


async def test_suno_says_the_documented_events_and_its_song_can_be_fetched(client: Client) -> None:
    events = await client.generate("suno", "A upbeat pop song about summer")
    url = str(events[-1]["url"])
    assert events == [
        {"status": "Processing started"},
        PROCESSING,
        {"status": "Cookie generated"},
        PROCESSING,
        {"status": "Completed", "url": url},
    ]
    assert url == f"{client.server.base_url}/dl/a_upbeat_pop_song_about_10001.mp3"
    answer = await client.http.get(url)
    assert answer.headers["content-type"] == "audio/mpeg"
    assert int(answer.headers["content-length"]) == len(answer.content)
    with av.open(BytesIO(answer.content), "r") as container:
        assert [stream.type for stream in container.streams] == ["audio"]
        assert container.metadata["title"] == "A upbeat pop song about summer (simulated)"


async def test_pika_says_the_documented_events_and_its_video_can_be_fetched(client: Client) -> None:
    events = await client.generate("pika", "A serene lake surrounded by mountains", "4")
    assert [event["status"] for event in events] == [
        *("Processing started", "Processing", "Cookie generated", "Processing", "Processing", "Completed")
    ]
    answer = await client.http.get(str(events[-1]["url"]))
    assert answer.headers["content-type"] == "video/mp4"
    assert int(answer.headers["content-length"]) == len(answer.content)
    with av.open(BytesIO(answer.content), "r") as container:
        assert [stream.type for stream in container.streams] == ["video"]
        assert container.metadata["title"] == "A serene lake surrounded by mountains"
    assert client.last.downloads == 1
    assert client.last.bytes_served == len(answer.content)


async def test_every_request_is_logged_and_spends_the_models_tokens(client: Client) -> None:
    for model in ("suno", "luma", "pika", "run"):
        await client.generate(model, "x")
    assert client.server.state.tokens == 1_000_000 - 10 - 30 - 10 - 30
    records = client.server.requests
    assert [(r.id, r.model, r.status, r.outcome, r.tokens) for r in records] == [
        *((1, "suno", 200, "completed", 10), (2, "luma", 200, "completed", 30)),
        *((3, "pika", 200, "completed", 10), (4, "run", 200, "completed", 30)),
    ]
    assert all(record.ended is not None and record.ended >= record.started for record in records)
    assert client.server.violations == []


@pytest.mark.parametrize(("model", "styles"), [("pika", PIKA_STYLES), ("run", RUN_STYLES)])
async def test_every_documented_style_is_taken(client: Client, model: str, styles: list[str]) -> None:
    for style in styles:
        assert (await client.generate(model, "x", style))[-1]["status"] == "Completed"
    assert [record.style for record in client.server.requests] == styles
    assert len(styles) == len(MODELS[model].styles)
    assert client.server.violations == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"model": "pika", "prompt": "\xff"}',
        b'{"model": "pika", "prompt": "a", "prompt": "b"}',
        [],
        {"prompt": "x"},
        {"model": "pika"},
        {"model": "sora", "prompt": "x"},
        {"model": "Pika", "prompt": "x"},
        {"model": ["pika"], "prompt": "x"},
        {"model": "pika", "prompt": ""},
        {"model": "pika", "prompt": " \n"},
        {"model": "pika", "prompt": None},
        {"model": "pika", "prompt": "x" * 4097},
        {"model": "pika", "prompt": "x", "style": 4},
        {"model": "pika", "prompt": "x", "style": "8"},
        {"model": "pika", "prompt": "x", "style": "Watercolor"},
        {"model": "pika", "prompt": "x", "style": "anime"},
        {"model": "pika", "prompt": "x", "style": ""},
        {"model": "pika", "prompt": "x", "style": None},
        {"model": "run", "prompt": "x", "style": "4"},
        {"model": "run", "prompt": "x", "style": "Anime"},
        {"model": "suno", "prompt": "x", "style": "1"},
        {"model": "luma", "prompt": "x", "style": "anime"},
        {"model": "pika", "prompt": "x", "n": 2},
    ],
)
async def test_anything_undocumented_is_refused_and_remembered(client: Client, body: object) -> None:
    answer = await client.post(body)
    assert answer.status_code == 500
    assert answer.json()["status"] == "Error"
    assert answer.json()["message"]
    assert len(client.server.violations) == 1
    assert (client.last.outcome, client.last.status, client.last.tokens) == ("refused", 500, 0)
    assert client.server.state.tokens == 1_000_000


async def test_other_paths_methods_and_content_types_are_violations_too(client: Client) -> None:
    assert (await client.http.get("/api/balance")).status_code == 404
    assert (await client.http.get("/api/generate")).status_code in (404, 405)
    assert (await client.http.get("/favicon.ico")).status_code == 404
    plain = await client.post({"model": "pika", "prompt": "x"}, **{"Content-Type": "text/plain"})
    assert plain.status_code == 500
    assert len(client.server.violations) == 3


async def test_a_wrong_key_is_refused_before_anything_else(client: Client) -> None:
    answer = await client.post(b"{", Authorization="Bearer sk-wrong")
    assert (answer.status_code, answer.json()["status"]) == (401, "Error")
    client.server.state.key_valid = False
    assert (await client.post({"model": "pika", "prompt": "x"})).status_code == 401
    assert (await client.http.get("/api/ping")).status_code == 401
    assert client.server.violations == []


async def test_too_few_tokens_refuse_the_dear_models_only() -> None:
    async with running(tokens=25) as client:
        for model in ("luma", "run"):
            answer = await client.post({"model": model, "prompt": "x"})
            assert (answer.status_code, answer.json()["status"]) == (418, "Error")
        await client.generate("pika", "x")
        await client.generate("suno", "x")
        assert client.server.state.tokens == 5
        assert (await client.post({"model": "pika", "prompt": "x"})).status_code == 418


def test_durations_are_the_documented_ones_and_chosen_by_the_seed() -> None:
    def duration(model: str, prompt: str, seed: int = 1) -> float:
        order = Order(model, prompt, None)
        state = State(frozenset(), 0, 1.0, seed)
        return sum(beat.gap for beat in script(order, "u", state.rng(order), None).beats)

    for model in ("suno", "pika", "run"):
        times = [duration(model, str(number)) for number in range(200)]
        assert 60 <= min(times) < 70
        assert 170 < max(times) <= 180
    luma = [duration("luma", str(number)) for number in range(200)]
    assert min(luma) < 60
    assert max(luma) > 240
    assert duration("pika", "x") == duration("pika", "x")
    assert duration("pika", "x") != duration("pika", "x", seed=2)


async def test_events_come_one_by_one_with_silence_between() -> None:
    async with running(scale=0.004) as client:
        started = monotonic()
        async with client.stream("suno", "x") as events:
            times = [monotonic() - started async for _ in events]
    assert times[-1] >= 0.24
    assert max(later - earlier for earlier, later in pairwise(times)) > 0.05


async def test_a_client_that_leaves_in_a_silence_is_noticed_and_pays() -> None:
    async with running(scale=1.0) as client:
        async with client.stream("luma", "x") as events:
            assert await anext(events) == {"status": "Processing started"}
            assert client.last.outcome == "running"
        await until(lambda: client.last.ended is not None)
        assert (client.last.outcome, client.last.events, client.last.tokens) == ("abandoned", 1, 30)
        assert client.server.state.tokens == 1_000_000 - 30


async def test_a_client_that_leaves_at_completed_leaves_a_completed_generation(client: Client) -> None:
    async with client.stream("pika", "x") as events:
        async for event in events:
            if event["status"] == "Completed":
                break
    await until(lambda: client.last.ended is not None)
    assert client.last.outcome == "completed"


async def test_a_hundred_streams_at_once(client: Client) -> None:
    everything = await asyncio.gather(*(client.generate("pika", str(number)) for number in range(100)))
    assert [events[-1]["status"] for events in everything] == ["Completed"] * 100
    assert len({record.url for record in client.server.requests}) == 100


async def test_results_can_carry_another_address() -> None:
    async with running(public_url="http://dl.example:99/") as client:
        assert await client.result("x") == "http://dl.example:99/dl/x_10001.mp4"
        assert (await client.http.get("/dl/x_10001.mp4")).status_code == 200
        assert (await client.http.get("/dl/y_10001.mp4")).status_code == 404


async def test_stopping_ends_open_streams_at_once_and_keeps_the_log() -> None:
    server = AiNowServer(scale=1.0)
    await server.start()
    client = Client(server)
    async with client.stream("pika", "x") as events:
        await anext(events)
        started = monotonic()
        await server.stop()
        assert monotonic() - started < 10
        with pytest.raises(httpx.HTTPError):
            await anext(events)
    assert client.last.outcome == "stopped"
    await client.http.aclose()
    await server.stop()
    port = int(server.base_url.rsplit(":", 1)[1])
    assert await server.start(port=port) == f"http://127.0.0.1:{port}"
    with pytest.raises(RuntimeError, match="runs already"):
        await server.start()
    assert len(server.requests) == 1
    await server.stop()


async def test_a_taken_port_is_an_error_and_leaves_nothing_open(client: Client) -> None:
    other = AiNowServer()
    with pytest.raises(OSError, match="address"):
        await other.start(port=int(client.server.base_url.rsplit(":", 1)[1]))
    await other.start()
    await other.stop()
