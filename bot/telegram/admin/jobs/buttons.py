"""Refund and Cancel on a job's card: each asks first, and says how things are when somebody was faster."""

from aiogram import Router
from aiogram.types import CallbackQuery, InlineKeyboardMarkup

from bot.domain.errors import NotCancellable, UnknownJob
from bot.domain.jobs import Job
from bot.engine.accounts.users import User
from bot.engine.dialogs import drafts, inbox
from bot.engine.jobs import store
from bot.telegram.admin.access import acts
from bot.telegram.admin.credits.adjustment import choice
from bot.telegram.admin.jobs.card import job_card, job_markup, look_at
from bot.telegram.admin.jobs.refunds import job_id_of, open_question, question, refundable
from bot.telegram.admin.replies import AdminReplies
from bot.telegram.context.context import Context
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.texts import Speech
from bot.telegram.ui.callbacks import AdminAction
from bot.telegram.ui.captions import model_title
from bot.telegram.ui.keyboards import button, markup


def build_router() -> Router:
    router = Router(name="admin-job-buttons")
    router.callback_query.register(ask_refund, AdminAction.filter(), acts("refund"))
    router.callback_query.register(ask_stop, AdminAction.filter(), acts("stop"))
    router.callback_query.register(stop, AdminAction.filter(), acts("stop-ok"))
    return router


async def ask_refund(
    query: CallbackQuery, callback_data: AdminAction, ctx: Context, person: User, t: Speech, ticket: inbox.Ticket | None
) -> None:
    clerk = AdminReplies(ctx, person, t, ticket)
    job = await _job(clerk, callback_data.id)
    if job is None or not refundable(job):
        await clerk.toast(query, "admin-toast-not-refundable", alert=True)
        return
    draft = await open_question(clerk, job, "", drafts.draft_id("cb", query.id))
    await clerk.toast(query)
    await clerk.show(query, await question(clerk, job, ""), choice(t, draft.id, danger=True))


async def ask_stop(
    query: CallbackQuery, callback_data: AdminAction, ctx: Context, person: User, t: Speech, ticket: inbox.Ticket | None
) -> None:
    clerk = AdminReplies(ctx, person, t, ticket)
    job = await _job(clerk, callback_data.id)
    if job is None or not job.cancellable:
        await clerk.toast(query, "admin-toast-not-cancellable", alert=True)
        return
    model = model_title(t, ctx.shop.catalog, job.model)
    await clerk.toast(query)
    asked = t("admin-ask-stop", job=job.id, model=model, held=credits_text(t, job.quote))
    await clerk.show(query, asked, _stop_markup(t, job))


def _stop_markup(t: Speech, job: Job) -> InlineKeyboardMarkup:
    yes = button(t.plain("admin-tap-stop-sure"), AdminAction(act="stop-ok", id=job.id), "danger")
    return markup([[yes, button(t.plain("tap-back"), AdminAction(act="job", id=job.id))]])


async def stop(
    query: CallbackQuery, callback_data: AdminAction, ctx: Context, person: User, t: Speech, ticket: inbox.Ticket | None
) -> None:
    """Cancels: the hold is released at once and the job's own message says so to its user. Shows the card again."""
    clerk = AdminReplies(ctx, person, t, ticket)
    job_id = job_id_of(callback_data.id)
    if job_id is None:
        await clerk.toast(query, "order-toast-stale")
        return
    try:
        await ctx.orders.cancel(job_id, account_id=None)
    except UnknownJob:
        await clerk.toast(query, "order-toast-stale")
        return
    except NotCancellable:
        await clerk.toast(query, "admin-toast-not-cancellable", alert=True)
    else:
        await clerk.toast(query, "admin-toast-stopped")
    known = await look_at(ctx, job_id)
    if known is not None:
        await clerk.show(query, job_card(clerk, known), job_markup(t, known.job))


async def _job(clerk: AdminReplies, text: str) -> Job | None:
    job_id = job_id_of(text)
    if job_id is None:
        return None
    return await clerk.ctx.db.read(lambda conn: store.get(conn, job_id))
