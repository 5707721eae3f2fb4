"""Every fault of the Naive simulator does what its name says."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.kit.faults import RESULT_FAULTS
from sandbox.naive import CATALOGUE, ERROR_DETAIL, NaiveServer
from tests.sandbox.naive.test_server import ACCEPTED, AUTH, COMPLETED, KEY, SCHNELL, Client, finished, order
from tests.sandbox.wire import refusals, running, shape, spoil_names, spoils

GIVEN: dict[str, object] = {"prompt": "a logo", "num_images": 2, "image_size": "square", "output_format": "png"}
BODY = {"model": SCHNELL, "input": GIVEN}
STATUSES = (401, 403, 404, 429, 500)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with running(NaiveServer((KEY,), scale=0), **AUTH) as client:
        yield client


async def with_fault(client: Client, name: str, value: float | None = None) -> Any:
    client.server.faults.add(name, value=value)
    return await finished(client, GIVEN)


async def test_refusals_of_an_order(client: Client) -> None:
    bodies = await refusals(client, "", lambda: client.post("/v1/images/generate", BODY), 401, 402, 403, 429, 500)
    assert [body["error"] for body in bodies] == [
        *("unauthorized", "insufficient_credits", "forbidden", "rate_limited", "internal_error")
    ]
    assert ERROR_DETAIL in bodies[-1]["message"]
    client.server.faults.add("402_nested")
    answer = await client.post("/v1/images/generate", BODY)
    assert (answer.status_code, answer.json()["error"]["code"]) == (402, "insufficient_credits")


async def test_spoilt_answers_to_an_order(client: Client) -> None:
    await spoils(client, "", lambda: client.post("/v1/images/generate", BODY), ACCEPTED)


async def test_other_good_answers_to_an_order(client: Client) -> None:
    client.server.faults.add("status", value=200)
    assert (await client.post("/v1/images/generate", BODY)).status_code == 200
    client.server.faults.add("without_estimates")
    assert set(await order(client, GIVEN)) == {"job_id", "status"}


async def test_spoilt_and_refused_polls(client: Client) -> None:
    ref = (await order(client, GIVEN))["job_id"]
    await refusals(client, "poll_", lambda: client.get(f"/v1/jobs/{ref}"), *STATUSES)
    await spoils(client, "poll_", lambda: client.get(f"/v1/images/{ref}"), COMPLETED)


@pytest.mark.parametrize("path", ["images/models", f"images/pricing?model={SCHNELL}", "usage"])
async def test_spoilt_and_refused_reads(client: Client, path: str) -> None:
    await refusals(client, "read_", lambda: client.get(f"/v1/{path}"), *STATUSES)
    await spoils(client, "read_", lambda: client.get(f"/v1/{path}"), await client.json(f"/v1/{path}"))


async def test_a_cancel_can_fail(client: Client) -> None:
    client.server.faults.add("stuck")
    ref = (await order(client, GIVEN))["job_id"]
    client.server.faults.add("read_500", model="cancel")
    assert (await client.http.delete(f"/v1/jobs/{ref}")).status_code == 500
    assert (await client.json(f"/v1/jobs/{ref}"))["status"] in ("queued", "processing")
    assert (await client.http.delete(f"/v1/jobs/{ref}")).status_code == 200


async def test_jobs_that_end_badly_cost_nothing(client: Client) -> None:
    assert (await with_fault(client, "failed"))["error"] == ERROR_DETAIL
    assert "error" not in await with_fault(client, "failed_silently")
    assert (await with_fault(client, "cancelled"))["status"] == "cancelled"
    assert [(record.outcome, record.cost) for record in client.server.requests] == [
        *(("failed", 0), ("failed", 0), ("cancelled", 0))
    ]
    assert await client.json("/v1/usage") == {"balance": 10_000}


async def test_lost_and_stuck_jobs(client: Client) -> None:
    client.server.faults.add("lost")
    ref = (await order(client, GIVEN))["job_id"]
    assert (await client.get(f"/v1/jobs/{ref}")).status_code == 404
    assert (await with_fault(client, "stuck"))["status"] in ("queued", "processing")


async def test_unknown_statuses_lead_to_completion() -> None:
    async with running(NaiveServer((KEY,), scale=0.02), **AUTH) as client:
        client.server.faults.add("unknown_status")
        ref, seen = (await order(client, GIVEN))["job_id"], set()
        while "completed" not in seen:
            seen.add((await client.json(f"/v1/jobs/{ref}"))["status"])
        assert seen == {"warming_up", "uploading", "completed"}


async def test_results_with_something_missing(client: Client) -> None:
    assert "progress" not in await with_fault(client, "without_progress")
    assert "result" not in await with_fault(client, "without_result")
    late = await with_fault(client, "late_result", 1)
    assert "result" not in late
    assert (await client.json(f"/v1/jobs/{late['id']}"))["result"]["images"]
    assert len((await with_fault(client, "fewer_images"))["result"]["images"]) == 1
    assert (await with_fault(client, "fewer_images", 0))["result"]["images"] == []
    told = await with_fault(client, "without_credits")
    assert "credits_used" not in told
    assert "seed" not in told["result"]


async def test_links_that_are_none(client: Client) -> None:
    for name, start in (("relative_url", "/dl/"), ("strange_url", "ftp://")):
        told = await with_fault(client, name)
        assert all(image["url"].startswith(start) for image in told["result"]["images"])


async def test_odd_costs(client: Client) -> None:
    assert (await with_fault(client, "dear", 5))["credits_used"] == 0.06
    assert (await with_fault(client, "fractional_credits"))["credits_used"] == pytest.approx(0.0120004, abs=1e-9)
    assert (await with_fault(client, "text_credits"))["credits_used"] == "0.01"


async def test_spoilt_results(client: Client) -> None:
    told = await with_fault(client, "dead_result", 410)
    assert [(await client.download(image["url"])).status_code for image in told["result"]["images"]] == [410, 410]
    told = await with_fault(client, "result_html")
    page = await client.download(told["result"]["images"][0]["url"])
    assert page.headers["content-type"] == "text/html"
    told = await with_fault(client, "huge_file", 3_000_000)
    assert len((await client.download(told["result"]["images"][1]["url"])).content) == 3_000_000


async def test_wrong_types_of_each_field_in_turn(client: Client) -> None:
    ref = (await order(client, GIVEN))["job_id"]
    good = await client.json(f"/v1/jobs/{ref}")
    seen = set()
    for number in range(1, 19):
        client.server.faults.add("poll_wrong_types", value=number)
        seen.add(str(shape(await client.json(f"/v1/jobs/{ref}"))))
    assert len(seen) == 18
    assert str(shape(good)) not in seen


def test_every_fault_has_a_test() -> None:
    tried = {"401", "402", "402_nested", "403", "429", "500", "503_html", "status", "without_estimates"}
    tried |= {f"{prefix}{status}" for prefix in ("poll_", "read_") for status in (*STATUSES, "503_html")}
    tried |= {"failed", "failed_silently", "cancelled", "lost", "stuck", "unknown_status", "without_progress"}
    tried |= {"without_result", "fewer_images", "relative_url", "strange_url", "dear", "fractional_credits"}
    tried |= {"text_credits", "without_credits", "late_result"}
    assert set(CATALOGUE) == tried | spoil_names("", "poll_", "read_") | set(RESULT_FAULTS)
