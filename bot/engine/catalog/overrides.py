"""What admins and providers changed about the catalogue: models put on the shelf, switches, what providers list.

One number in the database counts the changes: who reads it learns for the price of one row whether to read the rest.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
import structlog
from pydantic import ValidationError
from sqlalchemy import Connection, RowMapping

from bot.domain.catalog.models import RESULTS, Catalog, Kind, Model, Option, Terms
from bot.engine.catalog.schema import ModelEntry, model_of
from bot.providers.base import Listed
from bot.storage.clock import now
from bot.storage.sql import Sql
from bot.storage.statements import insert_new, queue_up
from bot.storage.tables import listings, market, shelf, switches

log = structlog.get_logger(__name__)

CHANGED = "easel_market"
"""The channel on which processes are told that the overrides changed."""
SHELF_MOST = 500
"""Models that admins may put on sale beside the catalogue's."""
ADOPTED_MOST = 60
"""Those of them that Easel itself put there: what operators did not choose leaves room for what they do."""
EASEL = 0
"""The actor of what Easel did by itself."""
MODEL, PROVIDER = "model", "provider"
_VERSION = Sql("SELECT version FROM market WHERE id = 1")


@dataclass(frozen=True, slots=True)
class KindLimits:
    """Of one kind of a model. `most`: results of one order; `choices`: the values of a parameter, where it lists
    them."""

    most: int
    choices: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a provider said last of one of its models."""

    allowed: bool = True
    parameters: frozenset[str] = frozenset()
    """Names of what it takes; empty: it does not say."""
    required: tuple[str, ...] = ()
    limits: Mapping[str, "KindLimits"] = field(default_factory=dict)
    """What it says of the values that it takes, by the kind it lists the model as, "" for none."""
    prices: Mapping[int, Decimal] = field(default_factory=dict)
    """Units of a whole order by the number of its results."""
    priced_at: float | None = None


@dataclass(frozen=True, slots=True)
class CatalogOverrides:
    """The catalogue as it is sold, at one version."""

    version: int
    catalog: Catalog
    off_models: frozenset[str] = frozenset()
    off_providers: frozenset[str] = frozenset()
    listings: Mapping[tuple[str, str], Listing] = field(default_factory=dict)

    def listing(self, model: Model) -> Listing | None:
        return self.listings.get((model.provider, model.upstream_id))


class LiveCatalog(Catalog):
    """The catalogue as it is now: code that holds this object also sees the models that are added later."""

    __slots__ = ("_present",)
    _present: Callable[[], Catalog]

    def __init__(self, present: Callable[[], Catalog]) -> None:
        object.__setattr__(self, "_present", present)

    @property
    def terms(self) -> Mapping[str, Terms]:
        return self._present().terms

    @property
    def models(self) -> tuple[Model, ...]:
        return self._present().models

    def get(self, slug: str) -> Model | None:
        return self._present().get(slug)

    def of_kind(self, kind: Kind) -> tuple[Model, ...]:
        return self._present().of_kind(kind)


def version(conn: Connection) -> int:
    """Grows with every change of the overrides."""
    return int(_VERSION.run(conn).scalar_one())


def changed(conn: Connection) -> None:
    """Says that the overrides are others from this transaction on."""
    conn.execute(sa.update(market).values(version=market.c.version + 1))


def load(conn: Connection, base: Catalog, *, hidden: Collection[str] = ()) -> CatalogOverrides:
    """Reads the overrides. `base` is the catalogue of the file; `hidden` are options that operators do not sell."""
    off = {(row.scope, row.name) for row in conn.execute(sa.select(switches.c.scope, switches.c.name))}
    listed = {
        (row["provider"], row["upstream_id"]): _listing(row) for row in conn.execute(sa.select(listings)).mappings()
    }
    extra = _shelved(conn, base, hidden)
    models = tuple(_as_listed(m, listed.get((m.provider, m.upstream_id))) for m in (*base.models, *extra))
    return CatalogOverrides(
        version(conn),
        Catalog(base.terms, models),
        frozenset(name for scope, name in off if scope == MODEL),
        frozenset(name for scope, name in off if scope == PROVIDER),
        listed,
    )


def _shelved(conn: Connection, base: Catalog, hidden: Collection[str]) -> list[Model]:
    """The shelf's models. One that does not fit the catalogue (any more) is left out, not fatal."""
    found: list[Model] = []
    rows = conn.execute(sa.select(shelf.c.slug, shelf.c.entry).order_by(shelf.c.created_at, shelf.c.slug))
    for slug, entry in rows:
        try:
            model = model_of(ModelEntry.model_validate(entry), hidden=hidden)
        except ValidationError as error:
            log.warning("shelf.unreadable", model=slug, error=str(error)[:300])
            continue
        if base.get(model.slug) is not None or model.provider not in base.terms:
            log.warning("shelf.does_not_fit", model=slug)
            continue
        found.append(model)
    return found


def _as_listed(model: Model, listing: Listing | None) -> Model:
    """The model without options and values that its provider does not take, where that says what it takes."""
    if listing is None or not listing.parameters:
        return model
    limits = listing.limits.get(model.kind.value, listing.limits.get(""))
    taken = (o for o in model.options if not o.param or o.param in listing.parameters)
    kept = tuple(o for o in (_limited(option, limits) for option in taken) if o is not None)
    return model if kept == model.options else replace(model, options=kept)


