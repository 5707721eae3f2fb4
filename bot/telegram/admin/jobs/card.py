"""One job on a card of one screen: what was ordered, where it stands, what went wrong; the rest on pages of its own."""

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
from bot.telegram.ui.keyboards import button, in_rows, markup
from bot.telegram.ui.screen import fitting

PAGES: Final = ("job", "card-words", "card-course", "card-result", "card-money")
"""The card and what is behind its buttons, as the buttons name them."""
TEXTS: Final = (300, 160, 80, 40, 24)
LONG_TEXTS: Final = (600, 500, 400, 300, 200, 100)
"""How much of a long text is shown, on the card and on a page of its own: what fits one screen."""
WORD: Final = 56
SHORT: Final = 28
URLS: Final = (200, 120, 60, 30)
NOTE_UNITS: Final = 60
FACTS: Final = {"seed": 24, "warning": 120, "deleted": 8}
"""What is shown of a job's facts, and how much of each."""
SHOWN: Final = 2
"""Results and options told one by one."""


def job_page(replies: AdminReplies, known: JobRecord, page: str = "job") -> Html:
    """The card or one of its other pages, each one screen. Foreign text is escaped and cut."""
    match page:
        case "card-words":
            return fitting(lambda size: _words(replies, known, size), LONG_TEXTS)
        case "card-course":
            return lines([_title(replies.t, known.job), *_course(replies.t, replies, known)])
        case "card-result":
            return fitting(lambda size: _result(replies.t, known.job, size), URLS)
        case "card-money":
            return fitting(lambda size: _money_page(replies.t, known, size), (NOTE_UNITS, SHORT, SHORT // 2))
        case _:
            return fitting(lambda size: _card(replies, known, size), TEXTS)


def _card(replies: AdminReplies, known: JobRecord, size: int) -> Html:
    t = replies.t
    parts = (_order(replies, known, size), _stand(t, known, size), lines(_money(t, known.job)))
    return Html(("\n\n" if size > TEXTS[-1] else "\n").join(part for part in parts if part))


def _title(t: Speech, job: Job) -> Html:
    return t("admin-card-title", mark=MARKS[job.state], job=job.id, state=t.plain(f"jobs-state-{job.state.value}"))


def _order(replies: AdminReplies, known: JobRecord, size: int) -> Html:
    t, job = replies.t, known.job
    whose = t("admin-card-erased", account=str(job.account_id))
    if job.user_id:
        person = person_line(t, known.user, SHORT) if known.user is not None else Html(str(job.user_id))
        whose = t("admin-card-user", person=person, account=str(job.account_id), locale=one_line(job.locale, SHORT))
    return lines(
        [
            _title(t, job),
            whose,
            t(
                "admin-card-model",
                model=model_title(t, replies.ctx.shop.catalog, job.model),
                slug=job.model,
                provider=job.provider,
                kind=job.kind.value,
            ),
            _options(t, job, min(size, WORD)) if size > TEXTS[-1] else Html(""),
            t("order-prompt", prompt=clip(job.prompt, size)) if job.prompt else Html(""),
            lineage(t, job, known.ancestors[:SHOWN]),
        ]
    )


def _options(t: Speech, job: Job, size: int) -> Html:
    options = [f"{name} = {value}" for name, value in list(job.options.items())]
    return t("admin-card-options", options=one_line(", ".join(options), size)) if options else Html("")


def _stand(t: Speech, known: JobRecord, size: int) -> Html:
    """When it was ordered, how long it takes, and what went wrong."""
    job, open_end = known.job, known.reconciliation
    told = [t("admin-card-created", time=t.moment(job.created_at)), _took(t, known)]
    if known.position:
        told.append(t("admin-card-place", position=known.position))
    if job.cause is not None:
        told.append(t("admin-card-cause", cause=job.cause.value, sentence=t.plain(f"job-failed-{job.cause.value}")))
    if job.detail:
        told.append(t("admin-card-detail", detail=clip(job.detail, size)))
    if open_end is not None:
        reason = one_line(open_end.reason, min(size, WORD))
        told.append(t("admin-card-reconcile", reason=reason, time=t.moment(open_end.created_at)))
    return lines(told)


def _words(replies: AdminReplies, known: JobRecord, size: int) -> Html:
    """What was ordered and what the service answered, as far as they fit."""
    t, job = replies.t, known.job
    told = [
        _options(t, job, size),
        t("order-prompt", prompt=clip(job.prompt, size)) if job.prompt else Html(""),
        t("admin-card-detail", detail=clip(job.detail, size)) if job.detail else Html(""),
    ]
    return lines([_title(t, job), *(told if any(told) else [t("admin-card-nothing")])])


def _course(t: Speech, replies: AdminReplies, known: JobRecord) -> list[Html]:
    job = known.job
    # done jobs are marked before "Ready" is said, and quick ones never say it
    ready = job.ready_sent and job.elapsed > replies.ctx.options.ready_after_seconds
    owner = one_line(job.owner, SHORT) if job.owner is not None else UNNAMED
    moments = {
        "created": job.created_at,
        "submitted": job.submitted_at,
        "deadline": job.deadline,
        "delivering": job.delivering_at,
        "finished": job.finished_at,
    }
    return [
        t("admin-card-owner", owner=owner, epoch=job.epoch, attempt=job.attempt, tries=job.tries),
        *(t(f"admin-card-{what}", time=t.moment(at)) for what, at in moments.items() if at is not None),
        _took(t, known),
        t(
            "admin-card-target",
            chat="inline" if job.target.inline_id else str(job.target.chat_id),
            thread=str(job.target.thread_id) if job.target.thread_id is not None else UNNAMED,
            message=str(job.target.message_id),
        ),
        t("admin-card-notice", due=str(job.notice_due), ready=str(ready)),
    ]


def _took(t: Speech, known: JobRecord) -> Html:
    job = known.job
    return t("admin-card-took", time=t.duration(job.elapsed if job.finished_at else known.moment - job.created_at))


def _result(t: Speech, job: Job, size: int) -> Html:
    """What the service gave for it, and how it was delivered."""
    word = min(size, WORD)
    told = [
        *([t("admin-card-ref", ref=one_line(job.upstream_ref, word))] if job.upstream_ref else []),
        *([t("admin-card-cost", cost=one_line(job.cost, word))] if job.cost is not None else []),
        *(t("media-admin-fact", name=n, value=one_line(v, min(size, FACTS[n]))) for n, v in _facts(job)),
        *(t("admin-card-asset", url=one_line(asset.url, size)) for asset in job.assets[:SHOWN]),
        *(t("admin-card-delivered", media=one_line(d.media, SHORT)) for d in job.delivered[:SHOWN]),
    ]
    return lines([_title(t, job), *(told or [t("admin-card-nothing")])])


def _facts(job: Job) -> list[tuple[str, str]]:
    """What was told beside the result: the seed, warnings such as of a quota, and that it was deleted."""
    return [(name, value) for name, value in job.facts.items() if name in FACTS and value]


def _money(t: Speech, job: Job) -> list[Html]:
    charged = t.money(job.charged) if job.charged is not None else UNNAMED
    told = [t("admin-card-money", quote=t.money(job.quote), charged=charged)]
    return [*told, t("admin-card-refunded")] if job.refunded else told


def _money_page(t: Speech, known: JobRecord, size: int) -> Html:
    """Every move of credits for it: there are four at the most."""
    told = _money(t, known.job)
    for entry in known.transfers:
        actor = known.actors.get(entry.actor) if entry.actor is not None else None
        by = t("admin-ledger-actor", actor=one_line(actor.name, SHORT), account=str(actor.account_id)) if actor else ""
        note = t("admin-ledger-note", note=one_line(entry.note, size)) if entry.note else ""
        line = t(
            "admin-ledger-line",
            amount=t.money(entry.amount),
            kind=t.plain(f"admin-kind-{entry.kind}"),
            time=t.moment(entry.created_at),
        )
        told.append(Html(" · ".join(part for part in (line, by, note) if part)))
    return lines([_title(t, known.job), *told])


def job_markup(t: Speech, job: Job, page: str = "job", came_from: str = "") -> InlineKeyboardMarkup:
    """On the card: what may be done to it, each after another question; more about it; a fresh look; the list, at the
    page `came_from`. On its other pages: the card."""
    if page != "job":
        return markup([[button(t.plain("tap-back"), AdminAction(act="job", id=job.id, arg=came_from))]])
    row = []
    if job.cancellable:
        row.append(button(t.plain("admin-tap-stop"), AdminAction(act="stop", id=job.id, arg=came_from), "danger"))
    if job.refundable:
        row.append(button(t.plain("admin-tap-refund"), AdminAction(act="refund", id=job.id), "danger"))
    more = [button(t.plain(f"admin-tap-{act}"), AdminAction(act=act, id=job.id, arg=came_from)) for act in PAGES[1:]]
    look = button(t.plain("admin-tap-refresh"), AdminAction(act="job", id=job.id, arg=came_from))
    every = button(t.plain("admin-tap-all-jobs"), AdminAction(act="jobs", arg=came_from))
    return markup([*([row] if row else []), *in_rows(more, 2), [look, every]])
