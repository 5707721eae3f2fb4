"""Every fault of the AI-Now simulator does what its name says, and the levers that order faults work."""

import asyncio
import json
from collections.abc import AsyncIterator
from time import monotonic

import httpx
import pytest

from sandbox.ai_now import CATALOGUE, ERROR_DETAIL
from sandbox.ai_now.contract import MODELS
from sandbox.kit.faults import QUEUE_MAX, FaultQueue, UnknownFault
from tests.sandbox.ai_now_client import PROCESSING, Client, Event, running, until

STARTED: Event = {"status": "Processing started"}
COOKIE: Event = {"status": "Cookie generated"}
ERROR: Event = {"status": "Error", "message": ERROR_DETAIL}
MEGABYTE = 1024 * 1024


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with running() as client:
        yield client


async def order(client: Client) -> httpx.Response:
    return await client.post({"model": "pika", "prompt": "a lake"})


@pytest.mark.parametrize("status", [401, 418, 500])
async def test_refusals_in_the_documented_form(client: Client, status: int) -> None:
    client.server.faults.add(status)
    answer = await order(client)
    assert (answer.status_code, answer.json()["status"]) == (status, "Error")
    assert (client.last.outcome, client.last.status, client.last.tokens) == ("refused", status, 0)
    assert (await order(client)).status_code == 200


async def test_503_html(client: Client) -> None:
    client.server.faults.add("503-html")
    answer = await order(client)
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (503, "text/html")
    with pytest.raises(json.JSONDecodeError):
        answer.json()


async def test_reset_after_body(client: Client) -> None:
    client.server.faults.add("reset_after_body")
    with pytest.raises(httpx.RemoteProtocolError):
        await order(client)
    assert (client.last.prompt, client.last.outcome, client.last.tokens) == ("a lake", "reset", 10)


@pytest.mark.parametrize(
    ("name", "value", "events"),
    [
        ("empty_stream", None, []),
        ("error_event", None, [STARTED, ERROR]),
        ("error_event", 0, [ERROR]),
        ("error_event_at", None, [STARTED, PROCESSING, COOKIE, ERROR]),
        ("error_event_at", 99, [STARTED, PROCESSING, COOKIE, PROCESSING, PROCESSING, ERROR]),
        ("early_end", None, [STARTED, PROCESSING]),
        ("completed_without_url", None, [STARTED, PROCESSING, COOKIE, PROCESSING, PROCESSING, {"status": "Completed"}]),
        (
            "wrong_types",
            None,
            [STARTED, {"status": 42}, {"status": ["Processing"]}, {"status": "Completed", "url": 12345}],
        ),
    ],
)
async def test_streams_that_fail(client: Client, name: str, value: float | None, events: list[Event]) -> None:
    client.server.faults.add(name, value=value)
    assert await client.generate("pika", "a lake") == events
    assert (client.last.outcome, client.last.tokens, client.last.events) == ("failed", 10, len(events))
    assert client.last.url is None


async def test_cut(client: Client) -> None:
    client.server.faults.add("cut")
    async with client.stream("pika", "a lake") as events:
        assert [await anext(events), await anext(events)] == [STARTED, PROCESSING]
        with pytest.raises(httpx.RemoteProtocolError):
            await anext(events)
    assert (client.last.outcome, client.last.events) == ("cut", 2)


async def test_a_stall_for_ever_lasts_until_the_client_leaves(client: Client) -> None:
    client.server.faults.add("stall")
    async with client.stream("pika", "a lake") as events:
        assert [await anext(events), await anext(events)] == [STARTED, PROCESSING]
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await anext(events)
    await until(lambda: client.last.ended is not None)
    assert (client.last.outcome, client.last.events) == ("abandoned", 2)


async def test_a_stall_for_a_while_goes_on(client: Client) -> None:
    client.server.faults.add("stall", value=0.3)
    started = monotonic()
    events = await client.generate("pika", "a lake")
    assert monotonic() - started >= 0.3
    assert events[-1]["status"] == "Completed"


async def test_malformed_json_instead_of_completed(client: Client) -> None:
    client.server.faults.add("malformed_json")
    with pytest.raises(json.JSONDecodeError):
        await client.generate("pika", "a lake")
    await until(lambda: client.last.ended is not None)
    assert client.last.outcome == "failed"


async def test_malformed_json_on_the_way_is_followed_by_all_other_events(client: Client) -> None:
    client.server.faults.add("malformed_json", value=2)
    text = (await order(client)).text
    assert text.count("data: ") == 7
    assert text.split("\n\n")[2] == 'data: {"status": "Completed", "url": {broken'
    assert '"Completed", "url": "http' in text
    assert client.last.outcome == "completed"


