"""Brings models back on sale: a provider off for a bad key is pinged until its key works. Tells of open circuits."""

import asyncio

import structlog

from bot.engine.catalog import circuit_breaker, pauses
from bot.engine.jobs.run.run_context import RunContext
from bot.providers.base import HealthCheck, ProviderError

log = structlog.get_logger(__name__)

PING_LIMIT = 30.0


class Health:
    """The pinging service of a process."""

    def __init__(self, ctx: RunContext, *, every: float) -> None:
        self._ctx = ctx
        self._every = every

    async def serve(self) -> None:
        """Runs for ever: one ping per paused provider and period of `every` seconds."""
        while True:
            await asyncio.sleep(self._every)
            await self.look()

    async def look(self) -> None:
        """One round."""
        for pause in await self._ctx.shop.pauses():
            if pause.reason == pauses.BAD_KEY:
                await self.try_again(pause.provider)
            elif pause.reason == pauses.CIRCUIT:
                await self._tell(pause)

    async def _tell(self, pause: pauses.Pause) -> None:
        """Once per opening: the key names it."""
        terms = self._ctx.shop.catalog.terms.get(pause.provider)
        if terms is not None:
            key, wait = f"circuit:{pause.provider}:{int(pause.since)}", str(round(pause.wait or 0))
            count = str(circuit_breaker.OPEN_AFTER)
            await self._ctx.alerts.alert(key, "alert-circuit", provider=terms.title, count=count, seconds=wait)

    async def try_again(self, provider_name: str) -> bool:
        """Pings now; True when the models are back on sale."""
        if not await self.ping(self._ctx.providers.get(provider_name)):
            return False
        if not await self._ctx.db.transaction(lambda conn: pauses.lift(conn, provider_name, pauses.BAD_KEY)):
            return False
        title = self._ctx.shop.catalog.terms[provider_name].title
        moment = int(self._ctx.now())
        await self._ctx.alerts.alert(f"back_on_sale:{provider_name}:{moment}", "alert-back-on-sale", provider=title)
        return True

    @staticmethod
    async def ping(provider: object) -> bool:
        """Whether the provider says that key and service work; False also where it cannot be asked."""
        if not isinstance(provider, HealthCheck):
            return False
        try:
            async with asyncio.timeout(PING_LIMIT):
                await provider.ping()
        except (ProviderError, TimeoutError) as error:
            log.info("provider.still_off", provider=getattr(provider, "name", ""), reason=str(error)[:200])
            return False
        return True
