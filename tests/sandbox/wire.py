"""A client of the JSON services that adds nothing of its own, and the faults that all of them share."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from io import BytesIO
from time import monotonic
from typing import Any, Generic, TypeVar

import httpx
import pytest
from PIL import Image

from sandbox.kit.api import Order
from sandbox.kit.server import SimServer

S = TypeVar("S", bound=SimServer[Order])


class Wire(Generic[S]):
    """Speaks to one simulator over a socket; `http` sends the key, `bare` does not."""

    def __init__(self, server: S, **headers: str) -> None:
        self.server = server
        self.http = httpx.AsyncClient(
            base_url=server.base_url, headers=headers, timeout=5, trust_env=False, verify=False
        )
        self.bare = httpx.AsyncClient(timeout=5, trust_env=False, verify=False)

    async def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.http.post(path, content=content, headers={"Content-Type": "application/json", **headers})

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.http.get(path, headers=headers)

    async def json(self, path: str) -> Any:
        """The JSON of a GET that succeeds."""
        answer = await self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def control(self, lever: str, body: object = None) -> Any:
        answer = await self.bare.post(f"{self.server.origin}/sandbox/{lever}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def download(self, url: str) -> httpx.Response:
        return await self.bare.get(url)

    @property
    def last(self) -> Order:
        return self.server.requests[-1]


@asynccontextmanager
async def running(server: S, **headers: str) -> AsyncIterator[Wire[S]]:
    """The started simulator and a client of it."""
    async with server:
        wire = Wire(server, **headers)
        try:
            yield wire
        finally:
            await wire.http.aclose()
            await wire.bare.aclose()


async def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Waits for `condition`; raises TimeoutError after `seconds`."""
    end = monotonic() + seconds
    while not condition():
        if monotonic() > end:
            raise TimeoutError
        await asyncio.sleep(0.005)


def picture(data: bytes) -> Image.Image:
    """The picture, wholly decoded."""
    image = Image.open(BytesIO(data))
    image.load()
    return image


Ask = Callable[[], Awaitable[httpx.Response]]


async def spoils(wire: Wire[Any], prefix: str, ask: Ask, good: Any) -> None:
    """Every fault of an answer's form, at requests of one kind; `good` is the answer as it should be, ids apart."""

    async def spoilt(name: str, value: float | None = None) -> httpx.Response:
        wire.server.faults.add(prefix + name, value=value)
        return await ask()

    page = await spoilt("html")
    assert (page.status_code, page.headers["content-type"].split(";")[0]) == (200, "text/html")
    for broken in ("reset_after_body", "cut_body"):
        with pytest.raises(httpx.RemoteProtocolError):
            await spoilt(broken)
    started = monotonic()
    assert shape((await spoilt("stall", 0.15)).json()) == shape(good)
    assert monotonic() - started >= 0.15
    with pytest.raises(json.JSONDecodeError):
        (await spoilt("malformed_json")).json()
    assert (await spoilt("empty_body")).content == b""
    assert (await spoilt("not_an_object")).json() == "ok"
    assert (await spoilt("missing_fields")).json() in ({}, [])
    assert shape((await spoilt("wrong_types")).json()) != shape(good)
    for number in (1, 2):
        for name in ("wrong_types", "missing_fields"):
            assert shape((await spoilt(name, number)).json()) != shape(good)
    more = (await spoilt("extra_fields")).json()
    inner = more[0] if isinstance(more, list) else more
    assert inner["trace"] == "c0ffee"
    assert shape((await ask()).json()) == shape(good)
    assert len(wire.server.faults) == 0


async def refusals(wire: Wire[Any], prefix: str, ask: Ask, *statuses: int) -> list[Any]:
    """The bodies of these error statuses, in order; a proxy's 503 page is tried too."""
    bodies = []
    for status in statuses:
        wire.server.faults.add(f"{prefix}{status}")
        answer = await ask()
        assert answer.status_code == status
        assert ("retry-after" in answer.headers) == (status == 429)
        bodies.append(answer.json())
    wire.server.faults.add(f"{prefix}503_html")
    page = await ask()
    assert (page.status_code, page.headers["content-type"].split(";")[0]) == (503, "text/html")
    return bodies


def shape(data: Any) -> Any:
    """The types of nested JSON."""
    if isinstance(data, dict):
        return {key: shape(value) for key, value in data.items()}
    if isinstance(data, list):
        return [shape(value) for value in data]
    return "number" if isinstance(data, int | float) and not isinstance(data, bool) else type(data).__name__


def spoil_names(*prefixes: str) -> set[str]:
    """The catalogue's names that `spoils` tries."""
    names = ("html", "reset_after_body", "cut_body", "stall", "malformed_json", "empty_body", "not_an_object")
    return {p + name for p in prefixes for name in (*names, "missing_fields", "wrong_types", "extra_fields")}
