"""Asks providers what they sell and at which price, in the background: one process asks, all of them know."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping

import structlog
from sqlalchemy import Connection

from bot.domain.catalog.models import Model
from bot.engine.catalog import overrides, pauses, unknown_models
from bot.engine.catalog.shop import Shop, counts
from bot.engine.ports import Alerts
from bot.providers.base import Discovers, Listed, LivePrices, Provider, ProviderError
from bot.storage import cooldowns
from bot.storage.database import Database

log = structlog.get_logger(__name__)

ASK_LIMIT = 60.0
"""Seconds for everything that one provider is asked at a time."""
LISTED_EVERY = 6 * 3600.0
"""Seconds between two looks at what a provider says of the models that the catalogue has."""
DOUBTED_EVERY = 600.0
"""LISTED_EVERY while a model is off sale that the provider did not know."""
AGAIN = 60.0
"""Seconds after a failure before the same is asked again."""
ROUND = 20.0
"""Seconds between two looks at what is due, on average."""
DETAILS = 60
"""Models of a provider whose parameters are asked for in one look."""
AT_ONCE = 4


class PriceWatch:
    """The asking service of a process. `age`: seconds for which a price holds; it is asked for twice as often."""

    def __init__(
        self,
        db: Database,
        shop: Shop,
        providers: Mapping[str, Provider],
        *,
        age: float,
        alerts: Alerts | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._db = db
        self._shop = shop
        self._providers = providers
        self._every = age / 2
        self._alerts = alerts
        self._jitter = jitter

    async def serve(self) -> None:
        """Runs for ever."""
        while True:
            await self.look()
            await asyncio.sleep(ROUND * (0.5 + self._jitter()))

    async def look(self) -> None:
        """Asks what is due, all providers at the same time. Never raises for what a provider does."""
        await self._shop.refresh()
        await asyncio.gather(*(self._one(name) for name in self._providers))

    async def _one(self, name: str) -> None:
        provider: object = self._providers[name]
        if isinstance(provider, LivePrices):
            await self._when_due(f"prices:{name}", self._every, lambda: self.ask_prices(name, provider))
        if isinstance(provider, Discovers):
            every = DOUBTED_EVERY if await self._doubted(name) else LISTED_EVERY
            await self._when_due(f"listing:{name}", every, lambda: self.ask_listing(name, provider))

    async def _when_due(self, key: str, every: float, ask: Callable[[], Awaitable[None]]) -> None:
        """Asks unless some process did within `every` seconds; after a failure the same is due again soon."""
        if not await self._db.transaction(lambda conn: cooldowns.acquire_cooldown(conn, key, every=every)):
            return
        try:
            async with asyncio.timeout(ASK_LIMIT):
                await ask()
        except (ProviderError, TimeoutError) as error:
            log.warning("market.not_told", what=key, why=f"{type(error).__name__}: {error}"[:200])
            seconds = min(AGAIN, every)
            await self._db.transaction(lambda conn: cooldowns.soon(conn, key, every=every, seconds=seconds))

    async def ask_prices(self, name: str, provider: LivePrices) -> None:
        """Today's prices of the provider's live models. Raises ProviderError."""
        wanted = {m.upstream_id: counts(m) for m in self._mine(name) if m.live}
        if not wanted:
            return
        found = await provider.prices(wanted)
        usable = {key: units for key, units in found.items() if units > 0 and key[0] in wanted}

        def note(conn: Connection) -> None:
            overrides.note_prices(conn, name, usable)
            self._db.notify(conn, overrides.CHANGED)

        await self._db.transaction(note)

    async def ask_listing(self, name: str, provider: Discovers) -> None:
        """What the provider says of the catalogue's models: whether they are allowed, what they take, whether it knows
        those that it said it does not. Raises ProviderError. A model whose parameters could not be asked keeps those it
        had."""
        models = self._mine(name)
        mine = {m.upstream_id for m in models}
        everything = await provider.models()
        listed = [m for m in everything if m.upstream_id in mine][:DETAILS]
        described = await describe(name, provider, listed)
        known = {m.upstream_id for m in everything}

        def note(conn: Connection) -> list[Model]:
            overrides.note_listed(conn, name, described)
            gone = unknown_models.settled_by_list(conn, models, known)
            self._db.notify(conn, overrides.CHANGED)
            return gone

        for model in await self._db.transaction(note):
            await self._tell(model)

    async def _doubted(self, name: str) -> bool:
        return any(p.provider == name and p.kind == pauses.UNKNOWN_MODEL for p in await self._shop.pauses())

    async def _tell(self, model: Model) -> None:
        if self._alerts is not None:
            told = {"provider": self._shop.catalog.terms[model.provider].title, "model": model.title.of("en")}
            await self._alerts.alert(f"unlisted:{model.slug}", "alert-unlisted-model", **told)

    def _mine(self, name: str) -> list[Model]:
        return [m for m in self._shop.catalog.models if m.provider == name]


async def describe(name: str, provider: Discovers, listed: list[Listed]) -> list[Listed]:
    """Models with their parameters, a few asked at the same time; those that cannot be asked are left out."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(model: Listed) -> Listed | None:
        async with places:
            try:
                return await provider.details(model)
            except ProviderError as error:
                log.info("market.no_details", provider=name, model=model.upstream_id, why=str(error)[:200])
                return None

    return [found for found in await asyncio.gather(*(one(m) for m in listed)) if found is not None]
