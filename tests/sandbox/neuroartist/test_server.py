"""The NeuroArtist simulator keeps the documented contract, strictly on its side of the wire."""

import base64
import json
import re
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import av
import pytest

from sandbox import media
from sandbox.neuroartist import NeuroArtistServer
from sandbox.neuroartist.models import MODELS
from tests.sandbox.wire import Wire, picture, running

KEY = "na_live_sandbox"
AUTH = {"Authorization": f"Bearer {KEY}"}
SMALL = media.image("a small cat", (64, 48), "png")
INLINE = f"data:image/png;base64,{base64.b64encode(SMALL).decode()}"
SCHNELL = "fal-ai/flux/schnell"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Client = Wire[NeuroArtistServer]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with running(NeuroArtistServer((KEY,), scale=0, balance=1000), **AUTH) as client:
        yield client


async def generate(client: Client, model: str, given: dict[str, object], sync: bool = False) -> Any:
    answer = await client.post("/generate", {"m": model, "i": given, **({"s": True} if sync else {})})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_documents_synchronous_forms_answer_id_url_and_ms(client: Client) -> None:
    for body in (
        '{"m":"fal-ai/flux/schnell","i":{"prompt":"a cat"},"s":true}',
        '{"model":"fal-ai/flux/schnell","input":{"prompt":"a cat"},"sync":true}',
        '{"m":"fal-ai/flux/schnell","i":{"prompt":"sunset"},"s":true}',
    ):
        answer = await client.post("/generate", body.encode())
        data = answer.json()
        assert (answer.status_code, set(data)) == (200, {"id", "url", "ms"})
        assert UUID.fullmatch(data["id"])
        assert isinstance(data["ms"], int)
        assert client.last.body == json.loads(body)
    assert client.server.violations == []


async def test_the_documents_asynchronous_video_is_polled_to_its_url(client: Client) -> None:
    data = await generate(client, "fal-ai/minimax-video", {"prompt": "waves"})
    assert set(data) == {"id"}
    told = await client.json(f"/requests/{data['id']}")
    assert told == {"id": data["id"], "s": "c", "url": told["url"]}
    answer = await client.download(told["url"])
    assert answer.headers["content-type"] == "video/mp4"
    with av.open(BytesIO(answer.content), "r") as container:
        assert [stream.type for stream in container.streams] == ["video"]
    assert (client.last.ref, client.last.polls, client.last.outcome, client.last.downloads) == (
        *(data["id"], 1, "completed", 1),
    )
    assert client.server.violations == []


async def test_a_job_is_queued_then_processed_then_completed() -> None:
    async with running(NeuroArtistServer(scale=0.1), **AUTH) as client:
        data = await generate(client, SCHNELL, {"prompt": "a cat"})
        seen: list[str] = []
        while not seen or seen[-1] != "c":
            state = await client.json(f"/requests/{data['id']}")
            assert set(state) == ({"id", "s", "url"} if state["s"] == "c" else {"id", "s"})
            if not seen or seen[-1] != state["s"]:
                seen.append(state["s"])
        assert seen == ["q", "p", "c"]


@pytest.mark.parametrize("inline", [True, False])
async def test_upscaling_makes_the_given_picture_four_times_as_large(client: Client, inline: bool) -> None:
    url = INLINE
    if not inline:
        source = await generate(client, SCHNELL, {"prompt": "a cat", "image_size": "square"}, sync=True)
        url = source["url"]
    data = await generate(client, "fal-ai/aura-sr", {"image_url": url}, sync=True)
    answer = await client.download(data["url"])
    assert answer.headers["content-type"] == "image/png"
    assert picture(answer.content).size == ((256, 192) if inline else (2048, 2048))
    assert client.server.violations == []


async def test_background_removal_answers_a_png_with_transparency(client: Client) -> None:
    data = await generate(client, "fal-ai/birefnet", {"image_url": INLINE}, sync=True)
    cut = picture((await client.download(data["url"])).content)
    assert (cut.format, cut.mode, cut.size) == ("PNG", "RGBA", (64, 48))
    assert cut.getchannel("A").getextrema() == (0, 255)


