"""A client of AI-Now that does what the documentation says and nothing else, for the tests of its simulator."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic

import httpx
from httpx_sse import EventSource

from sandbox.ai_now import AiNowServer
from sandbox.ai_now.state import Record

KEY = "sk-sandbox"
PROCESSING = {"status": "Processing"}
Event = dict[str, object]


class Client:
    """Speaks to one simulator over a socket."""

    def __init__(self, server: AiNowServer) -> None:
        self.server = server
        self.http = httpx.AsyncClient(
            base_url=server.base_url,
            headers={"Authorization": f"Bearer {KEY}"},
            timeout=5,
            trust_env=False,
            verify=False,
        )

    async def post(self, body: object, **headers: str) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.http.post(
            "/api/generate", content=content, headers={"Content-Type": "application/json", **headers}
        )

    @asynccontextmanager
    async def stream(self, model: str, prompt: str, style: str | None = None) -> AsyncIterator[AsyncIterator[Event]]:
        body = {"model": model, "prompt": prompt} | ({} if style is None else {"style": style})
        async with self.http.stream("POST", "/api/generate", json=body) as response:
            assert response.status_code == 200
            assert response.headers["content-type"].startswith("text/event-stream")
            yield (json.loads(event.data) async for event in EventSource(response).aiter_sse())

    async def generate(self, model: str, prompt: str, style: str | None = None) -> list[Event]:
        """Every event of one generation."""
        async with self.stream(model, prompt, style) as events:
            return [event async for event in events]

    async def result(self, prompt: str, model: str = "pika") -> str:
        """The link of a generation that completes."""
        last = (await self.generate(model, prompt))[-1]
        assert last["status"] == "Completed"
        return str(last["url"])

    @property
    def last(self) -> Record:
        return self.server.requests[-1]


@asynccontextmanager
async def running(**options: object) -> AsyncIterator[Client]:
    """A started simulator that waits for nothing (scale 0 unless told otherwise), and a client of it."""
    async with AiNowServer(**{"scale": 0.0, **options}) as server:  # type: ignore[arg-type]
        client = Client(server)
        try:
            yield client
        finally:
            await client.http.aclose()


async def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Waits for `condition`; raises TimeoutError after `seconds`."""
    end = monotonic() + seconds
    while not condition():
        if monotonic() > end:
            raise TimeoutError
        await asyncio.sleep(0.005)