def _limited(option: Option, limits: KindLimits | None) -> Option | None:
    """The option within the limits; None when nothing of it is left."""
    if limits is None or not option.param:
        return option
    if option.name == RESULTS and option.maximum is not None and option.maximum > limits.most:
        return replace(option, maximum=Decimal(limits.most)) if limits.most > 1 else None
    listed = limits.choices.get(option.param)
    if not listed or not option.choices:
        return option
    choices = tuple(c for c in option.choices if str(c.value if c.sends is None else c.sends) in listed)
    if len(choices) == len(option.choices):
        return option
    default = option.default if any(c.value == option.default for c in choices) else ""
    return replace(option, choices=choices, default=default) if choices else None


def _listing(row: RowMapping) -> Listing:
    facts: Mapping[str, Any] = row["facts"] or {}
    return Listing(
        allowed=bool(facts.get("allowed", True)),
        parameters=frozenset(facts.get("parameters") or ()),
        required=tuple(facts.get("required") or ()),
        limits={kind: _limits(data) for kind, data in (facts.get("limits") or {}).items()},
        prices={int(n): Decimal(units) for n, units in (row["prices"] or {}).items()},
        priced_at=row["priced_at"],
    )


def _limits(data: Mapping[str, Any]) -> KindLimits:
    choices = {name: frozenset(values) for name, values in (data.get("choices") or {}).items()}
    return KindLimits(int(data.get("most") or 1), choices)


def switch(conn: Connection, scope: str, name: str, *, on: bool, actor: int) -> bool:
    """Switches a model or a provider off or on for all users, at once. False: it was so already."""
    if on:
        here = sa.and_(switches.c.scope == scope, switches.c.name == name)
        done = bool(conn.execute(sa.delete(switches).where(here)).rowcount)
    else:
        done = insert_new(conn, switches, scope=scope, name=name, actor=actor, created_at=now(conn))
    if done:
        changed(conn)
    return done


def put_on_shelf(conn: Connection, entry: ModelEntry, *, actor: int) -> bool:
    """Puts a model on sale beside the catalogue's. False: its slug is taken, or the shelf is full."""
    taken = conn.execute(sa.select(sa.func.count()).select_from(shelf)).scalar_one()
    if taken >= SHELF_MOST:
        return False
    data = entry.model_dump(mode="json")
    made = insert_new(
        conn, shelf, slug=entry.slug, provider=entry.provider, entry=data, actor=actor, created_at=now(conn)
    )
    if made:
        changed(conn)
    return made


def adopt(conn: Connection, entry: ModelEntry) -> bool:
    """Puts a model on the shelf by Easel itself. False: some process or admin has put it there before, as the same kind
    or another, or as much as may be adopted is on the shelf, or its slug is taken."""
    queue_up(conn, "adopt")  # two processes may read the same list, and would give one model two commands
    rows = conn.execute(sa.select(shelf.c.provider, shelf.c.entry, shelf.c.actor)).all()
    if any(row.provider == entry.provider and row.entry.get("upstream_id") == entry.upstream_id for row in rows):
        return False
    if sum(row.actor == EASEL for row in rows) >= ADOPTED_MOST:
        return False
    return put_on_shelf(conn, entry, actor=EASEL)


def adopted(conn: Connection, since: float) -> list[ModelEntry]:
    """The models that Easel itself put on the shelf after that moment, the first ones first."""
    mine = sa.select(shelf.c.entry).where(shelf.c.actor == EASEL, shelf.c.created_at > since)
    found = conn.execute(mine.order_by(shelf.c.created_at, shelf.c.slug)).scalars()
    return [ModelEntry.model_validate(data) for data in found]


def shelved(conn: Connection, slug: str) -> ModelEntry | None:
    """The entry of a model that an admin put on sale; None for one of the catalogue's, and for an unknown one."""
    data = conn.execute(sa.select(shelf.c.entry).where(shelf.c.slug == slug)).scalar_one_or_none()
    return ModelEntry.model_validate(data) if data is not None else None


def relabel(conn: Connection, entry: ModelEntry) -> bool:
    """Stores what an admin changed about a model on the shelf."""
    again = sa.update(shelf).where(shelf.c.slug == entry.slug).values(entry=entry.model_dump(mode="json"))
    done = bool(conn.execute(again).rowcount)
    if done:
        changed(conn)
    return done


def note_listed(conn: Connection, provider: str, models: Sequence[Listed]) -> None:
    """Keeps what a provider said of these models; of others it keeps what it had. One may be listed as several
    kinds."""
    limits: dict[str, dict[str, Any]] = {}
    for listed in models:
        choices = {name: list(values) for name, values in listed.choices.items()}
        kind = listed.kind.value if listed.kind is not None else ""
        limits.setdefault(listed.upstream_id, {})[kind] = {"most": listed.max_results, "choices": choices}
    for listed in models:
        facts = {
            "allowed": listed.allowed,
            "parameters": sorted(listed.parameters),
            "required": list(listed.required),
            "limits": limits[listed.upstream_id],
        }
        _keep(conn, provider, listed.upstream_id, facts=facts, listed_at=now(conn))
    if models:
        changed(conn)


def note_prices(conn: Connection, provider: str, prices: Mapping[tuple[str, int], Decimal]) -> None:
    """Keeps today's prices, in units of whole orders."""
    by_model: dict[str, dict[str, str]] = {}
    for (upstream_id, results), units in prices.items():
        by_model.setdefault(upstream_id, {})[str(results)] = f"{units:f}"
    moment = now(conn)
    for upstream_id, found in by_model.items():
        _keep(conn, provider, upstream_id, prices=found, priced_at=moment)
    if by_model:
        changed(conn)


def _keep(conn: Connection, provider: str, upstream_id: str, **values: Any) -> None:
    if not insert_new(conn, listings, provider=provider, upstream_id=upstream_id, **values):
        here = sa.and_(listings.c.provider == provider, listings.c.upstream_id == upstream_id)
        conn.execute(sa.update(listings).where(here).values(**values))
