"""Toy's service: POST /make {model, prompt, mood?} with the key is answered with {"address"} of a PNG."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sandbox.media import image

KEY = "toy-key"


@dataclass
class ToyServer:
    """What was asked, and what should not have been."""

    base_url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    async def make(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return web.json_response({"error": "who are you?"}, status=401)
        body = await request.json()
        self.requests.append(body)
        if body.get("model") != "toy-1" or set(body) - {"model", "prompt", "mood"}:
            self.violations.append(str(body))
            return web.json_response({"error": "not documented"}, status=400)
        return web.json_response({"address": f"{self.base_url}/picture.png"})

    async def picture(self, _request: web.Request) -> web.Response:
        data = await asyncio.to_thread(image, str(self.requests[-1]["prompt"]))
        return web.Response(body=data, content_type="image/png")


@asynccontextmanager
async def toy_server() -> AsyncIterator[ToyServer]:
    """Running on a free port of loopback."""
    server = ToyServer()
    app = web.Application()
    app.add_routes([web.post("/make", server.make), web.get("/picture.png", server.picture)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()
