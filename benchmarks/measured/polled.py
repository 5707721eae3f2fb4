"""NeuroArtist's adapter with many orders that wait for their next look, as a measured process.

The service is a function within it: between two looks an order holds no connection.

python -m benchmarks.measured.polled <how many>
"""

import asyncio
import gc
import json
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing

import httpx
import uvloop

from benchmarks.measured.tell import tell, until_terminated
from bot.domain.catalog.models import Kind
from bot.providers.base import ProviderOrder
from bot.providers.neuroartist.provider import NeuroArtist

LEARNED, LONGEST = 36_000.0, 72_000.0


class Body(httpx.AsyncByteStream):
    """A body that is still to be read, as from a socket."""

    def __init__(self, data: dict[str, str]) -> None:
        self._data = json.dumps(data).encode()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._data


async def main(count: int) -> None:
    waiting = 0
    all_wait = asyncio.Event()

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal waiting
        if request.method == "GET":
            return httpx.Response(200, stream=Body({"s": "p"}))
        waiting += 1
        if waiting == count:
            all_wait.set()
        return httpx.Response(200, stream=Body({"id": f"e0535083-6e89-4bb0-a4e8-{waiting:012d}"}))

    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    adapter = NeuroArtist(base_url="https://service.test", key="na_live_benchmark", client=client)

    async def one(number: int) -> None:
        order = ProviderOrder(
            "fal-ai/flux/dev", f"a cat {number}", {}, LONGEST, kind=Kind.IMAGE, typical_seconds=LEARNED
        )
        async with aclosing(adapter.run(order, job_id=f"job{number}")) as events:
            del order
            async for _ in events:
                pass

    gc.collect()
    tell("ready")
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(number)) for number in range(count)]
        await all_wait.wait()
        gc.collect()
        tell("waiting")
        await until_terminated()
        for task in tasks:
            task.cancel()
    await adapter.aclose()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
