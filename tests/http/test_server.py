"""The web server on a real socket: who may post updates, what is answered when, health and metrics."""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.http.metrics import Metrics
from bot.http.server import BODY_MAX, RECEIVED_AT_ONCE, SECRET_HEADER, BadUpdate, Busy, Webhook, WebServer

SECRET = "s3cret-of-at-least-sixteen"
Health = dict[str, Callable[[], Awaitable[bool]]]


class Inbox:
    """Takes updates as the intake does, and fails as a database does."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.broken = False
        self.full = False
        self.gate: asyncio.Event | None = None

    async def accept(self, body: bytes) -> None:
        if self.gate is not None:
            await self.gate.wait()
        if self.full:
            raise Busy("too much waits")
        if self.broken:
            raise RuntimeError("the database is away")
        if not body.startswith(b"{"):
            raise BadUpdate("not JSON")
        self.taken.append(body)


async def well() -> bool:
    return True


async def ill() -> bool:
    return False


async def broken() -> bool:
    raise RuntimeError("the database is away")


async def no_metrics() -> bytes:
    return b"easel_up 1\n"


@asynccontextmanager
async def serving(inbox: Inbox | None = None, checks: Health | None = None) -> AsyncIterator[str]:
    webhook = Webhook("/telegram", SECRET, inbox.accept) if inbox is not None else None
    server = WebServer(host="127.0.0.1", port=0, checks=checks or {}, metrics=no_metrics, webhook=webhook)
    port = await server.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await server.stop()


async def post(url: str, body: bytes, secret: bytes | None) -> int:
    """One raw POST: header bytes as they are, also those that no client library would send."""
    headers = b"" if secret is None else SECRET_HEADER.encode() + b": " + secret + b"\r\n"
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = b"POST /telegram HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers
    writer.write(head + b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body)
    status = int((await reader.readline()).split()[1])
    writer.close()
    await writer.wait_closed()
    return status


@pytest.mark.parametrize(
    ("secret", "status"),
    [
        (SECRET.encode(), 200),
        (None, 401),
        (b"", 401),
        (b"wrong-of-at-least-sixteen-", 401),
        (SECRET[:-1].encode(), 401),
        ("пароль".encode(), 401),
        (b"\xff\xfe\x80", 401),
    ],
)
async def test_only_telegram_may_post_updates(secret: bytes | None, status: int) -> None:
    inbox = Inbox()
    async with serving(inbox) as url:
        assert await post(url, b'{"update_id":1}', secret) == status
    assert inbox.taken == ([b'{"update_id":1}'] if status == 200 else [])


async def test_what_is_no_update_is_refused_for_good_and_what_cannot_be_stored_comes_again() -> None:
    inbox = Inbox()
    async with serving(inbox) as url:
        assert await post(url, b"nonsense", SECRET.encode()) == 400
        inbox.broken = True
        assert await post(url, b"{}", SECRET.encode()) == 500
        inbox.broken = False
        assert await post(url, b"{}", SECRET.encode()) == 200


async def test_too_much_is_refused_for_a_second_and_not_a_fault() -> None:
    inbox = Inbox()
    inbox.full = True
    async with serving(inbox) as url, aiohttp.ClientSession() as http:
        async with http.post(f"{url}/telegram", data=b"{}", headers={SECRET_HEADER: SECRET}) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
        inbox.full = False
        assert await post(url, b"{}", SECRET.encode()) == 200
    assert inbox.taken == [b"{}"]


async def test_only_so_many_bodies_are_held_at_once() -> None:
    inbox = Inbox()
    inbox.gate = asyncio.Event()
    async with serving(inbox) as url:
        posts = [asyncio.create_task(post(url, b"{}", SECRET.encode())) for _ in range(RECEIVED_AT_ONCE + 20)]
        async with asyncio.timeout(20):
            while sum(one.done() for one in posts) < 20:
                await asyncio.sleep(0.01)
        assert {one.result() for one in posts if one.done()} == {503}
        inbox.gate.set()
        assert sorted(await asyncio.gather(*posts)) == [200] * RECEIVED_AT_ONCE + [503] * 20


async def test_bodies_are_bounded() -> None:
    inbox = Inbox()
    async with serving(inbox) as url, aiohttp.ClientSession() as http:
        headers = {SECRET_HEADER: SECRET}
        async with http.post(f"{url}/telegram", data=io.BytesIO(b"{" * (BODY_MAX + 1)), headers=headers) as answer:
            assert answer.status == 413
    assert inbox.taken == []


def test_a_webhook_without_a_secret_is_not_served() -> None:
    with pytest.raises(ValueError, match="secret"):
        WebServer(
            host="127.0.0.1", port=0, checks={}, metrics=no_metrics, webhook=Webhook("/telegram", "", Inbox().accept)
        )


@pytest.mark.parametrize(
    ("checks", "status", "body"),
    [
        ({"database": well, "polling": well}, 200, {"status": "ok", "database": "ok", "polling": "ok"}),
        ({"database": well, "polling": ill}, 503, {"status": "failing", "database": "ok", "polling": "failing"}),
        ({"database": broken}, 503, {"status": "failing", "database": "failing"}),
    ],
)
async def test_health(checks: Health, status: int, body: dict[str, str]) -> None:
    async with serving(checks=checks) as url, aiohttp.ClientSession() as http, http.get(f"{url}/health") as answer:
        assert (answer.status, await answer.json()) == (status, body)


async def test_without_a_webhook_nobody_can_post() -> None:
    async with serving() as url:
        assert await post(url, b"{}", SECRET.encode()) == 404


async def test_metrics_tell_the_present_figures() -> None:
    floods = 0

    async def jobs() -> dict[str, int]:
        return {"queued": 3, "running": 2}

    metrics = Metrics(jobs=jobs, counters={"telegram_floods": lambda: floods})
    page = (await metrics.page()).decode()
    assert 'easel_jobs{state="queued"} 3.0' in page
    assert "easel_ledger_problems -1.0" in page
    assert "easel_telegram_floods_total 0.0" in page
    floods = 4
    metrics.ledger_checked(0)
    metrics.outcome("ai_now", "done")
    page = (await metrics.page()).decode()
    assert "easel_telegram_floods_total 4.0" in page
    assert "easel_ledger_problems 0.0" in page
    assert 'easel_provider_outcomes_total{outcome="done",provider="ai_now"} 1.0' in page


async def test_metrics_are_served_as_text() -> None:
    async with serving() as url, aiohttp.ClientSession() as http, http.get(f"{url}/metrics") as answer:
        assert (answer.status, answer.content_type, await answer.text()) == (200, "text/plain", "easel_up 1\n")
