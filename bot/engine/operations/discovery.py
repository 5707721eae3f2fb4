"""What providers list against what is sold: models that are new, gone or repriced, and how a new one gets on sale."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import structlog
from sqlalchemy import Connection

from bot.domain.catalog.models import Catalog, Kind, Model
from bot.domain.orders.matching import normalise
from bot.engine.catalog import overrides, pauses, unknown_models
from bot.engine.catalog.new_model import Drawn, Plan, draw, plan_of
from bot.engine.catalog.schema import ModelEntry, OptionEntry
from bot.engine.catalog.shop import Shop
from bot.providers.base import Discovers, Listed, LivePrices, Provider, ProviderError
from bot.storage import cooldowns
from bot.storage.database import Database

log = structlog.get_logger(__name__)

ASK_LIMIT = 45.0
"""Seconds for what one provider lists; they are asked at the same time."""
DETAILS_LIMIT = 20.0
NEW_MOST = 150
"""New models of one provider that are told: a list may have hundreds."""


class News(StrEnum):
    NEW = "new"
    GONE = "gone"
    REPRICED = "repriced"


@dataclass(frozen=True, slots=True)
class Found:
    """One difference. `units` is what the provider asks now, `before` what the catalogue says."""

    news: News
    provider: str
    upstream_id: str
    slug: str = ""
    """Of a model that is sold; "" for a new one."""
    title: str = ""
    kind: str = ""
    units: str = ""
    before: str = ""
    live: bool = False
    listed: Mapping[str, Any] | None = None
    """Of a new one, as JSON: see `listed_of`."""


@dataclass(frozen=True, slots=True)
class Report:
    """`silent`: providers that did not answer, with why."""

    found: tuple[Found, ...]
    silent: Mapping[str, str]


class NotPut(Exception):
    """The model is not on sale; the word says why: slug, title, full, or one of Drawn.lacks."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class ProviderSilent(Exception):
    """The provider did not tell of the model: it failed, or took too long."""


class Discovery:
    """`shared` reads the options that new models may get; `taken` are commands that no model may be called."""

    def __init__(
        self,
        db: Database,
        shop: Shop,
        providers: Mapping[str, Provider],
        *,
        shared: Callable[[], Mapping[str, OptionEntry]],
        taken: Collection[str] = (),
    ) -> None:
        self._db = db
        self._shop = shop
        self._providers = providers
        self._shared = shared
        self._taken = frozenset(taken) | {kind.value for kind in Kind}

    async def report(self) -> Report:
        """Asks every provider that lists its models. What is listed again is put back on sale where it was unknown."""
        await self._shop.refresh()
        names = [name for name, one in self._providers.items() if isinstance(one, Discovers)]
        answers = await asyncio.gather(*(self._models(name) for name in names))
        found: list[Found] = []
        silent: dict[str, str] = {}
        for name, answer in zip(names, answers, strict=True):
            if isinstance(answer, str):
                silent[name] = answer
            else:
                found += compare(self._shop.catalog, name, answer, self._today)
                await self._found_again(name, answer)
        order = list(News)
        return Report(tuple(sorted(found, key=lambda f: order.index(f.news))), silent)

    async def _models(self, name: str) -> tuple[Listed, ...] | str:
        provider: object = self._providers[name]
        assert isinstance(provider, Discovers)
        try:
            async with asyncio.timeout(ASK_LIMIT):
                return await provider.models()
        except (ProviderError, TimeoutError) as error:
            log.warning("market.not_listed", provider=name, why=f"{type(error).__name__}: {error}"[:200])
            return type(error).__name__

    async def _found_again(self, name: str, listed: Sequence[Listed]) -> None:
        ids = {one.upstream_id for one in listed if one.allowed}
        mine = [m for m in self._shop.catalog.models if m.provider == name and m.upstream_id in ids]

        sold = [m for m in self._shop.catalog.models if m.provider == name]
        known = {one.upstream_id for one in listed}

        def lift(conn: Connection) -> None:
            unknown_models.settled_by_list(conn, sold, known)
            for model in mine:
                pauses.lift(conn, name, f"{pauses.UNKNOWN_MODEL}:{model.slug}")
            cooldowns.clear(conn, f"listing:{name}")  # so that its parameters are looked at soon

        await self._db.transaction(lift)

    def _today(self, model: Model) -> Decimal | None:
        return self._shop.live_units(model)

    async def plan(self, found: Found) -> Plan:
        """How a new model would be sold, with what its provider tells of it. Raises ProviderSilent."""
        listed = listed_of(found.listed or {})
        provider: object = self._providers.get(found.provider)
        if isinstance(provider, Discovers):
            try:
                async with asyncio.timeout(DETAILS_LIMIT):
                    listed = await provider.details(listed)
            except (ProviderError, TimeoutError) as error:
                raise ProviderSilent(found.provider) from error
        return self.first_plan(found.provider, listed, live=isinstance(provider, LivePrices))

    def first_plan(self, provider: str, listed: Listed, *, live: bool) -> Plan:
        """How a model would be sold that its provider told everything of."""
        taken = {m.slug for m in self._shop.catalog.models} | self._taken
        return plan_of(provider, listed, taken, live=live, titles=self._titles())

    def drawn(self, plan: Plan) -> Drawn:
        """The entry that the plan makes, or what it lacks."""
        return draw(plan, self._shared(), self._shop.catalog.models)

    def problem(self, plan: Plan) -> str:
        """Why the plan's names cannot be: "slug" or "title"; "" when they can."""
        models = self._shop.catalog.models
        if plan.slug in self._taken or any(m.slug == plan.slug for m in models):
            return "slug"
        same = normalise(plan.title)
        return "title" if not same or same in self._titles() else ""

    def _titles(self) -> set[str]:
        """The titles of all models, normalised."""
        return {normalise(text) for m in self._shop.catalog.models for text in m.title.by_language.values()}

    async def put_on_sale(self, plan: Plan, *, actor: int) -> ModelEntry:
        """Puts the model on the shelf: on sale in every process at once. Raises NotPut."""
        drawn = self.drawn(plan)
        if drawn.entry is None:
            raise NotPut(drawn.lacks[0])
        if why := self.problem(plan):
            raise NotPut(why)
        entry = drawn.entry

        def put(conn: Connection) -> bool:
            done = overrides.put_on_shelf(conn, entry, actor=actor)
            self._on_sale(conn, entry, done=done)
            return done

        if not await self._db.transaction(put):
            raise NotPut("full")
        await self._shop.refresh()
        return entry

    async def adopt(self, entry: ModelEntry) -> bool:
        """Puts the model on the shelf without an admin. False: it is there, or no more may be adopted."""

        def put_adopted(conn: Connection) -> bool:
            done = overrides.adopt(conn, entry)
            if done:
                self._on_sale(conn, entry, done=done)
            return done

        done = await self._db.transaction(put_adopted)
        await self._shop.refresh()
        return done

    def _on_sale(self, conn: Connection, entry: ModelEntry, *, done: bool) -> None:
        if done and entry.live:  # told a moment ago, by the list
            overrides.note_prices(conn, entry.provider, {(entry.upstream_id, 1): entry.units})
        for what in ("prices", "listing"):  # both are asked for the new model soon
            cooldowns.clear(conn, f"{what}:{entry.provider}")
        self._db.notify(conn, overrides.CHANGED)

    async def relabel(self, slug: str, change: Callable[[ModelEntry], ModelEntry]) -> bool:
        """Changes a model on the shelf; False for one of the catalogue's file, or an unknown one."""

        def write(conn: Connection) -> bool:
            entry = overrides.shelved(conn, slug)
            if entry is None:
                return False
            self._db.notify(conn, overrides.CHANGED)
            return overrides.relabel(conn, change(entry))

        done = await self._db.transaction(write)
        await self._shop.refresh()
        return done


