"""What services that are asked about their orders have in common: one wire, one way to tell the time, one end."""

import httpx

from bot.network.proxy import Proxy
from bot.providers.base import ProviderOrder, Resume
from bot.providers.kit.http import Backoff
from bot.providers.kit.json_api import IDLE_SECONDS, Service
from bot.providers.kit.polling import TIMING, Looks, Timing


class Polled:
    """The base of a resumable Provider. `client` and `timing` are for tests."""

    resumable: bool = True

    def __init__(
        self,
        *,
        base_url: str,
        key: str,
        connections: int = 100,
        idle_seconds: float = IDLE_SECONDS,
        backoff: Backoff | None = None,
        client: httpx.AsyncClient | None = None,
        timing: Timing = TIMING,
        proxy: Proxy | None = None,
    ) -> None:
        self._service = Service(
            base_url=base_url,
            key=key,
            connections=connections,
            idle_seconds=idle_seconds,
            backoff=backoff,
            client=client,
            proxy=proxy,
        )
        self._timing = timing

    async def aclose(self) -> None:
        """Closes every connection; runs still under way end with ConnectionLost."""
        await self._service.aclose()

    def _looks(self, order: ProviderOrder, resume: Resume | None, end: float) -> Looks:
        """The looks at an order that is expected to end `end` seconds after its submit."""
        since = None if resume is None else max(0.0, self._timing.wall() - resume.submitted_at)
        return Looks(end, order.longest_seconds, kind=order.kind, timing=self._timing, since=since)
