"""The neuroflash simulator keeps the documented contract, strictly on its side of the wire."""

import asyncio
import re
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any

import httpx
import pytest

from sandbox.neuroflash import NeuroflashServer
from tests.sandbox.wire import Wire, picture, running, shape, until

KEY, WORKSPACE = "nf-key", "ws-one"
HEADERS = {"Authorization": f"Bearer {KEY}", "x-workspace-id": WORKSPACE}
EXAMPLE: dict[str, object] = {
    "prompt": "string",
    "num_images": 1,
    "aspect_ratio": "string",
    "output_format": "string",
    "model": {},
    "limit_generations": False,
}
IMAGE = {"url", "content_type", "file_name", "file_size", "width", "height", "image_id"}
ENTRY = {
    *("output_image_id", "batch_id", "user_id", "workspace_id", "prompt", "model", "parameters", "input_images"),
    *("output_image_url", "output_image_width", "output_image_height", "output_image_size", "created_at"),
}
MODEL = {
    *("id", "name", "provider", "description", "capabilities", "max_images", "aspect_ratios", "output_formats"),
    *("allowed", "order"),
}
PATH = re.compile(r"/api/ds-prototypes/image_generation/[0-9a-f-]{36}/view")
Client = Wire[NeuroflashServer]
NO_ORDERS: list[object] = [b"{", [], {}, {"prompt": ""}, {"prompt": 1}, {"prompt": "x", "seed": 1}]
WRONG_COUNTS: list[object] = [0, 5, "2", 1.0, True, None]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    server = NeuroflashServer((KEY, "other-key"), workspaces=(WORKSPACE, "ws-two"), scale=0, balance=100)
    async with running(server, **HEADERS) as client:
        yield client


