"""What is on sale now, at which price, and why something is not: the catalogue with all that changes about it."""

import statistics
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal

from sqlalchemy import Connection

from bot.domain.catalog import pricing
from bot.domain.catalog.models import RESULTS, Catalog, Kind, Model, Terms
from bot.domain.catalog.options import results
from bot.domain.money import Credits
from bot.engine.accounts import groups
from bot.engine.catalog import overrides, pauses
from bot.engine.catalog.menu import in_menu_order
from bot.engine.catalog.offers import OF_PAUSE, Offer, Wanted, Why, covering
from bot.engine.catalog.overrides import CatalogOverrides, LiveCatalog
from bot.engine.catalog.pauses import Pause
from bot.engine.catalog.statistics import durations
from bot.storage.clock import now
from bot.storage.database import Database

__all__ = ["Offer", "Shop", "Wanted", "Why"]

LEARN_FROM = 50
"""Latest finished jobs per model whose median is its typical time."""
LEARN_AT_LEAST = 3
LEARN_EVERY = 30.0
"""Seconds for which a learned time is kept before the jobs are asked again."""
ALTERNATIVES = 2
"""Other models that a person is offered at most when one fails or is off."""
GIVEN = frozenset({"prompt", "model"})
"""Required fields that are filled without an option."""


