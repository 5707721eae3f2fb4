"""Markets for tests of ordering: the real catalogue, whole or with changes."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from bot.domain.catalog import pricing
from bot.domain.catalog.models import Catalog, Kind, Model
from bot.domain.jobs import Job, JobState, Target
from bot.domain.money import Credits
from bot.engine.catalog.file import load_catalog
from bot.engine.catalog.shop import Offer
from bot.telegram.i18n.texts import Texts
from bot.telegram.orders.draft.draft import Market

CATALOG: Catalog = load_catalog(None, allow=["no-safety"])
AI_NOW = tuple(m for m in CATALOG.models if m.provider == "ai_now")
TEXTS = Texts(strict=True)
EN, RU = TEXTS.of("en"), TEXTS.of("ru")


def market_of(*models: Model, paused: tuple[str, ...] = ()) -> Market:
    """Those models (AI-Now's when none is named) at their prices."""
    offers = [
        Offer(m, pricing.quote(m, CATALOG.terms[m.provider]), m.typical_seconds, m.slug not in paused)
        for m in models or AI_NOW
    ]
    return Market(tuple(offers), price_of)


def price_of(sold: Model, options: Mapping[str, str]) -> Credits:
    """What the shop would say."""
    return pricing.quote(sold, CATALOG.terms[sold.provider], options)


def model(slug: str) -> Model:
    found = CATALOG.get(slug)
    assert found is not None
    return found


def many_models(count: int) -> tuple[Model, ...]:
    """Copies of Run: more than fit on one page."""
    return tuple(replace(model("run"), slug=f"run{n}_" + "x" * (20 - len(str(n)))) for n in range(count))


def job_of(slug: str, options: dict[str, str], *, state: JobState = JobState.DONE, prompt: str = "a lake") -> Job:
    """A job as the database gives it."""
    done = state is JobState.DONE
    return Job(
        id="a" * 13,
        account_id=1,
        user_id=7,
        provider="ai_now",
        model=slug,
        kind=model(slug).kind if CATALOG.get(slug) else Kind.VIDEO,
        prompt=prompt,
        options=options,
        quote=Credits(10_000_000),
        locale="en",
        target=Target(7, None, 5),
        state=state,
        owner=None,
        epoch=1,
        attempt=1,
        tries=0,
        created_at=1000.0,
        submitted_at=1001.0,
        deadline=None,
        delivering_at=None,
        finished_at=1125.0 if state.finished else None,
        upstream_ref=None,
        assets=(),
        cost=str(Decimal(10)),
        delivered=(),
        charged=Credits(10_000_000) if done else None,
        refunded=False,
        cause=None,
        detail="",
        notice_due=False,
        ready_sent=False,
    )