async def generate(client: Client, prompt: str, path: str = "/", **more: Any) -> Any:
    answer = await client.post(path, {"prompt": prompt, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def view(client: Client, url: str) -> httpx.Response:
    return await client.http.get(client.server.origin + url)


async def test_the_documents_generation_is_taken_and_answered_as_documented(client: Client) -> None:
    data = (await client.post("/", EXAMPLE)).json()
    assert set(data) == {"images", "description", "prompt", "detail", "batch_id"}
    (image,) = data["images"]
    assert set(image) == IMAGE
    assert PATH.fullmatch(image["url"])
    assert (data["prompt"], data["detail"], image["content_type"]) == ("string", None, "image/png")
    file = await view(client, image["url"])
    assert file.headers["content-type"] == "image/png"
    assert (picture(file.content).size, len(file.content)) == ((image["width"], image["height"]), image["file_size"])
    assert client.last.body == EXAMPLE
    assert client.server.violations == []


async def test_the_documents_way_to_an_edit(client: Client) -> None:
    made = await generate(client, "a fox", aspect_ratio="3:2")
    (entry,) = await client.json("/history")
    assert set(entry) == ENTRY
    assert entry["output_image_id"] == made["images"][0]["image_id"]
    edited = (await client.post("/edit", {**EXAMPLE, "image_urls": [entry["output_image_url"]]})).json()
    assert (edited["images"][0]["width"], edited["images"][0]["height"]) == (1248, 832)
    newest = (await client.json("/history"))[0]
    assert newest["input_images"] == [entry["output_image_url"]]
    assert newest["output_image_id"] == edited["images"][0]["image_id"]
    one, two = [(await view(client, data["images"][0]["url"])).content for data in (made, edited)]
    assert one != two
    assert client.server.violations == []


async def test_an_edit_may_combine_several_images(client: Client) -> None:
    paths = [(await generate(client, words))["images"][0]["url"] for words in ("a fox", "a lake")]
    data = await generate(client, "both", "/edit", image_urls=paths, aspect_ratio="auto", output_format="jpeg")
    assert data["images"][0]["content_type"] == "image/jpeg"
    assert (await client.json("/history"))[0]["input_images"] == paths


async def test_several_images_are_one_batch(client: Client) -> None:
    data = await generate(client, "a fox", num_images=3, limit_generations=False, model="seedream")
    assert len({image["image_id"] for image in data["images"]}) == 3
    entries = await client.json("/history?model=seedream")
    assert {entry["batch_id"] for entry in entries} == {data["batch_id"]}
    assert entries[0]["parameters"] == {"num_images": 3, "aspect_ratio": "1:1", "output_format": "jpeg"}
    assert client.server.state.balance == 97


@pytest.mark.parametrize("more", [{"limit_generations": True}, {}])
async def test_limited_generations_make_one_image_whatever_was_asked(client: Client, more: dict[str, Any]) -> None:
    data = await generate(client, "a fox", num_images=2, **more)
    assert len(data["images"]) == 1
    assert len(client.server.violations) == 1


async def test_models_say_what_is_allowed(client: Client) -> None:
    models = await client.json("/models")
    assert all(set(model) == MODEL for model in models)
    assert {model["allowed"] for model in models} == {True, False}
    assert [model["order"] for model in models] == [1, 2, 3, 4]
    client.server.state.models.pop("seedream")
    assert len(await client.json("/models")) == 3


async def test_the_history_is_shared_paged_filtered_and_deleted_from(client: Client) -> None:
    ids = [(await generate(client, str(number)))["images"][0]["image_id"] for number in range(3)]
    newest_first = ids[::-1]
    other = await client.get("/history", Authorization="Bearer other-key")
    assert [entry["output_image_id"] for entry in other.json()] == newest_first
    assert (await client.get("/history", **{"x-workspace-id": "ws-two"})).json() == []
    page = await client.json("/history?limit=1&offset=1")
    assert [entry["output_image_id"] for entry in page] == [ids[1]]
    assert await client.json("/history?model=seedream") == []
    entry = await client.json(f"/history/{ids[0]}")
    assert shape(entry) == shape(page[0])
    assert (entry["prompt"], entry["workspace_id"], entry["model"]) == ("0", WORKSPACE, "nano-banana")
    deleted = await client.http.delete(f"/history/{ids[0]}")
    assert (deleted.status_code, deleted.json()) == (200, {})
    assert (await client.get(f"/history/{ids[0]}")).status_code == 404
    assert (await client.http.delete(f"/history/{ids[0]}")).status_code == 404
    assert (await view(client, entry["output_image_url"])).status_code == 404
    gone = await client.post("/edit", {"prompt": "x", "image_urls": [entry["output_image_url"]]})
    assert gone.status_code == 404
    assert client.server.violations == []


async def test_the_answer_blocks_and_a_client_that_leaves_finds_its_image_in_the_history() -> None:
    async with running(NeuroflashServer((KEY,), workspaces=(WORKSPACE,), scale=0.03), **HEADERS) as client:
        started = monotonic()
        await generate(client, "a fox")
        assert monotonic() - started >= 0.03 * 8 * 0.7
        leaving = asyncio.create_task(client.post("/", {"prompt": "left alone"}))
        await until(lambda: client.last.outcome == "running")
        leaving.cancel()
        async with asyncio.timeout(10):
            while len(await client.json("/history")) < 2:
                await asyncio.sleep(0.02)
        assert client.last.outcome == "abandoned"
        assert (await client.json("/history"))[0]["prompt"] == "left alone"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        *((body, 422) for body in NO_ORDERS),
        *(({"prompt": "x", "num_images": n}, 422) for n in WRONG_COUNTS),
        *(({"prompt": "x", "aspect_ratio": ratio}, 422) for ratio in ("auto", "5:1", 1, None)),
        *(({"prompt": "x", "output_format": form}, 422) for form in ("webp", "PNG", None)),
        *(({"prompt": "x", "model": model}, 422) for model in ("sora", 1, None, {"id": "nano-banana"})),
        ({"prompt": "x", "model": "gpt-image"}, 403),
        ({"prompt": "x", "model": "seedream", "output_format": "png"}, 422),
        ({"prompt": "x", "model": "nano-banana-pro", "num_images": 3, "limit_generations": False}, 422),
        ({"prompt": "x", "limit_generations": "no"}, 422),
        ({"prompt": "x", "image_urls": []}, 422),
    ],
)
async def test_anything_undocumented_is_refused_and_remembered(client: Client, body: object, status: int) -> None:
    answer = await client.post("/", body)
    assert answer.status_code == status
    assert answer.json()["detail"]
    assert len(client.server.violations) == 1
    assert client.last.outcome == "refused"


