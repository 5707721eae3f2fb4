"""Brings models back on sale: a provider off for a bad key is pinged until its key works again."""

import asyncio

import structlog

from bot.engine import pauses
from bot.engine.tools import Tools
from bot.providers.base import HealthCheck, ProviderError

log = structlog.get_logger(__name__)

PING_LIMIT = 30.0


class Health:
    """The pinging service of a process."""

    def __init__(self, tools: Tools, *, every: float) -> None:
        self._t = tools
        self._every = every

    async def serve(self) -> None:
        """Runs for ever: one ping per paused provider and period of `every` seconds."""
        while True:
            await asyncio.sleep(self._every)
            for pause in await self._t.shop.pauses():
                if pause.reason == pauses.BAD_KEY:
                    await self.try_again(pause.provider)

    async def try_again(self, provider_name: str) -> bool:
        """Pings now; True when the models are back on sale."""
        provider: object = self._t.providers.get(provider_name)
        if not isinstance(provider, HealthCheck):
            return False
        try:
            async with asyncio.timeout(PING_LIMIT):
                await provider.ping()
        except (ProviderError, TimeoutError) as error:
            log.info("provider.still_off", provider=provider_name, reason=str(error)[:200])
            return False
        if not await self._t.db.transaction(lambda conn: pauses.lift(conn, provider_name, pauses.BAD_KEY)):
            return False
        title = self._t.shop.catalog.terms[provider_name].title
        moment = int(self._t.now())
        await self._t.alerts.alert(f"back_on_sale:{provider_name}:{moment}", "alert-back-on-sale", provider=title)
        return True
