"""Toy: pictures. A POST is answered with the finished picture's address; there is no reference to resume by."""

import asyncio
import json
from collections.abc import AsyncGenerator

import httpx

from bot.domain.jobs import Asset
from bot.network.proxy import Proxy
from bot.providers.base import (
    Accepted,
    BadKey,
    BadResult,
    Event,
    GenerationFailed,
    ProviderOrder,
    Resume,
    Succeeded,
)
from bot.providers.kit import http


class Toy:
    """A Provider, and nothing more: it has no capabilities."""

    name: str = "toy"
    resumable: bool = False

    def __init__(self, *, base_url: str, key: str, connections: int = 100, proxy: Proxy | None = None) -> None:
        self._base_url = base_url
        self._key = key
        self._client = http.new_client(connections=connections, proxy=proxy)

    async def run(
        self, order: ProviderOrder, *, job_id: str, resume: Resume | None = None
    ) -> AsyncGenerator[Event, None]:
        """The one answer: an address, or what went wrong."""
        deadline = asyncio.get_running_loop().time() + order.longest_seconds
        response = await http.submit(self._client, self._request(order), deadline=deadline, backoff=http.Backoff())
        try:
            yield Accepted(None)
            async with http.within(deadline):
                answer = await http.read(response)
            yield Succeeded((Asset(_address(answer)),))
        finally:
            await http.close(response)

    def _request(self, order: ProviderOrder) -> httpx.Request:
        body = {"model": order.model, "prompt": order.prompt, **order.parameters}
        headers = {"Authorization": f"Bearer {self._key}"}
        return self._client.build_request(
            "POST", f"{self._base_url}/make", headers=headers, json=body, timeout=http.timeout(order.longest_seconds)
        )

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.aclose()


def _address(answer: http.Answer) -> str:
    if answer.status == 401:
        raise BadKey("the key is not known")
    if answer.status != 200:
        raise GenerationFailed(f"HTTP {answer.status}")
    try:
        address = json.loads(answer.body)["address"]
    except (ValueError, LookupError, TypeError, RecursionError):
        address = None
    if not isinstance(address, str):
        raise BadResult("no address")
    return address
