"""Everything about one job on one card: what was ordered, where it stands, what moved, what went wrong. Bounded."""

from typing import Final

from aiogram.types import InlineKeyboardMarkup

from bot.domain.jobs import Job
from bot.engine.jobs.records import JobRecord
from bot.telegram.admin.replies import UNNAMED, AdminReplies, person_line
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.jobs.lineage import lineage
from bot.telegram.jobs.texts import MARKS
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.callbacks import AdminAction
from bot.telegram.ui.captions import model_title
from bot.telegram.ui.clip import clip, one_line
from bot.telegram.ui.keyboards import button, markup

PROMPT: Final = 600
DETAIL: Final = 500
WORD: Final = 56
URL: Final = 200
NOTE_UNITS: Final = 100
FACTS: Final = {"seed": 24, "warning": 120, "deleted": 8}
"""What is shown of a job's facts, and how much of each."""
SHOWN: Final = 2
"""Results and options told one by one."""


def job_card(replies: AdminReplies, known: JobRecord) -> Html:
    """The card. Foreign text is escaped and cut: all of it together stays under a message's length."""
    t = replies.t
    parts = (_order(replies, known), _course(replies, known), _money(t, known))
    return Html("\n\n".join(part for part in parts if part))


def _order(replies: AdminReplies, known: JobRecord) -> Html:
    t, job = replies.t, known.job
    whose = t("admin-card-erased", account=str(job.account_id))
    if job.user_id:
        person = person_line(t, known.user) if known.user is not None else Html(str(job.user_id))
        locale = one_line(job.locale, WORD)
        whose = t("admin-card-user", person=person, account=str(job.account_id), locale=locale)
    options = [f"{name} = {value}" for name, value in list(job.options.items())[:SHOWN]]
    return lines(
        [
            t("admin-card-title", mark=MARKS[job.state], job=job.id, state=t.plain(f"jobs-state-{job.state.value}")),
            whose,
            t(
                "admin-card-model",
                model=model_title(t, replies.ctx.shop.catalog, job.model),
                slug=job.model,
                provider=job.provider,
                kind=job.kind.value,
            ),
            t("admin-card-options", options=one_line(", ".join(options), URL)) if options else Html(""),
            t("order-prompt", prompt=clip(job.prompt, PROMPT)) if job.prompt else Html(""),
            lineage(t, job, known.ancestors),
        ]
    )


def _course(replies: AdminReplies, known: JobRecord) -> Html:
    t, job = replies.t, known.job
    # done jobs are marked before "Ready" is said, and quick ones never say it
    ready = job.ready_sent and job.elapsed > replies.ctx.options.ready_after_seconds
    owner = one_line(job.owner, WORD) if job.owner is not None else UNNAMED
    return lines(
        [
            t("admin-card-place", position=known.position) if known.position else Html(""),
            t("admin-card-owner", owner=owner, epoch=job.epoch, attempt=job.attempt, tries=job.tries),
            *_times(t, known),
            t("admin-card-ref", ref=one_line(job.upstream_ref, WORD)) if job.upstream_ref else Html(""),
            t("admin-card-cost", cost=one_line(job.cost, WORD)) if job.cost is not None else Html(""),
            *(t("media-admin-fact", name=n, value=one_line(v, FACTS[n])) for n, v in _facts(job)),
            *(t("admin-card-asset", url=one_line(asset.url, URL)) for asset in job.assets[:SHOWN]),
            *(t("admin-card-delivered", media=one_line(d.media, WORD)) for d in job.delivered[:SHOWN]),
            t(
                "admin-card-target",
                chat="inline" if job.target.inline_id else str(job.target.chat_id),
                thread=str(job.target.thread_id) if job.target.thread_id is not None else UNNAMED,
                message=str(job.target.message_id),
            ),
            t("admin-card-notice", due=str(job.notice_due), ready=str(ready)),
            *_trouble(t, known),
        ]
    )


def _facts(job: Job) -> list[tuple[str, str]]:
    """What was told beside the result: the seed, warnings such as of a quota, and that it was deleted."""
    return [(name, value) for name, value in job.facts.items() if name in FACTS and value]


def _times(t: Speech, known: JobRecord) -> list[Html]:
    job = known.job
    moments = {
        "created": job.created_at,
        "submitted": job.submitted_at,
        "deadline": job.deadline,
        "delivering": job.delivering_at,
        "finished": job.finished_at,
    }
    told = [t(f"admin-card-{what}", time=t.moment(at)) for what, at in moments.items() if at is not None]
    took = job.elapsed if job.finished_at is not None else known.moment - job.created_at
    return [*told, t("admin-card-took", time=t.duration(took))]


def _trouble(t: Speech, known: JobRecord) -> list[Html]:
    job, open_end = known.job, known.reconciliation
    told = []
    if job.cause is not None:
        told.append(t("admin-card-cause", cause=job.cause.value, sentence=t.plain(f"job-failed-{job.cause.value}")))
    if job.detail:
        told.append(t("admin-card-detail", detail=clip(job.detail, DETAIL)))
    if open_end is not None:
        reason = one_line(open_end.reason, WORD)
        told.append(t("admin-card-reconcile", reason=reason, time=t.moment(open_end.created_at)))
    return told


def _money(t: Speech, known: JobRecord) -> Html:
    job = known.job
    charged = t.money(job.charged) if job.charged is not None else UNNAMED
    told = [t("admin-card-money", quote=t.money(job.quote), charged=charged)]
    if job.refunded:
        told.append(t("admin-card-refunded"))
    for entry in known.transfers:
        actor = known.actors.get(entry.actor) if entry.actor is not None else None
        by = t("admin-ledger-actor", actor=one_line(actor.name, WORD), account=str(actor.account_id)) if actor else ""
        note = t("admin-ledger-note", note=one_line(entry.note, NOTE_UNITS)) if entry.note else ""
        line = t(
            "admin-ledger-line",
            amount=t.money(entry.amount),
            kind=t.plain(f"admin-kind-{entry.kind}"),
            time=t.moment(entry.created_at),
        )
        told.append(Html(" · ".join(part for part in (line, by, note) if part)))
    return lines(told)


def job_markup(t: Speech, job: Job) -> InlineKeyboardMarkup:
    """What may be done to it, each after another question; and a fresh look."""
    row = []
    if job.cancellable:
        row.append(button(t.plain("admin-tap-stop"), AdminAction(act="stop", id=job.id), "danger"))
    if job.refundable:
        row.append(button(t.plain("admin-tap-refund"), AdminAction(act="refund", id=job.id), "danger"))
    look = [button(t.plain("admin-tap-refresh"), AdminAction(act="job", id=job.id))]
    return markup([row, look] if row else [look])