def compare(
    catalog: Catalog, provider: str, listed: Sequence[Listed], today: Callable[[Model], Decimal | None]
) -> list[Found]:
    """The differences between what a provider lists and what is sold of it. `today` tells known live prices.

    A model listed under several kinds is several; else its kind may be another than the one it is sold as.
    """
    mine = [m for m in catalog.models if m.provider == provider]
    by_id = {one.upstream_id: one for one in listed}
    by_kind = {(one.upstream_id, one.kind): one for one in listed}
    twofold = {name for name, times in Counter(name for name, _ in by_kind).items() if times > 1}
    sold = {(m.upstream_id, kind) for m in mine for kind in (m.kind, None)}
    unsold = [one for (name, kind), one in by_kind.items() if (name, kind if name in twofold else None) not in sold]
    unsold = [one for one in unsold if one.upstream_id != unknown_models.DEFAULT]  # the choice of one of the others
    fresh = [one for one in unsold if one.allowed][:NEW_MOST]
    found = [_new(provider, one) for one in fresh]
    for model in mine:
        one = by_id.get(model.upstream_id)
        title, kind = model.title.of("en"), model.kind.value
        if one is None:
            if listed and model.upstream_id != unknown_models.DEFAULT:
                found.append(Found(News.GONE, provider, model.upstream_id, model.slug, title, kind))
            continue
        units = one.units if one.units is not None else today(model)
        bounded = model.live and not catalog.terms[provider].fallback  # its units are no price but a bound
        if units is not None and (units > model.units if bounded else units != model.units):
            about = (provider, model.upstream_id, model.slug, title, kind)
            found.append(Found(News.REPRICED, *about, _text(units), _text(model.units), model.live))
    return found


def _new(provider: str, one: Listed) -> Found:
    return Found(
        News.NEW,
        provider,
        one.upstream_id,
        title=one.title,
        kind=one.kind.value if one.kind is not None else "",
        units=_text(one.units) if one.units is not None else "",
        listed=listed_json(one),
    )


def listed_json(one: Listed) -> dict[str, Any]:
    """What a draft keeps of a listed model; what `details` tells again is left out."""
    return {
        "upstream_id": one.upstream_id,
        "title": one.title[:80],
        "kind": one.kind.value if one.kind is not None else None,
        "units": _text(one.units) if one.units is not None else None,
        "typical_seconds": one.typical_seconds,
        "required": list(one.required)[:40],
        "parameters": dict(list(one.parameters.items())[:60]),
        "choices": {name: list(values)[:40] for name, values in list(one.choices.items())[:20]},
        "max_results": one.max_results,
        "description": one.description[:200],
    }


def listed_of(data: Mapping[str, Any]) -> Listed:
    """Reads what `listed_json` wrote."""
    units, kind = data.get("units"), data.get("kind")
    return Listed(
        upstream_id=str(data["upstream_id"]),
        title=data.get("title") or "",
        kind=Kind(kind) if kind else None,
        units=Decimal(units) if units else None,
        typical_seconds=data.get("typical_seconds"),
        required=tuple(data.get("required") or ()),
        parameters=dict(data.get("parameters") or {}),
        choices={name: tuple(values) for name, values in (data.get("choices") or {}).items()},
        max_results=int(data.get("max_results") or 1),
        description=data.get("description") or "",
    )


def found_json(found: Found) -> dict[str, Any]:
    return asdict(found)


def found_of(data: Mapping[str, Any]) -> Found:
    return Found(**{**data, "news": News(data["news"])})


def _text(units: Decimal) -> str:
    return f"{units.normalize():f}"
