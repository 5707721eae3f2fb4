"""Models that edit or animate pictures are put on sale by themselves, by a rule of the operator's.

A listed model is adopted when its family is on the catalogue's list, its price is known and low enough, and an order
would fill every field that it requires. It stays on the shelf from then on, on sale or switched off by an admin, so
that it is never adopted twice. Admins are told of each.
"""

import asyncio
import hashlib
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import structlog
from sqlalchemy import Connection

from bot.domain.catalog.models import Kind
from bot.domain.catalog.pricing import price_of_units
from bot.domain.money import Credits, to_decimal
from bot.engine.catalog import overrides
from bot.engine.catalog.new_model import PICTURES, Plan
from bot.engine.catalog.schema import ModelEntry
from bot.engine.catalog.shop import Shop
from bot.engine.operations.discovery import Discovery
from bot.engine.operations.price_watch import AGAIN, LISTED_EVERY, ROUND, describe
from bot.engine.ports import Alerts
from bot.providers.base import Discovers, Listed, LivePrices, Provider, ProviderError, UpstreamDown
from bot.storage import cooldowns
from bot.storage.clock import now
from bot.storage.database import Database

log = structlog.get_logger(__name__)

ASK_LIMIT: Final = 120.0
"""Seconds for a provider's list and the parameters of its candidates."""
CANDIDATES: Final = 80
"""Models of a provider whose parameters are asked for in one look, the preferred families and the cheapest first."""
NAMES_TRIED: Final = 20
TOLD_WITHIN: Final = 3 * 24 * 3600.0
"""Seconds after which admins are not told of a model any more: less than cooldowns are kept."""
TELL_EVERY: Final = 120.0
"""Seconds between two attempts to tell them."""
TOLD_AT_ONCE: Final = 10
"""Models in one alert."""
_FILM: Final = re.compile(r"(image|img|i)-?(to|2)-?(video|v)(?![a-z])|(?<![a-z])video(?![a-z])")
_EDIT: Final = re.compile(r"(image|img|i)-?(to|2)-?(image|img|i)(?![a-z])|(?<![a-z])(edit|kontext)(?![a-z])")


@dataclass(frozen=True, slots=True)
class Rule:
    """What the operator lets be adopted. `families` come in the order in which their models are offered."""

    families: tuple[str, ...]
    max_price: Credits

    @property
    def digest(self) -> str:
        """Names the rule: another one is applied at once, not when the last one's next look is due."""
        return hashlib.blake2b(repr((self.families, self.max_price)).encode(), digest_size=6).hexdigest()


