"""A running page over a local Telegram, with a browser's requests to it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from sandbox.page import PageServer, furnish
from sandbox.page.people import Furnished
from sandbox.services import Services
from tests.sandbox.telegram_kit import World, telegram

Json = dict[str, Any]


@dataclass(slots=True)
class Page:
    """What a test of the page talks to; `link` ends with a slash."""

    world: World
    server: PageServer
    link: str
    people: Furnished
    services: Services

    @property
    def http(self) -> aiohttp.ClientSession:
        return self.world.http

    async def get(self, path: str) -> Any:
        async with self.http.get(self.link + path) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def post(self, path: str, body: object) -> tuple[int, Json]:
        async with self.http.post(self.link + path, json=body) as response:
            return response.status, await response.json()

    @asynccontextmanager
    async def stream(self, user_id: int, **query: int) -> AsyncIterator["Stream"]:
        async with self.http.get(f"{self.link}stream", params={"user_id": user_id, **query}) as response:
            assert response.content_type == "text/event-stream"
            assert await response.content.readline() == b": open\n"
            yield Stream(response)


@dataclass(slots=True)
class Stream:
    response: aiohttp.ClientResponse

    async def until(self, kind: str, **fields: object) -> list[Json]:
        """The events up to the first of this type with these fields, that one included."""
        found: list[Json] = []
        async with asyncio.timeout(5):
            while True:
                line = await self.response.content.readline()
                if not line.startswith(b"data: "):
                    continue
                found.append(json.loads(line[6:]))
                if found[-1]["type"] == kind and fields.items() <= found[-1].items():
                    return found


@asynccontextmanager
async def page(static: Path) -> AsyncIterator[Page]:
    (static / "index.html").write_text("<!doctype html><title>Easel</title>")
    async with telegram() as world:
        services, people = Services(), furnish(world.server.core)
        async with PageServer(world.server.core, services, static=static) as server:
            yield Page(world, server, server.base_url, people, services)