async def test_unknown_statuses_and_fields_on_the_way_to_completed(client: Client) -> None:
    client.server.faults.add("unknown_status")
    events = await client.generate("pika", "a lake")
    assert {"status": "Queued in Valhalla", "position": 3, "eta": None} in events
    assert {"progress": 0.5} in events
    assert (await client.http.get(str(events[-1]["url"]))).status_code == 200


@pytest.mark.parametrize("name", ["keepalive", "crlf", "multiline", "dribble"])
async def test_legal_forms_carry_the_same_events(client: Client, name: str) -> None:
    plain = await client.generate("pika", "a lake")
    client.server.faults.add(name)
    spoilt = await client.generate("pika", "a lake")
    assert [event["status"] for event in spoilt] == [event["status"] for event in plain]
    assert client.last.events == len(plain)
    client.server.faults.add(name)
    raw = (await order(client)).content
    assert {
        "keepalive": raw.count(b": keep-alive\n\n") == 6,
        "crlf": raw.count(b"\r\n\r\n") == 6 and raw.count(b"\n") == raw.count(b"\r\n"),
        "multiline": raw.endswith(b'.mp4"}\n\n') and raw.count(b"data: ") == 7,
        "dribble": True,
    }[name]


async def fetch(client: Client, fault: str, value: float | None = None) -> httpx.Response:
    client.server.faults.add(fault, value=value)
    return await client.http.get(await client.result("a lake"), follow_redirects=False)


async def test_dead_result(client: Client) -> None:
    assert (await fetch(client, "dead_result")).status_code == 404
    assert (await fetch(client, "dead_result", 503)).status_code == 503


async def test_results_of_a_wrong_kind(client: Client) -> None:
    page, lie = await fetch(client, "result_html"), await fetch(client, "result_lies")
    octets, empty = await fetch(client, "result_octets"), await fetch(client, "result_empty")
    assert [answer.status_code for answer in (page, lie, octets, empty)] == [200] * 4
    assert (page.headers["content-type"], lie.headers["content-type"]) == ("text/html", "video/mp4")
    assert page.content == lie.content
    assert lie.content.startswith(b"<!doctype html>")
    assert (octets.headers["content-type"], octets.content[4:8]) == ("application/octet-stream", b"ftyp")
    assert (empty.headers["content-length"], empty.content) == ("0", b"")


@pytest.mark.parametrize("name", ["huge_file", "huge_chunked"])
async def test_huge_files_are_streamed_only_as_far_as_they_are_read(client: Client, name: str) -> None:
    client.server.faults.add(name)
    url = await client.result("a lake")
    async with client.http.stream("GET", url) as answer:
        length = answer.headers.get("content-length")
        assert length == (str(3 * 1024**3) if name == "huge_file" else None)
        async for chunk in answer.aiter_bytes(MEGABYTE):
            assert chunk[4:8] == b"ftyp"
            break
    await until(lambda: client.last.bytes_served >= MEGABYTE)
    served = 0
    while served != client.last.bytes_served < 64 * MEGABYTE:  # until what lies between is full
        served = client.last.bytes_served
        await asyncio.sleep(0.1)
    assert served < 64 * MEGABYTE


@pytest.mark.parametrize("name", ["huge_file", "huge_chunked"])
async def test_a_big_file_of_a_chosen_size_arrives_whole(client: Client, name: str) -> None:
    answer = await fetch(client, name, 3 * MEGABYTE + 17)
    assert len(answer.content) == 3 * MEGABYTE + 17
    assert answer.content.rstrip(b"\0")[4:8] == b"ftyp"


async def test_result_cut(client: Client) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        await fetch(client, "result_cut")


async def test_result_slow(client: Client) -> None:
    started = monotonic()
    answer = await fetch(client, "result_slow", 0.4)
    assert monotonic() - started >= 0.4
    assert len(answer.content) == int(answer.headers["content-length"])


async def test_result_redirect_private_counts_who_follows(client: Client) -> None:
    answer = await fetch(client, "result_redirect_private")
    assert answer.status_code == 302
    assert answer.headers["location"] == f"{client.server.base_url}/private/secret"
    assert client.server.state.private_hits == 0
    await client.http.get(answer.headers["location"])
    assert client.server.state.private_hits == 1


def test_every_fault_has_a_test() -> None:
    assert set(CATALOGUE) == {
        *("401", "418", "500", "503_html", "reset_after_body", "empty_stream", "error_event", "error_event_at", "cut"),
        *("early_end", "stall", "malformed_json", "wrong_types", "completed_without_url", "unknown_status"),
        *("keepalive", "crlf", "multiline", "dribble", "dead_result", "result_html", "result_lies", "result_octets"),
        *("result_rubbish", "result_short", "result_late"),
        *("result_empty", "huge_file", "huge_chunked", "result_cut", "result_slow", "result_redirect_private"),
    }


