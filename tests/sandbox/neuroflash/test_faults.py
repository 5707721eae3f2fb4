"""Every fault of the neuroflash simulator does what its name says."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from sandbox.kit.faults import RESULT_FAULTS
from sandbox.neuroflash import CATALOGUE, ERROR_DETAIL, NeuroflashServer
from tests.sandbox.neuroflash.test_server import HEADERS, KEY, WORKSPACE, Client, generate, view
from tests.sandbox.wire import refusals, running, spoil_names, spoils

STATUSES = (401, 403, 404, 429, 500)
TYPED = ("file_name", "file_size", "width", "height", "image_id")


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with running(NeuroflashServer((KEY,), workspaces=(WORKSPACE,), scale=0), **HEADERS) as client:
        yield client


async def with_fault(client: Client, name: str, value: float | None = None, **more: Any) -> Any:
    client.server.faults.add(name, value=value)
    return await generate(client, "a fox", **more)


async def test_refusals_of_an_order(client: Client) -> None:
    bodies = await refusals(client, "", lambda: client.post("/", {"prompt": "a fox"}), 401, 402, 403, 429, 500)
    assert [body["detail"] for body in bodies] == [
        *("Unauthorized", "Payment required", "Image generation is not included in your plan", "Too many requests"),
        f"Internal Server Error: {ERROR_DETAIL}",
    ]
    assert await client.json("/history") == []


async def test_spoilt_answers_to_an_order_leave_their_images_in_the_history(client: Client) -> None:
    good = await generate(client, "a fox")
    await spoils(client, "", lambda: client.post("/", {"prompt": "a fox"}), good)
    assert len(await client.json("/history")) == len(client.server.requests)


@pytest.mark.parametrize("path", ["/models", "/history", "/history/{}"])
async def test_spoilt_and_refused_reads(client: Client, path: str) -> None:
    path = path.format((await generate(client, "a fox"))["images"][0]["image_id"])
    await refusals(client, "read_", lambda: client.get(path), *STATUSES)
    await spoils(client, "read_", lambda: client.get(path), await client.json(path))


async def test_a_deletion_can_fail(client: Client) -> None:
    ref = (await generate(client, "a fox"))["images"][0]["image_id"]
    client.server.faults.add("read_500", model="delete")
    assert (await client.http.delete(f"/history/{ref}")).status_code == 500
    assert (await client.get(f"/history/{ref}")).status_code == 200


async def test_fields_of_the_type_object_in_the_history(client: Client) -> None:
    await generate(client, "a fox")
    client.server.faults.add("read_nulls")
    (entry,) = await client.json("/history")
    assert entry["parameters"] is entry["output_image_size"] is None
    client.server.faults.add("read_texts")
    (entry,) = await client.json("/history")
    assert (entry["output_image_width"], entry["input_images"]) == ("1024", "null")
    assert entry["parameters"] == '{"num_images": 1, "aspect_ratio": "1:1", "output_format": "png"}'


async def test_failures_make_nothing(client: Client) -> None:
    client.server.faults.add("failed")
    answer = await client.post("/", {"prompt": "a fox"})
    assert (answer.status_code, ERROR_DETAIL in answer.json()["detail"]) == (500, True)
    client.server.faults.add("break_off_failed")
    with pytest.raises(httpx.RemoteProtocolError):
        await client.post("/", {"prompt": "a fox"})
    assert await client.json("/history") == []
    assert [(record.outcome, record.cost) for record in client.server.requests] == [("failed", 0), ("reset", 0)]


async def test_a_broken_connection_leaves_an_image_that_appears_in_its_time() -> None:
    async with running(NeuroflashServer((KEY,), workspaces=(WORKSPACE,), scale=0.03), **HEADERS) as client:
        client.server.faults.add("break_off")
        with pytest.raises(httpx.RemoteProtocolError):
            await client.post("/", {"prompt": "a fox"})
        assert await client.json("/history") == []
        async with asyncio.timeout(10):
            while not (found := await client.json("/history")):
                await asyncio.sleep(0.02)
        assert found[0]["prompt"] == "a fox"


async def test_fewer_images(client: Client) -> None:
    more: dict[str, Any] = {"num_images": 3, "limit_generations": False}
    assert len((await with_fault(client, "fewer_images", 2, **more))["images"]) == 2
    data = await with_fault(client, "fewer_images", 0, **more)
    assert (data["images"], data["batch_id"]) == ([], None)


async def test_histories_that_lack_lag_or_repeat(client: Client) -> None:
    await with_fault(client, "without_history")
    assert await client.json("/history") == []
    ref = (await with_fault(client, "late_history", 0.6))["images"][0]["image_id"]
    assert await client.json("/history") == []
    assert (await client.get(f"/history/{ref}")).status_code == 404
    async with asyncio.timeout(10):
        while len(await client.json("/history")) < 1:
            await asyncio.sleep(0.02)
    data = await with_fault(client, "duplicate_history", 2)
    assert len(data["images"]) == 1
    twins = (await client.json("/history"))[:3]
    assert len({twin["batch_id"] for twin in twins}) == 3
    for same in ("prompt", "model", "created_at", "output_image_width"):
        assert len({twin[same] for twin in twins}) == 1
    assert twins[0]["parameters"] == twins[1]["parameters"] == twins[2]["parameters"]


async def test_missing_ids(client: Client) -> None:
    ids = []
    for name in ("without_ids", "without_image_id", "without_batch_id"):
        data = await with_fault(client, name)
        ids.append((data["images"][0]["image_id"] is None, data["batch_id"] is None))
    assert ids == [(True, True), (True, False), (False, True)]


async def test_fields_of_the_type_object(client: Client) -> None:
    for name, kind in (("object_nulls", type(None)), ("object_numbers", int), ("object_texts", str)):
        data = await with_fault(client, name)
        values = [data["batch_id"], data["detail"], *(data["images"][0][field] for field in TYPED)]
        assert {type(value) for value in values} == {kind}


async def test_details(client: Client) -> None:
    assert (await with_fault(client, "detail"))["detail"].startswith("You have used")
    assert (await with_fault(client, "detail_object"))["detail"]["code"] == "quota_warning"


async def test_links_of_every_form(client: Client) -> None:
    url = (await with_fault(client, "absolute_url"))["images"][0]["url"]
    assert url.startswith(client.server.base_url)
    assert (await client.get(url)).status_code == 200
    url = (await with_fault(client, "published_url"))["images"][0]["url"]
    assert url.startswith("/image_generation/")
    assert (await view(client, url)).status_code == 200
    assert (await generate(client, "x", "/edit", image_urls=[url]))["images"]
    assert client.server.violations == []


async def test_a_foreign_host_must_not_see_the_key(client: Client) -> None:
    url = (await with_fault(client, "foreign_url"))["images"][0]["url"]
    assert url.startswith("http://localhost:")
    here = url.replace("localhost", "127.0.0.1")
    assert (await client.download(here)).status_code == 200
    assert client.server.violations == []
    await client.get(here)
    assert len(client.server.violations) == 1


async def test_spoilt_results(client: Client) -> None:
    url = (await with_fault(client, "dead_result", 410))["images"][0]["url"]
    assert (await view(client, url)).status_code == 410
    url = (await with_fault(client, "result_lies"))["images"][0]["url"]
    assert (await view(client, url)).content.startswith(b"<!doctype html>")
    url = (await with_fault(client, "huge_chunked", 3_000_000))["images"][0]["url"]
    assert len((await view(client, url)).content) == 3_000_000


def test_every_fault_has_a_test() -> None:
    tried = {"401", "402", "403", "429", "500", "503_html", "failed", "break_off", "break_off_failed", "fewer_images"}
    tried |= {f"read_{status}" for status in (*STATUSES, "503_html")} | {"read_nulls", "read_texts"}
    tried |= {"without_history", "late_history", "duplicate_history", "without_ids", "without_image_id"}
    tried |= {"without_batch_id", "object_nulls", "object_numbers", "object_texts", "detail", "detail_object"}
    tried |= {"absolute_url", "foreign_url", "published_url"}
    assert set(CATALOGUE) == tried | spoil_names("", "read_") | set(RESULT_FAULTS)
