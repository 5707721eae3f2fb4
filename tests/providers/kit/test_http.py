"""What a failure of the way means, what is tried again, and what leaves with a request."""

import asyncio
import json
import socket
from time import monotonic

import aiohttp
import httpx
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.providers.base import ConnectionLost, NoEndpoint, ProviderError, Refused, TimedOut, Unreachable, UpstreamDown
from bot.providers.kit import http
from bot.providers.kit.json_api import Service, by_status
from tests.providers.provider_kit import QUICK, answer, raw_server, serving


def soon(seconds: float = 10.0) -> float:
    return asyncio.get_running_loop().time() + seconds


def check(answer: http.Answer) -> None:
    if answer.status >= 500:
        raise UpstreamDown(str(answer.status))
    if answer.status >= 400:
        raise Refused(str(answer.status))


async def fetched(base_url: str, seconds: float = 10.0) -> http.Answer:
    client = http.new_client()
    try:
        return await http.get(client, base_url, headers={}, seconds=seconds, backoff=QUICK, check=check)
    finally:
        await client.aclose()


async def test_a_get_is_tried_again_after_every_failure_of_the_way() -> None:
    seen: list[str] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        seen.append(request.method)
        if len(seen) == 1:
            assert request.transport is not None
            request.transport.close()
        return web.Response(status=503) if len(seen) == 2 else web.Response(text="here")

    async with serving(handler) as base_url:
        assert (await fetched(base_url)).body == b"here"
    assert len(seen) == 3


async def test_a_get_is_tried_so_often_and_no_more() -> None:
    count = 0

    async def handler(request: web.Request) -> web.StreamResponse:
        nonlocal count
        count += 1
        return web.Response(status=500)

    async with serving(handler) as base_url:
        with pytest.raises(UpstreamDown):
            await fetched(base_url)
    assert count == QUICK.attempts


async def test_a_refusal_is_not_tried_again() -> None:
    count = 0

    async def handler(request: web.Request) -> web.StreamResponse:
        nonlocal count
        count += 1
        return web.Response(status=403)

    async with serving(handler) as base_url:
        with pytest.raises(Refused):
            await fetched(base_url)
    assert count == 1


async def test_an_address_that_the_service_does_not_have_is_asked_once_and_named() -> None:
    for status in (404, 405, 501):
        seen: list[httpx.Request] = []

        def refuse(request: httpx.Request, status: int = status, seen: list[httpx.Request] = seen) -> httpx.Response:
            seen.append(request)
            return answer(status, "<h1>no such page</h1>", "text/html")

        client = httpx.AsyncClient(transport=httpx.MockTransport(refuse))
        service = Service(base_url="https://api.example/v1", key="k", backoff=QUICK, client=client)
        with pytest.raises(NoEndpoint, match=r"GET api\.example/v1/video/models"):
            await service.get("/video/models?x=secret", lambda said: by_status(said, ""), seconds=5)
        assert len(seen) == 1


async def test_what_is_tried_again_is_named_in_the_log_without_its_query() -> None:
    client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answer(500, "{}", "application/json")))
    service = Service(base_url="https://api.example/v1", key="k", backoff=QUICK, client=client)
    with capture_logs() as logs, pytest.raises(UpstreamDown):
        await service.get("/models?signed=secret", lambda said: by_status(said, ""), seconds=5)
    assert {line["callable"] for line in logs} == {"GET api.example/v1/models"}


async def test_the_total_time_of_a_get() -> None:
    async with raw_server(b"HTTP/1.1 200 OK\r\n\r\n", *[b"x"] * 50, pause=0.02) as base_url:
        started = monotonic()
        with pytest.raises(TimedOut):
            await fetched(base_url, seconds=0.2)
        assert monotonic() - started < 5.0


async def test_only_the_beginning_of_an_answer_is_read() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(body=b"x" * (http.BODY_LIMIT * 20))

    async with serving(handler) as base_url:
        assert len((await fetched(base_url)).body) == http.BODY_LIMIT


async def test_a_post_whose_answer_is_lost_is_not_sent_again() -> None:
    count = 0

    async def handler(request: web.Request) -> web.StreamResponse:
        nonlocal count
        await request.read()
        count += 1
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    async with serving(handler) as base_url:
        client = http.new_client()
        request = client.build_request("POST", base_url, content=b"{}", timeout=http.timeout(10))
        with pytest.raises(ConnectionLost):
            await http.submit(client, request, deadline=soon(), backoff=QUICK)
        await client.aclose()
    assert count == 1


