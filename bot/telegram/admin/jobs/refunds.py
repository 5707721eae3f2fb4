"""/refund: gives back what a job took, after a confirmation that shows which job it is; its user is told."""

import re
from typing import Final

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from bot.domain.errors import Forgotten, NotRefundable, UnknownJob
from bot.domain.jobs import Job
from bot.domain.money import Credits
from bot.engine.accounts.users import User
from bot.engine.dialogs.drafts import Draft, DraftGone
from bot.telegram.admin.command_forms import explained
from bot.telegram.admin.credits.adjustment import choice, note_line, told_line
from bot.telegram.admin.credits.arguments import FormError, FormProblem, checked_note
from bot.telegram.admin.replies import AdminReplies, person_line
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.captions import model_title
from bot.telegram.ui.clip import clip
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.messages import draft_id_of

PURPOSE: Final = "refund"
JOB_ID: Final = re.compile(r"[a-z0-9]{1,32}", re.ASCII)
PROMPT: Final = 300


def build_router() -> Router:
    router = Router(name="admin-refund")
    router.message.register(refund, is_command("refund"))
    return router


def job_id_of(word: str) -> str | None:
    """A job's id as typed, in any case; None for anything else."""
    plain = word.strip("`<>#").lower()
    return plain if JOB_ID.fullmatch(plain) else None


def job_first(words: list[str]) -> tuple[str, list[str]]:
    """The id of the job that a command is about, and the words after. Raises FormError."""
    if not words:
        raise FormError(FormProblem.EMPTY)
    job_id = job_id_of(words[0])
    if job_id is None:
        raise FormError(FormProblem.NO_JOB, words[0])
    return job_id, words[1:]


async def refund(message: Message, command: CommandObject, replies: AdminReplies) -> None:
    async with explained(replies, message, replies.t("admin-refund-form")):
        job_id, words = job_first((command.args or "").split())
        await _ask(replies, message, job_id, checked_note(words))


async def _ask(replies: AdminReplies, message: Message, job_id: str, note: str) -> None:
    ctx, t = replies.ctx, replies.t
    found = await ctx.engine.job_records.job(job_id)
    refusal = t("admin-job-unknown", job=job_id) if found is None else why_not(t, found[0])
    if found is None or refusal:
        await replies.answer(message, refusal)
        return
    job, user = found
    draft = await open_question(replies, job, note, draft_id_of(message))
    if not draft.message_id:
        text = question(replies, job, user, note)
        keyboard = choice(t, draft.id, danger=True)
        sent = await replies.answer(message, text, keyboard, openly="admin-open-unasked")
        await ctx.engine.confirmations.placed(draft.id, sent)


def why_not(t: Speech, job: Job) -> Html:
    """Why the job cannot be refunded; "" when it can."""
    if job.refundable:
        return Html("")
    if job.forgotten and job.charged and not job.refunded:
        return t("admin-refund-forgotten", job=job.id)
    return t("admin-refunded-before" if job.refunded else "admin-not-charged", job=job.id)


async def open_question(replies: AdminReplies, job: Job, note: str, draft_id: str) -> Draft:
    """The draft that waits for the confirmation."""

    ask = replies.ctx.engine.confirmations.ask
    return await ask(draft_id, asker=replies.person.id, purpose=PURPOSE, data={"job": job.id, "note": note})


def question(replies: AdminReplies, job: Job, user: User | None, note: str) -> Html:
    t = replies.t
    asked = t("admin-ask-refund", amount=credits_text(t, job.charged or Credits(0)), job=job.id)
    whose = person_line(t, user) if user is not None else Html(str(job.user_id))
    summary = t(
        "admin-refund-job",
        model=model_title(t, replies.ctx.shop.catalog, job.model),
        person=whose,
        time=t.moment(job.finished_at or job.created_at),
    )
    return lines([asked, summary, t("order-prompt", prompt=clip(job.prompt, PROMPT)), note_line(t, note)])


async def settle_refund(replies: AdminReplies, draft: Draft) -> Html:
    """Gives it back and tells the user; returns the report. A second tap meets the ledger's refusal, and so does an
    update that comes again: it is not marked handled before its report was said."""
    job_id, note, t = draft.data["job"], draft.data["note"], replies.t
    try:
        done = await replies.ctx.engine.refunds.refund(job_id, actor=replies.person, note=note, draft_id=draft.id)
    except DraftGone:
        return t("admin-toast-decided")
    except UnknownJob:
        return t("admin-job-unknown", job=job_id)
    except Forgotten:
        return t("admin-refund-forgotten", job=job_id)
    except NotRefundable:
        return t("admin-refunded-before", job=job_id)

    amount, user = credits_text(t, done.amount), done.user
    if user is None:
        return t("admin-done-refund", amount=amount, job=job_id, person="–")
    theirs = replies.speech_of(user)
    told = await replies.tell(
        user,
        "admin-told-refund",
        amount=credits_text(theirs, done.amount),
        model=model_title(theirs, replies.ctx.shop.catalog, done.job.model),
        balance=credits_text(theirs, done.available),
    )
    said = t("admin-done-refund", amount=amount, job=job_id, person=person_line(t, user))
    after = t("admin-balance-now", balance=credits_text(t, done.available))
    return lines([said, after, note_line(t, note), told_line(t, told)])
