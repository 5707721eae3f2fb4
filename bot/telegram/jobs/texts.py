"""The words of /jobs, /cancel and receipts: one line, one card and one alert per job, all bounded."""

from collections.abc import Sequence
from typing import Final

from bot.domain.catalog.models import Catalog
from bot.domain.jobs import Job, JobState
from bot.domain.money import Credits
from bot.engine.results.originals import DELETED
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.lengths import shorten
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import PROMPT_SHOWN, lines
from bot.telegram.ui.captions import choices, model_title, why

PER_PAGE: Final = 6
LINE_PROMPT: Final = 60
LABEL_PROMPT: Final = 24
SEED_SHOWN: Final = 20

MARKS: Final = {
    JobState.QUEUED: "⏳",
    JobState.SUBMITTING: "⚙️",
    JobState.RUNNING: "⚙️",
    JobState.DELIVERING: "📤",
    JobState.DONE: "✅",
    JobState.FAILED: "⚠️",
    JobState.CANCELLED: "✖️",
}


def title(t: Speech, catalog: Catalog, job: Job) -> str:
    """The job's model and style."""
    chosen = choices(t, catalog, job.model, job.options)
    model = model_title(t, catalog, job.model)
    return f"{model} · {chosen}" if chosen else model


def label(t: Speech, catalog: Catalog, job: Job) -> str:
    """The label of a job's button."""
    prompt = shorten(" ".join(job.prompt.split()), LABEL_PROMPT)
    name = f"{MARKS[job.state]} {model_title(t, catalog, job.model)}"
    return f"{name}: {prompt}" if prompt else name


def list_text(t: Speech, catalog: Catalog, jobs: Sequence[Job], *, count: int, answers: bool = False) -> Html:
    """/jobs, one page of its orders or of its answers."""
    if not jobs:
        return t("jobs-answers-none" if answers else "jobs-none")
    title = t("jobs-answers-title", count=count) if answers else t("jobs-title", count=count)
    return lines([title, *(_line(t, catalog, job) for job in jobs)])


def _line(t: Speech, catalog: Catalog, job: Job) -> Html:
    prompt = shorten(" ".join(job.prompt.split()), LINE_PROMPT)
    state = t.plain(f"jobs-state-{job.state.value}")
    if not prompt:
        return t("jobs-line-wordless", mark=MARKS[job.state], title=title(t, catalog, job), state=state)
    return t("jobs-line", mark=MARKS[job.state], title=title(t, catalog, job), prompt=prompt, state=state)


def card(t: Speech, catalog: Catalog, job: Job) -> Html:
    """The card of one job of the list."""
    prompt = shorten(job.prompt, PROMPT_SHOWN)
    parts = [
        t("jobs-card-title", mark=MARKS[job.state], title=title(t, catalog, job)),
        t("order-prompt", prompt=prompt) if prompt else "",
        t("jobs-card-state", state=t.plain(f"jobs-state-{job.state.value}")),
        t("media-card-deleted") if DELETED in job.facts else "",
        t("media-seed", seed=job.facts["seed"]) if job.facts.get("seed") else "",
    ]
    if job.state is JobState.FAILED and job.cause is not None:
        parts.append(why(t, catalog, job))
    when, named = t("jobs-card-when", when=t.moment(job.created_at)), t("history-id", id=job.id)
    return lines([*parts, when, Html(money_line(t, job)), named])


def money_line(t: Speech, job: Job) -> str:
    """What became of the money, in one sentence."""
    if not job.state.finished:
        return t.plain("jobs-held", price=credits_text(t, job.quote))
    if not job.charged:
        return t.plain("job-not-charged")
    if job.refunded:
        return t.plain("jobs-refunded", charged=credits_text(t, job.charged))
    return t.plain("jobs-charged", charged=credits_text(t, job.charged))


def receipt(t: Speech, job: Job, balance: Credits | None) -> str:
    """The alert behind the Receipt button: plain text, at most 200 characters. `balance` None: not to be shown here."""
    parts = [t.plain("receipt-quoted", quoted=credits_text(t, job.quote)), money_line(t, job)]
    if job.state.finished:
        parts.append(t.plain("receipt-time", time=t.duration(job.elapsed)))
    if job.facts.get("seed"):
        parts.append(t.plain("media-seed", seed=shorten(job.facts["seed"], SEED_SHOWN)))
    if balance is not None:
        parts.append(t.plain("receipt-balance", balance=credits_text(t, balance)))
    return "\n".join(parts)
