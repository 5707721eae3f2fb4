"""The Naive simulator keeps the documented contract, strictly on its side of the wire."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import av
import pytest

from sandbox.naive import NaiveServer
from sandbox.naive.contract import MODELS
from tests.sandbox.wire import Wire, picture, running, shape

KEY = "nv_sk_live_x"
AUTH = {"Authorization": f"Bearer {KEY}"}
SCHNELL, PRO = "fal-ai/flux/schnell", "fal-ai/flux-pro/v1.1"
VIDEO = "fal-ai/minimax/video-01"
ORDER = """{
    "model": "fal-ai/flux/schnell",
    "input": {
      "prompt": "A minimalist logo for a tech startup",
      "image_size": "square_hd",
      "num_images": 2,
      "seed": 42
    }
  }"""
ACCEPTED = {
    "job_id": "job-uuid",
    "status": "queued",
    "type": "image_generation",
    "model": "fal-ai/flux/schnell",
    "estimated_seconds": 8,
    "estimated_credits": 4,
    "hint": "Poll GET /v1/jobs/job-uuid or GET /v1/images/job-uuid. Credits charged on completion only.",
}
COMPLETED = {
    "id": "job-uuid",
    "type": "image_generation",
    "status": "completed",
    "progress": 100,
    "model": "fal-ai/flux/schnell",
    "result": {
        "images": [
            {"url": "https://fal.media/files/...", "width": 1024, "height": 1024, "content_type": "image/png"},
            {"url": "https://fal.media/files/...", "width": 1024, "height": 1024, "content_type": "image/png"},
        ],
        "seed": 42,
        "prompt": "A minimalist logo for a tech startup",
    },
    "credits_used": 4,
    "created_at": "2026-05-02T10:30:00Z",
    "completed_at": "2026-05-02T10:30:08Z",
}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
Client = Wire[NaiveServer]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with running(NaiveServer((KEY,), scale=0), **AUTH) as client:
        yield client


async def order(client: Client, given: dict[str, object], model: str = SCHNELL, path: str = "images") -> Any:
    answer = await client.post(f"/v1/{path}/generate", {"model": model, "input": given})
    assert 200 <= answer.status_code < 300, answer.text
    return answer.json()


async def finished(client: Client, given: dict[str, object], model: str = SCHNELL) -> Any:
    return await client.json(f"/v1/jobs/{(await order(client, given, model))['job_id']}")


async def test_the_documents_order_is_answered_as_documented(client: Client) -> None:
    answer = await client.post("/v1/images/generate", ORDER.encode())
    data = answer.json()
    assert answer.status_code == 202
    assert shape(data) == shape(ACCEPTED)
    same = ("status", "type", "model", "estimated_seconds")
    assert [data[name] for name in same] == [ACCEPTED[name] for name in same]
    assert data["hint"] == str(ACCEPTED["hint"]).replace("job-uuid", data["job_id"])
    assert data["estimated_credits"] == 0.012
    assert client.last.body == json.loads(ORDER)
    for path in ("jobs", "images"):
        told = await client.json(f"/v1/{path}/{data['job_id']}")
        assert shape(told) == shape(COMPLETED)
        assert told["result"]["images"][0]["content_type"] == "image/png"
        assert (told["status"], told["progress"], told["credits_used"]) == ("completed", 100, 0.012)
        assert (told["result"]["seed"], told["result"]["prompt"]) == (42, "A minimalist logo for a tech startup")
        assert all(TIME.fullmatch(told[name]) for name in ("created_at", "completed_at"))
    assert client.server.violations == []


async def test_images_are_as_many_as_large_and_of_the_format_asked_for(client: Client) -> None:
    told = await finished(
        client, {"prompt": "x", "num_images": 4, "image_size": "portrait_16_9", "output_format": "png"}
    )
    images = told["result"]["images"]
    files = [(await client.download(image["url"])).content for image in images]
    assert len(set(files)) == 4
    assert (images[0]["width"], images[0]["height"], images[0]["content_type"]) == (576, 1024, "image/png")
    assert {(picture(data).size, picture(data).format) for data in files} == {((576, 1024), "PNG")}


async def test_the_seed_chooses_the_picture_and_is_told_when_none_was_given(client: Client) -> None:
    first = await finished(client, {"prompt": "x", "image_size": "square"})
    again = await finished(client, {"prompt": "x", "image_size": "square", "seed": first["result"]["seed"]})
    one, two = [(await client.download(told["result"]["images"][0]["url"])).content for told in (first, again)]
    assert one == two


async def test_the_model_may_be_left_out(client: Client) -> None:
    answer = await client.post("/v1/images/generate", {"input": {"prompt": "x"}})
    assert answer.json()["model"] == SCHNELL


async def test_video_goes_the_same_way(client: Client) -> None:
    ref = (await order(client, {"prompt": "waves"}, VIDEO, "video"))["job_id"]
    told = await client.json(f"/v1/video/{ref}")
    assert told["type"] == "video_generation"
    answer = await client.download(told["result"]["video"]["url"])
    with av.open(BytesIO(answer.content), "r") as container:
        assert [stream.type for stream in container.streams] == ["video"]
    assert (await client.get(f"/v1/images/{ref}")).status_code == 404
    price = await client.json(f"/v1/video/pricing?model={VIDEO}")
    assert price["estimated_credits"] == told["credits_used"] == 1.0
    assert len((await client.json("/v1/video/models"))["models"]) == 2
    assert client.server.violations == []


async def test_models_prices_and_usage(client: Client) -> None:
    models = {model["id"]: model for model in (await client.json("/v1/images/models"))["models"]}
    assert models[SCHNELL]["estimated_seconds"] == 8
    assert {"guidance_scale", "num_inference_steps"} <= set(models[SCHNELL]["key_params"])
    assert not {"guidance_scale", "num_inference_steps"} & set(models[PRO]["key_params"])
    assert await client.json("/v1/images/pricing?model=fal-ai/fast-sdxl&num_images=3") == {
        "model": "fal-ai/fast-sdxl",
        "estimated_credits": 0.12,
        "fal_unit_price_usd": 0.02,
        "credit_value_usd": 0.5,
    }
    assert await client.json("/v1/usage") == {"balance": 10_000}
    await finished(client, {"prompt": "x", "num_images": 2})
    assert await client.json("/v1/usage") == {"balance": 9999.988}
    assert client.server.violations == []


async def test_jobs_go_through_their_states_and_can_be_cancelled() -> None:
    async with running(NaiveServer((KEY,), scale=0.08), **AUTH) as client:
        kept, dropped = [(await order(client, {"prompt": "x"}))["job_id"] for _ in range(2)]
        first = await client.json(f"/v1/jobs/{kept}")
        assert (first["status"], first["progress"]) == ("queued", 0)
        assert {"result", "credits_used", "completed_at"}.isdisjoint(first)
        answer = await client.http.delete(f"/v1/jobs/{dropped}")
        assert (answer.status_code, answer.json()) == (200, {"id": dropped, "status": "cancelled"})
        seen, progress = ["queued"], [0]
        while seen[-1] != "completed":
            told = await client.json(f"/v1/jobs/{kept}")
            progress.append(told["progress"])
            seen += [] if seen[-1] == told["status"] else [told["status"]]
            await asyncio.sleep(0.002)
        assert seen == ["queued", "processing", "completed"]
        assert progress == sorted(progress)
        assert (await client.json(f"/v1/jobs/{dropped}"))["status"] == "cancelled"
        assert (await client.http.delete(f"/v1/jobs/{kept}")).status_code == 409
        assert (await client.http.delete("/v1/jobs/none")).status_code == 404
        assert [record.outcome for record in client.server.requests] == ["completed", "cancelled"]
        assert (await client.json("/v1/usage"))["balance"] == 9999.994


async def test_too_few_credits_refuse_but_jobs_side_by_side_overdraw() -> None:
    async with running(NaiveServer((KEY,), scale=0.005, balance=0.08), **AUTH) as client:
        refs = [(await order(client, {"prompt": "x"}, PRO))["job_id"] for _ in range(2)]
        while {(await client.json(f"/v1/jobs/{ref}"))["status"] for ref in refs} != {"completed"}:
            await asyncio.sleep(0.01)
        assert await client.json("/v1/usage") == {"balance": -0.08}
        answer = await client.post("/v1/images/generate", {"input": {"prompt": "x"}})
        assert (answer.status_code, answer.json()["error"]) == (402, "insufficient_credits")
        assert client.server.violations == []


@pytest.mark.parametrize(
    "body",
    [
        *(b"{", [], {}, {"input": "x"}, {"input": {}}, {"input": {"prompt": ""}}, {"input": {"prompt": "x"}, "n": 1}),
        *({"model": model, "input": {"prompt": "x"}} for model in (None, "flux", VIDEO, 1)),
        *({"input": {"prompt": "x", "num_images": number}} for number in (0, 5, "2", 2.0, True, None)),
        *({"input": {"prompt": "x", "image_size": size}} for size in ("1024x1024", "Square", {"width": 1}, None)),
        *({"input": {"prompt": "x", "num_inference_steps": steps}} for steps in (0, 13, 4.5)),
        *({"model": PRO, "input": {"prompt": "x", name: 4}} for name in ("guidance_scale", "num_inference_steps")),
        *({"input": {"prompt": "x", "output_format": form}} for form in ("jpg", "webp", "PNG")),
        *({"input": {"prompt": "x", **more}} for more in ({"seed": -1}, {"seed": "1"}, {"style": "x"})),
        *({"input": {"prompt": "x", **more}} for more in ({"enable_safety_checker": 1}, {"guidance_scale": "3"})),
    ],
)
async def test_anything_undocumented_is_refused_and_remembered(client: Client, body: object) -> None:
    answer = await client.post("/v1/images/generate", body)
    assert answer.status_code in (400, 404)
    assert set(answer.json()) == {"error", "message"}
    assert len(client.server.violations) == 1
    assert client.last.outcome == "refused"


@pytest.mark.parametrize(
    "path",
    [
        *("/v1/images/pricing", "/v1/images/pricing?model=x", f"/v1/images/pricing?model={SCHNELL}&num_images=5"),
        *(f"/v1/images/pricing?model={SCHNELL}&n=1", f"/v1/video/pricing?model={VIDEO}&num_images=1"),
        *("/v1/images/models?page=1", "/v1/usage?x=1", "/v1/models", "/v1/images/generate/x"),
    ],
)
async def test_other_paths_and_parameters_are_violations_too(client: Client, path: str) -> None:
    assert (await client.get(path)).status_code in (400, 404)
    assert len(client.server.violations) == 1


async def test_an_unknown_job_is_not_found_and_no_violation(client: Client) -> None:
    for path in ("jobs", "images", "video"):
        assert (await client.get(f"/v1/{path}/4711")).status_code == 404
    assert client.server.violations == []


async def test_every_endpoint_wants_the_key(client: Client) -> None:
    for path in ("images/models", f"images/pricing?model={SCHNELL}", "usage", "jobs/1", "images/1"):
        assert (await client.get(f"/v1/{path}", Authorization="Bearer nv_sk_wrong")).status_code == 401
    assert (await client.http.delete("/v1/jobs/1", headers={"Authorization": ""})).status_code == 401
    assert (await client.post("/v1/images/generate", b"{", Authorization="x")).status_code == 401
    assert client.server.violations == []
    assert set(MODELS) > {SCHNELL, PRO, VIDEO}