class Adoption:
    """The adopting service of a process; one process looks for all of them."""

    def __init__(
        self,
        db: Database,
        shop: Shop,
        providers: Mapping[str, Provider],
        discovery: Discovery,
        rule: Rule,
        alerts: Alerts,
        *,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._db = db
        self._shop = shop
        self._providers = providers
        self._discovery = discovery
        self._rule = rule
        self._alerts = alerts
        self._jitter = jitter

    async def serve(self) -> None:
        """Runs for ever."""
        while True:
            await self.look()
            await asyncio.sleep(ROUND * (0.5 + self._jitter()))

    async def look(self) -> None:
        """Reads the lists that are due, and adopts what the rule lets it. Never raises for what a provider does."""
        await self._shop.refresh()
        await asyncio.gather(*(self._one(name) for name in self._providers))
        await self._tell()

    async def _one(self, name: str) -> None:
        """Unless some process looked lately; after a failure it is due again soon."""
        provider: object = self._providers[name]
        if not isinstance(provider, Discovers):
            return
        key = f"adoption:{name}:{self._rule.digest}"
        if not await self._db.transaction(lambda conn: cooldowns.acquire_cooldown(conn, key, every=LISTED_EVERY)):
            return
        try:
            async with asyncio.timeout(ASK_LIMIT):
                await self.adopt(name, provider)
        except (ProviderError, TimeoutError) as error:
            log.warning("adoption.not_told", provider=name, why=f"{type(error).__name__}: {error}"[:200])
            await self._db.transaction(lambda conn: cooldowns.soon(conn, key, every=LISTED_EVERY, seconds=AGAIN))

    async def adopt(self, name: str, provider: Discovers) -> None:
        """Raises ProviderError where the provider did not tell enough to adopt anything."""
        candidates = self.candidates(name, await provider.models())[:CANDIDATES]
        described = {one.upstream_id: one for one in await describe(name, provider, candidates)}
        if candidates and not described:
            raise UpstreamDown("no candidate's parameters were told")
        for candidate in candidates:  # in their order, in which they will stand on the shelf
            listed = adoptable(described.get(candidate.upstream_id))
            plan = self._plan(name, listed, provider) if listed is not None else None
            entry = self._discovery.drawn(plan).entry if plan is not None else None
            if entry is not None and await self._discovery.adopt(entry):
                log.info("model.adopted", model=entry.slug, provider=name, upstream=entry.upstream_id)

    def candidates(self, name: str, listed: Sequence[Listed]) -> list[Listed]:
        """What may be adopted, as far as the list says: of a family, cheap enough, not sold or decided about yet."""
        catalog = self._shop.catalog
        known = {m.upstream_id for m in catalog.models if m.provider == name}
        terms, found = catalog.terms.get(name), dict[str, tuple[int, Listed]]()
        if terms is None:
            return []
        for one in listed:
            family = family_of(one.upstream_id, self._rule.families)
            if family is None or not one.allowed or one.units is None or one.units <= 0 or one.upstream_id in known:
                continue
            kind = kind_of(one)
            if kind is not None and price_of_units(one.units, terms) <= self._rule.max_price:
                found.setdefault(one.upstream_id, (family, replace(one, kind=kind)))
        return [one for _, one in sorted(found.values(), key=lambda f: (f[0], f[1].units, f[1].upstream_id))]

    def _plan(self, name: str, listed: Listed, provider: object) -> Plan | None:
        """How it is sold, under names that are free."""
        plan = self._discovery.first_plan(name, listed, live=isinstance(provider, LivePrices))
        return next((p for p in _renamed(plan) if not self._discovery.problem(p)), None)

    async def _tell(self) -> None:
        """Tells the admins of what was adopted and not told: also by a process that ended before it could."""

        def untold(conn: Connection) -> list[ModelEntry]:
            fresh = overrides.adopted(conn, now(conn) - TOLD_WITHIN)
            return [entry for entry in fresh if not cooldowns.said(conn, _told(entry))]

        entries = await self._db.read(untold)
        if not entries or not await self._db.transaction(_may_tell):
            return
        for start in range(0, len(entries), TOLD_AT_ONCE):
            some = entries[start : start + TOLD_AT_ONCE]
            names = "\n".join(self._line(entry) for entry in some)
            values = {"models": names, "example": some[0].slug}
            if await self._alerts.alert(f"adopted:{some[0].slug}", "alert-adopted", **values):
                await self._note_told(some)

    async def _note_told(self, entries: Sequence[ModelEntry]) -> None:
        """They are not told of again."""

        def note(conn: Connection) -> None:
            for entry in entries:
                cooldowns.acquire_cooldown(conn, _told(entry), every=TOLD_WITHIN)

        await self._db.transaction(note)

    def _line(self, entry: ModelEntry) -> str:
        terms = self._shop.catalog.terms[entry.provider]
        price = price_of_units(entry.units, terms)
        return f"/{entry.slug} · {terms.title} {entry.upstream_id} · {to_decimal(price).normalize():f}"


def _may_tell(conn: Connection) -> bool:
    """One process at a time, and not too often: an admin of a fresh bot may not have pressed Start yet."""
    return cooldowns.acquire_cooldown(conn, "adoption-telling", every=TELL_EVERY)


def _told(entry: ModelEntry) -> str:
    return f"adoption-told:{entry.slug}"


def family_of(upstream_id: str, families: Sequence[str]) -> int | None:
    """The place of the first family with which a part of the id begins; None: of none. "kling" is the family of
    "fal-ai/kling-video/v2", "flux" not that of "x/fluxus"."""
    parts = upstream_id.lower().split("/")
    for place, family in enumerate(families):
        if any(re.match(rf"{re.escape(family)}(?![a-z])", part) for part in parts):
            return place
    return None


def kind_of(listed: Listed) -> Kind | None:
    """What it would be sold as if it works on pictures: as it is listed, else as its id says. None: neither does."""
    if listed.kind in (Kind.EDIT, Kind.VIDEO):
        return listed.kind
    if listed.kind is Kind.IMAGE:  # an edit, if its schema requires a picture
        return Kind.EDIT
    if listed.kind is not None:
        return None
    name = listed.upstream_id.lower()
    if _FILM.search(name):
        return Kind.VIDEO
    return Kind.EDIT if _EDIT.search(name) else None


def adoptable(listed: Listed | None) -> Listed | None:
    """The model if it works on pictures that it requires, and on words: an edit requires them, an animation may do
    without. What else it requires, `draw` will find."""
    if listed is None or not any(name in listed.required for name in PICTURES):
        return None
    words = listed.required if listed.kind is Kind.EDIT else listed.parameters
    return listed if "prompt" in words else None


def _renamed(plan: Plan) -> Iterator[Plan]:
    """The plan, and the same under titles that are not taken, as models of one name are told apart."""
    yield plan
    for number in range(2, NAMES_TRIED):
        yield replace(plan, title=f"{plan.title[:36].rstrip()} {number}")
