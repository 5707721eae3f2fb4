"""What a failed or dear run means beyond its job: models off sale, and alerts to the operator."""

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import Connection

from bot.domain.catalog import pricing
from bot.domain.catalog.models import Catalog, Model, Terms
from bot.domain.jobs import Job
from bot.domain.money import to_decimal
from bot.engine.catalog import pauses, unknown_models
from bot.engine.conversations.prompt import OWN_COUNT
from bot.engine.ports import Alerts
from bot.providers.base import BadKey, NotPermitted, OperatorFault, OutOfFunds, ProviderError, UnknownModel

DETAIL = 200
"""Characters of the provider's own words that an alert tells."""


def take_off_sale(conn: Connection, model: Model, error: ProviderError, *, probe_after: float) -> bool:
    """For an operator fault: the models concerned go off sale in this transaction, an unknown model only where that is
    no passing word (unknown_models.py). False: nothing did, as after every other error."""
    match error:
        case BadKey():
            pauses.bad_key(conn, model.provider)
        case OutOfFunds():
            pauses.out_of_funds(conn, model, probe_after=probe_after)
        case NotPermitted():
            pauses.not_permitted(conn, model, probe_after=probe_after)
        case UnknownModel():
            return unknown_models.arose(conn, model)
        case _:
            return False
    return True


def kind_of(error: OperatorFault) -> str:
    """The word for it, in alerts."""
    match error:
        case BadKey():
            return pauses.BAD_KEY
        case OutOfFunds():
            return pauses.OUT_OF_FUNDS
        case NotPermitted():
            return pauses.NOT_PERMITTED
        case UnknownModel():
            return pauses.UNKNOWN_MODEL
        case _:
            return "operator_fault"


async def alert(alerts: Alerts, terms: Terms, model: Model, error: OperatorFault) -> None:
    """Tells the operator, once an hour per provider and kind of fault."""
    kind = kind_of(error)
    text = f"alert-{kind.replace('_', '-')}"
    title, detail = model.title.of("en"), error.detail[:DETAIL]
    await alerts.alert(f"{kind}:{terms.provider}", text, provider=terms.title, model=title, detail=detail)


async def tell_back(alerts: Alerts, catalog: Catalog, job: Job, providers: Iterable[str]) -> None:
    """Tells the operator that models of these are on sale again, thanks to that job."""
    for provider in providers:
        title = catalog.terms[provider].title
        await alerts.alert(f"back_on_sale:{provider}:{job.id}", "alert-back-on-sale", provider=title)


async def tell_warning(alerts: Alerts, terms: Terms, model: Model, job: Job) -> None:
    """Tells the operator what a provider said beside a result, such as that a quota is nearly used up."""
    if said := job.facts.get("warning"):
        about = {"provider": terms.title, "model": model.title.of("en"), "job": job.id}
        await alerts.alert(f"warned:{terms.provider}", "alert-warned", detail=said[:DETAIL], **about)


async def compare_cost(alerts: Alerts, terms: Terms, model: Model, job: Job) -> None:
    """Tells the operator of a run that cost more upstream than its quote covers; the user pays the quote at most.

    Our own count of an answer's tokens says nothing of what the service took, and alerts no operator.
    """
    if job.cost is None or job.facts.get(OWN_COUNT):
        return
    cost = Decimal(job.cost)
    actual = pricing.price_of_units(cost, terms)
    if actual <= job.quote:
        return
    quoted = to_decimal(job.quote) / terms.credits_per_unit / terms.markup
    values = {"cost": _units(cost), "quoted": _units(quoted), "difference": _units(cost - quoted)}
    about = {"provider": terms.title, "model": model.title.of("en"), "unit": terms.unit, "job": job.id}
    await alerts.alert(f"dear:{model.slug}", "alert-dear", **values, **about)


def _units(units: Decimal) -> str:
    return f"{units.quantize(Decimal('0.0001')).normalize():f}"
