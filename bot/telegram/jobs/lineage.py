"""Where a result comes from, in one line: edited ← upscaled ← image, with the names of the orders."""

from collections.abc import Sequence

from bot.domain.jobs import Job
from bot.telegram.i18n.texts import Html, Speech


def lineage(t: Speech, job: Job, ancestors: Sequence[Job]) -> Html:
    """`ancestors` from the nearest on; "" for what was made of words alone."""
    if not ancestors:
        return Html("")
    steps = [t("history-step", kind=job.kind.name.lower())]
    for place, each in enumerate(ancestors):
        first = place == len(ancestors) - 1 and not each.inputs
        said = t.plain(f"order-kind-{each.kind.value}") if first else t("history-step", kind=each.kind.name.lower())
        steps.append(t("history-ancestor", what=said, job=each.id))
    return t("history-lineage", steps=Html(" ← ".join(steps)))