async def test_a_post_that_could_not_be_sent_is_tried_again() -> None:
    attempts = 0

    def factory(info: object) -> socket.socket:
        nonlocal attempts
        attempts += 1
        raise OSError(101, "Network is unreachable")

    client = http.new_client(socket_factory=factory)
    request = client.build_request("POST", "http://127.0.0.1:9/", content=b"{}", timeout=http.timeout(10))
    with pytest.raises(Unreachable) as caught:
        await http.submit(client, request, deadline=soon(), backoff=QUICK)
    assert attempts == QUICK.attempts
    assert "errno 101" in caught.value.detail
    await client.aclose()


async def test_a_large_body_arrives_whole_with_its_length() -> None:
    picture = "data:image/png;base64," + "ab0/" * 700_000

    async def take(request: web.Request) -> web.Response:
        body = json.loads(b"".join([piece async for piece in request.content.iter_any()]))
        told = request.headers.get("Content-Length")
        return web.json_response(
            {
                "same": body["image"] == picture,
                "length": told,
                "chunked": "chunked" in str(request.headers.get("Transfer-Encoding")),
            }
        )

    async with serving(take) as base_url, http.new_client() as client:
        request = client.build_request("POST", f"{base_url}/upscale", json={"image": picture})
        response = await http.submit(client, request, deadline=soon(), backoff=QUICK)
        answer = await http.read(response)
    length = len(picture) + len('{"image":""}')
    assert json.loads(answer.body) == {"same": True, "length": str(length), "chunked": False}


async def test_a_name_that_does_not_exist() -> None:
    client = http.new_client()
    request = client.build_request("POST", "http://nowhere.invalid/?token=secret", timeout=http.timeout(10))
    with pytest.raises(Unreachable) as caught:
        await http.submit(client, request, deadline=soon(), backoff=QUICK)
    assert "secret" not in repr(caught.value)
    await client.aclose()


async def test_what_is_no_tls() -> None:
    async with raw_server(b"HTTP/1.1 400 Bad Request\r\n\r\n", until=b"\x16\x03\x01") as base_url:
        client = http.new_client()
        request = client.build_request("POST", base_url.replace("http:", "https:"), timeout=http.timeout(10))
        with pytest.raises(Unreachable):
            await http.submit(client, request, deadline=soon(), backoff=http.Backoff(1))
        await client.aclose()


async def test_what_leaves_with_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, str]] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        seen.append(dict(request.headers))
        response = web.Response()
        response.set_cookie("who", "me")
        return response

    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with serving(handler) as base_url:
        client = http.new_client()
        for _ in range(2):
            await client.get(base_url)
        await client.aclose()
    assert len(seen) == 2
    for headers in seen:
        assert headers["User-Agent"] == "Easel"
        assert headers["Accept-Encoding"] == "identity"
        assert "Cookie" not in headers


def test_only_aiohttps_own_errors_say_that_nothing_was_sent() -> None:
    """httpx-aiohttp raises ConnectTimeout for a reset after the whole body as well."""
    misleading = httpx.ConnectTimeout("reset")
    misleading.__cause__ = aiohttp.ServerDisconnectedError()
    assert isinstance(http.classify(misleading), ConnectionLost)
    assert isinstance(http.classify(httpx.ConnectError("no cause")), ConnectionLost)
    certain = httpx.ConnectTimeout("host")
    certain.__cause__ = aiohttp.ConnectionTimeoutError("host")
    assert isinstance(http.classify(certain), Unreachable)
    assert isinstance(http.classify(httpx.UnsupportedProtocol("what")), Unreachable)


@pytest.mark.parametrize(
    "error", [httpx.ReadError("u?sig=1"), OSError(5, "io"), ValueError("x"), httpx.ReadTimeout("")]
)
def test_everything_else_may_have_arrived(error: Exception) -> None:
    with pytest.raises(ConnectionLost) as caught, http.translated():
        raise error
    assert "sig" not in caught.value.detail


def test_a_providers_error_stays_what_it_is() -> None:
    known = Refused("no")
    assert http.classify(known) is known
    with pytest.raises(ProviderError) as caught, http.translated():
        raise known
    assert caught.value is known
