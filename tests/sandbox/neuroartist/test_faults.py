"""Every fault of the NeuroArtist simulator does what its name says."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from sandbox.kit.faults import RESULT_FAULTS
from sandbox.neuroartist import CATALOGUE, ERROR_DETAIL, NeuroArtistServer
from tests.sandbox.neuroartist.test_server import AUTH, SCHNELL, Client, generate
from tests.sandbox.wire import refusals, running, spoil_names, spoils

BODY = {"m": SCHNELL, "i": {"prompt": "a cat", "image_size": "square"}}
STATUSES = (401, 403, 404, 429, 500)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with running(NeuroArtistServer(scale=0), **AUTH) as client:
        yield client


async def test_refusals_of_an_order(client: Client) -> None:
    bodies = await refusals(client, "", lambda: client.post("/generate", BODY), 401, 402, 403, 429, 500)
    assert [body["e"] for body in bodies] == [
        *("unauthorized", "insufficient balance", "forbidden", "rate limit exceeded"),
        f"Internal Server Error: {ERROR_DETAIL}",
    ]
    for name, status, e in (
        ("provider_error", 502, "provider error"),
        ("unknown_model", 404, "unknown model"),
        ("error_200", 200, "provider error"),
    ):
        client.server.faults.add(name)
        answer = await client.post("/generate", BODY)
        assert (answer.status_code, answer.json()) == (status, {"e": e})
    assert client.server.violations == []


async def test_spoilt_answers_to_an_order(client: Client) -> None:
    await spoils(client, "", lambda: client.post("/generate", BODY), {"id": "x"})
    assert all(record.outcome in ("running", "completed") for record in client.server.requests)


async def test_spoilt_and_refused_polls(client: Client) -> None:
    ref = (await generate(client, SCHNELL, {"prompt": "a cat"}))["id"]
    bodies = await refusals(client, "poll_", lambda: client.get(f"/requests/{ref}"), *STATUSES)
    assert bodies[2] == {"e": "not found"}
    good = {"id": ref, "s": "c", "url": "x"}
    await spoils(client, "poll_", lambda: client.get(f"/requests/{ref}"), good)


@pytest.mark.parametrize("path", ["/balance", "/models", "/models/fal-ai%2Fflux%2Fdev/schema"])
async def test_spoilt_and_refused_reads(client: Client, path: str) -> None:
    await refusals(client, "read_", lambda: client.get(path), *STATUSES)
    await spoils(client, "read_", lambda: client.get(path), await client.json(path))


async def test_a_read_fault_can_name_its_endpoint(client: Client) -> None:
    client.server.faults.add("read_500", model="balance")
    assert (await client.get("/models")).status_code == 200
    assert (await client.get("/balance")).status_code == 500


async def test_failed_requests(client: Client) -> None:
    for name, more in (("failed", {}), ("failed_with_e", {"e": ERROR_DETAIL})):
        client.server.faults.add(name)
        ref = (await generate(client, SCHNELL, {"prompt": "x"}))["id"]
        assert await client.json(f"/requests/{ref}") == {"id": ref, "s": "f", **more}
        assert (client.last.outcome, client.last.cost) == ("failed", 0)
        client.server.faults.add(name)
        answer = await client.post("/generate", {**BODY, "s": True})
        assert (answer.status_code, answer.json()) == (502, {"e": "provider error"})
    assert await client.json("/balance") == {"b": 100_000}


async def test_lost_and_stuck_requests(client: Client) -> None:
    client.server.faults.add("lost")
    ref = (await generate(client, SCHNELL, {"prompt": "x"}))["id"]
    assert (await client.get(f"/requests/{ref}")).json() == {"e": "not found"}
    client.server.faults.add("stuck")
    ref = (await generate(client, SCHNELL, {"prompt": "x"}))["id"]
    for _ in range(3):
        assert (await client.json(f"/requests/{ref}"))["s"] in ("q", "p")
    client.server.faults.add("stuck")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await client.post("/generate", {**BODY, "s": True})


async def test_unknown_statuses_lead_to_completion() -> None:
    async with running(NeuroArtistServer(scale=0.1), **AUTH) as client:
        client.server.faults.add("unknown_status")
        ref = (await generate(client, SCHNELL, {"prompt": "x"}))["id"]
        seen = set()
        while "c" not in seen:
            seen.add((await client.json(f"/requests/{ref}"))["s"])
        assert seen == {"w", "post-processing", "c"}


async def test_links_that_are_none(client: Client) -> None:
    for name, start in (("without_url", None), ("relative_url", "/dl/"), ("strange_url", "ftp://")):
        client.server.faults.add(name)
        data = await generate(client, SCHNELL, {"prompt": "x"}, sync=True)
        told = await client.json(f"/requests/{data['id']}")
        assert told.get("url") == data.get("url")
        assert start is None if "url" not in data else data["url"].startswith(str(start))


async def test_a_result_may_come_later(client: Client) -> None:
    client.server.faults.add("late_url")
    data = await generate(client, SCHNELL, {"prompt": "x"}, sync=True)
    assert "url" not in data
    assert "url" not in await client.json(f"/requests/{data['id']}")
    assert (await client.json(f"/requests/{data['id']}"))["url"]
    client.server.faults.add("result_late", value=202)
    data = await generate(client, SCHNELL, {"prompt": "x", "image_size": "square"}, sync=True)
    assert [(await client.download(data["url"])).status_code for _ in range(3)] == [202, 202, 200]


async def test_dear(client: Client) -> None:
    client.server.faults.add("dear", value=10)
    await generate(client, SCHNELL, {"prompt": "x"}, sync=True)
    assert await client.json("/balance") == {"b": 99_997.3}
    assert client.last.cost == pytest.approx(2.7)


async def test_results_are_spoilt_like_those_of_every_simulator(client: Client) -> None:
    expected = {
        "dead_result": (404, "text/plain"),
        "result_late": (404, "image/jpeg"),
        "result_html": (200, "text/html"),
        "result_lies": (200, "image/jpeg"),
        "result_rubbish": (200, "image/jpeg"),
        "result_short": (200, "image/jpeg"),
        "result_octets": (200, "application/octet-stream"),
        "result_empty": (200, "image/jpeg"),
        "result_redirect_private": (302, ""),
        "huge_file": (200, "image/jpeg"),
        "huge_chunked": (200, "image/jpeg"),
        "result_slow": (200, "image/jpeg"),
    }
    assert set(expected) | {"result_cut"} == set(RESULT_FAULTS)
    for name, (status, kind) in expected.items():
        client.server.faults.add(
            name, value={"dead_result": 404, "result_late": 404, "result_slow": 0.1}.get(name, 200_000)
        )
        data = await generate(client, SCHNELL, {"prompt": "x", "image_size": "square"}, sync=True)
        answer = await client.download(data["url"])
        assert (answer.status_code, answer.headers.get("content-type", "").split(";")[0]) == (status, kind)
        assert (len(answer.content) == 200_000) == name.startswith("huge")
    client.server.faults.add("result_cut")
    data = await generate(client, SCHNELL, {"prompt": "x", "image_size": "square"}, sync=True)
    with pytest.raises(httpx.RemoteProtocolError):
        await client.download(data["url"])


async def test_a_prompt_triggers_its_fault(client: Client) -> None:
    answer = await client.post("/generate", {"m": SCHNELL, "i": {"prompt": "x [fault:429]"}})
    assert answer.status_code == 429
    data = await generate(client, SCHNELL, {"prompt": "x [fault:poll_500]"})
    assert (await client.get(f"/requests/{data['id']}")).status_code == 500


def test_every_fault_has_a_test() -> None:
    tried = {"401", "402", "403", "429", "500", "503_html", "provider_error", "unknown_model", "error_200"}
    tried |= {f"{prefix}{status}" for prefix in ("poll_", "read_") for status in (*STATUSES, "503_html")}
    tried |= {
        "failed",
        "failed_with_e",
        "lost",
        "stuck",
        "unknown_status",
        "without_url",
        "late_url",
        "relative_url",
        "strange_url",
    }
    assert set(CATALOGUE) == tried | {"dear"} | spoil_names("", "poll_", "read_") | set(RESULT_FAULTS)
