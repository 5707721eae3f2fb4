"""Models that their provider says it does not know. Gateways say so, too, while no channel serves a model just now:
the word of one answer takes nothing off sale. A lasting sign does: the same several times over minutes with nothing
else between, or once where the provider's own list lacks the model as well."""

from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.catalog.models import Model
from bot.domain.jobs import Cause, JobState
from bot.engine.catalog import circuit_breaker, pauses
from bot.storage import cooldowns
from bot.storage.tables import jobs

TIMES = 3
OVER = 300.0
"""Seconds that lie at least between the first and the last of TIMES such ends."""
LOOK_BACK = 50
"""Latest failures of a model that are looked through."""
LISTED_AGAIN = 300.0
"""Seconds between two times that a doubt makes the provider's list be asked for."""
DEFAULT = "default"
"""An upstream id that stands for the provider's own choice: no list names it."""


def arose(conn: Connection, model: Model) -> bool:
    """Hears of an order that ended so, once that is written. Takes the model off sale, and returns True, where it
    lasts; else the provider's list is asked for soon."""
    if _lasting(conn, model):
        pauses.unknown_model(conn, model)
        return True
    if cooldowns.acquire_cooldown(conn, f"doubt:{model.provider}", every=LISTED_AGAIN):
        cooldowns.clear(conn, f"listing:{model.provider}")
    return False


def settled_by_list(conn: Connection, models: Iterable[Model], listed: Collection[str]) -> list[Model]:
    """Of the provider's `models`, which its list `listed` may name, takes those off sale that it lacks and whose last
    order ended so, and puts those on sale again that were off by nothing but such a list. Returns what went off."""
    off = {pause.slug for pause in pauses.everything(conn) if pause.kind == pauses.UNKNOWN_MODEL}
    gone: list[Model] = []
    for model in models:
        if model.slug in off:
            if model.upstream_id in listed and not _lasting(conn, model):
                pauses.lift(conn, model.provider, f"{pauses.UNKNOWN_MODEL}:{model.slug}")
        elif listed and model.upstream_id not in (*listed, DEFAULT) and _moments(conn, model):
            pauses.unknown_model(conn, model)
            gone.append(model)
    return gone


def _lasting(conn: Connection, model: Model) -> bool:
    moments = _moments(conn, model)
    return len(moments) >= TIMES and moments[0] - moments[-1] >= OVER


def _moments(conn: Connection, model: Model) -> list[float]:
    """When orders for the model ended so since it last did or answered something, newest first."""
    mine = jobs.c.model == model.slug
    done = sa.select(sa.func.max(jobs.c.finished_at)).where(mine, jobs.c.state == JobState.DONE.value)
    since = conn.execute(done).scalar_one() or 0.0
    failed = (
        sa.select(jobs.c.cause, jobs.c.finished_at)
        .where(mine, jobs.c.state == JobState.FAILED.value, jobs.c.finished_at > since)
        .order_by(jobs.c.finished_at.desc())
        .limit(LOOK_BACK)
    )
    found: list[float] = []
    for cause, moment in conn.execute(failed):
        if cause in circuit_breaker.ANSWERS:
            break
        if cause == Cause.UNKNOWN_MODEL.value:
            found.append(float(moment))
    return found
