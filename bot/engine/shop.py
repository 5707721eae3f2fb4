"""What is on sale now: the catalogue less the providers without a key and the models that an operator fault paused."""

import statistics
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.domain import pricing
from bot.domain.catalog import Catalog, Kind, Model
from bot.domain.money import Credits
from bot.engine import pauses, reports
from bot.engine.pauses import Pause
from bot.storage.clock import now
from bot.storage.database import Database

LEARN_FROM = 50
"""Latest finished jobs per model whose median is its typical time."""
LEARN_AT_LEAST = 3
LEARN_EVERY = 30.0
"""Seconds for which a learned time is kept before the jobs are asked again."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A model as a menu shows it."""

    model: Model
    price: Credits
    typical: float
    """Seconds: the median of its latest finished jobs, the catalogue's figure until there are some."""
    available: bool
    """False: temporarily off sale, the operator must act."""


class Shop:
    """Offers and prices. Reads the database at every call: what one process pauses is off sale in all of them."""

    def __init__(self, db: Database, catalog: Catalog, providers: Collection[str]) -> None:
        self.catalog = catalog
        self._db = db
        self._providers = frozenset(providers)
        self._learned: dict[str, tuple[float, float]] = {}

    @property
    def models(self) -> tuple[Model, ...]:
        """Models whose provider has a key, in menu order."""
        return tuple(m for m in self.catalog.models if m.provider in self._providers)

    def model(self, slug: str) -> Model | None:
        found = self.catalog.get(slug)
        return found if found is not None and found.provider in self._providers else None

    def price(self, model: Model, options: Mapping[str, str] | None = None) -> Credits:
        """The quote for an order with these options, at this moment."""
        return pricing.quote(model, self.catalog.terms[model.provider], options)

    def typical(self, model: Model) -> float:
        """Typical seconds as learned last, the catalogue's until then; never asks the database."""
        known = self._learned.get(model.slug)
        return known[1] if known is not None else model.typical_seconds

    async def offers(self, kind: Kind | None = None) -> tuple[Offer, ...]:
        """Every model with a key, paused ones too (available False), in menu order."""
        models = [m for m in self.models if kind is None or m.kind is kind]
        return await self._db.read(lambda conn: self._offers(conn, models))

    async def offer(self, slug: str) -> Offer | None:
        """The offer of one model; None when it is unknown or its provider has no key."""
        model = self.model(slug)
        if model is None:
            return None
        (offer,) = await self._db.read(lambda conn: self._offers(conn, [model]))
        return offer

    async def pauses(self) -> tuple[Pause, ...]:
        return await self._db.read(pauses.everything)

    async def allow_probe(self, provider: str) -> bool:
        """An admin's tap: lets the next order of a provider without funds through at once."""
        return await self._db.transaction(lambda conn: pauses.allow_probe(conn, provider))

    def paused(self, conn: Connection, model: Model) -> bool:
        """Whether the model is off sale, read in the caller's transaction."""
        moment = now(conn)
        return any(p.covers(model, moment) for p in pauses.everything(conn))

    def learn(self, conn: Connection, model: Model) -> float:
        """The model's typical seconds, read in the caller's transaction when the known figure is old."""
        moment = now(conn)
        known = self._learned.get(model.slug)
        if known is not None and 0 <= moment - known[0] < LEARN_EVERY:
            return known[1]
        past = reports.durations(conn, model.slug, limit=LEARN_FROM)
        seconds = statistics.median(past) if len(past) >= LEARN_AT_LEAST else model.typical_seconds
        self._learned[model.slug] = (moment, seconds)
        return seconds

    def _offers(self, conn: Connection, models: list[Model]) -> tuple[Offer, ...]:
        moment = now(conn)
        off = pauses.everything(conn)
        return tuple(
            Offer(m, self.price(m), self.learn(conn, m), not any(p.covers(m, moment) for p in off)) for m in models
        )