class Shop:
    """Offers and prices. Reads the database at every call: what one process changes holds in all of them.

    `catalog` is always the present one. `sells_without_price` False takes `live` models off sale while today's price
    is older than `price_age` seconds or was never told; so does `fallback` False for those of one provider. `hidden`
    names options that the operator does not sell.
    """

    def __init__(
        self,
        db: Database,
        catalog: Catalog,
        providers: Collection[str],
        *,
        sells_without_price: bool = True,
        price_age: float = 3600.0,
        hidden: Collection[str] = (),
    ) -> None:
        self.base = catalog
        self._overrides = CatalogOverrides(-1, catalog)
        self.catalog: Catalog = LiveCatalog(lambda: self._overrides.catalog)
        self._db = db
        self._providers = frozenset(providers)
        self._sells_without_price = sells_without_price
        self._price_age = price_age
        self._hidden = frozenset(hidden)
        self._learned: dict[str, tuple[float, float]] = {}
        self._clock = 0.0  # the database's clock less this process's monotonic one

    @property
    def models(self) -> tuple[Model, ...]:
        """Models that menus know, in their order: with a key, not switched off, not refused to the operator."""
        return tuple(m for m in self.catalog.models if not m.hears and self._lasting(m) is None)

    def listed(self, slug: str) -> Model | None:
        """The one of `models` with that slug."""
        found = self.catalog.get(slug)
        return found if found is not None and not found.hears and self._lasting(found) is None else None

    def model(self, slug: str) -> Model | None:
        """Also one that is switched off: its jobs go on. None without a key."""
        found = self.catalog.get(slug)
        return found if found is not None and found.provider in self._providers else None

    def price(self, model: Model, options: Mapping[str, str] | None = None) -> Credits:
        """The quote for an order with these options, at this moment."""
        live = self.live_units(model, results(model, options or {}))
        return pricing.quote(model, self.catalog.terms[model.provider], options, live=live)

    def live_units(self, model: Model, count: int = 1) -> Decimal | None:
        """Today's price of an order of so many results in the provider's unit; None when it is not to be had."""
        listing = self._overrides.listing(model) if model.live else None
        if listing is None or listing.priced_at is None or self._moment() - listing.priced_at > self._price_age:
            return None
        exact = listing.prices.get(count)
        one = listing.prices.get(1)
        return exact if exact is not None else one * count if one is not None else None

    def approximate(self, model: Model) -> bool:
        """Whether the price is the catalogue's because today's could not be asked."""
        return model.live and self.live_units(model) is None

    def _terms(self, model: Model) -> Terms:
        return self.catalog.terms[model.provider]

    def typical(self, model: Model) -> float:
        """Typical seconds as learned last, the catalogue's until then; never asks the database."""
        known = self._learned.get(model.slug)
        return known[1] if known is not None else model.typical_seconds

    async def refresh(self) -> None:
        """Reads what changed. The other calls do so by themselves; only the properties need it before the first."""
        await self._db.read(self.sync)

    async def offers(self, kind: Kind | None = None, *, chat_id: int = 0) -> tuple[Offer, ...]:
        """Every model of `models`, paused ones too (available False), in menu order: the recommended one of a kind is
        its first. In a group, whose id is negative, only what its admins allow."""

        def read(conn: Connection) -> tuple[Offer, ...]:
            self.sync(conn)
            models = [m for m in self.models if kind is None or m.kind is kind]
            if chat_id < 0:
                group = groups.of(conn, chat_id)
                models = [m for m in models if group.allows(m)]
            return in_menu_order(self._offers(conn, models))

        return await self._db.read(read)

    async def everything(self) -> tuple[Offer, ...]:
        """The whole catalogue, with why what is not on sale is not."""

        def read(conn: Connection) -> tuple[Offer, ...]:
            self.sync(conn)
            return self._offers(conn, self.catalog.models)

        return await self._db.read(read)

    async def offer(self, slug: str) -> Offer | None:
        """The offer of one model; None when it is unknown or its provider has no key."""

        def read(conn: Connection) -> Offer | None:
            self.sync(conn)
            model = self.model(slug)
            return next(iter(self._offers(conn, [model])), None) if model is not None else None

        return await self._db.read(read)

    async def pauses(self) -> tuple[Pause, ...]:
        return await self._db.read(pauses.everything)

    async def allow_probe(self, provider: str) -> bool:
        """An admin's tap: lets the next order of a provider through at once where one is waited for."""
        return await self._db.transaction(lambda conn: pauses.allow_probe(conn, provider))

    async def listen(self, changed: Callable[[], None]) -> None:
        """Calls `changed` after each change of what is on sale, and once at the start. Runs until cancelled."""
        await self._db.listen(overrides.CHANGED, changed)

    def sync(self, conn: Connection) -> None:
        """Brings the overrides up to the caller's transaction."""
        self._clock = now(conn) - time.monotonic()
        if overrides.version(conn) != self._overrides.version:
            self._overrides = overrides.load(conn, self.base, hidden=self._hidden)

    def why_not(self, conn: Connection, model: Model) -> Why | None:
        """Why the model is off sale, read in the caller's transaction; None: it is on sale."""
        self.sync(conn)
        return self._why(model, pauses.everything(conn), now(conn))[0]

    def paused(self, conn: Connection, model: Model) -> bool:
        """Whether the model is off sale, for whatever reason, read in the caller's transaction."""
        return self.why_not(conn, model) is not None

    def switched_off(self, conn: Connection, model: Model) -> bool:
        """Whether an admin took the model or its provider off, read in the caller's transaction."""
        self.sync(conn)
        return self._lasting(model) in (Why.MODEL_OFF, Why.PROVIDER_OFF)

    def has_key(self, name: str) -> bool:
        """Whether the provider has a key here."""
        return name in self._providers

    def provider_off(self, name: str) -> bool:
        """Whether an admin switched the provider off, as known last."""
        return name in self._overrides.off_providers

    def learn(self, conn: Connection, model: Model) -> float:
        """The model's typical seconds, read in the caller's transaction when the known figure is old."""
        moment = now(conn)
        known = self._learned.get(model.slug)
        if known is not None and 0 <= moment - known[0] < LEARN_EVERY:
            return known[1]
        past = durations(conn, model.slug, limit=LEARN_FROM)
        seconds = statistics.median(past) if len(past) >= LEARN_AT_LEAST else model.typical_seconds
        self._learned[model.slug] = (moment, seconds)
        return seconds

    def _offers(self, conn: Connection, models: Iterable[Model]) -> tuple[Offer, ...]:
        moment = now(conn)
        off = pauses.everything(conn)
        return tuple(self._offer(conn, m, off, moment) for m in models)

    def _offer(self, conn: Connection, model: Model, off: tuple[Pause, ...], moment: float) -> Offer:
        why, back_in = self._why(model, off, moment)
        approximate = self.approximate(model)
        return Offer(model, self.price(model), self.learn(conn, model), why is None, why, approximate, back_in)

    def _why(self, model: Model, off: tuple[Pause, ...], moment: float) -> tuple[Why | None, float | None]:
        """The reason, and the seconds until an order is let through again where that is known."""
        lasting = self._lasting(model)
        if lasting is not None:
            return lasting, None
        pause = covering(off, model, moment)
        if pause is not None:
            known = pause.kind == pauses.CIRCUIT and pause.probe_at is not None
            return OF_PAUSE[pause.kind], max(0.0, (pause.probe_at or 0.0) - moment) if known else None
        if self.approximate(model) and not (self._sells_without_price and self._terms(model).fallback):
            return Why.NO_PRICE, None
        return None, None

    def _lasting(self, model: Model) -> Why | None:
        """Reasons that do not pass by themselves: menus leave the model out."""
        if model.provider not in self._providers:
            return Why.NO_KEY
        present = self._overrides
        if model.provider in present.off_providers:
            return Why.PROVIDER_OFF
        if model.slug in present.off_models:
            return Why.MODEL_OFF
        listing = present.listing(model)
        if listing is not None and not listing.allowed:
            return Why.NOT_ALLOWED
        return Why.NEEDS_MORE if listing is not None and missing(model, listing.required) else None

    def _moment(self) -> float:
        """Unix seconds by the database's clock, as told last."""
        return self._clock + time.monotonic()


def missing(model: Model, required: Iterable[str]) -> tuple[str, ...]:
    """Required fields of the provider that no order for the model would fill."""
    filled = {*GIVEN, *model.fixed, *([model.inputs.param] if model.inputs.minimum else [])}
    return tuple(name for name in required if name not in filled)


def counts(model: Model) -> tuple[int, ...]:
    """The numbers of results whose price has to be asked: each where one request makes several, else one."""
    option = model.option(RESULTS)
    if option is None or not option.param or option.maximum is None:
        return (1,)
    return tuple(range(1, int(option.maximum) + 1))