@pytest.mark.parametrize(
    ("urls", "status"),
    [
        *((urls, 422) for urls in (None, [], "x", [1], ["/x"] * 11)),
        (["https://app.neuroflash.com/api/ds-prototypes/image_generation/1/view"], 500),
        (["http://127.0.0.1/api/ds-prototypes/image_generation/1/view"], 500),
        (["data:image/png;base64,AAAA"], 500),
    ],
)
async def test_edits_take_relative_paths_only(client: Client, urls: object, status: int) -> None:
    answer = await client.post("/edit", {"prompt": "x", "image_urls": urls})
    assert answer.status_code == status
    assert len(client.server.violations) == 1


async def test_an_edit_wants_a_model_that_edits(client: Client) -> None:
    path = (await generate(client, "x"))["images"][0]["url"]
    answer = await client.post("/edit", {"prompt": "x", "image_urls": [path], "model": "seedream"})
    assert answer.status_code == 422
    assert (await client.post("/edit", {"prompt": "x"})).status_code == 422
    assert len(client.server.violations) == 2


async def test_a_post_wants_its_trailing_slash(client: Client) -> None:
    answer = await client.bare.post(client.server.base_url, json={"prompt": "x"}, headers=HEADERS)
    assert answer.status_code == 404
    assert client.server.violations == ["POST /api/ds-prototypes: not documented"]


@pytest.mark.parametrize(
    "path",
    [
        *("/history?limit=0", "/history?limit=1001", "/history?offset=-1", "/history?limit=x", "/history?page=1"),
        *("/models?x=1", "/edit", "/usage", "/models/nano-banana"),
    ],
)
async def test_other_paths_and_parameters_are_violations_too(client: Client, path: str) -> None:
    assert (await client.get(path)).status_code in (404, 422)
    assert len(client.server.violations) == 1


async def test_key_and_workspace_are_wanted_everywhere(client: Client) -> None:
    path = (await generate(client, "x"))["images"][0]["url"]
    for url in ("/models", "/history", "/history/1", client.server.origin + path):
        assert (await client.get(url, Authorization="Bearer no")).status_code == 401
        assert (await client.get(url, **{"x-workspace-id": "ws-none"})).status_code == 403
        assert (await client.get(url, **{"x-workspace-id": ""})).status_code == 422
    assert (await client.post("/", {"prompt": "x"}, **{"x-workspace-id": ""})).status_code == 422
    assert len(client.server.violations) == 5


async def test_plans_without_images_and_spent_quotas_are_403(client: Client) -> None:
    await client.control("plan", {"images": False})
    answer = await client.post("/", {"prompt": "x"})
    assert (answer.status_code, answer.json()) == (403, {"detail": "Image generation is not included in your plan"})
    await client.control("reset")
    await client.control("balance", {"balance": 2})
    assert (await generate(client, "x"))["detail"] == "Only 1 image generations left in your quota"
    answer = await client.post("/", {"prompt": "x", "num_images": 2, "limit_generations": False})
    assert (answer.status_code, answer.json()) == (403, {"detail": "Image generation quota exceeded"})
    wrong = await client.bare.post(f"{client.server.origin}/sandbox/plan", json={"images": 1})
    assert wrong.status_code == 400
    assert client.server.violations == []
