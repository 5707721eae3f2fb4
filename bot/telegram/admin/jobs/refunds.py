"""/refund: gives back what a job took, after a confirmation that shows which job it is; its user is told."""

import re
from typing import Final

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import Message
from sqlalchemy import Connection

from bot import ledger
from bot.domain.errors import Forgotten, NotRefundable, UnknownJob
from bot.domain.jobs import Job
from bot.domain.money import Credits
from bot.engine.accounts import users
from bot.engine.accounts.users import User
from bot.engine.dialogs import drafts, inbox
from bot.engine.dialogs.drafts import DraftGone
from bot.engine.jobs import store
from bot.telegram.admin.credits.adjustment import choice, note_line, told_line
from bot.telegram.admin.credits.arguments import NOTE, FormError, checked_note
from bot.telegram.admin.credits.topup import GIVEN, stands
from bot.telegram.admin.replies import AdminReplies, person_line
from bot.telegram.context.context import Context
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.captions import model_title
from bot.telegram.ui.clip import clip, one_line
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


async def refund(
    message: Message,
    command: CommandObject,
    ctx: Context,
    person: User,
    t: Speech,
    ticket: inbox.Ticket | None,
) -> None:
    clerk = AdminReplies(ctx, person, t, ticket)
    words = (command.args or "").split()
    job_id = job_id_of(words[0]) if words else None
    if job_id is None:
        wrong = t("admin-job-bad-id", given=one_line(words[0], GIVEN)) if words else t("admin-form-empty")
        await clerk.answer(message, lines([wrong, t("admin-refund-form")]))
        return
    try:
        note = checked_note(words[1:])
    except FormError as error:
        await clerk.answer(message, lines([t(f"admin-form-{error.problem}", longest=NOTE), t("admin-refund-form")]))
        return
    job = await ctx.db.read(lambda conn: store.get(conn, job_id))
    refusal = t("admin-job-unknown", job=job_id) if job is None else why_not(t, job)
    if job is None or refusal:
        await clerk.answer(message, refusal)
        return
    draft = await open_question(clerk, job, note, draft_id_of(message))
    if not draft.message_id:
        text = await question(clerk, job, note)
        keyboard = choice(t, draft.id, danger=True)
        sent = await clerk.answer(message, text, keyboard, openly="admin-open-unasked")
        await stands(clerk, draft.id, sent)


def refundable(job: Job) -> bool:
    """Whether something was taken and not given back yet. The ledger decides again."""
    return bool(job.charged) and not job.refunded and not job.forgotten


def why_not(t: Speech, job: Job) -> Html:
    """Why the job cannot be refunded; "" when it can."""
    if refundable(job):
        return Html("")
    if job.forgotten and job.charged and not job.refunded:
        return t("admin-refund-forgotten", job=job.id)
    return t("admin-refunded-before" if job.refunded else "admin-not-charged", job=job.id)


async def open_question(clerk: AdminReplies, job: Job, note: str, draft_id: str) -> drafts.Draft:
    """The draft that waits for the confirmation."""

    def ask_refund(conn: Connection) -> drafts.Draft:
        return drafts.create(
            conn,
            id=draft_id,
            user_id=clerk.person.id,
            purpose=PURPOSE,
            chat_id=clerk.person.id,
            thread_id=None,
            data={"job": job.id, "note": note},
        )[0]

    return await clerk.ctx.db.transaction(ask_refund)


async def question(clerk: AdminReplies, job: Job, note: str) -> Html:
    t = clerk.t
    user = await clerk.ctx.db.read(lambda conn: users.find(conn, job.user_id))
    asked = t("admin-ask-refund", amount=credits_text(t, job.charged or Credits(0)), job=job.id)
    whose = person_line(t, user) if user is not None else Html(str(job.user_id))
    summary = t(
        "admin-refund-job",
        model=model_title(t, clerk.ctx.shop.catalog, job.model),
        person=whose,
        time=t.when(job.finished_at or job.created_at),
    )
    return lines([asked, summary, t("order-prompt", prompt=clip(job.prompt, PROMPT)), note_line(t, note)])


async def settle_refund(clerk: AdminReplies, draft: drafts.Draft) -> Html:
    """Gives it back and tells the user; returns the report. A second tap meets the ledger's refusal, and so does an
    update that comes again: it is not marked handled before its report was said."""
    job_id, note, t = draft.data["job"], draft.data["note"], clerk.t
    try:
        amount = await clerk.ctx.orders.refund(job_id, actor=clerk.person.account_id, note=note, draft_id=draft.id)
    except DraftGone:
        return t("admin-toast-decided")
    except UnknownJob:
        return t("admin-job-unknown", job=job_id)
    except Forgotten:
        return t("admin-refund-forgotten", job=job_id)
    except NotRefundable:
        return t("admin-refunded-before", job=job_id)

    def look(conn: Connection) -> tuple[Job | None, User | None, Credits]:
        job = store.get(conn, job_id)
        user = users.find(conn, job.user_id) if job is not None else None
        balance = ledger.balance(conn, user.account_id).available if user is not None else Credits(0)
        return job, user, balance

    job, user, balance = await clerk.ctx.db.read(look)
    if job is None or user is None:
        return t("admin-done-refund", amount=credits_text(t, amount), job=job_id, person="–")
    theirs = clerk.speech_of(user)
    told = await clerk.tell(
        user,
        "admin-told-refund",
        amount=credits_text(theirs, amount),
        model=model_title(theirs, clerk.ctx.shop.catalog, job.model),
        balance=credits_text(theirs, balance),
    )
    done = t("admin-done-refund", amount=credits_text(t, amount), job=job_id, person=person_line(t, user))
    after = t("admin-balance-now", balance=credits_text(t, balance))
    return lines([done, after, note_line(t, note), told_line(t, told)])