async def test_a_prompt_triggers_its_fault_and_leaves_the_queue_alone(client: Client) -> None:
    client.server.faults.add("401")
    assert (await client.post({"model": "pika", "prompt": "a lake [fault:503-html]"})).status_code == 503
    assert await client.generate("pika", "[fault:error_event_at=1]") == [STARTED, ERROR]
    assert client.last.fault == "error_event_at"
    assert (await client.post({"model": "pika", "prompt": "[fault:nonsense]"})).status_code == 500
    assert client.server.violations == []
    assert len(client.server.faults) == 1


def test_the_queue_gives_the_oldest_fault_of_the_model_as_often_as_it_was_ordered() -> None:
    queue = FaultQueue(CATALOGUE, MODELS)
    queue.add("cut", model="luma", times=2)
    queue.add("500")
    queue.add("stall", model="luma")
    taken = [queue.take(model, "x") for model in ("luma", "pika", "luma", "luma", "luma", "pika")]
    assert [fault.name if fault else None for fault in taken] == ["cut", "500", "cut", "stall", None, None]


def test_the_queue_is_bounded_and_knows_its_faults() -> None:
    queue = FaultQueue(CATALOGUE, MODELS)
    for wrong in (
        {"name": "x"},
        {"name": "cut", "times": 0},
        {"name": "cut", "value": -1},
        {"name": "cut", "model": "x"},
    ):
        with pytest.raises(UnknownFault):
            queue.add(**wrong)
    for _ in range(QUEUE_MAX):
        queue.add("cut")
    with pytest.raises(UnknownFault, match="at most"):
        queue.add("cut")
    assert len(queue) == QUEUE_MAX


async def test_faults_and_the_log_over_http(client: Client) -> None:
    faults = [{"fault": 418, "model": "pika", "times": 2}, {"fault": "dead_result", "value": 410}]
    state = (await client.http.post("/sandbox/faults", json=faults)).json()
    assert [fault["name"] for fault in state["faults"]] == ["418", "dead_result"]
    assert [(await order(client)).status_code for _ in range(3)] == [418, 418, 200]
    log = (await client.http.get("/sandbox/requests", params={"prompt": "a lake"})).json()
    assert [(entry["status"], entry["outcome"], entry["fault"]) for entry in log] == [
        *((418, "refused", "418"), (418, "refused", "418"), (200, "completed", "dead_result"))
    ]
    assert (await client.http.get(log[-1]["url"])).status_code == 410
    assert (await client.http.get("/sandbox/requests", params={"prompt": "other"})).json() == []
    assert set((await client.http.get("/sandbox/faults")).json()) == set(CATALOGUE)


async def test_tokens_key_scale_and_reset_over_http(client: Client) -> None:
    post = client.http.post
    assert (await post("/sandbox/tokens", json={"tokens": 9})).json()["tokens"] == 9
    assert (await order(client)).status_code == 418
    assert (await post("/sandbox/key", json={"valid": False})).json()["key_valid"] is False
    assert (await client.http.get("/api/ping")).status_code == 401
    assert (await post("/sandbox/scale", json={"scale": 0.5})).json()["scale"] == 0.5
    await client.http.get("/api/strange")
    await post("/sandbox/faults", json={"fault": "cut"})
    assert (await client.http.get("/sandbox/state")).json()["violations"] == ["GET /api/strange: not documented"]
    state = (await post("/sandbox/reset")).json()
    assert state["tokens"] == 1_000_000
    assert state["key_valid"] is True
    assert state["scale"] == 0.0
    assert [state[name] for name in ("requests", "open_streams", "private_hits")] == [0, 0, 0]
    assert [state[name] for name in ("violations", "faults")] == [[], []]
    await post("/sandbox/faults", json=[{"fault": "cut"}])
    assert (await client.http.delete("/sandbox/faults")).json()["faults"] == []


@pytest.mark.parametrize(
    ("lever", "body"),
    [
        *(("faults", body) for body in (b"{", b"null", b"[[]]", b'[{"fault":"x"}]', b'[{"fault":"cut","times":"2"}]')),
        *(
            ("faults", body)
            for body in (b'[{"fault":"cut","at":2}]', b'[{"fault":"cut"},{"fault":"cut","value":true}]')
        ),
        *(("tokens", body) for body in (b"", b"[]", b'{"tokens":-1}', b'{"tokens":true}', b'{"tokens":1.5}')),
        *(("key", body) for body in (b"{}", b'{"valid":1}')),
        *(("scale", body) for body in (b'{"scale":-1}', b'{"scale":"1"}', b'{"scale":NaN}', b'{"scale":true}')),
    ],
)
async def test_wrong_levers_change_nothing(client: Client, lever: str, body: bytes) -> None:
    before = (await client.http.get("/sandbox/state")).json()
    answer = await client.http.post(f"/sandbox/{lever}", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert (await client.http.get("/sandbox/state")).json() == before