@pytest.mark.parametrize(
    ("model", "given", "kind", "magic"),
    [
        (SCHNELL, {"prompt": "x", "image_size": "square", "output_format": "png"}, "image/png", b"\x89PNG"),
        ("fal-ai/flux/dev", {"prompt": "x", "seed": 4, "guidance_scale": 3.5}, "image/jpeg", b"\xff\xd8"),
        ("fal-ai/flux-pro", {"prompt": "x", "num_images": 1}, "image/jpeg", b"\xff\xd8"),
        ("fal-ai/flux/dev/image-to-image", {"prompt": "x", "image_url": INLINE}, "image/jpeg", b"\xff\xd8"),
        ("fal-ai/nano-banana/edit", {"prompt": "x", "image_urls": [INLINE, INLINE]}, "image/jpeg", b"\xff\xd8"),
        ("fal-ai/kling-video/image-to-video", {"image_url": INLINE}, "video/mp4", b"\0\0\0"),
        ("fal-ai/stable-audio", {"prompt": "rain", "seconds_total": 5}, "audio/mpeg", b"ID3"),
        ("fal-ai/triposr", {"image_url": INLINE}, "model/gltf-binary", b"glTF"),
    ],
)
async def test_every_kind_is_a_real_file(
    client: Client, model: str, given: dict[str, object], kind: str, magic: bytes
) -> None:
    data = await generate(client, model, given, sync=True)
    answer = await client.download(data["url"])
    assert (answer.headers["content-type"], answer.content[: len(magic)]) == (kind, magic)


async def test_the_log_cuts_huge_pictures(client: Client) -> None:
    huge = base64.b64encode(SMALL + bytes(200_000)).decode()
    await generate(client, "fal-ai/birefnet", {"image_url": f"data:image/png;base64,{huge}"}, sync=True)
    assert isinstance(client.last.body, dict)
    assert len(client.last.body["i"]["image_url"]) == 100_000


async def test_models_schema_and_balance_answer_as_documented(client: Client) -> None:
    listed = (await client.json("/models"))["m"]
    assert ["fal-ai/flux/schnell", 0.27] in listed
    assert ["fal-ai/flux/dev", 1.35] in listed
    assert ["fal-ai/flux-pro", 5] in listed
    assert {name for name, _ in listed} == set(MODELS)
    for category in ("text-to-image", "image-to-image", "text-to-video", "audio", "3d"):
        some = (await client.json(f"/models?category={category}"))["m"]
        assert len(some) >= 2
        assert all(entry in listed for entry in some)
    assert await client.json("/models/fal-ai%2Ffast-sdxl/schema") == {
        "r": ["prompt"],
        "p": {"prompt": "string", "image_size": "string"},
    }
    assert "prompt" in (await client.json("/models/fal-ai%2Fflux%2Fschnell/schema?full=1"))["p"]
    assert (await client.json("/models?full=1"))["m"]
    assert await client.json("/balance") == {"b": 1000}
    assert client.server.violations == []


async def test_the_balance_falls_on_completion_and_too_little_refuses(client: Client) -> None:
    await generate(client, SCHNELL, {"prompt": "x"})
    assert await client.json("/balance") == {"b": 999.73}
    await client.control("balance", {"balance": 1})
    answer = await client.post("/generate", {"m": "fal-ai/flux/dev", "i": {"prompt": "x"}})
    assert (answer.status_code, answer.json()) == (402, {"e": "insufficient balance"})
    assert client.server.violations == []


@pytest.mark.parametrize(
    ("body", "status", "e"),
    [
        (b"{", 400, "invalid json"),
        ([], 400, "invalid json"),
        ({"m": SCHNELL, "input": {"prompt": "x"}}, 400, "invalid json"),
        ({"m": SCHNELL, "model": SCHNELL, "i": {"prompt": "x"}}, 400, "invalid json"),
        ({"m": SCHNELL, "i": {"prompt": "x"}, "s": 1}, 400, "invalid json"),
        ({"m": SCHNELL, "i": {"prompt": "x"}, "w": 1}, 400, "invalid json"),
        ({"m": SCHNELL, "i": "x"}, 400, "invalid json"),
        ({"i": {"prompt": "x"}}, 400, "missing model"),
        ({"m": SCHNELL}, 400, "missing input"),
        ({"model": SCHNELL}, 400, "missing input"),
        ({"m": "fal-ai/flux", "i": {"prompt": "x"}}, 404, "unknown model"),
        ({"m": SCHNELL, "i": {}}, 502, "provider error"),
        ({"m": SCHNELL, "i": {"prompt": " "}}, 502, "provider error"),
        ({"m": SCHNELL, "i": {"prompt": "x", "num_images": 2}}, 502, "provider error"),
        ({"m": SCHNELL, "i": {"prompt": "x", "image_size": "huge"}}, 502, "provider error"),
        ({"m": SCHNELL, "i": {"prompt": "x", "seed": "1"}}, 502, "provider error"),
        ({"m": SCHNELL, "i": {"prompt": "x", "seed": True}}, 502, "provider error"),
        ({"m": SCHNELL, "i": {"prompt": "x", "colour": "red"}}, 502, "provider error"),
        ({"m": "fal-ai/aura-sr", "i": {"image_url": "x"}}, 502, "provider error"),
        ({"m": "fal-ai/aura-sr", "i": {"image_url": "data:image/png;base64,AAAA"}}, 502, "provider error"),
        ({"m": "fal-ai/aura-sr", "i": {"image_url": "data:image/png;base64,?"}}, 502, "provider error"),
        ({"m": "fal-ai/aura-sr", "i": {"image_url": "data:text/html,hi"}}, 502, "provider error"),
        ({"m": "fal-ai/aura-sr", "i": {"image_url": "http://127.0.0.1:1/x.png"}}, 502, "provider error"),
        ({"m": "fal-ai/aura-sr", "i": {"image_url": "https://t.example/file/bot7:a/b.jpg"}}, 502, "provider error"),
        ({"m": "fal-ai/aura-sr", "i": {"image_url": INLINE, "upscaling_factor": 2}}, 502, "provider error"),
        ({"m": "fal-ai/nano-banana/edit", "i": {"prompt": "x", "image_urls": INLINE}}, 502, "provider error"),
        ({"m": "fal-ai/nano-banana/edit", "i": {"prompt": "x", "image_urls": []}}, 502, "provider error"),
        ({"m": "fal-ai/nano-banana/edit", "i": {"prompt": "x", "image_urls": [INLINE] * 11}}, 502, "provider error"),
        ({"m": "fal-ai/nano-banana/edit", "i": {"prompt": "x", "image_urls": [INLINE, 1]}}, 502, "provider error"),
        ({"m": "fal-ai/minimax-video/image-to-video", "i": {"image_url": INLINE}}, 502, "provider error"),
    ],
)
async def test_anything_undocumented_is_refused_and_remembered(
    client: Client, body: object, status: int, e: str
) -> None:
    answer = await client.post("/generate", body)
    assert (answer.status_code, answer.json()) == (status, {"e": e})
    assert len(client.server.violations) == 1
    assert (client.last.outcome, client.last.cost) == ("refused", 0)


async def test_links_that_lead_to_no_picture_are_refused(client: Client) -> None:
    page = f"{client.server.origin}/private/secret"
    gone = f"{client.server.origin}/dl/gone.png"
    for url in (page, gone):
        answer = await client.post("/generate", {"m": "fal-ai/birefnet", "i": {"image_url": url}})
        assert answer.json() == {"e": "provider error"}
    assert len(client.server.violations) == 2


@pytest.mark.parametrize(
    "path",
    [
        *("/models?category=video", "/models?full=yes", "/models?page=2", "/models/fal-ai/flux/dev/schema"),
        *("/models/fal-ai%2Fnone/schema", "/balance?x=1", "/usage", "/generate", "/models?full=1&full=1"),
    ],
)
async def test_other_paths_and_parameters_are_violations_too(client: Client, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code in (400, 404)
    assert set(answer.json()) == {"e"}
    assert len(client.server.violations) == 1


async def test_an_unknown_request_is_not_found_and_no_violation(client: Client) -> None:
    answer = await client.get("/requests/4711")
    assert (answer.status_code, answer.json()) == (404, {"e": "not found"})
    assert client.server.violations == []


async def test_every_endpoint_wants_the_key(client: Client) -> None:
    for header in ("Bearer na_live_wrong", KEY, "Basic " + KEY):
        for path in ("/balance", "/models", "/models/fal-ai%2Fflux%2Fdev/schema", "/requests/1"):
            answer = await client.get(path, Authorization=header)
            assert (answer.status_code, answer.json()) == (401, {"e": "unauthorized"})
        assert (await client.post("/generate", b"{", Authorization=header)).status_code == 401
    assert client.server.violations == []


async def test_a_download_with_the_key_is_a_violation(client: Client) -> None:
    data = await generate(client, SCHNELL, {"prompt": "x", "image_size": "square"}, sync=True)
    assert (await client.get(data["url"])).status_code == 200
    assert client.server.violations == [
        f"GET {data['url'].removeprefix(client.server.origin)}: the key was sent to the host of the results"
    ]


def test_times_are_the_documented_ones_and_chosen_by_the_seed() -> None:
    one, other = (NeuroArtistServer(scale=1, seed=seed).state for seed in (1, 2))
    times = [one.seconds(1.6, 2.4, SCHNELL, str(number)) for number in range(100)]
    assert 1.6 <= min(times) < max(times) <= 2.4
    assert one.seconds(1, 2, "x") == one.seconds(1, 2, "x") != other.seconds(1, 2, "x")


async def test_models_can_be_added_dropped_and_repriced_while_it_runs(client: Client) -> None:
    models = client.server.state.models
    models["fal-ai/new"] = models.pop(SCHNELL)
    listed = dict((await client.json("/models"))["m"])
    assert "fal-ai/new" in listed
    assert SCHNELL not in listed
    client.server.state.reset()
    assert SCHNELL in dict((await client.json("/models"))["m"])
